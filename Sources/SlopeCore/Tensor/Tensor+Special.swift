/// Special functions, element by element.
///
/// Each returns a new tensor in O(n), and is differentiable to any order. The derivatives are the
/// rules of Derivatives.swift.
extension Tensor where Element: FloatingElement {
  /// The complementary error function, `1 − erf(x)`, without its cancellation.
  ///
  /// It keeps its relative accuracy where it is small, as far as the subnormal numbers: 2.1e-45 for
  /// 10 in `Float`, where `1 − erf(x)` is 0 from 4 on.
  public func erfc() -> Tensor { Tensor(applyPointwise(Functions.erfc, value)) }

  /// The inverse error function, the number whose `erf` is `x`.
  ///
  /// ±∞ at ±1, NaN beyond.
  public func erfinv() -> Tensor { Tensor(applyPointwise(Functions.erfinv, value)) }

  /// The logarithm of the magnitude of the gamma function, `log |Γ(x)|`.
  ///
  /// ∞ at 0, the negative integers and ±∞. The gradient is `digamma()`.
  public func lgamma() -> Tensor { Tensor(applyPointwise(Functions.lgamma, value)) }

  /// The digamma function ψ, the derivative of `lgamma()`.
  ///
  /// −∞ at 0, ∞ at −0, NaN at the negative integers and −∞.
  public func digamma() -> Tensor { Tensor(applyPointwise(Functions.digamma, value)) }

  /// The derivative of `digamma()` of the given order; 1 is the trigamma function.
  ///
  /// Infinite at 0 and the negative integers. Order 0 is `digamma()` itself. Complexity: O(n), with
  /// a sum of ten to twenty powers for each element. Precondition: `order` is not negative.
  public func polygamma(_ order: Int) -> Tensor {
    guard order >= 0 else { return fail("polygamma", "the order \(order) is negative") }
    if order == 0 { return digamma() }
    let scalar = Element.Computed(Double(order)).computeBits
    return Tensor(applyPointwise(Functions.polygamma, value, scalar: scalar))
  }

  /// `sin(πx) / (πx)`, and 1 at 0.
  ///
  /// 0 within rounding at the other integers, and accurate for large `x` as well.
  public func sinc() -> Tensor { Tensor(applyPointwise(Functions.sinc, value)) }

  /// The log-odds `log(x / (1 − x))`, the inverse of `sigmoid()`.
  ///
  /// −∞ at 0, ∞ at 1, NaN beyond. With `eps`, `x` is first limited to `eps` … `1 − eps`; the gradient
  /// is 0 outside these bounds.
  public func logit(eps: Element? = nil) -> Tensor {
    guard let eps else { return Tensor(applyPointwise(Functions.logit, value)) }
    return Tensor(applyPointwise(Functions.limitedLogit, value, scalar: eps.computeBits))
  }

  /// `self · log(y)`, with broadcasting; 0 where this tensor is 0, unless `y` is NaN.
  ///
  /// The gradients are `log(y)`, but 0 where this tensor is 0 and y ≤ 0, and `self / y`.
  /// Precondition: the shapes broadcast.
  public func xlogy(_ y: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.xlogy, value, y.value))
  }

  /// `self · log(1 + y)`, with broadcasting; 0 where this tensor is 0, unless `y` is NaN.
  ///
  /// Precondition: the shapes broadcast.
  public func xlog1py(_ y: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.xlog1py, value, y.value))
  }

  /// `log(eˣ + eʸ)` without overflow, with broadcasting.
  ///
  /// −∞ where both are −∞; the gradients are finite there too. Precondition: the shapes broadcast.
  public func logAddExp(_ other: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.logAddExp, value, other.value))
  }

  /// `log₂(2ˣ + 2ʸ)` without overflow, with broadcasting.
  ///
  /// −∞ where both are −∞; the gradients are finite there too. Precondition: the shapes broadcast.
  public func logAddExp2(_ other: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.logAddExp2, value, other.value))
  }

  /// Angles in degrees, of angles in radians.
  public func rad2deg() -> Tensor { scaled(by: 180 / Double.pi) }

  /// Angles in radians, of angles in degrees.
  public func deg2rad() -> Tensor { scaled(by: Double.pi / 180) }

  /// Times a number of the computed type, which 16-bit elements would round.
  private func scaled(by factor: Double) -> Tensor {
    let scalar = Element.Computed(factor).computeBits
    return Tensor(applyPointwise(Functions.multiplyScalar, value, scalar: scalar))
  }
}
