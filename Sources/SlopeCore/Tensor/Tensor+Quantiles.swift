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
    guard let rows = SortedRows(self, axis, "median") else { return .failed }
    return rows.finished(
      rows.orNaN(rows.elements(at: (rows.extent - 1) / 2)), keepingAxes: keepingAxes)
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
}

/// What a quantile is that lies between two elements.
///
/// ```swift
/// let x = Tensor<Float>([1, 2, 4])
/// print(x.quantile(0.75).item(), x.quantile(0.75, interpolation: .higher).item())   // 3.0 4.0
/// ```
public enum QuantileInterpolation: Sendable, Hashable, CaseIterable {
  /// The number at its place on the straight line between them.
  case linear
  /// The lower element.
  case lower
  /// The higher element.
  case higher
  /// The nearer element, of two that are as near the one with an even position.
  case nearest
  /// The mean of the two.
  case midpoint
}

extension Tensor where Element: FloatingElement {
  /// The `q`-quantile along `axis` (nil: of all elements), between two elements by `interpolation`.
  ///
  /// `quantile(0.5)` of an even count is the mean of the two in the middle. NaN where an element is
  /// NaN. An infinite element counts as far as its weight is not 0: of 0 and ∞ every quantile but
  /// the lowest is ∞. The lower element receives the weight 1 − w of the gradient, the higher w.
  /// The axis is removed, or stays with extent 1 if `keepingAxes` is true. Complexity: that of
  /// `sorted(axis:descending:)`. Precondition: `q` is in 0 … 1, and the axis exists and has
  /// elements.
  public func quantile(
    _ q: Double, axis: Int? = nil, keepingAxes: Bool = false,
    interpolation: QuantileInterpolation = .linear
  ) -> Tensor {
    quantiles("quantile", [q], axis, keepingAxes, interpolation, ignoresNaN: false)
      .first ?? .failed
  }

  /// The `q`-quantiles over several axes, taken as one.
  ///
  /// The axes are removed, or stay with extent 1 if `keepingAxes` is true. Complexity: that of
  /// `sorted(axis:descending:)`. Precondition: `q` is in 0 … 1, the axes exist and have elements,
  /// and none is given twice.
  public func quantile(
    _ q: Double, axes: [Int], keepingAxes: Bool = false,
    interpolation: QuantileInterpolation = .linear
  ) -> Tensor {
    guard (0...1).contains(q) else { return fail("quantile", "\(q) is not in 0...1") }
    return alongOne("quantile", axes, keepingAxes) {
      $0.quantile(q, axis: $1, interpolation: interpolation)
    }
  }

  /// Several quantiles along `axis` (nil: of all elements): `[q.count, …]`.
  ///
  /// Each is as by `quantile(_:axis:keepingAxes:interpolation:)`, and the elements are sorted once.
  /// Precondition: there is one, all are in 0 … 1, and the axis exists and has elements.
  public func quantiles(
    _ q: [Double], axis: Int? = nil, keepingAxes: Bool = false,
    interpolation: QuantileInterpolation = .linear
  ) -> Tensor {
    stacked(quantiles("quantiles", q, axis, keepingAxes, interpolation, ignoresNaN: false))
  }

  /// The `q`-quantile along `axis` (nil: of all elements) of the elements that are not NaN.
  ///
  /// NaN where there are none; otherwise as `quantile(_:axis:keepingAxes:interpolation:)`.
  /// Precondition: `q` is in 0 … 1, and the axis exists and has elements.
  public func nanQuantile(
    _ q: Double, axis: Int? = nil, keepingAxes: Bool = false,
    interpolation: QuantileInterpolation = .linear
  ) -> Tensor {
    quantiles("nanQuantile", [q], axis, keepingAxes, interpolation, ignoresNaN: true)
      .first ?? .failed
  }

  /// Several quantiles along `axis` (nil: of all elements) of the elements that are not NaN:
  /// `[q.count, …]`.
  ///
  /// Each is as by `nanQuantile(_:axis:keepingAxes:interpolation:)`, and the elements are sorted
  /// once. Precondition: there is one, all are in 0 … 1, and the axis exists and has elements.
  public func nanQuantiles(
    _ q: [Double], axis: Int? = nil, keepingAxes: Bool = false,
    interpolation: QuantileInterpolation = .linear
  ) -> Tensor {
    stacked(quantiles("nanQuantiles", q, axis, keepingAxes, interpolation, ignoresNaN: true))
  }

  /// The median along `axis` (nil: of all elements) of the elements that are not NaN.
  ///
  /// Of an even count it is the lower of the two in the middle; NaN where there are none. The
  /// gradient goes to the element that was chosen. The axis is removed, or stays with extent 1 if
  /// `keepingAxes` is true. Complexity: that of `sorted(axis:descending:)`. Precondition: the axis
  /// exists and has elements.
  public func nanMedian(axis: Int? = nil, keepingAxes: Bool = false) -> Tensor {
    guard let rows = SortedRows(self, axis, "nanMedian") else { return .failed }
    let place = rows.lastNumber / 2
    return rows.finished(rows.elements(at: place.value), keepingAxes: keepingAxes)
  }

  private func stacked(_ found: [Tensor]) -> Tensor { found.isEmpty ? .failed : stack(found) }

  /// The quantiles one by one; none, after a report, if they cannot be computed.
  private func quantiles(
    _ operation: String, _ q: [Double], _ axis: Int?, _ keepingAxes: Bool,
    _ interpolation: QuantileInterpolation, ignoresNaN: Bool
  ) -> [Tensor] {
    guard !q.isEmpty else {
      reportFailure(operation: operation, "no quantiles are asked for")
      return []
    }
    for q in q where !(0...1).contains(q) {
      reportFailure(operation: operation, "\(q) is not in 0...1")
      return []
    }
    guard let rows = SortedRows(self, axis, operation) else { return [] }
    let lastNumber = ignoresNaN ? rows.lastNumber.value : nil
    return q.map { q in
      let found =
        if let lastNumber {
          rows.quantile(q, ofNumbersThrough: lastNumber, interpolation)
        } else {
          rows.orNaN(rows.quantile(q, interpolation))
        }
      return rows.finished(found, keepingAxes: keepingAxes)
    }
  }
}
