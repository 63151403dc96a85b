/// The extents of a tensor, outermost axis first: `[batch, features]`.
///
/// A shape is a mutable, random-access collection of integers, so that `shape[0]`, `shape.last` and
/// loops work. It has at most eight axes. The empty shape `[]` is that of a zero-dimensional
/// tensor, which has one element; an extent of 0 makes a tensor without elements.
///
/// ```swift
/// var shape: Shape = [8, 3, 32]
/// print(shape.rank, shape.elementCount)   // 3 768
/// shape[0] = 16
/// print(shape, shape == [16, 3, 32])      // [16, 3, 32] true
/// print(Tensor<Float>.zeros(shape).sum(axis: 1).shape)   // [16, 32]
/// ```
///
/// A shape is a value of fixed size: its extents are stored inline, and copying it allocates
/// nothing. An array of integers converts with `Shape(array)`, and back with `Array(shape)`. An
/// axis of an operation may also be counted from the end, as in `sum(axis: -1)`; a subscript of a
/// shape takes only indices from 0.
///
/// Two shapes broadcast, as in NumPy, if the extents of each axis, aligned at the last, are equal
/// or one of them is 1 or missing: `[8, 3, 32]` and `[3, 1]` give `[8, 3, 32]`. Next:
/// `Tensor.reshaped(to:)`, `Tensor.expanded(to:)`, `TensorIndex`.
public struct Shape: Sendable {
  /// The largest number of axes a tensor can have.
  public static let maximumRank = 8

  /// The largest number of elements a tensor can have, so that their bytes still fit in an `Int`.
  static let maximumCount = Int.max / 16

  var extents: InlineArray<8, Int>

  /// The number of axes.
  public private(set) var rank: Int

  /// The shape `[]`.
  init() {
    extents = InlineArray(repeating: 1)
    rank = 0
  }

  /// The shape of a matrix, without the array that a literal allocates.
  init(rows: Int, columns: Int) {
    self.init()
    extents[0] = rows
    extents[1] = columns
    rank = 2
  }

  /// Creates a shape with the given extents.
  ///
  /// Reads no further than the ninth. Precondition: there are at most eight.
  public init(_ extents: some Sequence<Int>) {
    self.init()
    // A sequence may be infinite.
    for extent in extents where !append(extent) { break }
  }

  /// The number of elements: the product of the extents, which is 1 for `[]`.
  ///
  /// Saturates at `Int.max`; no tensor of that shape can be created. Complexity: O(rank).
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

  /// The number of elements, or nil if memory of this shape cannot be described.
  ///
  /// That is the case if an extent is negative, or if the product of the extents, zeros taken as
  /// ones, leaves no room for bytes.
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
    // With factors of at least 1 no partial product exceeds the whole one.
    return isBeyond || product > Shape.maximumCount ? nil : isEmpty ? 0 : product
  }

  /// Adds an axis after the others; false, after reporting it, if there are eight already.
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

  /// The index from the front of an axis counted from either end; nil if there is none.
  func normalized(axis: Int) -> Int? {
    // PyTorch's rule: a zero-dimensional tensor accepts axis 0 and -1.
    let bound = Swift.max(rank, 1)
    let index = axis < 0 ? axis + bound : axis
    return index >= 0 && index < bound ? index : nil
  }
}

extension Shape: RandomAccessCollection, MutableCollection {
  /// The index of the first axis: 0.
  public var startIndex: Int { 0 }
  /// The number of axes.
  public var endIndex: Int { rank }
  /// The extent of an axis, counted from the front.
  ///
  /// Precondition: the axis exists. Inside `checked { }` a missing axis has extent 0, and setting
  /// it has no effect.
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
  /// Creates a shape from a literal such as `[2, 3]`.
  ///
  /// Precondition: there are at most eight extents.
  public init(arrayLiteral extents: Int...) { self.init(extents) }

  /// The extents in brackets: `[2, 3]`.
  public var description: String {
    "[" + map { String($0) }.joined(separator: ", ") + "]"
  }
}
