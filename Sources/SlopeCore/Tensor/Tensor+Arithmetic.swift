extension Tensor {
  /// The sum, element by element, broadcasting; on Bool, "or". Integers wrap.
  public static func + (left: Tensor, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.add, left.value, right.value))
  }

  /// A number added to every element; on Bool, "or". Integers wrap.
  public static func + (left: Tensor, right: Element) -> Tensor {
    Tensor(applyPointwise(Functions.addScalar, left.value, scalar: right.computeBits))
  }

  /// A number added to every element; on Bool, "or". Integers wrap.
  public static func + (left: Element, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.addScalar, right.value, scalar: left.computeBits))
  }

  /// The product, element by element, broadcasting; on Bool, "and". Integers wrap.
  public static func * (left: Tensor, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.multiply, left.value, right.value))
  }

  /// Every element times a number; on Bool, "and". Integers wrap.
  public static func * (left: Tensor, right: Element) -> Tensor {
    Tensor(applyPointwise(Functions.multiplyScalar, left.value, scalar: right.computeBits))
  }

  /// Every element times a number; on Bool, "and". Integers wrap.
  public static func * (left: Element, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.multiplyScalar, right.value, scalar: left.computeBits))
  }

  /// Replaces `left` by `left + right`, whose shape may be larger; other copies keep theirs.
  public static func += (left: inout Tensor, right: Tensor) { left = left + right }
  /// Replaces `left` by `left + right`.
  public static func += (left: inout Tensor, right: Element) { left = left + right }
  /// Replaces `left` by `left * right`, whose shape may be larger.
  public static func *= (left: inout Tensor, right: Tensor) { left = left * right }
  /// Replaces `left` by `left * right`.
  public static func *= (left: inout Tensor, right: Element) { left = left * right }
}

extension Tensor where Element: NumericElement {
  /// The difference, element by element, broadcasting. Integers wrap.
  public static func - (left: Tensor, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.subtract, left.value, right.value))
  }

  /// A number subtracted from every element. Integers wrap.
  public static func - (left: Tensor, right: Element) -> Tensor {
    Tensor(applyPointwise(Functions.subtractScalar, left.value, scalar: right.computeBits))
  }

  /// A number less every element. Integers wrap.
  public static func - (left: Element, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.subtractFromScalar, right.value, scalar: left.computeBits))
  }

  /// The quotient, element by element, broadcasting.
  ///
  /// Integers truncate toward zero; division by zero gives 0 there, and infinity or NaN in floating
  /// point.
  public static func / (left: Tensor, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.divide, left.value, right.value))
  }

  /// Every element divided by a number; integers truncate, and give 0 for a divisor of 0.
  public static func / (left: Tensor, right: Element) -> Tensor {
    Tensor(applyPointwise(Functions.divideScalar, left.value, scalar: right.computeBits))
  }

  /// A number divided by every element; integers truncate, and give 0 for a divisor of 0.
  public static func / (left: Element, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.divideIntoScalar, right.value, scalar: left.computeBits))
  }

  /// Every element with the other sign. Integers wrap: the smallest stays what it is, and an
  /// unsigned `x` gives 2ⁿ − x.
  public static prefix func - (operand: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.negate, operand.value))
  }

  /// Replaces `left` by `left - right`, whose shape may be larger.
  public static func -= (left: inout Tensor, right: Tensor) { left = left - right }
  /// Replaces `left` by `left - right`.
  public static func -= (left: inout Tensor, right: Element) { left = left - right }
  /// Replaces `left` by `left / right`, whose shape may be larger.
  public static func /= (left: inout Tensor, right: Tensor) { left = left / right }
  /// Replaces `left` by `left / right`.
  public static func /= (left: inout Tensor, right: Element) { left = left / right }

  /// `⌊self / divisor⌋`; integer division by zero gives 0.
  public func floorDivided(by divisor: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.floorDivide, value, divisor.value))
  }

  /// The quotient rounded toward zero; integer division by zero gives 0.
  public func truncDivided(by divisor: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.truncDivide, value, divisor.value))
  }

  /// The remainder of `floorDivided(by:)`, with the divisor's sign; integers give 0 for a divisor of 0.
  public func remainder(_ divisor: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.remainder, value, divisor.value))
  }

  /// The remainder of `truncDivided(by:)`, with the dividend's sign.
  public func fmod(_ divisor: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.fmod, value, divisor.value))
  }

  /// `self` to the power of `exponent`, element by element. Integers wrap; there a negative exponent
  /// is a failure.
  public func pow(_ exponent: Tensor) -> Tensor {
    if Element.dtype.isSignedInteger, exponent.count > 0,
      Tensor(exponent.value.reduced(.minimum)).item() < 0
    {
      return Tensor(
        Value.failure(
          "pow", "an integer has no negative power among integers", dtype: Element.dtype))
    }
    return Tensor(applyPointwise(Functions.power, value, exponent.value))
  }

  /// `self` to the power of one exponent.
  public func pow(_ exponent: Element) -> Tensor {
    if Element.dtype.isInteger, exponent < 0 {
      return Tensor(
        Value.failure(
          "pow", "an integer has no power \(exponent) among integers", dtype: Element.dtype))
    }
    return Tensor(applyPointwise(Functions.powerScalar, value, scalar: exponent.computeBits))
  }

  /// The elements, those outside the range replaced by its nearest bound; NaN stays NaN.
  public func clamped(to range: ClosedRange<Element>) -> Tensor {
    clamped(min: range.lowerBound, max: range.upperBound)
  }

  /// The elements, those below `low` or above `high` replaced by the bound; NaN stays NaN.
  ///
  /// With `low > high`, which no range can be, every element becomes `high`.
  public func clamped(min low: Element, max high: Element) -> Tensor {
    let scalars: [2 of UInt64] = [low.computeBits, high.computeBits]
    return Tensor(applyPointwise(Functions.clamp, value, scalars: scalars.span))
  }

  /// The elements, those below `low` replaced by it; NaN stays NaN.
  public func clamped(min low: Element) -> Tensor {
    Tensor(applyPointwise(Functions.clampFromBelow, value, scalar: low.computeBits))
  }

  /// The elements, those above `high` replaced by it; NaN stays NaN.
  public func clamped(max high: Element) -> Tensor {
    Tensor(applyPointwise(Functions.clampFromAbove, value, scalar: high.computeBits))
  }
}

/// The larger of both, element by element, broadcasting; NaN if either is NaN.
///
/// At a tie each operand gets half of the gradient.
public func maximum<Element: TensorElement>(_ left: Tensor<Element>, _ right: Tensor<Element>)
  -> Tensor<Element>
{
  Tensor(applyPointwise(Functions.maximum, left.value, right.value))
}

/// The smaller of both, element by element, broadcasting; NaN if either is NaN.
public func minimum<Element: TensorElement>(_ left: Tensor<Element>, _ right: Tensor<Element>)
  -> Tensor<Element>
{
  Tensor(applyPointwise(Functions.minimum, left.value, right.value))
}

/// The larger of both, element by element, broadcasting; a NaN counts only where both are.
///
/// At a tie each operand gets half of the gradient.
public func fmax<Element: FloatingElement>(_ left: Tensor<Element>, _ right: Tensor<Element>)
  -> Tensor<Element>
{
  Tensor(applyPointwise(Functions.fmax, left.value, right.value))
}

/// The smaller of both, element by element, broadcasting; a NaN counts only where both are.
///
/// At a tie each operand gets half of the gradient.
public func fmin<Element: FloatingElement>(_ left: Tensor<Element>, _ right: Tensor<Element>)
  -> Tensor<Element>
{
  Tensor(applyPointwise(Functions.fmin, left.value, right.value))
}
