/// Values that a device draws by a counter-based generator; docs of `RandomDraw`.
extension Value {
  /// A value of a floating type that its device draws; not recorded.
  static func drawn(
    _ draw: RandomDraw, _ shape: Shape, _ dtype: DType, on backend: any Backend,
    for operation: String
  ) -> Value {
    guard let buffer = allocate(shape, dtype, on: backend, for: operation) else {
      return .failed(dtype)
    }
    let count = shape.elementCount
    if count > 0 {
      backend.draw(draw, source: nil, count: count, output: Output(buffer, dtype))
    }
    return Value(Layout(shape), dtype, buffer)
  }

  /// This value with the mask of a draw applied: y = x · m.
  ///
  /// x receives g · m, by the same operation: the mask is drawn again, which takes about as long as
  /// reading a kept one and no memory. Where numbers are checked, the mask is drawn first, so that the
  /// product is checked like any other.
  func masked(_ draw: RandomDraw, record: Bool = true) -> Value {
    if isFailed { return self }
    let source = contiguous
    if source.isFailed { return .failed(dtype) }
    if Numerics.isUsed {
      let mask = Value.drawn(draw, shape, dtype, on: backend, for: "dropout")
      return applyPointwise(Functions.multiply, self, mask, record: record)
    }
    guard let buffer = Value.allocate(shape, dtype, on: backend, for: "dropout") else {
      return .failed(dtype)
    }
    if count > 0 {
      backend.draw(draw, source: source, count: count, output: Output(buffer, dtype))
    }
    return Value(Layout(shape), dtype, buffer).recorded(
      "dropout", [self], record: record, savesValues: false
    ) { g, record in [g.masked(draw, record: record)] }
  }
}
