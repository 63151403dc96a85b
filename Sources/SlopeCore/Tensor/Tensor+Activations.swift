/// More activation functions of neural networks; Tensor+Math.swift has the most frequent ones.
///
/// Element by element in O(n), except for `glu` and `softmin`. Derivatives at corners are those of
/// PyTorch 2.15.
extension Tensor where Element: FloatingElement {
  /// `x` limited to 0 … 6.
  ///
  /// The gradient is 0 at the bounds.
  public func relu6() -> Tensor { Pointwise.relu6(self) }

  /// `x` limited to `low` … `high`.
  ///
  /// The gradient is 0 at the bounds. Precondition: `low` is at most `high`.
  public func hardtanh(min low: Element, max high: Element) -> Tensor {
    guard low <= high else { return fail("hardtanh", "the bounds \(low) and \(high) are crossed") }
    return clamped(min: low, max: high)
  }

  /// `(x + 3) / 6`, limited to 0 … 1.
  ///
  /// The gradient is 0 at the bounds.
  public func hardsigmoid() -> Tensor { Pointwise.hardsigmoid(self) }

  /// `x · hardsigmoid(x)`.
  ///
  /// Source: A. Howard et al., "Searching for MobileNetV3", 2019, arXiv:1905.02244.
  public func hardswish() -> Tensor { Pointwise.hardswish(self) }

  /// `x − λ` above λ, `x + λ` below −λ, and 0 between.
  ///
  /// The gradient is 0 at both. Precondition: `lambda` is at least 0.
  public func softshrink(lambda: Element = 0.5) -> Tensor {
    guard lambda >= 0 else { return fail("softshrink", "lambda \(lambda) is not at least 0") }
    return Tensor(applyPointwise(Functions.softshrink, value, scalar: lambda.computeBits))
  }

  /// `x`, but 0 from −λ to λ.
  ///
  /// The gradient is 0 at both.
  public func hardshrink(lambda: Element = 0.5) -> Tensor {
    Tensor(applyPointwise(Functions.hardshrink, value, scalar: lambda.computeBits))
  }

  /// `x − tanh(x)`, accurate for `x` near 0.
  public func tanhshrink() -> Tensor { Pointwise.tanhshrink(self) }

  /// The scaled exponential linear unit: `λ · x` above 0, else `λ · α · (exp(x) − 1)`.
  ///
  /// λ ≈ 1.0507 and α ≈ 1.6733.
  public func selu() -> Tensor { Pointwise.selu(self) }

  /// The continuous exponential linear unit: `x` above 0, else `alpha · (exp(x / alpha) − 1)`.
  ///
  /// Its derivative is continuous for every alpha. Precondition: `alpha` is not 0.
  ///
  /// Source: J. T. Barron, 2017, arXiv:1704.07483.
  public func celu(alpha: Element = 1) -> Tensor {
    guard alpha != 0 else { return fail("celu", "alpha is 0") }
    return Tensor(applyPointwise(Functions.celu, value, scalar: alpha.computeBits))
  }

  /// `x · tanh(softplus(x))`, without overflow.
  public func mish() -> Tensor { Pointwise.mish(self) }

  /// `log(1 + exp(β · x)) / β` without overflow, and `x` itself where `β · x` is above the threshold.
  public func softplus(beta: Element, threshold: Element = 20) -> Tensor {
    let scalars: [2 of UInt64] = [beta.computeBits, threshold.computeBits]
    return Tensor(applyPointwise(Functions.softplus, value, scalars: scalars.span))
  }

  /// The elements above the threshold, and `replacement` for the others; NaN stays NaN.
  ///
  /// The gradient is 0 where an element was replaced.
  public func threshold(_ threshold: Element, value replacement: Element) -> Tensor {
    let scalars: [2 of UInt64] = [threshold.computeBits, replacement.computeBits]
    return Tensor(applyPointwise(Functions.threshold, value, scalars: scalars.span))
  }

  /// `x` above 0, else `weight · x`, where the slopes are learnt.
  ///
  /// `weight` has one element, or one for each channel, which is axis 1: `[rows, channels, …]`. The
  /// gradient at 0 is the slope. Precondition: the shapes fit.
  public func prelu(_ weight: Tensor) -> Tensor {
    if isFailed || weight.isFailed { return isFailed ? self : weight }
    let count = weight.shape.elementCount
    guard weight.rank < 2, count == 1 || rank > 1 && shape[1] == count else {
      return fail("prelu", "weights of \(weight.shape) for the channels of \(shape)")
    }
    let extents = (0..<rank).map { $0 == 1 ? count : 1 }
    return Pointwise.prelu(self, weight.reshaped(to: Shape(extents)))
  }

  /// The gated linear unit: the first half along an axis times the sigmoid of the second half.
  ///
  /// The axis of the result is half as long. Precondition: the axis exists, and its extent is even.
  ///
  /// Source: Y. Dauphin et al., "Language modeling with gated convolutional networks", 2016,
  /// arXiv:1612.08083.
  public func glu(axis: Int = -1) -> Tensor {
    if isFailed { return self }
    guard rank > 0, let place = shape.normalized(axis: axis) else {
      return fail("glu", "shape \(shape) has no axis \(axis) with two halves")
    }
    guard shape[place] % 2 == 0 else {
      return fail("glu", "axis \(axis) of \(shape) has the odd extent \(shape[place])")
    }
    let halves = split(sizes: [shape[place] / 2, shape[place] / 2], axis: place)
    return halves.count == 2 ? Pointwise.gated(halves[0], halves[1]) : self
  }

  /// `exp(−x)` divided by its sum along an axis: `softmax` of the negated elements.
  ///
  /// Precondition: the axis exists.
  public func softmin(axis: Int) -> Tensor { (-self).softmax(axis: axis) }
}
