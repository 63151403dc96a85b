/// Norms and other reductions composed of formulas.
///
/// Axes count from the end if negative, and nil means all of them. Reduced axes disappear, or stay
/// with extent 1 if `keepingAxes` is true. Precondition of each: the axes exist, and none is given
/// twice. Complexity of each: O(n).
extension Tensor where Element: FloatingElement {
  /// `log(Σ exp(x))` over axes (nil: all), without overflow; −∞ where there are no elements.
  ///
  /// The maximum is subtracted before the exponential. The axes are removed, or stay with extent 1
  /// if `keepingAxes` is true. Complexity: O(n). Precondition: the axes exist, and none is given
  /// twice.
  public func logSumExp(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    guard !isFailed, let plan = ReducedAxes(.sum, shape, axes: axes) else { return .failed }
    // Of no elements it is the logarithm of 0.
    let top =
      plan.reducedCount == 0
      ? Tensor(Value.full([], Element.dtype, bits: 0, on: value.backend))
      : detached().max(axes: axes ?? Array(0..<rank), keepingAxes: true)
    // Where the maximum is infinite, the difference of two infinities would be NaN.
    let shift = Pointwise.finiteOrZero(top)
    let sums = value.detached.exponentialSums(shift.value, axes: axes)
    let plain = applyPointwise(
      Functions.logarithmPlus, [sums, shift.value], programType: Element.dtype,
      output: Element.dtype)
    // x receives g·exp(x − shift) / Σ exp(x − shift).
    let result = Tensor(
      plain.recorded("logSumExp", [value], record: true) {
        [x = value, axes, sums, shift = shift.value] g, record in
        let source = record ? x : x.detached
        let totals = record ? x.exponentialSums(shift, axes: axes) : sums
        return [
          applyPointwise(
            Functions.logSumExpGradient, [g, source, shift, totals], programType: Element.dtype,
            output: Element.dtype, record: record)
        ]
      })
    if keepingAxes { return result }
    return result.reshaped(to: plan.resultShape(keepingAxes: false))
  }

  /// The p-norm `(Σ |x|ᵖ)^(1/p)` over axes (nil: all).
  ///
  /// `p` is 2 by default; `.infinity` gives the largest magnitude, `-.infinity` the smallest, 0 the
  /// number of elements that differ from 0. Nothing overflows or underflows on the way: the norm of
  /// (3e19, 4e19) is 5e19 in Float. The gradient is 0 where the norm is 0, and for p = 0. The axes
  /// are removed, or stay with extent 1 if `keepingAxes` is true. Complexity: O(n). Precondition:
  /// `p` is not NaN, the axes exist, and none is given twice; the two infinite norms need elements.
  public func norm(
    _ p: Double = 2, axes: [Int]? = nil, keepingAxes: Bool = false
  ) -> Tensor {
    let all = axes ?? Array(0..<rank)
    switch p {
    case .infinity: return abs().max(axes: all, keepingAxes: keepingAxes)
    case -.infinity: return abs().min(axes: all, keepingAxes: keepingAxes)
    case 0: return sum(of: Functions.isNotZero, axes, keepingAxes)
    case 1: return sum(of: Functions.of(.abs), axes, keepingAxes)
    default:
      guard p.isFinite else { return fail("norm", "p is \(p)") }
      return Tensor(value.norm(p, axes: axes, keepingAxes: keepingAxes))
    }
  }

  /// The sum over axes of a function of the elements.
  private func sum(of function: PointwiseFunction, _ axes: [Int]?, _ keepingAxes: Bool) -> Tensor {
    let inputs: [1 of Value] = [value]
    return Tensor(
      reduced(
        .sum, function, inputs.span, programType: Element.dtype, nest: shape, axes: axes,
        keepingAxes: keepingAxes, output: Element.dtype, record: true))
  }

  /// `beta · self + alpha · (left · right)`, where `left · right` is the matrix product.
  ///
  /// The product has the shape of `matmul(left, right)`, to which this tensor is broadcast. With
  /// `beta` 0 this tensor is ignored, even its NaN. Of 16-bit floats the product, both factors and
  /// the sum are computed in Float and rounded once: 256 · 300 · 0.5 is 38400 in Float16.
  /// Precondition: the operands of the product fit, and this tensor broadcasts to its shape.
  public func addingProduct(
    _ left: Tensor, _ right: Tensor, beta: Double = 1, alpha: Double = 1
  ) -> Tensor {
    if isFailed { return self }
    let wide = Element.dtype.computeType
    let product = Value.matmul(left.value.cast(to: wide), right.value.cast(to: wide))
    guard !product.isFailed else { return .failed }
    guard broadcastShape(shape, product.shape) == product.shape else {
      return fail("addmm", "\(shape) does not broadcast to \(product.shape)")
    }
    if beta == 0 {
      let scaled = Tensor(
        applyPointwise(
          Functions.multiplyScalar, product, scalar: wide.computeBits(of: alpha),
          output: Element.dtype))
      return requiresGradient ? Tensor.where(.zeros([], on: device), self, scaled) : scaled
    }
    let inputs: [2 of Value] = [value, product]
    let scalars: [2 of UInt64] = [wide.computeBits(of: beta), wide.computeBits(of: alpha)]
    return Tensor(
      applyPointwise(
        Functions.weightedSum, inputs.span, scalars: scalars.span, programType: wide,
        shape: product.shape, output: Element.dtype, on: value.backend, record: true))
  }

  /// The sum over axes (nil: all) of the elements that are not NaN; 0 where there are none.
  ///
  /// The axes are removed, or stay with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: the axes exist, and none is given twice.
  public func nanSum(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    Pointwise.zeroForNaN(self).sum(
      axes: axes ?? Array(0..<rank), keepingAxes: keepingAxes)
  }

  /// The mean over axes (nil: all) of the elements that are not NaN; NaN where there are none.
  ///
  /// The axes are removed, or stay with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: the axes exist, and none is given twice.
  public func nanMean(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    let axes = axes ?? Array(0..<rank)
    let count = isNaN().logicalNot().sum(axes: axes, keepingAxes: keepingAxes)
    // Sum and count may exceed the range of 16-bit floats.
    let wide = Element.dtype.computeType
    let sum = Pointwise.zeroForNaN(self).value.reduced(
      .sum, axes: axes, keepingAxes: keepingAxes, output: wide)
    return Tensor(
      applyPointwise(Functions.divide, sum, count.value.cast(to: wide), output: Element.dtype))
  }

  /// The largest over axes (nil: all) of the elements that are not NaN; NaN where there are none.
  ///
  /// The axes are removed, or stay with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: the axes exist and have elements, and none is given twice.
  public func nanMax(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    let axes = axes ?? Array(0..<rank)
    let found = Pointwise.leastForNaN(self).max(axes: axes, keepingAxes: keepingAxes)
    return found.nanWhereAll(isNaN().all(axes: axes, keepingAxes: keepingAxes))
  }

  /// The smallest over axes (nil: all) of the elements that are not NaN; NaN where there are none.
  ///
  /// The axes are removed, or stay with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: the axes exist and have elements, and none is given twice.
  public func nanMin(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
    let axes = axes ?? Array(0..<rank)
    let found = Pointwise.greatestForNaN(self).min(
      axes: axes, keepingAxes: keepingAxes)
    return found.nanWhereAll(isNaN().all(axes: axes, keepingAxes: keepingAxes))
  }

  private func nanWhereAll(_ isNone: Tensor<Bool>) -> Tensor {
    maskedFill(isNone, with: Element(Double.nan))
  }
}

extension Value {
  /// `Σ exp(x − shift)` over axes, which stay with extent 1, in the compute type.
  fileprivate func exponentialSums(_ shift: Value, axes: [Int]?) -> Value {
    applyPointwise(
      Functions.shiftedExponential, [self, shift], programType: dtype, output: dtype.computeType
    ).reduced(.sum, axes: axes, keepingAxes: true)
  }
}

extension Functions {
  /// `g·exp(x − shift) / total`, 0 where all x are −∞.
  fileprivate static let logSumExpGradient = PointwiseFunction("logSumExp′", inputs: 4) {
    let (g, x, shift, total) = ($0[0], $0[1], $0[2], $0[3])
    return g.timesNoNaN((x - shift).exp() / .select(total .== 0, 1, total))
  }
  /// 1 for what differs from 0, as NaN does.
  ///
  /// By `floor` there is a gradient, of zeros.
  fileprivate static let isNotZero = PointwiseFunction("isNotZero", inputs: 1) {
    Expression.select($0[0] .!= 0, 1, $0[0].floor())
  }
  fileprivate static let weightedSum = PointwiseFunction("addmm", inputs: 2, scalars: 2) {
    $0[0] * $0[2] + $0[1] * $0[3]
  }
  fileprivate static let shiftedExponential = PointwiseFunction("logSumExp", inputs: 2) {
    ($0[0] - $0[1]).exp()
  }
  fileprivate static let logarithmPlus = PointwiseFunction("logSumExp", inputs: 2) {
    $0[0].log() + $0[1]
  }
}

extension Pointwise {
  fileprivate static let finiteOrZero = Pointwise("logSumExp") { x in
    .select(x.abs() .< Expression(.infinity), x, 0)
  }
  fileprivate static let zeroForNaN = Pointwise("nanSum") { x in .select(x .!= x, 0, x) }
  fileprivate static let leastForNaN = Pointwise("nanMax") { x in
    .select(x .!= x, Expression(-.infinity), x)
  }
  fileprivate static let greatestForNaN = Pointwise("nanMin") { x in
    .select(x .!= x, Expression(.infinity), x)
  }
}
