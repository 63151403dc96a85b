/// How elements that are scattered to one place become one.
///
/// What `Tensor.scatterReduced(_:at:axis:by:includingSelf:)` and its relatives compute of the
/// elements for one place.
public enum ScatterReduction: Sendable, CaseIterable {
  /// The sum; for Bool "or".
  case sum
  /// The product; for Bool "and".
  case product
  /// The mean; for integers rounded down. There is none for Bool.
  case mean
  /// The largest, NaN if any is.
  case maximum
  /// The smallest, NaN if any is.
  case minimum
}

/// Elements reduced at places. All values here are one-dimensional, and the places in range.
extension Value {
  /// For each element x the reduction of it and the elements of `source` that belong to its place.
  ///
  /// Without `includingSelf` x is replaced where there are others. For a sum, x and source receive
  /// g; for a mean g divided by the count; for a product g times the other factors; for an extremum
  /// the elements equal to it receive g divided by their count. 16-bit floats are computed in Float
  /// and rounded once.
  func reducing(
    _ source: Value, at places: Value, by kind: ScatterReduction, includingSelf: Bool,
    _ operation: String
  ) -> Value {
    if isFailed || source.isFailed || places.isFailed { return .failed(dtype) }
    switch kind {
    case .maximum, .minimum:
      return choosing(source, at: places, kind, includingSelf: includingSelf, operation)
    case .sum, .product, .mean:
      let wide = dtype.isFloating ? dtype.computeType : dtype
      guard wide == dtype else {
        return cast(to: wide).reducing(
          source.cast(to: wide), at: places, by: kind, includingSelf: includingSelf, operation
        ).cast(to: dtype)
      }
    }
    if kind == .product {
      return multiplying(source, at: places, includingSelf: includingSelf, operation)
    }
    let start = includingSelf ? self : replacing(places, axis: 0, withZeros: operation)
    let sum = applyPointwise(
      Functions.add, start, source.scattered(places, axis: 0, into: shape))
    guard kind == .mean else { return sum }
    guard dtype != .bool else {
      return .failure(operation, "there is no mean of \(dtype)", dtype: dtype)
    }
    // Counted in integers: a Float cannot count to 2²⁵.
    let count = Value.full([places.count], .int64, bits: 1, on: backend)
      .scattered(places, axis: 0, into: shape)
    let divisor = applyPointwise(
      includingSelf ? Functions.addScalar : Functions.atLeast, count, scalar: Int64(1).computeBits)
    guard dtype.isInteger else {
      return applyPointwise(
        Functions.divide, [sum, divisor], programType: dtype, output: dtype)
    }
    // A small integer type cannot hold the count.
    let wide = dtype.accumulatedType
    return applyPointwise(
      Functions.floorDivide, [sum, divisor], programType: wide, output: dtype)
  }

  /// The products, recorded as the factors in order of place, running products and a replacement.
  ///
  /// A running product begins anew at each place, so the last for a place is the whole one.
  private func multiplying(
    _ source: Value, at places: Value, includingSelf: Bool, _ operation: String
  ) -> Value {
    let order = places.argsorted(axis: 0, descending: false, operation)
    let sorted = places.taking(order, axis: 0)
    var running = source.taking(order, axis: 0)
    var distance = 1
    while distance < places.count {
      let count = places.count - distance
      func part(_ value: Value, from start: Int, _ count: Int) -> Value {
        value.sliced(Slice([places.count], axis: 0, from: start, count: count))
      }
      let isSame = applyPointwise(
        Functions.equal, part(sorted, from: 0, count), part(sorted, from: distance, count),
        output: .bool)
      let joined = applyPointwise(
        Functions.multiplyIf,
        [isSame, part(running, from: 0, count), part(running, from: distance, count)],
        programType: dtype, output: dtype)
      running = .concatenate([part(running, from: 0, distance), joined], axis: 0)
      distance *= 2
    }
    guard includingSelf else { return replacing(sorted, axis: 0, with: running, operation) }
    let products = Value.full(shape, dtype, bits: dtype.computeBits(of: 1), on: backend)
      .replacing(sorted, axis: 0, with: running, operation)
    return applyPointwise(Functions.multiply, self, products)
  }

  /// The extrema: elements in ascending (or descending) order replace each other, NaN last.
  ///
  /// Recorded with the elements and the result; those equal to it, NaN to NaN, receive g divided by
  /// their count.
  private func choosing(
    _ source: Value, at places: Value, _ kind: ScatterReduction, includingSelf: Bool,
    _ operation: String
  ) -> Value {
    let plain = source.detached
    // In descending order NaN would come first.
    let isTurned = kind == .minimum && dtype.isFloating
    let order = (isTurned ? applyPointwise(Functions.negate, plain) : plain)
      .argsorted(axis: 0, descending: kind == .minimum && !isTurned, operation)
    let extremes = detached.replacing(
      places.taking(order, axis: 0), axis: 0, with: plain.taking(order, axis: 0), operation)
    // Where there are no others, an element meets itself.
    let result =
      includingSelf
      ? applyPointwise(
        kind == .maximum ? Functions.maximum : Functions.minimum, detached, extremes) : extremes
    guard isRecorded || source.isRecorded, !result.isFailed else { return result }
    let own = detached
    return result.recorded(operation, [self, source], record: true) { g, record in
      // As in PyTorch, an element that is left out counts where it happens to be equal.
      let isOwn = applyPointwise(Functions.isSame, own, result, output: .bool)
      let isOther = applyPointwise(
        Functions.isSame, plain, result.taking(places, axis: 0), output: .bool)
      let count = applyPointwise(
        Functions.add, isOwn.cast(to: .int64),
        isOther.cast(to: .int64).scattered(places, axis: 0, into: own.shape))
      let part = { (isChosen: Value, count: Value) in
        applyPointwise(
          Functions.divide, [isChosen, count], programType: g.dtype, output: g.dtype)
      }
      let toOwn = applyPointwise(Functions.multiply, g, part(isOwn, count), record: record)
      return [
        includingSelf
          ? toOwn : toOwn.replacing(places, axis: 0, withZeros: operation, record: record),
        applyPointwise(
          Functions.multiply, g.taking(places, axis: 0, record: record),
          part(isOther, count.taking(places, axis: 0)), record: record),
      ]
    }
  }
}

extension Functions {
  /// The larger of an integer and a scalar.
  fileprivate static let atLeast = PointwiseFunction("count", inputs: 1, scalars: 1) {
    Expression.maximum($0[0], $0[1])
  }
  /// The product of the last two where the first is true, else the last.
  ///
  /// The choice is inside the product, so that the derivative never multiplies 0 by infinity.
  fileprivate static let multiplyIf = PointwiseFunction("multiply", inputs: 3) {
    Expression.select($0[0], $0[1], 1) * $0[2]
  }
  /// Whether two elements are equal or both NaN.
  fileprivate static let isSame = PointwiseFunction("equal", inputs: 2) {
    Expression.select($0[0] .!= $0[0], $0[1] .!= $0[1], $0[0] .== $0[1])
  }
}
