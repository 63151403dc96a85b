infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence
infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence

/// Comparisons, element by element, with broadcasting; false is less than true.
///
/// A comparison with NaN is false, except `.!=`, which is true. The result is `Tensor<Bool>`, a
/// byte for each element. Precondition of each: the shapes broadcast, and the tensors are on one
/// device.
extension Tensor {
  /// Whether each element of `left` is less than that of `right`; false for NaN.
  public static func .< (left: Tensor, right: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(applyPointwise(Functions.less, left.value, right.value, output: .bool))
  }

  /// Whether each element is less than a scalar; false for NaN.
  public static func .< (left: Tensor, right: Element) -> Tensor<Bool> {
    left.compared(Functions.lessThanScalar, right)
  }

  /// Whether a scalar is less than each element; false for NaN.
  public static func .< (left: Element, right: Tensor) -> Tensor<Bool> { right .> left }

  /// Whether each element of `left` is at most that of `right`; false for NaN.
  public static func .<= (left: Tensor, right: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(applyPointwise(Functions.lessOrEqual, left.value, right.value, output: .bool))
  }

  /// Whether each element is at most a scalar; false for NaN.
  public static func .<= (left: Tensor, right: Element) -> Tensor<Bool> {
    left.compared(Functions.lessOrEqualToScalar, right)
  }

  /// Whether a scalar is at most each element; false for NaN.
  public static func .<= (left: Element, right: Tensor) -> Tensor<Bool> { right .>= left }

  /// Whether each element of `left` is greater than that of `right`; false for NaN.
  public static func .> (left: Tensor, right: Tensor) -> Tensor<Bool> { right .< left }
  /// Whether each element is greater than a scalar; false for NaN.
  public static func .> (left: Tensor, right: Element) -> Tensor<Bool> {
    left.compared(Functions.greaterThanScalar, right)
  }

  /// Whether a scalar is greater than each element; false for NaN.
  public static func .> (left: Element, right: Tensor) -> Tensor<Bool> { right .< left }

  /// Whether each element of `left` is at least that of `right`; false for NaN.
  public static func .>= (left: Tensor, right: Tensor) -> Tensor<Bool> { right .<= left }
  /// Whether each element is at least a scalar; false for NaN.
  public static func .>= (left: Tensor, right: Element) -> Tensor<Bool> {
    left.compared(Functions.greaterOrEqualToScalar, right)
  }

  /// Whether a scalar is at least each element; false for NaN.
  public static func .>= (left: Element, right: Tensor) -> Tensor<Bool> { right .<= left }
}

extension Tensor {
  /// Whether each element of `left` equals that of `right`; false for NaN.
  public static func .== (left: Tensor, right: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(applyPointwise(Functions.equal, left.value, right.value, output: .bool))
  }

  /// Whether each element equals a scalar; false for NaN.
  public static func .== (left: Tensor, right: Element) -> Tensor<Bool> {
    left.compared(Functions.equalToScalar, right)
  }

  /// Whether a scalar equals each element; false for NaN.
  public static func .== (left: Element, right: Tensor) -> Tensor<Bool> { right .== left }

  /// Whether each element of `left` differs from that of `right`; true for NaN.
  public static func .!= (left: Tensor, right: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(applyPointwise(Functions.notEqual, left.value, right.value, output: .bool))
  }

  /// Whether each element differs from a scalar; true for NaN.
  public static func .!= (left: Tensor, right: Element) -> Tensor<Bool> {
    left.compared(Functions.notEqualToScalar, right)
  }

  /// Whether a scalar differs from each element; true for NaN.
  public static func .!= (left: Element, right: Tensor) -> Tensor<Bool> { right .!= left }

  private func compared(_ function: PointwiseFunction, _ scalar: Element) -> Tensor<Bool> {
    Tensor<Bool>(applyPointwise(function, value, scalar: scalar.computeBits, output: .bool))
  }

  /// The elements of `first` where `condition` is true, else those of `second`; all three
  /// broadcast.
  ///
  /// Only the chosen side receives the gradient, so a NaN that was not chosen does not spread.
  /// Complexity: O(n). Precondition: the shapes broadcast.
  public static func `where`(
    _ condition: Tensor<Bool>, _ first: Tensor, _ second: Tensor
  ) -> Tensor {
    Tensor(
      applyPointwise(
        Functions.select, [condition.value, first.value, second.value], programType: Element.dtype,
        output: Element.dtype))
  }
}

extension Tensor where Element == Bool {
  /// Whether both elements are true, with broadcasting.
  public func logicalAnd(_ other: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.logicalAnd, value, other.value))
  }

  /// Whether at least one of both elements is true, with broadcasting.
  public func logicalOr(_ other: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.logicalOr, value, other.value))
  }

  /// Whether exactly one of both elements is true, with broadcasting.
  public func logicalXor(_ other: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.logicalXor, value, other.value))
  }

  /// Whether each element is false.
  public func logicalNot() -> Tensor { Tensor(applyPointwise(Functions.logicalNot, value)) }

  /// Whether both elements are true, with broadcasting: `logicalAnd(_:)`.
  public static func & (left: Tensor, right: Tensor) -> Tensor { left.logicalAnd(right) }
  /// Whether at least one of both elements is true, with broadcasting: `logicalOr(_:)`.
  public static func | (left: Tensor, right: Tensor) -> Tensor { left.logicalOr(right) }
  /// Whether exactly one of both elements is true, with broadcasting: `logicalXor(_:)`.
  public static func ^ (left: Tensor, right: Tensor) -> Tensor { left.logicalXor(right) }
  /// Whether each element is false: `logicalNot()`.
  public static prefix func ~ (operand: Tensor) -> Tensor { operand.logicalNot() }
}

extension Tensor where Element: IntegerElement {
  /// The bitwise "and", element by element, with broadcasting.
  public static func & (left: Tensor, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.bitwiseAnd, left.value, right.value))
  }

  /// The bitwise "or", element by element, with broadcasting.
  public static func | (left: Tensor, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.bitwiseOr, left.value, right.value))
  }

  /// The bitwise exclusive "or", element by element, with broadcasting.
  public static func ^ (left: Tensor, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.bitwiseXor, left.value, right.value))
  }

  /// Every bit inverted: `−x − 1` on signed integers.
  public static prefix func ~ (operand: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.bitwiseNot, operand.value))
  }

  /// The bits shifted left, element by element, with broadcasting.
  ///
  /// A shift by the width of the type or more gives 0.
  public func shiftedLeft(by places: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.shiftLeft, value, places.value))
  }

  /// The bits shifted right, element by element, with broadcasting; signed integers keep their
  /// sign.
  ///
  /// A shift by the width of the type or more gives 0, or −1 for a negative integer.
  public func shiftedRight(by places: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.shiftRight, value, places.value))
  }
}
