internal import CKernels
internal import COpenBLAS

extension CPUBackend {
  func matmul(_ left: Value, _ right: Value, bias: Value?, output: Output) {
    product(left, right, bias: bias, output: output)
    guard let activation = output.activation else { return }
    let shape: Shape = [left.shape[0] * left.shape[1] * right.shape[2]]
    let inputs: [1 of Value] = [Value(Layout(shape), output.dtype, output.buffer)]
    let outputs: [1 of Output] = [output]
    pointwise(
      activation.program(output.dtype), inputs.span, scalars: Span(), shape: shape,
      outputs: outputs.span)
  }

  private func product(_ left: Value, _ right: Value, bias: Value?, output: Output) {
    let (batch, m, k) = (left.shape[0], left.shape[1], left.shape[2])
    let n = right.shape[2]
    // Our own loops: for a few numbers, and for types that the library does not know.
    let isOwn =
      Double(m) * Double(n) * Double(k) <= CPUBackend.tinyProduct || !output.dtype.isFloating
      || !BLAS.takes(left, right)
    switch output.dtype {
    case _ where isOwn:
      let size = output.dtype.byteCount
      for index in 0..<batch {
        slope_matmul(
          output.dtype.kernelType, output.buffer.pointer + index * m * n * size,
          left.pointer + index * left.layout.strides[0] * size,
          right.pointer + index * right.layout.strides[0] * size, bias?.pointer, Int64(m),
          Int64(n), Int64(k), Int64(left.layout.strides[1]), Int64(left.layout.strides[2]),
          Int64(right.layout.strides[1]), Int64(right.layout.strides[2]))
      }
    case .float16, .bfloat16:
      widenedProduct(left, right, bias: bias, output: output)
    default:
      blasProduct(left, right, bias: bias, output: output)
    }
  }

  /// Below this many multiplications our own loops beat the call of the library.
  private static let tinyProduct = 4096.0

  private func blasProduct(_ left: Value, _ right: Value, bias: Value?, output: Output) {
    BLAS.prepare()
    guard let a = BLAS.Operand(left), let b = BLAS.Operand(right) else {
      // Neither axis is contiguous: a copy makes one so.
      let (plainLeft, plainRight) = (left.contiguous, right.contiguous)
      if plainLeft.isFailed || plainRight.isFailed { return }
      return blasProduct(plainLeft, plainRight, bias: bias, output: output)
    }
    let product = BLAS.Product(
      batch: left.shape[0], m: left.shape[1], n: right.shape[2], k: left.shape[2], a: a, b: b,
      bias: bias?.pointer, c: output.buffer.pointer, isDouble: output.dtype == .float64)
    product.run()
  }

  /// 16-bit floats are widened to Float and rounded once.
  private func widenedProduct(_ left: Value, _ right: Value, bias: Value?, output: Output) {
    let wide = left.detached.cast(to: .float32)
    let wideRight = right.detached.cast(to: .float32)
    let wideBias = bias?.detached.cast(to: .float32)
    let shape: Shape = [left.shape[0], left.shape[1], right.shape[2]]
    guard !wide.isFailed, !wideRight.isFailed, wideBias?.isFailed != true,
      let buffer = Value.allocate(shape, .float32, on: self, for: "matmul")
    else { return }
    matmul(wide, wideRight, bias: wideBias, output: Output(buffer, .float32))
    let result = Value(Layout(shape), .float32, buffer)
    let inputs: [1 of Value] = [result]
    let outputs: [1 of Output] = [output]
    pointwise(
      Functions.copy.program(.float32), inputs.span, scalars: Span(), shape: shape,
      outputs: outputs.span)
  }
}
