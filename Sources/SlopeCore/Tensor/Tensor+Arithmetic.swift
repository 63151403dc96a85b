/// Arithmetic, element by element.
///
/// The shapes of two operands broadcast as NumPy's do: missing leading axes and axes of extent 1
/// repeat. Precondition of each: the shapes broadcast, and the tensors are on one device. Each
/// result is a new tensor in O(n); nothing waits for the device.
extension Tensor {
  /// The sum of two tensors, element by element, with broadcasting.
  ///
  /// Integers wrap. On Bool it is "or". Precondition: the shapes broadcast.
  public static func + (left: Tensor, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.add, left.value, right.value))
  }

  /// The sum of each element and a scalar.
  ///
  /// Integers wrap. On Bool it is "or".
  public static func + (left: Tensor, right: Element) -> Tensor {
    Tensor(applyPointwise(Functions.addScalar, left.value, scalar: right.computeBits))
  }

  /// The sum of a scalar and each element.
  ///
  /// Integers wrap. On Bool it is "or".
  public static func + (left: Element, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.addScalar, right.value, scalar: left.computeBits))
  }

  /// The product of two tensors, element by element, with broadcasting.
  ///
  /// Integers wrap. On Bool it is "and". The matrix product is `matmul(_:_:)`. Precondition: the
  /// shapes broadcast.
  public static func * (left: Tensor, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.multiply, left.value, right.value))
  }

  /// The product of each element and a scalar.
  ///
  /// Integers wrap. On Bool it is "and".
  public static func * (left: Tensor, right: Element) -> Tensor {
    Tensor(applyPointwise(Functions.multiplyScalar, left.value, scalar: right.computeBits))
  }

  /// The product of a scalar and each element.
  ///
  /// Integers wrap. On Bool it is "and".
  public static func * (left: Element, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.multiplyScalar, right.value, scalar: left.computeBits))
  }

  /// Replaces `left` by `left + right`, whose shape may be larger.
  ///
  /// Computes a new tensor: other copies and views of `left` keep their elements.
  public static func += (left: inout Tensor, right: Tensor) { left = left + right }
  /// Replaces `left` by `left + right`, a new tensor.
  public static func += (left: inout Tensor, right: Element) { left = left + right }
  /// Replaces `left` by `left * right`, a new tensor whose shape may be larger.
  public static func *= (left: inout Tensor, right: Tensor) { left = left * right }
  /// Replaces `left` by `left * right`, a new tensor.
  public static func *= (left: inout Tensor, right: Element) { left = left * right }
}

extension Tensor where Element: NumericElement {
  /// The difference of two tensors, element by element, with broadcasting.
  ///
  /// Integers wrap. Precondition: the shapes broadcast.
  public static func - (left: Tensor, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.subtract, left.value, right.value))
  }

  /// The difference of each element and a scalar.
  ///
  /// Integers wrap.
  public static func - (left: Tensor, right: Element) -> Tensor {
    Tensor(applyPointwise(Functions.subtractScalar, left.value, scalar: right.computeBits))
  }

  /// The difference of a scalar and each element.
  ///
  /// Integers wrap.
  public static func - (left: Element, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.subtractFromScalar, right.value, scalar: left.computeBits))
  }

  /// The quotient of two tensors, element by element, with broadcasting.
  ///
  /// Integers truncate toward zero, and division by 0 gives 0. Floats divided by 0 give infinity or
  /// NaN. Precondition: the shapes broadcast.
  public static func / (left: Tensor, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.divide, left.value, right.value))
  }

  /// The quotient of each element and a scalar.
  ///
  /// Integers truncate toward zero, and division by 0 gives 0.
  public static func / (left: Tensor, right: Element) -> Tensor {
    Tensor(applyPointwise(Functions.divideScalar, left.value, scalar: right.computeBits))
  }

  /// The quotient of a scalar and each element.
  ///
  /// Integers truncate toward zero, and division by 0 gives 0.
  public static func / (left: Element, right: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.divideIntoScalar, right.value, scalar: left.computeBits))
  }

  /// The negated elements.
  ///
  /// Integers wrap: the least signed integer stays as it is, and an unsigned `x` of n bits gives 2ⁿ
  /// − x.
  public static prefix func - (operand: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.negate, operand.value))
  }

  /// Replaces `left` by `left - right`, a new tensor whose shape may be larger.
  public static func -= (left: inout Tensor, right: Tensor) { left = left - right }
  /// Replaces `left` by `left - right`, a new tensor.
  public static func -= (left: inout Tensor, right: Element) { left = left - right }
  /// Replaces `left` by `left / right`, a new tensor whose shape may be larger.
  public static func /= (left: inout Tensor, right: Tensor) { left = left / right }
  /// Replaces `left` by `left / right`, a new tensor.
  public static func /= (left: inout Tensor, right: Element) { left = left / right }

  /// The quotient rounded down, `⌊self / divisor⌋`, element by element, with broadcasting.
  ///
  /// Integer division by 0 gives 0. The gradient is 0.
  public func floorDivided(by divisor: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.floorDivide, value, divisor.value))
  }

  /// The quotient rounded toward zero, element by element, with broadcasting.
  ///
  /// Integer division by 0 gives 0. The gradient is 0.
  public func truncDivided(by divisor: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.truncDivide, value, divisor.value))
  }

  /// The remainder of `floorDivided(by:)`, with the sign of the divisor; shapes broadcast.
  ///
  /// The remainder of an integer and 0 is 0.
  public func remainder(_ divisor: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.remainder, value, divisor.value))
  }

  /// The remainder of `truncDivided(by:)`, with the sign of the dividend; shapes broadcast.
  ///
  /// The remainder of an integer and 0 is 0.
  public func fmod(_ divisor: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.fmod, value, divisor.value))
  }

  /// The elements raised to the powers of `exponent`, element by element, with broadcasting.
  ///
  /// Integers wrap. Precondition: no exponent of integers is negative. For signed integers that is
  /// checked first, which waits for the device.
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

  /// The elements raised to one power.
  ///
  /// Integers wrap. Precondition: the exponent of integers is not negative.
  public func pow(_ exponent: Element) -> Tensor {
    if Element.dtype.isInteger, exponent < 0 {
      return Tensor(
        Value.failure(
          "pow", "an integer has no power \(exponent) among integers", dtype: Element.dtype))
    }
    return Tensor(applyPointwise(Functions.powerScalar, value, scalar: exponent.computeBits))
  }

  /// The elements, those outside the range replaced by the nearer bound.
  ///
  /// NaN stays NaN. The gradient is 0 outside the range and at its bounds.
  public func clamped(to range: ClosedRange<Element>) -> Tensor {
    clamped(min: range.lowerBound, max: range.upperBound)
  }

  /// The elements, those below `low` or above `high` replaced by that bound.
  ///
  /// With `low > high`, which no range can express, every element becomes `high`. NaN stays NaN.
  /// The gradient is 0 outside the bounds and at them.
  public func clamped(min low: Element, max high: Element) -> Tensor {
    let scalars: [2 of UInt64] = [low.computeBits, high.computeBits]
    return Tensor(applyPointwise(Functions.clamp, value, scalars: scalars.span))
  }

  /// The elements, those below `low` replaced by it.
  ///
  /// NaN stays NaN. The gradient is 0 at and below the bound.
  public func clamped(min low: Element) -> Tensor {
    Tensor(applyPointwise(Functions.clampFromBelow, value, scalar: low.computeBits))
  }

  /// The elements, those above `high` replaced by it.
  ///
  /// NaN stays NaN. The gradient is 0 at and above the bound.
  public func clamped(max high: Element) -> Tensor {
    Tensor(applyPointwise(Functions.clampFromAbove, value, scalar: high.computeBits))
  }
}

/// The larger of two tensors, element by element, with broadcasting.
///
/// NaN if either is NaN. Of two equal operands each receives half of the gradient; where one is
/// NaN, both receive all of it.
public func maximum<Element: TensorElement>(_ left: Tensor<Element>, _ right: Tensor<Element>)
  -> Tensor<Element>
{
  Tensor(applyPointwise(Functions.maximum, left.value, right.value))
}

/// The smaller of two tensors, element by element, with broadcasting.
///
/// NaN if either is NaN. Of two equal operands each receives half of the gradient; where one is
/// NaN, both receive all of it.
public func minimum<Element: TensorElement>(_ left: Tensor<Element>, _ right: Tensor<Element>)
  -> Tensor<Element>
{
  Tensor(applyPointwise(Functions.minimum, left.value, right.value))
}

/// The larger of two tensors, element by element, with broadcasting, ignoring NaN.
///
/// NaN only where both are. Of two equal operands each receives half of the gradient.
public func fmax<Element: FloatingElement>(_ left: Tensor<Element>, _ right: Tensor<Element>)
  -> Tensor<Element>
{
  Tensor(applyPointwise(Functions.fmax, left.value, right.value))
}

/// The smaller of two tensors, element by element, with broadcasting, ignoring NaN.
///
/// NaN only where both are. Of two equal operands each receives half of the gradient.
public func fmin<Element: FloatingElement>(_ left: Tensor<Element>, _ right: Tensor<Element>)
  -> Tensor<Element>
{
  Tensor(applyPointwise(Functions.fmin, left.value, right.value))
}
