/// Comparisons of whole tensors, and with a tolerance.
extension Tensor {
  /// Whether both tensors have the same shape and equal elements.
  ///
  /// −0 equals 0, and NaN equals nothing; false if either tensor has failed. Complexity: O(n); waits
  /// for the device. Precondition: the tensors are on one device.
  public func elementsEqual(_ other: Tensor) -> Bool {
    guard !isFailed, !other.isFailed, shape == other.shape else { return false }
    return (self .== other).all().isTrue
  }
}

extension Tensor where Element: NumericElement {
  /// Whether each element is equal or close to that of `other`, with broadcasting.
  ///
  /// Close means `|x − y| ≤ absoluteTolerance + |relativeTolerance · y|`, where y is the other one.
  /// Infinities are close only to themselves, and NaN only to NaN if `equalNaN`. Complexity: O(n).
  /// Precondition: the shapes broadcast, and no tolerance is negative.
  public func isClose(
    to other: Tensor, relativeTolerance: Double = 1e-5, absoluteTolerance: Double = 1e-8,
    equalNaN: Bool = false
  ) -> Tensor<Bool> {
    guard relativeTolerance >= 0, absoluteTolerance >= 0 else {
      return Tensor<Bool>(
        Value.failure(
          "isClose",
          "the tolerances \(relativeTolerance) and \(absoluteTolerance) are not both at least 0",
          dtype: .bool))
    }
    let type = Element.dtype.isFloating ? Element.dtype : .float32
    let scalars = [relativeTolerance, absoluteTolerance].map { type.computeBits(of: $0) }
    guard Element.dtype.isFloating else {
      // Float does not tell large integers apart.
      if relativeTolerance == 0, absoluteTolerance == 0 { return self .== other }
      let distance = applyPointwise(Functions.distance, value, other.value)
      let isWithin = applyPointwise(
        Functions.isWithin, [distance, other.value], scalars: scalars, programType: type,
        output: .bool)
      return Tensor<Bool>(isWithin)
    }
    return Tensor<Bool>(
      applyPointwise(
        equalNaN ? Functions.isCloseOrBothNaN : Functions.isClose, [value, other.value],
        scalars: scalars, programType: type, output: .bool))
  }

  /// Whether all elements are equal or close to those of `other`: all of `isClose(to:…)`.
  ///
  /// True for no elements, false if either tensor has failed. Complexity: O(n); waits for the device.
  public func allClose(
    to other: Tensor, relativeTolerance: Double = 1e-5, absoluteTolerance: Double = 1e-8,
    equalNaN: Bool = false
  ) -> Bool {
    isClose(
      to: other, relativeTolerance: relativeTolerance, absoluteTolerance: absoluteTolerance,
      equalNaN: equalNaN
    ).all().isTrue
  }
}

extension Tensor where Element == Bool {
  /// The one element, or false if the tensor has failed.
  fileprivate var isTrue: Bool { !isFailed && item() }
}
