internal import CKernels

/// Axes (extents or strides) as the kernels read them.
struct KernelAxes: ~Copyable {
  private let storage: UnsafeMutablePointer<Int64>

  init(_ axes: InlineArray<8, Int>) {
    storage = .allocate(capacity: 8)
    for index in 0..<8 { storage[index] = Int64(axes[index]) }
  }

  var pointer: UnsafePointer<Int64> { UnsafePointer(storage) }

  deinit { storage.deallocate() }
}

extension CPUBackend {
  func pointwise(
    _ program: Program, _ inputs: Span<Value>, scalars: Span<UInt64>, shape: Shape,
    outputs: Span<Output>
  ) {
    let count = shape.elementCount
    guard count > 0 else { return }
    if let primitive = program.single, count <= CPUBackend.directCount, outputs.count == 1,
      outputs[0].dtype == program.dtype, program.dtype.computeType == program.dtype,
      applyDirectly(primitive, inputs, scalars, program.dtype, count, outputs[0].buffer)
    {
      return
    }
    withOperands(inputs, shape) { operands, extents in
      withUnsafeTemporaryAllocation(of: SlopeOperand.self, capacity: outputs.count) { results in
        for index in 0..<outputs.count {
          results.initializeElement(
            at: index,
            to: SlopeOperand(
              data: outputs[index].buffer.pointer, strides: nil,
              dtype: outputs[index].dtype.kernelType))
        }
        withUnsafePointer(to: program.kernel) { kernel in
          scalars.withUnsafeBufferPointer { scalars in
            guard let base = results.baseAddress else { return }
            slope_pointwise(
              kernel, operands, scalars.baseAddress, base, Int32(shape.rank), extents)
          }
        }
      }
    }
  }

  /// Up to this many elements a single primitive runs on the calling thread without a descriptor.
  private static let directCount = 4096

  /// Up to this many bytes a scalar is repeated for each element.
  private static let repeatedBytes = 32 * 8

  /// Calls the primitive's own loop where all inputs are contiguous, of the program's type and of
  /// the output's size; false where they are not.
  @inline(__always)
  private func applyDirectly(
    _ primitive: Primitive, _ inputs: Span<Value>, _ scalars: Span<UInt64>, _ dtype: DType,
    _ count: Int, _ output: Buffer
  ) -> Bool {
    for index in 0..<inputs.count {
      let input = inputs[index]
      guard input.layout.isContiguous, input.layout.count == count, input.dtype == dtype else {
        return false
      }
    }
    let type = dtype.kernelType
    let target = output.pointer
    switch (inputs.count, scalars.count) {
    case (1, 0):
      slope_apply(primitive, type, target, inputs[0].pointer, nil, nil, Int64(count))
    case (1, 1) where count * dtype.byteCount <= CPUBackend.repeatedBytes:
      // The scalar as an operand of its own: for a few elements the shorter way.
      let repeated = InlineArray<32, UInt64>(repeating: dtype.repeatedBits(scalars[0]))
      repeated.span.withUnsafeBytes { repeated in
        slope_apply(
          primitive, type, target, inputs[0].pointer, repeated.baseAddress, nil, Int64(count))
      }
    case (2, 0):
      slope_apply(
        primitive, type, target, inputs[0].pointer, inputs[1].pointer, nil, Int64(count))
    case (3, 0):
      slope_apply(
        primitive, type, target, inputs[0].pointer, inputs[1].pointer, inputs[2].pointer,
        Int64(count))
    default: return false
    }
    return true
  }

  /// Describes inputs that broadcast to `shape` as the kernels read them.
  func withOperands(
    _ inputs: Span<Value>, _ shape: Shape,
    _ body: (UnsafePointer<SlopeOperand>, UnsafePointer<Int64>) -> Void
  ) {
    // One row of eight numbers for the extents, and one for each input's strides.
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: 8 * (inputs.count + 1)) { axes in
      withUnsafeTemporaryAllocation(of: SlopeOperand.self, capacity: inputs.count + 1) { operands in
        guard let axesBase = axes.baseAddress, let operandsBase = operands.baseAddress else {
          return
        }
        for axis in 0..<shape.rank { (axesBase + axis).initialize(to: Int64(shape.extents[axis])) }
        for index in 0..<inputs.count {
          let input = inputs[index]
          var operand = SlopeOperand(
            data: input.pointer, strides: nil, dtype: input.dtype.kernelType)
          if !input.layout.isContiguous || input.layout.shape != shape {
            let row = axesBase + 8 * (index + 1)
            let strides = input.layout.strides(broadcastTo: shape)
            for axis in 0..<shape.rank { (row + axis).initialize(to: Int64(strides[axis])) }
            operand.strides = UnsafePointer(row)
          }
          (operandsBase + index).initialize(to: operand)
        }
        body(UnsafePointer(operandsBase), UnsafePointer(axesBase))
      }
    }
  }

  func reduce(
    _ kind: Reduction, prologue: Program?, _ inputs: Span<Value>, scalars: Span<UInt64>,
    nest: Shape, reducedRank: Int, output: Output
  ) {
    withOperands(inputs, nest) { operands, extents in
      var result = SlopeOperand(
        data: output.buffer.pointer, strides: nil, dtype: output.dtype.kernelType)
      scalars.withUnsafeBufferPointer { scalars in
        guard let prologue else {
          slope_reduce(
            kind.kernelKind, nil, operands, scalars.baseAddress, &result, Int32(nest.rank),
            Int32(reducedRank), extents)
          return
        }
        withUnsafePointer(to: prologue.kernel) { kernel in
          slope_reduce(
            kind.kernelKind, kernel, operands, scalars.baseAddress, &result, Int32(nest.rank),
            Int32(reducedRank), extents)
        }
      }
    }
  }
}

extension DType {
  /// Eight bytes full of one element, which is given in the low bytes.
  fileprivate func repeatedBits(_ bits: UInt64) -> UInt64 {
    switch byteCount {
    case 1: (bits & 0xFF) &* 0x0101_0101_0101_0101
    case 2: (bits & 0xFFFF) &* 0x0001_0001_0001_0001
    case 4: (bits & 0xFFFF_FFFF) &* 0x0000_0001_0000_0001
    default: bits
    }
  }
}

extension Reduction {
  /// The same reduction in the kernels' enumeration.
  var kernelKind: KernelReduction { unsafeBitCast(self, to: KernelReduction.self) }
}
