internal import CKernels

/// Axes (extents or strides) as the kernels read them.
enum KernelAxes {
  /// Calls `body` with three rows of axes.
  static func with(
    _ first: InlineArray<8, Int>, _ second: InlineArray<8, Int>, _ third: InlineArray<8, Int>,
    _ body: (UnsafePointer<Int64>, UnsafePointer<Int64>, UnsafePointer<Int64>) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: Int64.self, capacity: 24) { rows in
      guard let base = rows.baseAddress else { return }
      for axis in 0..<8 {
        (base + axis).initialize(to: Int64(first[axis]))
        (base + 8 + axis).initialize(to: Int64(second[axis]))
        (base + 16 + axis).initialize(to: Int64(third[axis]))
      }
      body(base, base + 8, base + 16)
    }
  }
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
        defer { outputs.keepAlive() }
        for index in 0..<outputs.count {
          results.initializeElement(at: index, to: SlopeOperand(outputs[index]))
        }
        program.withKernel { kernel in
          scalars.withUnsafeBufferPointer { scalars in
            guard let base = results.baseAddress else { return }
            slope_pointwise(
              kernel, operands, scalars.baseAddress, base, Int32(shape.rank), extents)
          }
        }
      }
    }
  }

  /// Up to this many elements, a single primitive runs on the calling thread without a descriptor.
  private static let directCount = 4096

  /// Up to this many bytes, a scalar is repeated for each element.
  private static let repeatedBytes = 32 * 8

  /// Calls the primitive's loop if all inputs are contiguous, of `dtype` and of `count` elements.
  ///
  /// False if they are not.
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
    let target = output.handle
    switch (inputs.count, scalars.count) {
    case (1, 0):
      slope_apply(primitive, type, target, inputs[0].address, nil, nil, Int64(count))
    case (1, 1) where count * dtype.byteCount <= CPUBackend.repeatedBytes:
      // The scalar as an operand in memory is faster for a few elements.
      let repeated = InlineArray<32, UInt64>(repeating: dtype.repeatedBits(scalars[0]))
      repeated.span.withUnsafeBytes { repeated in
        slope_apply(
          primitive, type, target, inputs[0].address, repeated.baseAddress, nil, Int64(count))
      }
    case (2, 0):
      slope_apply(
        primitive, type, target, inputs[0].address, inputs[1].address, nil, Int64(count))
    case (3, 0):
      slope_apply(
        primitive, type, target, inputs[0].address, inputs[1].address, inputs[2].address,
        Int64(count))
    default: return false
    }
    return true
  }

  /// Describes inputs that broadcast to `shape` as the kernels read them.
  ///
  /// They stay alive until `body` returns.
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
        defer { inputs.keepAlive() }
        for axis in 0..<shape.rank { (axesBase + axis).initialize(to: Int64(shape.extents[axis])) }
        for index in 0..<inputs.count {
          let input = inputs[index]
          var operand = SlopeOperand(input)
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
    _ kind: ReductionKind, prologue: Program?, _ inputs: Span<Value>, scalars: Span<UInt64>,
    nest: Shape, reducedRank: Int, output: Output
  ) {
    withOperands(inputs, nest) { operands, extents in
      defer { withExtendedLifetime(output.buffer) {} }
      var result = SlopeOperand(output)
      scalars.withUnsafeBufferPointer { scalars in
        guard let prologue else {
          slope_reduce(
            kind.kernelKind, nil, operands, scalars.baseAddress, &result, Int32(nest.rank),
            Int32(reducedRank), extents)
          return
        }
        prologue.withKernel { kernel in
          slope_reduce(
            kind.kernelKind, kernel, operands, scalars.baseAddress, &result, Int32(nest.rank),
            Int32(reducedRank), extents)
        }
      }
    }
  }
}

// Only this file uses addresses without keeping their owners, since retaining them would cost a
// tenth of a small operation: a span of operands is borrowed from the verb's caller, who keeps them
// until the verb returns.
extension Value {
  /// The first element in the process' memory.
  fileprivate var address: UnsafeRawPointer {
    UnsafeRawPointer(buffer.handle) + layout.offset &* dtype.byteCount
  }
}

extension SlopeOperand {
  /// A value as the kernels read it, without strides.
  ///
  /// The caller keeps the value alive.
  fileprivate init(_ value: Value) {
    self.init(
      data: value.buffer.handle + value.layout.offset &* value.dtype.byteCount, strides: nil,
      dtype: value.dtype.kernelType)
  }

  /// The memory of a result.
  ///
  /// The caller keeps the buffer alive.
  fileprivate init(_ output: Output) {
    self.init(data: output.buffer.handle, strides: nil, dtype: output.dtype.kernelType)
  }
}

extension Span<Value> {
  /// Keeps values alive up to here whose addresses were taken.
  @inline(__always)
  fileprivate func keepAlive() {
    for index in indices { withExtendedLifetime(self[index]) {} }
  }
}

extension Span<Output> {
  /// Keeps results alive up to here whose addresses were taken.
  @inline(__always)
  fileprivate func keepAlive() {
    for index in indices { withExtendedLifetime(self[index].buffer) {} }
  }
}

extension DType {
  /// Eight bytes filled with one element, which is given in the low bytes.
  fileprivate func repeatedBits(_ bits: UInt64) -> UInt64 {
    switch byteCount {
    case 1: (bits & 0xFF) &* 0x0101_0101_0101_0101
    case 2: (bits & 0xFFFF) &* 0x0001_0001_0001_0001
    case 4: (bits & 0xFFFF_FFFF) &* 0x0000_0001_0000_0001
    default: bits
    }
  }
}

extension ReductionKind {
  /// The same reduction in the kernels' enumeration.
  var kernelKind: KernelReduction { unsafeBitCast(self, to: KernelReduction.self) }
}
