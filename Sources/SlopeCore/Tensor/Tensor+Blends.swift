/// Weighted sums, bounds and divisors, element by element, with broadcasting, in O(n).
///
/// Precondition of each: the shapes broadcast, and the tensors are on one device.
extension Tensor where Element: NumericElement {
  /// `self + value · first · second`, element by element (PyTorch's `addcmul`).
  ///
  /// Integers wrap. For the product of matrices there is `addingProduct(_:_:beta:alpha:)`.
  public func addingElementProduct(
    _ first: Tensor, _ second: Tensor, value scale: Element = 1
  ) -> Tensor {
    blended(Functions.addProduct, [value, first.value, second.value], [scale.computeBits])
  }

  /// Elements limited to bounds that are tensors.
  ///
  /// Where `low > high`, the result is `high`. NaN in any of the three gives NaN. A bound receives
  /// the gradient where it is the result; where the element equals it, both receive half.
  public func clamped(min low: Tensor, max high: Tensor) -> Tensor {
    blended(Functions.clampToTensors, [value, low.value, high.value], [])
  }

  /// Elements limited from below by a tensor.
  ///
  /// NaN in either gives NaN. Where both are equal, both receive half of the gradient.
  public func clamped(min low: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.clampFromBelowToTensor, value, low.value))
  }

  /// Elements limited from above by a tensor.
  ///
  /// NaN in either gives NaN. Where both are equal, both receive half of the gradient.
  public func clamped(max high: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.clampFromAboveToTensor, value, high.value))
  }

  /// Heaviside's step: 0 below 0, 1 above, and the element of `values` at 0.
  ///
  /// 0 at NaN. `values` receives the gradient where it is the result.
  public func heaviside(_ values: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.heaviside, value, values.value))
  }

  func blended(_ function: PointwiseFunction, _ inputs: [Value], _ scalars: [UInt64]) -> Tensor {
    Tensor(
      applyPointwise(
        function, inputs, scalars: scalars, programType: Element.dtype, output: Element.dtype))
  }
}

extension Tensor where Element: FloatingElement {
  /// `self + value · numerator / denominator`, element by element (PyTorch's `addcdiv`).
  public func addingElementQuotient(
    _ numerator: Tensor, _ denominator: Tensor, value scale: Element = 1
  ) -> Tensor {
    blended(
      Functions.addQuotient, [value, numerator.value, denominator.value], [scale.computeBits])
  }

  /// Numbers between this tensor and `end` (PyTorch's `lerp`): `self + weight · (end − self)`.
  ///
  /// From a weight of ½ on computed as `end − (end − self) · (1 − weight)`, so that a weight of 1
  /// gives `end`. Weights beyond 0 … 1 extrapolate. All three receive gradients.
  public func interpolated(to end: Tensor, weight: Tensor) -> Tensor {
    blended(Functions.interpolate, [value, end.value, weight.value], [])
  }

  /// Numbers between this tensor and `end` (PyTorch's `lerp`): `self + weight · (end − self)`.
  ///
  /// From a weight of ½ on computed as `end − (end − self) · (1 − weight)`.
  public func interpolated(to end: Tensor, weight: Element) -> Tensor {
    blended(Functions.interpolateScalar, [value, end.value], [weight.computeBits])
  }
}

extension Tensor where Element: IntegerElement {
  /// The greatest common divisor of the magnitudes; 0 of two zeros.
  ///
  /// The least signed integer wraps where it is its own divisor.
  public func gcd(_ other: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.gcd, value, other.value))
  }

  /// The least common multiple of the magnitudes; 0 if either is 0.
  ///
  /// Wraps where it is out of range.
  public func lcm(_ other: Tensor) -> Tensor {
    Tensor(applyPointwise(Functions.lcm, value, other.value))
  }
}
