#if OpenCL
  extension OpenCLBackend {
    package func scatterAddRows(
      _ source: Value, places: Value, into destination: Buffer, extent: Int
    ) {
      let dtype = source.dtype
      let make = {
        self.kernel("scatter_rows", "scatterAdd") {
          OpenCLSource.element(dtype) + "#define SCATTER\n" + OpenCLSource.file("window.cl")
        }
      }
      guard let kernel = namedKernel("scatter_rows \(dtype)", make: make) else { return }
      let rows = source.shape[0]
      let range = LaunchRange(rows, local: (min(device.maximumGroupSize, 64), 1, 1))
      launch(kernel, range, "scatterAdd") { arguments in
        arguments.buffer(source.buffer)
        arguments.word(source.layout.offset)
        arguments.buffer(places.buffer)
        arguments.word(places.layout.offset)
        arguments.buffer(destination)
        arguments.word(rows)
        arguments.word(source.shape[1])
        arguments.word(extent)
      }
    }

    package func unfold(_ source: Value, _ windows: Windows, output: Buffer) {
      // It moves bytes, whatever their type.
      let type: DType =
        switch source.dtype.byteCount {
        case 1: .uint8
        case 2: .uint16
        case 4: .uint32
        default: .uint64
        }
      let make = {
        self.kernel("unfold", "unfold") {
          OpenCLSource.element(type) + "#define UNFOLD\n" + OpenCLSource.file("window.cl")
        }
      }
      guard let kernel = namedKernel("unfold \(type)", make: make),
        let grids = windows.kernel.product.flatMap({ Size.product($0, source.shape[0]) })
      else { return }
      let range = LaunchRange(
        windows.count.width, windows.count.height, grids, local: windowLocal(windows.count.width))
      launch(kernel, range, "unfold") { $0.windows(windows, of: source, output) }
    }

    package func fold(_ source: Value, _ windows: Windows, output: Buffer) {
      let dtype = source.dtype
      let make = {
        self.kernel("fold", "fold") {
          OpenCLSource.element(dtype) + "#define FOLD\n"
            + OpenCLSource.file("window.cl")
        }
      }
      guard let kernel = namedKernel("fold \(dtype)", make: make) else { return }
      let range = LaunchRange(
        windows.plane.width, windows.plane.height, source.shape[0],
        local: windowLocal(windows.plane.width))
      launch(kernel, range, "fold") { $0.windows(windows, of: source, output) }
    }

    package func windowMaxima(
      _ source: Value, ranges: Value, count: Pair, dilation: Pair, output: Buffer
    ) {
      let dtype = source.dtype
      let make = {
        self.kernel("maxima", "maxPool") {
          OpenCLSource.element(dtype)
            + "#define COMPARED \(dtype.openCLComputeType)\n" + OpenCLSource.file("window.cl")
        }
      }
      guard let kernel = namedKernel("maxima \(dtype)", make: make) else { return }
      let range = LaunchRange(
        count.width, count.height, source.shape[0], local: windowLocal(count.width))
      launch(kernel, range, "maxPool") { arguments in
        arguments.buffer(source.buffer)
        arguments.word(source.layout.offset)
        arguments.buffer(ranges.buffer)
        arguments.word(ranges.layout.offset)
        arguments.buffer(output)
        for extent in source.shape { arguments.word(extent) }
        for pair in [count, dilation] {
          arguments.word(pair.height)
          arguments.word(pair.width)
        }
      }
    }

    /// Groups along rows, or along columns where rows are short.
    private func windowLocal(_ width: Int) -> (Int, Int, Int) {
      let largest = min(device.maximumGroupSize, 64)
      return width >= 16 ? (largest, 1, 1) : (1, largest, 1)
    }
  }

  extension KernelArguments {
    /// The arguments of `unfold` and `fold` in window.cl.
    fileprivate mutating func windows(_ windows: Windows, of source: Value, _ output: Buffer) {
      buffer(source.buffer)
      word(source.layout.offset)
      buffer(output)
      word(source.shape[0])
      for pair in [
        windows.plane, windows.count, windows.kernel, windows.stride, windows.dilation,
        windows.padding,
      ] {
        word(pair.height)
        word(pair.width)
      }
    }
  }
#endif
