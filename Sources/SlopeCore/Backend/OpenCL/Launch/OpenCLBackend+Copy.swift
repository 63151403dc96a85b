#if OpenCL
  extension OpenCLBackend {
    package func copy(_ source: Value, to destination: Buffer, _ layout: Layout) {
      guard source.count > 0 else { return }
      let nest = LoopNest(source.shape, [source.layout.strides, layout.strides])
      // A copy moves bytes, whatever their type.
      let type: DType =
        switch source.dtype.byteCount {
        case 1: .uint8
        case 2: .uint16
        case 4: .uint32
        default: .uint64
        }
      if let transposition = Transposition(nest) {
        return transpose(transposition, type, source, destination, layout.offset)
      }
      let make = {
        self.kernel("copy", "copy") {
          OpenCLSource.types(hasDouble: self.device.hasDouble)
            + PrintedNest.copySource(type, nest.rank)
        }
      }
      guard let kernel = namedKernel("copy \(type) \(nest.rank)", make: make) else { return }
      launch(kernel, range(nest), "copy") { arguments in
        for extent in nest.extents.reversed() { arguments.word(extent) }
        arguments.buffer(source.buffer)
        arguments.word(source.layout.offset)
        for stride in nest.strides[0].reversed() { arguments.word(stride) }
        arguments.buffer(destination)
        arguments.word(layout.offset)
        for stride in nest.strides[1].reversed() { arguments.word(stride) }
      }
    }

    private func transpose(
      _ plan: Transposition, _ type: DType, _ source: Value, _ destination: Buffer, _ offset: Int
    ) {
      let find = { (rows: Int) -> OpenCLKernel? in
        let name = rows > 0 ? "transpose_simt" : "transpose_wide"
        return self.namedKernel("\(name) \(rows) \(type)") {
          self.kernel(name, "copy") {
            OpenCLSource.element(type)
              + (rows > 0 ? "#define TILE_ROWS \(rows)\n" : "") + OpenCLSource.file("copy.cl")
          }
        }
      }
      // The rows of a tile that a group moves together: as many as the built kernel allows. The
      // kernel without groups runs on every device.
      var (rows, chosen): (Int, OpenCLKernel?) = (0, nil)
      for size in variant == .simt ? [8, 4, 2, 1] : [] where fits((32, size, 1)) {
        guard let kernel = find(size) else { return }
        if fits(kernel, (32, size, 1)) {
          (rows, chosen) = (size, kernel)
          break
        }
      }
      guard let kernel = chosen ?? find(0) else { return }
      let isTiled = rows > 0
      let extents = plan.extents
      let outer = extents[2] * extents[3]
      let blocks = { (extent: Int, size: Int) in (extent + size - 1) / size }
      let range =
        isTiled
        ? LaunchRange(
          blocks(extents[0], 32) * 32, blocks(extents[1], 32) * rows, outer, local: (32, rows, 1))
        : LaunchRange(blocks(extents[0], 64), blocks(extents[1], 64), outer, local: (1, 1, 1))
      launch(kernel, range, "copy") { arguments in
        for extent in extents { arguments.word(extent) }
        arguments.buffer(source.buffer)
        arguments.word(source.layout.offset)
        for axis in [0, 2, 3] { arguments.word(plan.sourceStrides[axis]) }
        arguments.buffer(destination)
        arguments.word(offset)
        for axis in 1...3 { arguments.word(plan.targetStrides[axis]) }
      }
    }
  }

  /// A copy whose source is contiguous along another axis than its destination, as copy.cl needs
  /// it: four axes, of which axis 0 is contiguous in the destination and axis 1 in the source.
  struct Transposition {
    private(set) var extents: [Int] = []
    private(set) var sourceStrides: [Int] = []
    private(set) var targetStrides: [Int] = []

    /// Nil where the general copy is as good.
    ///
    /// The nest's operands are the source and the destination.
    init?(_ nest: LoopNest) {
      let (source, target) = (nest.strides[0], nest.strides[1])
      guard nest.rank <= 4, let written = target.lastIndex(of: 1),
        let read = source.indices.last(where: { source[$0] == 1 && $0 != written }),
        source[written] != 1, nest.extents[written] >= 8, nest.extents[read] >= 8
      else { return nil }
      let others = nest.extents.indices.reversed().filter { $0 != written && $0 != read }
      for axis in [written, read] + others {
        extents.append(nest.extents[axis])
        sourceStrides.append(source[axis])
        targetStrides.append(target[axis])
      }
      while extents.count < 4 {
        extents.append(1)
        sourceStrides.append(0)
        targetStrides.append(0)
      }
    }
  }
#endif
