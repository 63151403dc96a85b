/// The arithmetic of the backward pass, by recorded operations where `record` is set.
extension Value: GradientArithmetic {
  func adding(_ other: Value, record: Bool) -> Value {
    applyPointwise(Functions.add, self, other, record: record)
  }

  func embedded(in shape: Shape, at slice: Slice, record: Bool) -> Value {
    embedded(in: shape, at: slice, bits: 0, record: record)
  }

  func add(_ other: Value, at slice: Slice) -> Bool {
    let place = slice.applied(to: layout)
    let sum = Value(place, dtype, buffer).adding(other, record: false)
    if sum.isFailed { return false }
    backend.copy(sum, to: buffer, place)
    return true
  }
}
