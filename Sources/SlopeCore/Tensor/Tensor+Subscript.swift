/// Something that chooses elements along one axis: an integer, a range, or a `stride`.
public protocol TensorIndex: Sendable {
  /// The choice for an axis of `extent` elements, or nil if an integer is out of range.
  func resolve(extent: Int) -> AxisChoice?
}

/// A choice along one axis: `count` elements from `start`, `step` apart.
public struct AxisChoice: Sendable, Hashable {
  /// The position of the first element.
  public var start: Int
  /// The distance of neighbours; negative where the choice runs backwards.
  public var step: Int
  /// How many elements are chosen.
  public var count: Int
  /// Whether the axis disappears, as it does for a single integer.
  public var removesAxis: Bool

  /// Memberwise.
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
    // −1 as the last index included means "to the end", which has no negative form.
    let upper = last == -1 || last == .max ? extent : last + 1
    self.init(lower: lower, upper: upper, extent: extent)
  }

  /// Whether every chosen element is one of the axis: an index type of a user's may be wrong.
  func lies(in extent: Int) -> Bool {
    guard count > 0 else { return count == 0 }
    let (distance, overflow) = (count - 1).multipliedReportingOverflow(by: step)
    let (last, beyond) = start.addingReportingOverflow(distance)
    let axis = 0..<extent
    return !overflow && !beyond && axis.contains(start) && axis.contains(last)
  }
}

extension Int: TensorIndex {
  /// The element at this place, or nil where there is none; the axis disappears.
  public func resolve(extent: Int) -> AxisChoice? {
    let index = self < 0 ? self + extent : self
    guard index >= 0, index < extent else { return nil }
    return AxisChoice(start: index, count: 1, removesAxis: true)
  }
}

extension Range<Int>: TensorIndex {
  /// The part of this range that lies in the extent.
  public func resolve(extent: Int) -> AxisChoice? {
    AxisChoice(lower: lowerBound, upper: upperBound, extent: extent)
  }
}

extension ClosedRange<Int>: TensorIndex {
  /// The part of this range that lies in the extent; −1 as its end is the last element.
  public func resolve(extent: Int) -> AxisChoice? {
    AxisChoice(lower: lowerBound, through: upperBound, extent: extent)
  }
}

extension PartialRangeFrom<Int>: TensorIndex {
  /// The elements from this place on; none where it is past the end.
  public func resolve(extent: Int) -> AxisChoice? {
    AxisChoice(lower: lowerBound, upper: extent, extent: extent)
  }
}

extension PartialRangeUpTo<Int>: TensorIndex {
  /// The elements before this place.
  public func resolve(extent: Int) -> AxisChoice? {
    AxisChoice(lower: 0, upper: upperBound, extent: extent)
  }
}

extension PartialRangeThrough<Int>: TensorIndex {
  /// The elements up to this place and with it.
  public func resolve(extent: Int) -> AxisChoice? {
    AxisChoice(lower: 0, through: upperBound, extent: extent)
  }
}

extension StrideTo<Int>: TensorIndex {
  /// The listed places that lie in the extent; none counts from the end.
  public func resolve(extent: Int) -> AxisChoice? { AxisChoice(self, extent: extent) }
}

extension StrideThrough<Int>: TensorIndex {
  /// The listed places that lie in the extent; none counts from the end.
  public func resolve(extent: Int) -> AxisChoice? { AxisChoice(self, extent: extent) }
}

extension AxisChoice {
  /// Those numbers of an arithmetic sequence that lie in the extent.
  init(_ sequence: some Sequence<Int>, extent: Int) {
    var (start, step, count) = (0, 1, 0)
    var previous: Int?
    for index in sequence {
      if let previous { step = index &- previous }
      if index >= 0, index < extent {
        if count == 0 { start = index }
        count += 1
      } else if count > 0 || (previous.map { index > $0 ? index >= extent : index < 0 } ?? false) {
        break
      }
      previous = index
    }
    self.init(start: start, step: count > 1 ? step : 1, count: count)
  }
}

extension Tensor {
  /// The chosen elements, axis by axis; later axes are taken whole. No copy is made.
  ///
  /// Integers and ranges count from the end if negative; a range is clipped to the extent, an
  /// integer out of range is a failure. A `stride(from:to:by:)` means just the numbers that it
  /// lists.
  public subscript(_ indices: any TensorIndex...) -> Tensor { chosen(indices) }

  /// The whole tensor, so that `part[...]` reads like a data set's.
  public subscript(_ all: UnboundedRange) -> Tensor { self }

  private func chosen(_ indices: [any TensorIndex]) -> Tensor {
    if isFailed { return self }
    guard indices.count <= rank else {
      return fail("subscript", "\(indices.count) indices for shape \(shape)")
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
        return fail(
          "subscript", "index \(indices[axis]) is not in 0..<\(shape[axis]) (axis \(axis))")
      }
      slice.starts[axis] = choice.start
      slice.steps[axis] = choice.step
      slice.counts[axis] = choice.count
      if !choice.removesAxis { result.append(choice.count) }
    }
    return Tensor(value.sliced(slice).reshaped(to: result))
  }
}
