/// The elements along an axis in order, NaN last.
struct SortedRows<Element: NumericElement> {
  private let sorted: Tensor<Element>
  private let place: Int
  /// The shape before, and whether all of it is one row.
  private let shape: Shape
  private let isWhole: Bool

  /// Nil, after a report, if the axis does not exist or has no elements.
  init?(_ tensor: Tensor<Element>, _ axis: Int?, _ operation: String) {
    if tensor.isFailed { return nil }
    let rank = tensor.rank
    isWhole = axis == nil || rank == 0
    let source = isWhole ? tensor.flattened() : tensor
    guard rank > 0 || axis == nil || axis == 0 || axis == -1,
      let place = source.shape.normalized(axis: rank == 0 ? 0 : axis ?? 0)
    else {
      reportFailure(
        operation: operation, "axis \(axis ?? 0) of a tensor of shape \(tensor.shape)")
      return nil
    }
    guard source.shape[place] > 0 else {
      reportFailure(operation: operation, "no elements along an axis of \(tensor.shape)")
      return nil
    }
    sorted = source.sorted(axis: place)
    if sorted.isFailed { return nil }
    self.place = place
    shape = tensor.shape
  }

  var extent: Int { sorted.shape[place] }

  /// The elements at one position of an axis, which stays with extent 1.
  func elements(at position: Int) -> Tensor<Element> {
    Tensor(sorted.value.sliced(Slice(sorted.shape, axis: place, from: position, count: 1)))
  }

  /// The elements at a position for each row.
  func elements(at positions: Value) -> Tensor<Element> {
    Tensor(sorted.value.takingAlong(positions, axis: place))
  }

  /// NaN where a row has one, which is last.
  func orNaN(_ chosen: Tensor<Element>) -> Tensor<Element> {
    guard Element.dtype.isFloating else { return chosen }
    let last = elements(at: extent - 1)
    return Tensor.where(last .== last, chosen, last)
  }

  /// The position of the last element of each row that is not NaN; 0 where there is none.
  var lastNumber: Tensor<Int> {
    let count = (sorted.detached() .== sorted.detached()).sum(axis: place, keepingAxes: true)
    return (count - 1).clamped(min: 0)
  }

  /// A result in the shape that the caller expects.
  func finished(_ chosen: Tensor<Element>, keepingAxes: Bool) -> Tensor<Element> {
    if chosen.isFailed { return chosen }
    if isWhole {
      return chosen.reshaped(
        to: Shape(Array(repeating: 1, count: keepingAxes ? shape.rank : 0)))
    }
    if keepingAxes { return chosen }
    var extents = Array(chosen.shape)
    extents.remove(at: place)
    return chosen.reshaped(to: Shape(extents))
  }
}

extension SortedRows where Element: FloatingElement {
  func quantile(_ q: Double, _ interpolation: QuantileInterpolation) -> Tensor<Element> {
    let position = q * Double(extent - 1)
    let (below, above) = (position.rounded(.down), position.rounded(.up))
    switch interpolation {
    case .lower: return elements(at: Int(below))
    case .higher: return elements(at: Int(above))
    case .nearest: return elements(at: Int(position.rounded(.toNearestOrEven)))
    case .linear, .midpoint:
      let low = elements(at: Int(below))
      if below == above { return low }
      let share = interpolation == .linear ? position - below : 0.5
      let wide = Element.dtype.computeType
      let weight = Value.full(
        [], wide, bits: wide.computeBits(of: share), on: sorted.value.backend)
      return between(low, elements(at: Int(above)), weight)
    }
  }

  /// Quantiles of the elements that are not NaN, whose last position differs from row to row.
  func quantile(
    _ q: Double, ofNumbersThrough last: Value, _ interpolation: QuantileInterpolation
  ) -> Tensor<Element> {
    let wide: DType = sorted.value.backend.hasDouble ? .float64 : .float32
    let position = applyPointwise(
      Functions.multiplyScalar, last.cast(to: wide), scalar: wide.computeBits(of: q))
    func place(_ function: PointwiseFunction) -> Value {
      applyPointwise(function, position, output: .int64)
    }
    switch interpolation {
    case .lower: return elements(at: place(Functions.of(.floor)))
    case .higher: return elements(at: place(Functions.of(.ceil)))
    case .nearest: return elements(at: place(Functions.of(.round)))
    case .linear, .midpoint:
      // In the middle of an element and itself is the element.
      let share = interpolation == .linear ? Functions.placeFraction : Functions.halfOfFraction
      return between(
        elements(at: place(Functions.of(.floor))), elements(at: place(Functions.of(.ceil))),
        applyPointwise(share, position))
    }
  }

  private func between(
    _ low: Tensor<Element>, _ high: Tensor<Element>, _ weight: Value
  ) -> Tensor<Element> {
    Tensor(
      applyPointwise(
        Functions.between, [low.value, high.value, weight], programType: Element.dtype,
        output: Element.dtype))
  }
}

extension Functions {
  fileprivate static let placeFraction = PointwiseFunction("quantile", inputs: 1) {
    $0[0] - $0[0].floor()
  }
  fileprivate static let halfOfFraction = PointwiseFunction("quantile", inputs: 1) {
    Expression.select($0[0] .== $0[0].floor(), 0, 0.5)
  }

  /// Between two numbers, by a fraction of their distance: from the nearer one, as PyTorch's `lerp`.
  ///
  /// Where the distance is not finite it is the sum of both with their weights, and a weight of 0
  /// drops its side, infinite or not.
  fileprivate static let between = PointwiseFunction("quantile", inputs: 3) { operands in
    let (low, high, weight) = (operands[0], operands[1], operands[2])
    let difference = high - low
    let isFinite = difference.abs() .< Expression(.infinity)
    let rest = 1 - weight
    let line = Expression.select(
      weight .< 0.5, low + difference * weight, high - difference * rest)
    let sum =
      Expression.select(rest .== 0, 0, low * rest)
      + Expression.select(weight .== 0, 0, high * weight)
    return Expression.select(isFinite, line, sum)
  }
}
