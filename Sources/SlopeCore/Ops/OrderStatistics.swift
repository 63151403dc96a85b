/// Elements chosen along an axis, each with its position; recorded as `takingAlong`.
///
/// Positions keep the axis with extent 1; `without(axis:)` removes it.
extension Value {
  /// A valid axis along which there are elements; nil, after a report.
  private func filledAxis(_ axis: Int, _ operation: String) -> Int? {
    guard let axis = checkedAxis(axis, operation) else { return nil }
    if shape.extents[axis] > 0 { return axis }
    reportFailure(operation: operation, "no elements along axis \(axis) of \(shape)")
    return nil
  }

  /// The elements at positions that `choose` finds along an axis, and the positions.
  private func chosen(
    axis: Int, keepingAxis: Bool, _ operation: String,
    _ choose: (_ source: Value, _ axis: Int) -> Value
  ) -> (values: Value, positions: Value) {
    let failed = (values: Value.failed(dtype), positions: Value.failed(.int64))
    if isFailed { return failed }
    let source = asList
    guard let place = source.filledAxis(axis, operation) else { return failed }
    let positions = choose(source.detached, place)
    let values = source.takingAlong(positions, axis: place)
    if positions.isFailed || values.isFailed { return failed }
    guard layout.rank > 0, keepingAxis else {
      var short = Array(source.shape)
      short.remove(at: place)
      return (values.reshaped(to: Shape(short)), positions.reshaped(to: Shape(short)))
    }
    return (values, positions)
  }

  /// The extrema along an axis and their first positions; those of the first NaN, if there is one.
  func extrema(_ kind: ReductionKind, axis: Int, keepingAxis: Bool, _ operation: String)
    -> (values: Value, positions: Value)
  {
    chosen(axis: axis, keepingAxis: keepingAxis, operation) {
      $0.reduced(kind, axes: [$1], keepingAxes: true)
    }
  }

  /// The elements that are number `rank` (from 1) in ascending order along an axis.
  func kthValues(_ number: Int, axis: Int, keepingAxis: Bool) -> (values: Value, positions: Value) {
    chosen(axis: axis, keepingAxis: keepingAxis, "kthValue") { source, axis in
      let extent = source.shape.extents[axis]
      guard (1...extent).contains(number) else {
        return .failure(
          "kthValue", "\(number) is not in 1...\(extent), the elements along axis \(axis)",
          dtype: .int64)
      }
      return source.argsorted(axis: axis, descending: false, "kthValue")
        .sliced(Slice(source.shape, axis: axis, from: number - 1, count: 1))
    }
  }

  /// The medians along an axis, of an even count the lower ones; the first NaN, if there is one.
  func medians(axis: Int, keepingAxis: Bool) -> (values: Value, positions: Value) {
    chosen(axis: axis, keepingAxis: keepingAxis, "median") { source, axis in
      let extent = source.shape.extents[axis]
      let order = source.argsorted(axis: axis, descending: false, "median")
      let middle = (extent - 1) / 2
      guard source.dtype.isFloating else {
        return order.sliced(Slice(source.shape, axis: axis, from: middle, count: 1))
      }
      // NaN is sorted last, the first one first.
      let count = applyPointwise(Functions.isNaN, source, output: .int64)
        .reduced(.sum, axes: [axis], keepingAxes: true)
      let scalars: [2 of UInt64] = [Int64(middle).computeBits, Int64(extent).computeBits]
      return order.takingAlong(
        applyPointwise(Functions.middleOrNaN, count, scalars: scalars.span), axis: axis)
    }
  }

  /// The most frequent elements along an axis, of several the smallest, and their last positions.
  func modes(axis: Int, keepingAxis: Bool) -> (values: Value, positions: Value) {
    chosen(axis: axis, keepingAxis: keepingAxis, "mode") { source, axis in
      let extent = source.shape.extents[axis]
      let (sorted, order) = source.sorted(axis: axis, descending: false, "mode")
      let part = { (value: Value, from: Int) in
        value.sliced(Slice(source.shape, axis: axis, from: from, count: extent - 1))
      }
      let positions = source.positions(axis: axis)
      let begins = applyPointwise(
        Functions.notEqual, part(sorted, 0), part(sorted, 1), output: .bool)
      var first = Slice(all: positions.shape)
      first.starts[axis] = 1
      first.counts.extents[axis] = extent - 1
      let starts = applyPointwise(
        Functions.positionIf, [begins, positions.sliced(first)], programType: .int64,
        output: .int64)
      var one = source.shape
      one.extents[axis] = 1
      let runs = Value.concatenate(
        [.full(one, .int64, bits: 0, on: source.backend), starts], axis: axis
      ).scanned(Functions.maximum, axis: axis, "mode")
      // The first of the longest runs is that of the smallest element.
      let longest = applyPointwise(Functions.subtract, positions, runs)
        .reduced(.argMaximum, axes: [axis], keepingAxes: true)
      return order.takingAlong(longest, axis: axis)
    }
  }

  /// The running extrema along an axis, and the positions of the last elements equal to them.
  func runningExtrema(_ kind: ReductionKind, axis: Int, _ operation: String)
    -> (values: Value, positions: Value)
  {
    let failed = (values: Value.failed(dtype), positions: Value.failed(.int64))
    if isFailed { return failed }
    let (source, plain) = (asList, asList.detached)
    guard let place = source.checkedAxis(axis, operation) else { return failed }
    let running = plain.scanned(
      kind == .maximum ? Functions.laterMaximum : Functions.laterMinimum, axis: place, operation)
    // A new extremum is equal to the running one, or NaN; a number after NaN is neither.
    let isNew = applyPointwise(Functions.isReached, plain, running, output: .bool)
    let positions = applyPointwise(
      Functions.positionIf, [isNew, plain.positions(axis: place)], programType: .int64,
      output: .int64
    ).scanned(Functions.maximum, axis: place, operation)
    let values = source.takingAlong(positions, axis: place)
    if positions.isFailed || values.isFailed { return failed }
    return (values.reshaped(to: shape), positions.reshaped(to: shape))
  }

  /// The positions along an axis, in a shape that broadcasts to this one.
  private func positions(axis: Int) -> Value {
    let extent = shape.extents[axis]
    return Value.range(extent, on: backend)
      .reshaped(to: Shape(repeating: 1, count: layout.rank, except: axis, extent))
  }
}

extension Functions {
  /// The position of the middle, or that of the first NaN where some are counted.
  fileprivate static let middleOrNaN = PointwiseFunction("median", inputs: 1, scalars: 2) {
    let (count, middle, extent) = ($0[0], $0[1], $0[2])
    return Expression.select(count .== 0, middle, extent - count)
  }
  /// A position where the first operand is true, else 0.
  fileprivate static let positionIf = PointwiseFunction("position", inputs: 2) {
    Expression.select($0[0], $0[1], 0)
  }
  /// Whether an element is equal to the second or NaN.
  fileprivate static let isReached = PointwiseFunction("equal", inputs: 2) {
    Expression.apply(.logicalOr, $0[0] .!= $0[0], $0[0] .== $0[1])
  }
}
