#if OpenCL
  extension OpenCLBackend {
    package func pointwise(
      _ program: Program, _ inputs: Span<Value>, scalars: Span<UInt64>, shape: Shape,
      outputs: Span<Output>
    ) {
      guard shape.elementCount > 0 else { return }
      let operands = Array(copying: inputs)
      let results = Array(copying: outputs)
      let (nest, accesses) = walk(operands, shape)
      let byteCount = argumentByteCount(nest, accesses, results, scalars)
      if byteCount > device.maximumParameterByteCount {
        return pointwiseInFewerWords(
          program, operands, scalars: scalars, shape: shape, outputs: results, accesses, byteCount)
      }
      let lanes = self.lanes(program, operands, results, accesses)
      var key = ProgramKey(kind: UInt64(nest.rank))
      for (operand, access) in zip(operands, accesses) { key.add(operand.dtype, access) }
      for result in results { key.addOutput(result.dtype) }
      guard
        let kernel = programKernels.kernel(
          of: program, key,
          make: {
            kernel("pointwise", "pointwise") {
              PrintedPointwise(
                program, rank: nest.rank, inputs: operands.map(\.dtype),
                outputs: results.map(\.dtype), accesses: accesses, lanes: lanes
              ).source(hasDouble: device.hasDouble)
            }
          })
      else { return }
      let width = program.dtype.computeType.byteCount
      launch(kernel, range(nest, lanes: lanes), "pointwise") { arguments in
        for axis in (0..<nest.rank).reversed() { arguments.word(nest.extents[axis]) }
        for (index, operand) in operands.enumerated() {
          arguments.buffer(operand.buffer)
          arguments.word(operand.layout.offset)
          switch accesses[index] {
          case .contiguous, .constant: break
          case .neighbours, .repeated, .strided:
            for axis in (0..<nest.rank).reversed() { arguments.word(nest.strides[index][axis]) }
          }
        }
        for index in 0..<scalars.count { arguments.bits(scalars[index], byteCount: width) }
        for result in results { arguments.buffer(result.buffer) }
      }
    }

    /// The bytes of a kernel's arguments, each of which takes at most a word.
    private func argumentByteCount(
      _ nest: LoopNest, _ accesses: [OperandAccess], _ results: [Output], _ scalars: Span<UInt64>
    ) -> Int {
      var words = nest.rank + accesses.count * 2 + scalars.count + results.count
      for access in accesses {
        switch access {
        case .contiguous, .constant: break
        case .neighbours, .repeated, .strided: words += nest.rank
        }
      }
      return words * 8
    }

    /// The same with one strided operand less: it is copied to contiguous memory and needs no
    /// strides.
    private func pointwiseInFewerWords(
      _ program: Program, _ operands: [Value], scalars: Span<UInt64>, shape: Shape,
      outputs: [Output], _ accesses: [OperandAccess], _ byteCount: Int
    ) {
      guard let index = accesses.firstIndex(where: { $0 != .contiguous && $0 != .constant }) else {
        return reportFailure(
          operation: "pointwise",
          "\(name) (\(device.name)): \(byteCount) bytes of arguments are more than the "
            + "\(device.maximumParameterByteCount) that a kernel can have")
      }
      let source = operands[index]
      guard let buffer = Value.allocate(shape, source.dtype, on: self, for: "pointwise") else {
        return
      }
      let strides = source.layout.strides(broadcastTo: shape)
      let view = Layout(shape: shape, strides: strides, offset: source.layout.offset)
      copy(Value(view, source.dtype, source.buffer), to: buffer, Layout(shape))
      var others = operands
      others[index] = Value(Layout(shape), source.dtype, buffer)
      pointwise(program, others.span, scalars: scalars, shape: shape, outputs: outputs.span)
    }

    /// The parameters of a small model; how many a kernel can have depends on their number of
    /// states.
    package var pointwiseSetLimit: Int { 8 }

    package func pointwise(_ program: Program, sets: [PointwiseSet], scalars: Span<UInt64>) {
      guard let first = sets.first else { return }
      // A single set need not be contiguous: it goes the usual way.
      guard sets.count > 1 else {
        return pointwise(
          program, first.inputs.span, scalars: scalars, shape: first.shape,
          outputs: first.outputs.span)
      }
      // A set's extent, operands with their offsets, and results.
      let words = 1 + first.inputs.count * 2 + first.outputs.count
      let most = max(1, (device.maximumParameterByteCount / 8 - scalars.count) / words)
      if sets.count > most {
        for start in stride(from: 0, to: sets.count, by: most) {
          let part = Array(sets[start..<min(start + most, sets.count)])
          pointwise(program, sets: part, scalars: scalars)
        }
        return
      }
      let accesses = [OperandAccess](repeating: .contiguous, count: first.inputs.count)
      let lanes = self.lanes(program, first.inputs, first.outputs, accesses)
      var key = ProgramKey(kind: 1 << 40 | UInt64(sets.count))
      for operand in first.inputs { key.add(operand.dtype, .contiguous) }
      for output in first.outputs { key.addOutput(output.dtype) }
      guard
        let kernel = programKernels.kernel(
          of: program, key,
          make: {
            kernel("pointwise_batch", "pointwise") {
              PrintedPointwise.batchSource(
                program, count: sets.count, inputs: first.inputs.map(\.dtype),
                outputs: first.outputs.map(\.dtype), lanes: lanes, hasDouble: device.hasDouble)
            }
          })
      else { return }
      let width = program.dtype.computeType.byteCount
      let longest = sets.reduce(0) { max($0, $1.shape.elementCount) }
      let block = PrintedPointwise.blockCount(lanes)
      let range = LaunchRange(
        (longest + block - 1) / block, sets.count,
        local: (lanes == 1 ? min(device.maximumGroupSize, 256) : 1, 1, 1))
      launch(kernel, range, "pointwise") { arguments in
        for index in 0..<scalars.count { arguments.bits(scalars[index], byteCount: width) }
        for set in sets {
          arguments.word(set.shape.elementCount)
          for operand in set.inputs {
            arguments.buffer(operand.buffer)
            arguments.word(operand.layout.offset)
          }
          for output in set.outputs { arguments.buffer(output.buffer) }
        }
      }
    }

    /// The nest over `shape`, and how each operand is accessed in it.
    private func walk(_ operands: [Value], _ shape: Shape) -> (LoopNest, [OperandAccess]) {
      // The frequent case, without a look at strides.
      var accesses: [OperandAccess] = []
      accesses.reserveCapacity(operands.count)
      for operand in operands {
        if operand.layout.count == 1 {
          accesses.append(.constant)
        } else if operand.layout.isContiguous, operand.layout.shape == shape {
          accesses.append(.contiguous)
        } else {
          let nest = LoopNest(shape, operands.map { $0.layout.strides(broadcastTo: shape) })
          return (nest, operands.indices.map { OperandAccess(nest, $0) })
        }
      }
      return (LoopNest(count: shape.elementCount), accesses)
    }

    /// How many consecutive elements an item computes as a vector: more than 1 on devices that do
    /// best with explicit vectors, where all numbers are of one floating type and no operand is
    /// strided.
    private func lanes(
      _ program: Program, _ operands: [Value], _ results: [Output], _ accesses: [OperandAccess]
    ) -> Int {
      guard self.shape == .wide, program.isVectorizable,
        operands.allSatisfy({ $0.dtype == program.dtype }),
        results.allSatisfy({ $0.dtype == program.dtype }), !accesses.contains(.strided)
      else { return 1 }
      return 64 / program.dtype.byteCount
    }

    /// The items of a nest: along the innermost axis, an item for a block of it where there are
    /// `lanes`; along the axis before it; and along all others flattened.
    func range(_ nest: LoopNest, lanes: Int = 1) -> LaunchRange {
      let block = PrintedPointwise.blockCount(lanes)
      let run = nest.extents[nest.rank - 1]
      let inner = (run + block - 1) / block
      let middle = nest.rank > 1 ? nest.extents[nest.rank - 2] : 1
      let outer = nest.extents.dropLast(2).reduce(1, *)
      let largest = min(device.maximumGroupSize, 256)
      if lanes > 1 {
        // A group takes as many short rows as make up a block.
        let rows = min(middle, max(1, min(block / run, largest)))
        return LaunchRange(inner, middle, outer, local: (1, rows, 1))
      }
      if nest.rank > 1, inner < 64, largest >= 256 {
        return LaunchRange(inner, middle, outer, local: (16, 16, 1))
      }
      return LaunchRange(inner, middle, outer, local: (largest, 1, 1))
    }
  }
#endif
