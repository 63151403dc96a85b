#if OpenCL
  extension OpenCLBackend {
    /// The sizes of groups that reduce a row together, the best first; 0: each item by itself.
    private static let groupSizes = [256, 64, 16, 0]
    private static let noGroups = [0]

    /// The group sizes to try for a kernel that is compiled for one; the last is 0.
    var groupSizes: [Int] { variant == .simt ? Self.groupSizes : Self.noGroups }

    package func reduce(
      _ kind: ReductionKind, prologue: Program?, _ inputs: Span<Value>, scalars: Span<UInt64>,
      nest shape: Shape, reducedRank: Int, output: Output
    ) {
      let operands = Array(copying: inputs)
      let nest = LoopNest(
        shape, operands.map { $0.layout.strides(broadcastTo: shape) },
        split: shape.rank - reducedRank)
      let kept = nest.extents.prefix(nest.leading).reduce(1, *)
      // An axis of extent 0 is never joined away.
      let reduced = nest.extents.dropFirst(nest.leading).reduce(1, *)
      guard kept > 0 else { return }
      let compute = (prologue?.dtype ?? operands[0].dtype).computeType
      let words = 6 + nest.rank + scalars.count + operands.count * (2 + nest.rank)
      if words * 8 > device.maximumParameterByteCount, let prologue {
        return reduceApart(
          kind, prologue, operands, scalars: scalars, nest: shape, reducedRank: reducedRank,
          output: output)
      }
      func find(_ name: String, _ printed: PrintedReduction, isCombining: Bool) -> OpenCLKernel? {
        let make = {
          self.kernel(name, "\(kind)") { printed.source }
        }
        guard let prologue else { return self.namedKernel(printed.key + name, make: make) }
        return self.programKernels.kernel(
          of: prologue, printed.programKey(isCombining: isCombining), make: make)
      }
      var chosen: (plan: ReductionPlan, printed: PrintedReduction, kernel: OpenCLKernel)?
      for group in groupSizes where group == 0 || fits((group, 1, 1)) {
        let plan = ReductionPlan(
          nest, kept: kept, reduced: reduced, variant: variant, group: group,
          lanes: PrintedReduction.lanes(compute))
        let printed = PrintedReduction(
          kind, prologue, nest, plan.kernel, group: group, inputs: operands.map(\.dtype),
          output: output.dtype, hasDouble: device.hasDouble)
        guard let kernel = find(plan.kernel.rawValue, printed, isCombining: false) else { return }
        chosen = (plan, printed, kernel)
        // The largest groups in which the kernel as built runs.
        if plan.kernel != .groups || fits(kernel, plan.range.local) { break }
      }
      guard let (plan, printed, kernel) = chosen else { return }
      // With one chunk nothing is written there.
      let scratchSize = plan.chunks > 1 ? kept * plan.chunks * printed.carrierByteCount : 0
      guard let scratch = allocate(byteCount: scratchSize) else {
        reportFailure(operation: "\(kind)", "no memory for \(scratchSize) bytes on \(self.name)")
        return
      }
      launch(kernel, plan.range, "\(kind)") { arguments in
        arguments.buffer(scratch)
        arguments.buffer(output.buffer)
        arguments.word(kept)
        arguments.word(reduced)
        arguments.word(plan.chunk)
        arguments.word(plan.chunks)
        for extent in nest.extents { arguments.word(extent) }
        for (index, operand) in operands.enumerated() {
          arguments.buffer(operand.buffer)
          arguments.word(operand.layout.offset)
          for stride in nest.strides[index] { arguments.word(stride) }
        }
        for index in 0..<scalars.count {
          arguments.bits(scalars[index], byteCount: compute.byteCount)
        }
      }
      guard plan.chunks > 1, let combine = find("reduce_combine", printed, isCombining: true) else {
        return
      }
      launch(combine, LaunchRange(kept, local: (16, 1, 1)), "\(kind)") { arguments in
        arguments.buffer(scratch)
        arguments.buffer(output.buffer)
        arguments.word(kept)
        arguments.word(reduced)
        arguments.word(plan.chunks)
      }
    }

    /// The same in two steps, if a kernel with all operands has too many arguments.
    private func reduceApart(
      _ kind: ReductionKind, _ program: Program, _ operands: [Value], scalars: Span<UInt64>,
      nest shape: Shape, reducedRank: Int, output: Output
    ) {
      // In the type of the program's registers, so that nothing is rounded in between.
      let type = program.dtype.computeType
      guard let buffer = Value.allocate(shape, type, on: self, for: "\(kind)") else { return }
      let outputs: [1 of Output] = [Output(buffer, type)]
      pointwise(program, operands.span, scalars: scalars, shape: shape, outputs: outputs.span)
      let values: [1 of Value] = [Value(Layout(shape), type, buffer)]
      reduce(
        kind, prologue: nil, values.span, scalars: Span(), nest: shape, reducedRank: reducedRank,
        output: output)
    }
  }
#endif
