#if OpenCL
  extension OpenCLBackend {
    /// The items of a group that reduces a row together.
    static let reductionGroup = 256

    package func reduce(
      _ kind: Reduction, prologue: Program?, _ inputs: Span<Value>, scalars: Span<UInt64>,
      nest shape: Shape, reducedRank: Int, output: Output
    ) {
      let operands = list(inputs)
      let nest = LoopNest(
        shape, operands.map { $0.layout.strides(broadcastTo: shape) },
        split: shape.rank - reducedRank)
      let kept = nest.extents.prefix(nest.leading).reduce(1, *)
      // An empty extent is never joined away.
      let reduced = nest.extents.dropFirst(nest.leading).reduce(1, *)
      guard kept > 0 else { return }
      let compute = (prologue?.dtype ?? operands[0].dtype).computeType
      let plan = ReductionPlan(
        nest, kept: kept, reduced: reduced, shape: self.shape, canGroup: canGroup,
        lanes: PrintedReduction.lanes(compute))
      let printed = PrintedReduction(
        kind, prologue, nest, plan.form, inputs: operands.map(\.dtype), output: output.dtype,
        hasDouble: device.hasDouble)
      let find = { (name: String, isCombining: Bool) -> OpenCLKernel? in
        let make = {
          self.kernel(name, "\(kind)") { printed.source }
        }
        // A program's kernels live as long as it.
        guard let prologue else { return self.namedKernel(printed.key + name, make: make) }
        return prologue.deviceKernel(
          printed.kernelForm(on: self, isCombining: isCombining), make: make)
      }
      guard let kernel = find(plan.form.rawValue, false) else { return }
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
      guard plan.chunks > 1, let combine = find("combine", true) else { return }
      launch(combine, LaunchRange(kept, local: (16, 1, 1)), "\(kind)") { arguments in
        arguments.buffer(scratch)
        arguments.buffer(output.buffer)
        arguments.word(kept)
        arguments.word(reduced)
        arguments.word(plan.chunks)
      }
    }

    /// Whether groups of the usual size are possible.
    var canGroup: Bool {
      shape == .simt && device.maximumGroupSize >= OpenCLBackend.reductionGroup
    }
  }
#endif
