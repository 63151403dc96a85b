infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence
infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence

/// Comparisons, where false is less than true.
extension Tensor {
  /// Whether each element is less than the other's. Comparisons with NaN are false, but for `.!=`.
  public static func .< (left: Tensor, right: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(applyPointwise(Functions.less, left.value, right.value, output: .bool))
  }

  /// Whether each element is less than a number; false for NaN.
  public static func .< (left: Tensor, right: Element) -> Tensor<Bool> {
    left.compared(Functions.lessThanScalar, right)
  }

  /// Whether a number is less than each element; false for NaN.
  public static func .< (left: Element, right: Tensor) -> Tensor<Bool> { right .> left }

  /// Whether each element is at most the other's, broadcasting; false for NaN.
  public static func .<= (left: Tensor, right: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(applyPointwise(Functions.lessOrEqual, left.value, right.value, output: .bool))
  }

  /// Whether each element is at most a number; false for NaN.
  public static func .<= (left: Tensor, right: Element) -> Tensor<Bool> {
    left.compared(Functions.lessOrEqualToScalar, right)
  }

  /// Whether a number is at most each element; false for NaN.
  public static func .<= (left: Element, right: Tensor) -> Tensor<Bool> { right .>= left }

  /// Whether each element is greater than the other's, broadcasting; false for NaN.
  public static func .> (left: Tensor, right: Tensor) -> Tensor<Bool> { right .< left }
  /// Whether each element is greater than a number; false for NaN.
  public static func .> (left: Tensor, right: Element) -> Tensor<Bool> {
    left.compared(Functions.greaterThanScalar, right)
  }

  /// Whether a number is greater than each element; false for NaN.
  public static func .> (left: Element, right: Tensor) -> Tensor<Bool> { right .< left }

  /// Whether each element is at least the other's, broadcasting; false for NaN.
  public static func .>= (left: Tensor, right: Tensor) -> Tensor<Bool> { right .<= left }
  /// Whether each element is at least a number; false for NaN.
  public static func .>= (left: Tensor, right: Element) -> Tensor<Bool> {
    left.compared(Functions.greaterOrEqualToScalar, right)
  }

  /// Whether a number is at least each element; false for NaN.
  public static func .>= (left: Element, right: Tensor) -> Tensor<Bool> { right .<= left }
}

extension Tensor {
  /// Whether elements are equal; NaN equals nothing.
  public static func .== (left: Tensor, right: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(applyPointwise(Functions.equal, left.value, right.value, output: .bool))
  }

  /// Whether each element equals a number; false for NaN.
  public static func .== (left: Tensor, right: Element) -> Tensor<Bool> {
    left.compared(Functions.equalToScalar, right)
  }

  /// Whether a number equals each element; false for NaN.
  public static func .== (left: Element, right: Tensor) -> Tensor<Bool> { right .== left }

  /// Whether elements differ.
  public static func .!= (left: Tensor, right: Tensor) -> Tensor<Bool> {
    Tensor<Bool>(applyPointwise(Functions.notEqual, left.value, right.value, output: .bool))
  }

  /// Whether each element differs from a number; true for NaN.
  public static func .!= (left: Tensor, right: Element) -> Tensor<Bool> {
    left.compared(Functions.notEqualToScalar, right)
  }

  /// Whether a number differs from each element; true for NaN.
  public static func .!= (left: Element, right: Tensor) -> Tensor<Bool> { right .!= left }

  private func compared(_ function: PointwiseFunction, _ scalar: Element) -> Tensor<Bool> {
    Tensor<Bool>(applyPointwise(function, value, scalar: scalar.computeBits, output: .bool))
  }

  /// `first` where `condition` holds, else `second`; all three broadcast.
  ///
  /// Only the chosen side gets the gradient: a NaN that was not chosen does not leak.
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
  /// Whether both elements are true, broadcasting.
  public func logicalAnd(_ other: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.logicalAnd, value, other.value))
  }

  /// Whether at least one element is true, broadcasting.
  public func logicalOr(_ other: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.logicalOr, value, other.value))
  }

  /// Whether just one of both elements is true, broadcasting.
  public func logicalXor(_ other: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.logicalXor, value, other.value))
  }

  /// Whether each element is false.
  public func logicalNot() -> Tensor { Tensor(applyPointwise(Functions.logicalNot, value)) }

  /// `logicalAnd`, as an operator.
  public static func & (left: Tensor, right: Tensor) -> Tensor { left.logicalAnd(right) }
  /// `logicalOr`, as an operator.
  public static func | (left: Tensor, right: Tensor) -> Tensor { left.logicalOr(right) }
  /// `logicalXor`, as an operator.
  public static func ^ (left: Tensor, right: Tensor) -> Tensor { left.logicalXor(right) }
  /// `logicalNot`, as an operator.
  public static prefix func ~ (operand: Tensor) -> Tensor { operand.logicalNot() }
}

extension Tensor where Element: IntegerElement {
  /// The bits that both have, broadcasting.
  public static func & (left: Tensor, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.bitwiseAnd, left.value, right.value))
  }

  /// The bits that at least one has, broadcasting.
  public static func | (left: Tensor, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.bitwiseOr, left.value, right.value))
  }

  /// The bits that just one has, broadcasting.
  public static func ^ (left: Tensor, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.bitwiseXor, left.value, right.value))
  }

  /// Every bit turned: `−x − 1` on signed integers.
  public static prefix func ~ (operand: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.bitwiseNot, operand.value))
  }

  /// The bits shifted up; by the type's width or more gives 0.
  public func shiftedLeft(by places: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.shiftLeft, value, places.value))
  }

  /// The bits shifted down, keeping the sign; by the type's width or more gives 0, or −1.
  public func shiftedRight(by places: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.shiftRight, value, places.value))
  }
}
