/// The places of the elements that differ from 0.
///
/// Each waits for the device: the host counts the elements, since the shape of the result depends
/// on them. NaN differs from 0.
extension Tensor {
  /// The indices of the elements that differ from 0, a row for each: `[count, rank]`.
  ///
  /// In row-major order, as PyTorch's `nonzero` and `argwhere`; a tensor without axes gives `[1,
  /// 0]` or `[0, 0]`. Complexity: O(n). Waits for the device.
  public func nonzero() -> Tensor<Int> {
    let places = value.cast(to: .bool).truePositions
    if isFailed || places.isFailed { return .failed }
    guard rank > 0 else {
      return Tensor<Int>(Value.full([places.count, 0], .int64, bits: 0, on: value.backend))
    }
    let column: Shape = [places.count, 1]
    return Tensor<Int>(
      Value.concatenate(places.coordinates(in: shape).map { $0.reshaped(to: column) }, axis: 1))
  }

  /// The indices of the elements that differ from 0, one list for each axis: `rank` times
  /// `[count]`.
  ///
  /// What `taking(at:)` and `putting(_:at:accumulating:)` take, as PyTorch's `nonzero` with
  /// `as_tuple`; a tensor without axes is taken as a list of one element. Complexity: O(n). Waits
  /// for the device.
  public func nonzeroByAxis() -> [Tensor<Int>] {
    let places = value.cast(to: .bool).truePositions
    if isFailed || places.isFailed { return Array(repeating: .failed, count: Swift.max(rank, 1)) }
    return places.coordinates(in: rank > 0 ? shape : [1]).map { Tensor<Int>($0) }
  }
}
