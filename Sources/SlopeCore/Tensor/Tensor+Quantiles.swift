/// Medians and quantiles; NaN where one of the elements is NaN.
///
/// The elements are sorted first, so each takes the time and the memory of `sorted(axis:)`.
/// Precondition of each: the axes exist, and there are elements along them.
extension Tensor where Element: NumericElement {
  /// The median along `axis` (nil: of all elements); NaN where an element is NaN.
  ///
  /// Of an even count it is the lower of the two in the middle. The gradient goes to the element
  /// that was chosen. The axis is removed, or stays with extent 1 if `keepingAxes` is true.
  /// Complexity: that of `sorted(axis:descending:)`. Precondition: the axis exists and has
  /// elements.
  public func median(axis: Int? = nil, keepingAxes: Bool = false) -> Tensor {
    inOrder("median", axis, keepingAxes) { sorted, axis in
      let count = sorted.shape[axis]
      return sorted.elements(at: (count - 1) / 2, axis)
    }
  }

  /// The medians over several axes, taken as one.
  ///
  /// The axes are removed, or stay with extent 1 if `keepingAxes` is true. Complexity: that of
  /// `sorted(axis:descending:)`. Precondition: the axes exist and have elements, and none is given
  /// twice.
  public func median(axes: [Int], keepingAxes: Bool = false) -> Tensor {
    alongOne("median", axes, keepingAxes) { $0.median(axis: $1) }
  }

  /// Applies a reduction along one axis to several axes, which are joined into one.
  fileprivate func alongOne(
    _ operation: String, _ axes: [Int], _ keepsAxes: Bool,
    _ reduce: (_ tensor: Tensor, _ axis: Int) -> Tensor
  ) -> Tensor {
    guard !isFailed, let plan = ReducedAxes(.sum, shape, axes: axes, for: operation) else {
      return .failed
    }
    guard plan.reducedRank > 0 else { return self }
    let kept = (0..<rank).filter { !plan.isReduced[$0] }
    let reduced = (0..<rank).filter { plan.isReduced[$0] }
    let joined = permuted(kept + reduced)
      .reshaped(to: Shape(kept.map { shape[$0] } + [plan.reducedCount]))
    let result = reduce(joined, kept.count)
    return keepsAxes ? result.reshaped(to: plan.resultShape(keepingAxes: true)) : result
  }

  /// Applies `choose` to the sorted elements along an axis; its result has extent 1 there.
  fileprivate func inOrder(
    _ operation: String, _ axis: Int?, _ keepsAxis: Bool,
    _ choose: (_ sorted: Tensor, _ axis: Int) -> Tensor
  ) -> Tensor {
    if isFailed { return self }
    let source = axis == nil || rank == 0 ? flattened() : self
    guard rank > 0 || axis == nil || axis == 0 || axis == -1,
      let place = source.shape.normalized(axis: axis ?? 0)
    else { return fail(operation, "axis \(axis ?? 0) of a tensor of shape \(shape)") }
    guard source.shape[place] > 0 else {
      return fail(operation, "no elements along an axis of \(shape)")
    }
    let sorted = source.sorted(axis: place)
    var chosen = choose(sorted, place)
    if Element.dtype.isFloating {
      // NaN is sorted last.
      let last = sorted.elements(at: sorted.shape[place] - 1, place)
      chosen = Tensor.where(last .== last, chosen, last)
    }
    if chosen.isFailed { return chosen }
    var extents = axis == nil ? Array(repeating: 1, count: rank) : Array(chosen.shape)
    if !keepsAxis || rank == 0 {
      extents = axis == nil || rank == 0 ? [] : extents
      if !extents.isEmpty { extents.remove(at: place) }
    }
    return chosen.reshaped(to: Shape(extents))
  }

  /// The elements at one position of an axis, which stays with extent 1.
  fileprivate func elements(at place: Int, _ axis: Int) -> Tensor {
    Tensor(value.sliced(Slice(shape, axis: axis, from: place, count: 1)))
  }
}

extension Tensor where Element: FloatingElement {
  /// The `q`-quantile along `axis` (nil: of all elements), interpolated linearly between two
  /// elements.
  ///
  /// `quantile(0.5)` of an even count is the mean of the two in the middle. NaN where an element is
  /// NaN. The axis is removed, or stays with extent 1 if `keepingAxes` is true. Complexity: that of
  /// `sorted(axis:descending:)`. Precondition: `q` is in 0 … 1, and the axis exists and has
  /// elements.
  public func quantile(_ q: Double, axis: Int? = nil, keepingAxes: Bool = false) -> Tensor {
    guard (0...1).contains(q) else { return fail("quantile", "\(q) is not in 0...1") }
    return inOrder("quantile", axis, keepingAxes) { sorted, axis in
      let position = q * Double(sorted.shape[axis] - 1)
      let below = Int(position)
      let share = position - Double(below)
      let low = sorted.elements(at: below, axis)
      if share == 0 { return low }
      let high = sorted.elements(at: below + 1, axis)
      let inputs: [2 of Value] = [low.value, high.value]
      let scalars: [1 of UInt64] = [Element.dtype.computeBits(of: share < 0.5 ? share : 1 - share)]
      return Tensor(
        applyPointwise(
          share < 0.5 ? Functions.above : Functions.below, inputs.span, scalars: scalars.span,
          programType: Element.dtype, shape: low.shape, output: Element.dtype, on: value.backend,
          record: true))
    }
  }
}

extension Tensor where Element: FloatingElement {
  /// The `q`-quantiles over several axes, taken as one.
  ///
  /// The axes are removed, or stay with extent 1 if `keepingAxes` is true. Complexity: that of
  /// `sorted(axis:descending:)`. Precondition: `q` is in 0 … 1, the axes exist and have elements,
  /// and none is given twice.
  public func quantile(_ q: Double, axes: [Int], keepingAxes: Bool = false) -> Tensor {
    guard (0...1).contains(q) else { return fail("quantile", "\(q) is not in 0...1") }
    return alongOne("quantile", axes, keepingAxes) { $0.quantile(q, axis: $1) }
  }
}

extension Functions {
  /// Between two numbers, by a fraction of their distance above the first.
  fileprivate static let above = PointwiseFunction("quantile", inputs: 2, scalars: 1) {
    $0[0] + ($0[1] - $0[0]) * $0[2]
  }
  /// Between two numbers, by a fraction of their distance below the second.
  fileprivate static let below = PointwiseFunction("quantile", inputs: 2, scalars: 1) {
    $0[1] - ($0[1] - $0[0]) * $0[2]
  }
}
