/// The extents of a tensor, outermost axis first: `[batch, features]`.
///
/// A collection of integers, so `shape[0]`, `shape.last` and loops work; at most eight axes.
/// The empty shape `[]` is that of a zero-dimensional tensor, which has one element.
public struct Shape: Sendable {
  /// The largest number of axes a tensor can have.
  public static let maximumRank = 8

  /// The largest number of elements a tensor can have: their bytes still fit in an `Int`.
  static let maximumCount = Int.max / 16

  var extents: InlineArray<8, Int>

  /// The number of axes.
  public private(set) var rank: Int

  /// The shape `[]`.
  init() {
    extents = InlineArray(repeating: 1)
    rank = 0
  }

  /// A matrix' shape, without the array that a literal makes.
  init(rows: Int, columns: Int) {
    self.init()
    extents[0] = rows
    extents[1] = columns
    rank = 2
  }

  /// The shape with the given extents; more than eight are a failure.
  public init(_ extents: some Sequence<Int>) {
    self.init()
    // A sequence may go on for ever.
    for extent in extents where !append(extent) { break }
  }

  /// The number of elements: the product of the extents, 1 for `[]`.
  ///
  /// Saturates at `Int.max`; tensors of such shapes cannot be made.
  public var elementCount: Int {
    var count = 1
    var isBeyond = false
    for axis in 0..<rank {
      let (product, overflows) = count.multipliedReportingOverflow(by: extents[axis])
      count = product
      isBeyond = isBeyond || overflows
    }
    guard isBeyond else { return count }
    for axis in 0..<rank where extents[axis] == 0 { return 0 }
    return Int.max
  }

  /// The number of elements, or nil where memory of this shape cannot be described: an extent is
  /// negative, or the extents, zeros taken as ones, have a product that leaves no room for bytes.
  var representableCount: Int? {
    var product = 1
    var (isEmpty, isBeyond) = (false, false)
    for axis in 0..<rank {
      let extent = extents[axis]
      let (next, overflows) = product.multipliedReportingOverflow(by: Swift.max(extent, 1))
      product = next
      isEmpty = isEmpty || extent == 0
      isBeyond = isBeyond || extent < 0 || overflows
    }
    // Of factors of at least 1 no part is more than the whole.
    return isBeyond || product > Shape.maximumCount ? nil : isEmpty ? 0 : product
  }

  /// Adds an axis behind the others; false, after reporting it, where there are as many as there can be.
  @discardableResult
  mutating func append(_ extent: Int) -> Bool {
    guard rank < Shape.maximumRank else {
      reportFailure(
        operation: "shape", "a tensor has at most \(Shape.maximumRank) axes, not \(rank + 1)")
      return false
    }
    extents[rank] = extent
    rank += 1
    return true
  }

  /// A failed tensor has no axes, so asking for one must not stop a `checked` scope.
  private func hasAxis(_ axis: Int) -> Bool {
    if axis >= 0, axis < rank { return true }
    reportFailure(operation: "shape", "\(self) has no axis \(axis)")
    return false
  }

  /// The axis counted from the front, for one counted from either end; nil if there is none.
  func normalized(axis: Int) -> Int? {
    // PyTorch's rule: a zero-dimensional tensor accepts axis 0 and -1.
    let bound = Swift.max(rank, 1)
    let index = axis < 0 ? axis + bound : axis
    return index >= 0 && index < bound ? index : nil
  }
}

extension Shape: RandomAccessCollection, MutableCollection {
  /// 0.
  public var startIndex: Int { 0 }
  /// The number of axes.
  public var endIndex: Int { rank }
  /// The extent of an axis, counted from the front. Precondition: there is such an axis.
  public subscript(axis: Int) -> Int {
    get {
      guard hasAxis(axis) else { return 0 }
      return extents[axis]
    }
    set {
      guard hasAxis(axis) else { return }
      extents[axis] = newValue
    }
  }
}

extension Shape: Hashable {
  /// Whether both have the same extents in the same order: `[3]` is not `[1, 3]`.
  public static func == (left: Shape, right: Shape) -> Bool {
    guard left.rank == right.rank else { return false }
    for axis in 0..<left.rank where left.extents[axis] != right.extents[axis] { return false }
    return true
  }

  /// Hashes the rank and the extents.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(rank)
    for axis in 0..<rank { hasher.combine(extents[axis]) }
  }
}

extension Shape: ExpressibleByArrayLiteral, CustomStringConvertible {
  /// The shape with the given extents; more than eight are a failure.
  public init(arrayLiteral extents: Int...) { self.init(extents) }

  /// The extents in brackets: `[2, 3]`.
  public var description: String {
    "[" + map { String($0) }.joined(separator: ", ") + "]"
  }
}
