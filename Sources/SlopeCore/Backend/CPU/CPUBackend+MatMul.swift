internal import CKernels

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
    let (m, n, k) = (left.shape[1], right.shape[2], left.shape[2])
    // Our own loops are for small products, for types or extents that the library does not take, for
    // elements that must not depend on their place, and for rows by a vector: OpenBLAS reads these at
    // half the speed.
    let isOwn =
      Double(m) * Double(n) * Double(k) <= CPUBackend.tinyProduct || !output.dtype.isFloating
      || !BLAS.takes(left, right) || RowwiseProducts.isOn || isRowsByVector(left, right)
    switch output.dtype {
    case _ where isOwn: ownProduct(left, right, bias: bias, output: output)
    case .float16, .bfloat16: widenedProduct(left, right, bias: bias, output: output)
    case _ where BLAS.isReady(): blasProduct(left, right, bias: bias, output: output)
    default: ownProduct(left, right, bias: bias, output: output)
    }
  }

  /// Whether a product is sums over contiguous rows of the left operand, as our own loops compute by lanes.
  private func isRowsByVector(_ left: Value, _ right: Value) -> Bool {
    right.shape[2] == 1 && left.layout.strides[2] == 1 && right.layout.strides[1] == 1
      && left.dtype.byteCount >= 4
  }

  /// Up to this many multiplications our own loops are faster than a call of the library.
  private static let tinyProduct = 4096.0

  private func ownProduct(_ left: Value, _ right: Value, bias: Value?, output: Output) {
    let (m, k, n) = (left.shape[1], left.shape[2], right.shape[2])
    let size = output.dtype.byteCount
    withPointers(left, right, bias, output) { a, b, bias, out in
      for index in 0..<left.shape[0] {
        slope_matmul(
          output.dtype.kernelType, out + index * m * n * size,
          a + index * left.layout.strides[0] * size, b + index * right.layout.strides[0] * size,
          bias, Int64(m), Int64(n), Int64(k), Int64(left.layout.strides[1]),
          Int64(left.layout.strides[2]), Int64(right.layout.strides[1]),
          Int64(right.layout.strides[2]), RowwiseProducts.isOn)
      }
    }
  }

  private func withPointers(
    _ left: Value, _ right: Value, _ bias: Value?, _ output: Output,
    _ body: (UnsafeRawPointer, UnsafeRawPointer, UnsafeRawPointer?, UnsafeMutableRawPointer) -> Void
  ) {
    left.withPointer { a in
      right.withPointer { b in
        bias.withPointer { bias in output.buffer.withPointer { body(a, b, bias, $0) } }
      }
    }
  }

  private func blasProduct(_ left: Value, _ right: Value, bias: Value?, output: Output) {
    guard let a = BLAS.Operand(left), let b = BLAS.Operand(right) else {
      // Neither axis is contiguous: a copy makes one so.
      let (plainLeft, plainRight) = (left.contiguous, right.contiguous)
      if plainLeft.isFailed || plainRight.isFailed { return }
      return blasProduct(plainLeft, plainRight, bias: bias, output: output)
    }
    let (batch, m, n, k) = (left.shape[0], left.shape[1], right.shape[2], left.shape[2])
    withPointers(left, right, bias, output) { left, right, bias, out in
      let product = BLAS.Product(
        batch: batch, m: m, n: n, k: k, a: a, b: b, left: left, right: right, bias: bias, c: out,
        isDouble: output.dtype == .float64)
      product.run()
    }
  }

  /// 16-bit floats are widened to Float and rounded once.
  private func widenedProduct(_ left: Value, _ right: Value, bias: Value?, output: Output) {
    let shape: Shape = [left.shape[0], left.shape[1], right.shape[2]]
    var wideBias: Value?
    if let bias {
      wideBias = widened(bias)
      if wideBias == nil { return }
    }
    guard let wide = widened(left), let wideRight = widened(right),
      let buffer = Value.allocate(shape, .float32, on: self, for: "matmul")
    else { return }
    matmul(wide, wideRight, bias: wideBias, output: Output(buffer, .float32))
    convert(Value(Layout(shape), .float32, buffer), to: output)
  }

  /// The elements as Float in new memory; nil, after a report, if there is none.
  private func widened(_ source: Value) -> Value? {
    guard let buffer = Value.allocate(source.shape, .float32, on: self, for: "matmul") else {
      return nil
    }
    convert(source, to: Output(buffer, .float32))
    return Value(Layout(source.shape), .float32, buffer)
  }

  /// Copies elements to another type; the program computes in Float.
  private func convert(_ source: Value, to output: Output) {
    let inputs: [1 of Value] = [source]
    let outputs: [1 of Output] = [output]
    pointwise(
      CPUBackend.floatCopy, inputs.span, scalars: Span(), shape: source.shape,
      outputs: outputs.span)
  }

  private static let floatCopy = Program(.copy, .float32)
}
