/// A choice of elements along one axis: an integer, a range, or a `stride`.
///
/// The subscript of a tensor takes one for each axis. The conforming types are `Int`, `Range<Int>`,
/// `ClosedRange<Int>`, `PartialRangeFrom<Int>`, `PartialRangeUpTo<Int>`,
/// `PartialRangeThrough<Int>`, `StrideTo<Int>` and `StrideThrough<Int>`; a custom type may conform
/// as well:
///
/// ```swift
/// // Every second element, from the first.
/// struct EverySecond: TensorIndex {
///   func resolve(extent: Int) -> AxisChoice? {
///     AxisChoice(start: 0, step: 2, count: (extent + 1) / 2)
///   }
/// }
/// let x = Tensor<Int>([10, 11, 12, 13, 14])
/// print(x[EverySecond()])   // tensor([10, 12, 14])
/// ```
public protocol TensorIndex: Sendable {
  /// The choice for an axis of `extent` elements, or nil for an integer that is out of range.
  ///
  /// A choice that does not lie in the axis is a failure of the subscript.
  func resolve(extent: Int) -> AxisChoice?
}

/// A choice along one axis: `count` elements from `start`, `step` apart.
///
/// What a `TensorIndex` resolves to for an axis of known extent.
public struct AxisChoice: Sendable, Hashable {
  /// The index of the first element, counted from 0.
  public var start: Int
  /// The distance from one element to the next; negative where the choice runs backwards.
  public var step: Int
  /// The number of elements chosen.
  public var count: Int
  /// Whether the axis is removed from the shape, as it is for a single integer; `count` is then 1.
  public var removesAxis: Bool

  /// Creates a choice from its parts.
  public init(start: Int, step: Int = 1, count: Int, removesAxis: Bool = false) {
    self.start = start
    self.step = step
    self.count = count
    self.removesAxis = removesAxis
  }

  /// The elements of `lower..<upper`, counted from the end if negative, clipped to the extent.
  init(lower: Int, upper: Int, extent: Int) {
    let first = min(max(lower < 0 ? lower + extent : lower, 0), extent)
    let last = min(max(upper < 0 ? upper + extent : upper, 0), extent)
    self.init(start: first, count: max(last - first, 0))
  }

  /// The elements of `lower...last`.
  init(lower: Int, through last: Int, extent: Int) {
    // A last index of −1 means "to the end", whose upper bound has no negative form.
    let upper = last == -1 || last == .max ? extent : last + 1
    self.init(lower: lower, upper: upper, extent: extent)
  }

  /// Whether every chosen element is one of the axis, and none is chosen twice: an index type of
  /// the user may be wrong.
  func lies(in extent: Int) -> Bool {
    guard count > 0, step != 0 || count == 1 else { return count == 0 }
    let (distance, overflow) = (count - 1).multipliedReportingOverflow(by: step)
    let (last, beyond) = start.addingReportingOverflow(distance)
    let axis = 0..<extent
    return !overflow && !beyond && axis.contains(start) && axis.contains(last)
  }
}

extension Int: TensorIndex {
  /// The element at this index, counted from the end if negative, or nil if there is none.
  ///
  /// The axis is removed.
  public func resolve(extent: Int) -> AxisChoice? {
    let index = self < 0 ? self + extent : self
    guard index >= 0, index < extent else { return nil }
    return AxisChoice(start: index, count: 1, removesAxis: true)
  }
}

extension Range<Int>: TensorIndex {
  /// The part of this range that lies in the extent; a negative bound counts from the end.
  public func resolve(extent: Int) -> AxisChoice? {
    AxisChoice(lower: lowerBound, upper: upperBound, extent: extent)
  }
}

extension ClosedRange<Int>: TensorIndex {
  /// The part of this range that lies in the extent; a negative bound counts from the end.
  ///
  /// `...(-1)` ends with the last element.
  public func resolve(extent: Int) -> AxisChoice? {
    AxisChoice(lower: lowerBound, through: upperBound, extent: extent)
  }
}

extension PartialRangeFrom<Int>: TensorIndex {
  /// The elements from this index on; none if it is past the end.
  public func resolve(extent: Int) -> AxisChoice? {
    AxisChoice(lower: lowerBound, upper: extent, extent: extent)
  }
}

extension PartialRangeUpTo<Int>: TensorIndex {
  /// The elements before this index.
  public func resolve(extent: Int) -> AxisChoice? {
    AxisChoice(lower: 0, upper: upperBound, extent: extent)
  }
}

extension PartialRangeThrough<Int>: TensorIndex {
  /// The elements up to and including this index.
  public func resolve(extent: Int) -> AxisChoice? {
    AxisChoice(lower: 0, through: upperBound, extent: extent)
  }
}

extension StrideTo<Int>: TensorIndex {
  /// The listed indices that lie in the extent; negative ones do not count from the end.
  public func resolve(extent: Int) -> AxisChoice? {
    AxisChoice(ArithmeticSequence(self, includesEnd: false), extent: extent)
  }
}

extension StrideThrough<Int>: TensorIndex {
  /// The listed indices that lie in the extent; negative ones do not count from the end.
  public func resolve(extent: Int) -> AxisChoice? {
    AxisChoice(ArithmeticSequence(self, includesEnd: true), extent: extent)
  }
}

/// The numbers that a `stride` lists, without listing them.
private struct ArithmeticSequence {
  let start: Int128
  let step: Int128
  let count: Int128

  /// Nil if the standard library no longer gives the bounds these labels.
  init?(_ sequence: some CustomReflectable, includesEnd: Bool) {
    var bounds: [String: Int] = [:]
    for (label, value) in sequence.customMirror.children {
      if let label, let number = value as? Int { bounds[label] = number }
    }
    guard let start = bounds["from"], let step = bounds["by"], step != 0,
      let end = bounds[includesEnd ? "through" : "to"]
    else { return nil }
    (self.start, self.step) = (Int128(start), Int128(step))
    // As if the step were positive.
    let distance = (Int128(end) - Int128(start)) * Int128(step.signum())
    let length = Int128(step.magnitude)
    if includesEnd {
      count = distance < 0 ? 0 : distance / length + 1
    } else {
      count = distance <= 0 ? 0 : (distance - 1) / length + 1
    }
  }
}

extension AxisChoice {
  /// The numbers of an arithmetic sequence that lie in the extent; nil without a sequence.
  fileprivate init?(_ sequence: ArithmeticSequence?, extent: Int) {
    guard let sequence else { return nil }
    let (start, step) = (sequence.start, sequence.step)
    let last = Int128(extent) - 1
    // The counts of numbers before the extent, and before its other end is passed.
    let (before, upTo) =
      step > 0
      ? (start < 0 ? (-start + step - 1) / step : 0, start > last ? 0 : (last - start) / step + 1)
      : (
        start > last ? (start - last - step - 1) / -step : 0, start < 0 ? 0 : start / -step + 1
      )
    let count = max(min(sequence.count, upTo) - before, 0)
    self.init(
      start: count > 0 ? Int(start + before * step) : 0, step: count > 1 ? Int(step) : 1,
      count: Int(count))
  }
}

extension Tensor {
  /// The chosen elements, axis by axis; axes without an index are taken whole.
  ///
  /// An integer removes its axis; a range or a `stride` keeps it. Integers and the bounds of ranges
  /// count from the end if negative. A range is clipped to the extent, and a `stride` means exactly
  /// the numbers that it lists.
  ///
  /// ```swift
  /// let x = Tensor<Int>.arange(12).reshaped(to: [3, 4])
  /// print(x[1])                      // tensor([4, 5, 6, 7])
  /// print(x[-1, 1..<3])              // tensor([ 9, 10])
  /// print(x[0..., 3].shape)          // [3]
  /// print(x[0, stride(from: 3, through: 0, by: -2)])   // tensor([3, 1])
  /// ```
  ///
  /// Returns a view: no elements are copied. Precondition: there are at most as many indices as
  /// axes, and every integer is in range.
  public subscript(_ indices: any TensorIndex...) -> Tensor { chosen(indices) }

  /// The whole tensor, so that `part[...]` reads like a data set's.
  ///
  /// Returns the tensor itself.
  public subscript(_ all: UnboundedRange) -> Tensor { self }

  private func chosen(_ indices: [any TensorIndex]) -> Tensor {
    if isFailed { return self }
    guard let (slice, result) = slice(at: indices, "subscript") else { return .failed }
    return Tensor(value.sliced(slice).reshaped(to: result))
  }

  /// The slice that indices choose, and its shape without the axes of single integers.
  ///
  /// Nil, after a report, if an index is out of range or they are too many.
  func slice(at indices: [any TensorIndex], _ operation: String) -> (slice: Slice, shape: Shape)? {
    guard indices.count <= rank else {
      reportFailure(operation: operation, "\(indices.count) indices for shape \(shape)")
      return nil
    }
    var slice = Slice(all: shape)
    var result = Shape()
    for axis in 0..<rank {
      guard axis < indices.count else {
        result.append(shape[axis])
        continue
      }
      guard let choice = indices[axis].resolve(extent: shape[axis]),
        choice.lies(in: shape[axis]), !choice.removesAxis || choice.count == 1
      else {
        reportFailure(
          operation: operation,
          "index \(indices[axis]) is not in 0..<\(shape[axis]) (axis \(axis))")
        return nil
      }
      slice.starts[axis] = choice.start
      // The step of a single element is not used, and may be any number.
      slice.steps[axis] = choice.count > 1 ? choice.step : 1
      slice.counts[axis] = choice.count
      if !choice.removesAxis { result.append(choice.count) }
    }
    return (slice, result)
  }
}
