#if OpenCL
  extension OpenCLBackend {
    package func softmax(_ source: Value, logarithm: Bool, output: Buffer) {
      let (rows, count) = (source.shape[0], source.shape[1])
      guard rows > 0, count > 0 else { return }
      let compute = source.dtype.computeType
      let lanes = compute == .float64 ? 8 : 16
      let operation = logarithm ? "logSoftmax" : "softmax"
      let find = { (name: String, group: Int) -> OpenCLKernel? in
        let make = {
          self.kernel(name, operation) {
            self.softmaxPreamble(source.dtype, group)
              + (logarithm ? "#define LOGARITHM\n" : "") + OpenCLSource.file("softmax.cl")
          }
        }
        return self.namedKernel("\(name) \(group) \(logarithm) \(source.dtype)", make: make)
      }
      var chosen: (kernel: OpenCLKernel, range: LaunchRange)?
      for group in groupSizes where group == 0 || fits((group, 1, 1)) {
        let (name, range) =
          switch variant {
          case .simt where group > 0 && count >= 64:
            ("softmax_rows_simt", LaunchRange(rows * group, local: (group, 1, 1)))
          case .simt: ("softmax_short_simt", LaunchRange(rows, local: (64, 1, 1)))
          case .wide where count < lanes:
            ("softmax_short_wide", LaunchRange((rows + 127) / 128, local: (1, 1, 1)))
          case .wide: ("softmax_rows_wide", LaunchRange(rows, local: (1, 1, 1)))
          }
        let isGroup = name == "softmax_rows_simt"
        guard let kernel = find(name, isGroup ? group : 0) else { return }
        chosen = (kernel, range)
        // Groups as large as the kernel, as it was built, runs in.
        if !isGroup || fits(kernel, range.local) { break }
      }
      guard let (kernel, range) = chosen else { return }
      launch(kernel, range, "softmax") { arguments in
        arguments.buffer(source.buffer)
        arguments.word(source.layout.offset)
        arguments.buffer(output)
        arguments.word(rows)
        arguments.word(count)
      }
    }

    /// The preamble of softmax.cl; with a group, for the kernel in groups of that size.
    private func softmaxPreamble(_ dtype: DType, _ group: Int) -> String {
      OpenCLSource.element(dtype, hasDouble: device.hasDouble)
        + (variant == .wide ? "#define VECTOR_STORES\n" : "")
        + (group > 0 ? "#define GROUP \(group)\n" : "")
        + (device.hasFMA ? "" : "#define SLOW_FMA\n")
    }

    package func gather(
      _ source: Value, indices: Value, output: Buffer, operation: String
    ) -> Int? {
      let (outer, extent, inner) = (source.shape[0], source.shape[1], source.shape[2])
      let type = movedType(source.dtype)
      let make = {
        self.kernel("gather", operation) {
          OpenCLSource.element(type) + "#define GATHER\n" + OpenCLSource.file("gather.cl")
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

    package func checkIndices(
      _ indices: Value, bound: Int, exempt: Int, subject: String, operation: String
    ) -> Int? {
      let make = {
        self.kernel("check_indices", operation) {
          "#define CHECK\n" + OpenCLSource.file("gather.cl")
        }
      }
      guard let kernel = namedKernel("check_indices", make: make) else { return nil }
      let range = LaunchRange(indices.count, local: rowLocal(indices.count))
      let isDone = faults.withSlot(
        for: indices, bound: bound, subject: subject, operation, on: self
      ) {
        faultMemory, slot in
        launch(kernel, range, operation) { arguments in
          arguments.buffer(indices.buffer)
          arguments.word(indices.layout.offset)
          arguments.word(indices.count)
          arguments.word(bound)
          arguments.word(exempt)
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
      // To walk over all indices in every slot pays where there would otherwise be too few items.
      let isByColumns = outer * inner >= (variant == .simt ? 256 : 8) || extent <= 1
      let name = isByColumns ? "scatter_columns" : "scatter_slots"
      let make = {
        self.kernel(name, "scatterAdd") {
          OpenCLSource.element(dtype) + OpenCLSource.file("gather.cl")
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

    package func scatter(
      _ source: Value, indices: Value, into destination: Buffer, extent: Int
    ) -> Bool {
      let (outer, count, inner) = (source.shape[0], indices.count, source.shape[2])
      // A claim is a position in 32 bits.
      guard extent > 0, count < Int(UInt32.max), let bytes = Size.product(extent, 4),
        let claims = allocate(byteCount: bytes)
      else { return extent == 0 }
      let type = movedType(source.dtype)
      let find = { (name: String) in
        self.namedKernel("\(name) \(type)") {
          self.kernel(name, "scatter") {
            OpenCLSource.element(type) + "#define SCATTER\n" + OpenCLSource.file("gather.cl")
          }
        }
      }
      guard let begin = find("scatter_begin"), let claim = find("scatter_claim"),
        let scatter = find("scatter")
      else { return true }
      launch(begin, LaunchRange(extent, local: rowLocal(extent)), "scatter") { arguments in
        arguments.buffer(claims)
        arguments.word(extent)
      }
      launch(claim, LaunchRange(count, local: rowLocal(count)), "scatter") { arguments in
        arguments.buffer(indices.buffer)
        arguments.word(indices.layout.offset)
        arguments.word(count)
        arguments.buffer(claims)
        arguments.word(extent)
      }
      launch(scatter, LaunchRange(inner, count, outer, local: rowLocal(inner)), "scatter") {
        arguments in
        arguments.buffer(source.buffer)
        arguments.word(source.layout.offset)
        arguments.buffer(indices.buffer)
        arguments.word(indices.layout.offset)
        arguments.buffer(destination)
        arguments.word(outer)
        arguments.word(extent)
        arguments.word(count)
        arguments.word(inner)
        arguments.buffer(claims)
      }
      return true
    }

    /// A type of the same size, for kernels that only move elements.
    private func movedType(_ dtype: DType) -> DType {
      switch dtype.byteCount {
      case 1: .uint8
      case 2: .uint16
      case 4: .uint32
      default: .uint64
      }
    }

    /// Groups along rows, or along columns where rows are short.
    private func rowLocal(_ width: Int) -> (Int, Int, Int) {
      let largest = min(device.maximumGroupSize, 64)
      return width >= 16 ? (largest, 1, 1) : (1, largest, 1)
    }
  }
#endif
