/// Elements in order along an axis. Equal ones stay in the order in which they were; −0 equals 0; NaN is
/// greater than every number.
extension Tensor {
  /// The positions that put the elements along `axis` in order.
  public func argsort(axis: Int = -1, descending: Bool = false) -> Tensor<Int> {
    Tensor<Int>(value.argsorted(axis: axis, descending: descending))
  }

  /// The elements along `axis` in order. The gradient goes to the places that they came from.
  public func sorted(axis: Int = -1, descending: Bool = false) -> Tensor {
    Tensor(value.sorted(axis: axis, descending: descending, "sort").values)
  }

  /// The `count` largest elements along `axis` (or smallest), the most extreme first, and their positions.
  public func topK(
    _ count: Int, axis: Int = -1, largest: Bool = true
  ) -> (values: Tensor, indices: Tensor<Int>) {
    let found = value.sorted(axis: axis, descending: largest, keeping: count, "topK")
    return (Tensor(found.values), Tensor<Int>(found.positions))
  }
}
