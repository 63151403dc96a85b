internal import CKernels

/// Functions of probability and statistics.
extension Expression {
  /// The complementary error function, `1 − erf(self)`, without its cancellation.
  ///
  /// It keeps its relative accuracy where it is small, as far as the subnormal numbers.
  public func erfc() -> Expression { .apply(.erfc, self) }
  /// The inverse error function: ±∞ at ±1, NaN beyond.
  public func erfinv() -> Expression { .apply(.erfinv, self) }
  /// The logarithm of the magnitude of the gamma function, `log |Γ(self)|`.
  ///
  /// ∞ at 0 and the negative integers.
  public func lgamma() -> Expression { .apply(.lgamma, self) }
  /// The digamma function, the derivative of `lgamma()`.
  ///
  /// NaN at the negative integers, ∓∞ at ±0.
  public func digamma() -> Expression { .apply(.digamma, self) }
  /// The magnitude of this number with the sign of `sign`.
  ///
  /// The gradient is 0 where this number is 0.
  public func copysign(_ sign: Expression) -> Expression { .apply(.copysign, self, sign) }
}

extension Expression {
  /// Whether this number is +∞ or −∞, as 1 or 0.
  var isInfinite: Expression { abs() .== Expression(.infinity) }

  static func and(_ left: Expression, _ right: Expression) -> Expression {
    .apply(.logicalAnd, left, right)
  }

  static func or(_ left: Expression, _ right: Expression) -> Expression {
    .apply(.logicalOr, left, right)
  }
}
