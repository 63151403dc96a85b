/// Signs, exponents, neighbours and fractions of numbers, element by element, in O(n).
extension Tensor where Element: FloatingElement {
  /// The magnitudes of this tensor with the signs of `sign`, with broadcasting.
  ///
  /// The sign of −0 and of NaN counts. The gradient is 0 where this tensor is 0. Precondition: the
  /// shapes broadcast.
  public func copysign(_ sign: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.copysign, value, sign.value))
  }

  /// The magnitudes of this tensor with the sign of a number.
  public func copysign(_ sign: Element) -> Tensor {
    Tensor(applyPointwise(Functions.copysignScalar, value, scalar: sign.computeBits))
  }

  /// The next number of the element type from this one toward `target`, with broadcasting.
  ///
  /// `target` itself where both are equal, NaN where either is. This tensor receives the gradient
  /// where they differ. Precondition: the shapes broadcast.
  public func nextafter(_ target: Tensor) -> Tensor {
    let narrow: (bits: Double, least: Double, greatest: Double)
    switch Element.dtype {
    case .float16: narrow = (11, -13, 65504)
    case .bfloat16: narrow = (8, -125, 0x1.FEp127)
    default: return Tensor(applyPointwise(Functions.nextafter, value, target.value))
    }
    let scalars = [narrow.bits, narrow.least, narrow.greatest].map {
      Element.Computed($0).computeBits
    }
    return blended(Functions.nextafterNarrow, [value, target.value], scalars)
  }

  /// `x · 2^exponent`, with broadcasting.
  ///
  /// The product is rounded once, so that 2^exponent itself may be out of range. Precondition: the
  /// shapes broadcast.
  public func ldexp<Exponent: IntegerElement>(_ exponent: Tensor<Exponent>) -> Tensor {
    Tensor(
      applyPointwise(
        Functions.ldexp, [value, exponent.value], programType: Element.dtype, output: Element.dtype)
    )
  }

  /// `x · 2^exponent` for exponents that need not be integers, with broadcasting.
  ///
  /// Both receive gradients. Precondition: the shapes broadcast.
  public func ldexp(_ exponent: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.scaledByPower, value, exponent.value))
  }

  /// Mantissas and exponents with `x = mantissa · 2^exponent` and 0.5 ≤ |mantissa| < 1.
  ///
  /// 0, ±∞ and NaN are their own mantissas, with exponent 0. The mantissas are differentiable.
  public func frexp() -> (mantissa: Tensor, exponent: Tensor<Int32>) {
    (
      Tensor(applyPointwise(Functions.mantissa, value)),
      Tensor<Int32>(applyPointwise(Functions.exponent, value, output: .int32))
    )
  }

  /// The elements with NaN, ∞ and −∞ replaced; by default by 0 and the greatest and least finite
  /// numbers.
  ///
  /// The gradient is 0 where an element was replaced.
  public func nanToNum(
    nan: Element = 0, positiveInfinity: Element? = nil, negativeInfinity: Element? = nil
  ) -> Tensor {
    let greatest = Element.greatest
    let scalars: [3 of UInt64] = [
      nan.computeBits, (positiveInfinity ?? greatest).computeBits,
      (negativeInfinity ?? Element(-greatest.doubleValue)).computeBits,
    ]
    return Tensor(applyPointwise(Functions.nanToNum, value, scalars: scalars.span))
  }

  /// Whether each element is ∞.
  public func isPositiveInfinity() -> Tensor<Bool> {
    Tensor<Bool>(applyPointwise(Functions.isPositiveInfinity, value, output: .bool))
  }

  /// Whether each element is −∞.
  public func isNegativeInfinity() -> Tensor<Bool> {
    Tensor<Bool>(applyPointwise(Functions.isNegativeInfinity, value, output: .bool))
  }

  /// The fraction `x − trunc(x)`, with the sign of `x`; NaN at ±∞.
  ///
  /// The gradient passes unchanged.
  public func frac() -> Tensor { Tensor(applyPointwise(Functions.fraction, value)) }

  /// The nearest numbers with so many decimal digits after the point, ties to even.
  ///
  /// `round(x · 10ᵈ) / 10ᵈ`, for negative `decimals` `round(x / 10⁻ᵈ) · 10⁻ᵈ`, computed in the element
  /// type: 2.675 in binary is less than 2.675, but the product with 100 rounds to 267.5. ∞ where
  /// `x · 10ᵈ` is out of range. The gradient is 0.
  public func round(decimals: Int) -> Tensor {
    if decimals == 0 { return round() }
    // 10 to this power is beyond every type.
    let digits = Swift.min(decimals.magnitude, 400)
    let scale = Element.Computed(powerOfTen(Int(digits)))
    if scale.doubleValue == .infinity { return decimals > 0 ? self : self * 0 }
    let function = decimals > 0 ? Functions.roundToFraction : Functions.roundToMultiple
    return Tensor(applyPointwise(function, value, scalar: scale.computeBits))
  }
}

extension Tensor where Element: NumericElement {
  /// Whether the sign of each element is negative, also of −0 and of a NaN with a negative sign.
  public func signbit() -> Tensor<Bool> {
    if !Element.dtype.isFloating { return self .< 0 }
    return Tensor<Bool>(applyPointwise(Functions.signbit, value, output: .bool))
  }
}

extension FloatingElement {
  /// The greatest finite number.
  fileprivate static var greatest: Self {
    switch dtype {
    case .float16: Self(65504)
    case .bfloat16: Self(0x1.FEp127)
    case .float32: Self(Double(Float.greatestFiniteMagnitude))
    default: Self(Double.greatestFiniteMagnitude)
    }
  }
}

/// 10ⁿ, the nearest Double; ∞ from 309 on.
private func powerOfTen(_ n: Int) -> Double { Double("1e\(n)") ?? .infinity }
