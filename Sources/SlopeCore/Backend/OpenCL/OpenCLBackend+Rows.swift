#if OpenCL
  extension OpenCLBackend {
    package func softmax(_ source: Value, logarithm: Bool, output: Buffer) {
      let (rows, count) = (source.shape[0], source.shape[1])
      guard rows > 0, count > 0 else { return }
      let usesGroups = canGroup && count >= 64
      let name = usesGroups ? "softmax_rows" : "softmax_items"
      let make = {
        self.kernel(name, logarithm ? "logSoftmax" : "softmax") {
          OpenCLSource.types(hasDouble: self.device.hasDouble)
            + OpenCLSource.storage(source.dtype)
            + "#define T \(source.dtype.openCLComputeType)\n"
            + (logarithm ? "#define LOGARITHM\n" : "")
            + (self.canGroup ? "#define GROUP \(OpenCLBackend.reductionGroup)\n" : "")
            + OpenCLSource.file(.softmax)
        }
      }
      guard let kernel = namedKernel("\(name) \(logarithm) \(source.dtype)", make: make) else {
        return
      }
      let range =
        usesGroups
        ? LaunchRange(
          rows * OpenCLBackend.reductionGroup, local: (OpenCLBackend.reductionGroup, 1, 1))
        : LaunchRange(rows, local: (shape == .simt ? 64 : 4, 1, 1))
      launch(kernel, range, "softmax") { arguments in
        arguments.buffer(source.buffer)
        arguments.word(source.layout.offset)
        arguments.buffer(output)
        arguments.word(rows)
        arguments.word(count)
      }
    }

    package func gather(
      _ source: Value, indices: Value, output: Buffer, operation: String
    ) -> Int? {
      let (outer, extent, inner) = (source.shape[0], source.shape[1], source.shape[2])
      let type: DType =
        switch source.dtype.byteCount {
        case 1: .uint8
        case 2: .uint16
        case 4: .uint32
        default: .uint64
        }
      let make = {
        self.kernel("gather", operation) {
          OpenCLSource.types(hasDouble: self.device.hasDouble) + OpenCLSource.storage(type)
            + "#define GATHER\n" + OpenCLSource.file(.gather)
        }
      }
      guard let kernel = namedKernel("gather \(type)", make: make) else { return nil }
      let range = LaunchRange(
        max(inner, 1), indices.count, max(outer, 1), local: rowLocal(inner))
      let isDone = faults.withSlot(for: indices, bound: extent, operation, on: self) {
        faultMemory, slot in
        launch(kernel, range, operation) { arguments in
          arguments.buffer(source.buffer)
          arguments.word(source.layout.offset)
          arguments.buffer(indices.buffer)
          arguments.word(indices.layout.offset)
          arguments.buffer(output)
          arguments.word(outer)
          arguments.word(extent)
          arguments.word(indices.count)
          arguments.word(inner)
          arguments.handle(faultMemory)
          arguments.word(slot)
        }
      }
      if !isDone { reportFailure(operation: operation, "no memory on \(name)") }
      return nil
    }

    package func scatterAdd(
      _ source: Value, indices: Value, into destination: Buffer, extent: Int
    ) {
      let (outer, inner) = (source.shape[0], source.shape[2])
      let dtype = source.dtype
      // Walking all indices in every slot pays where there would else be too few items.
      let isByColumns = outer * inner >= (shape == .simt ? 256 : 8) || extent <= 1
      let name = isByColumns ? "scatter_columns" : "scatter_slots"
      let make = {
        self.kernel(name, "scatterAdd") {
          OpenCLSource.types(hasDouble: self.device.hasDouble) + OpenCLSource.storage(dtype)
            + OpenCLSource.accumulation(dtype) + OpenCLSource.file(.gather)
        }
      }
      guard let kernel = namedKernel("\(name) \(dtype)", make: make) else { return }
      let range =
        isByColumns
        ? LaunchRange(inner, outer, local: rowLocal(inner))
        : LaunchRange(inner, extent, outer, local: rowLocal(inner))
      launch(kernel, range, "scatterAdd") { arguments in
        arguments.buffer(source.buffer)
        arguments.word(source.layout.offset)
        arguments.buffer(indices.buffer)
        arguments.word(indices.layout.offset)
        arguments.buffer(destination)
        arguments.word(outer)
        arguments.word(extent)
        arguments.word(indices.count)
        arguments.word(inner)
      }
    }

    /// Groups along rows, or along columns where rows are short.
    private func rowLocal(_ width: Int) -> (Int, Int, Int) {
      let largest = min(device.maximumGroupSize, 64)
      return width >= 16 ? (largest, 1, 1) : (1, largest, 1)
    }
  }
#endif
