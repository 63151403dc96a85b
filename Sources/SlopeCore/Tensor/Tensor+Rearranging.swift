/// Elements reordered, split into parts, repeated, or embedded.
///
/// Axes count from the end if negative. Precondition of each: the axes exist.
extension Tensor {
  /// The elements with their order along some axes (nil: all) reversed.
  ///
  /// Returns a view: no elements are copied. Precondition: the axes exist, and none is given twice.
  public func flipped(axes: [Int]? = nil) -> Tensor { Tensor(value.flipped(axes: axes)) }

  /// The elements shifted along `axis` by `places`; those shifted past one end reappear at the
  /// other.
  ///
  /// Without an axis the elements are shifted in row-major order, from row to row. Returns a copy, or
  /// the tensor itself if nothing moves. Complexity: O(n). Precondition: the axis exists.
  public func rolled(by places: Int, axis: Int? = nil) -> Tensor {
    if isFailed { return self }
    if let axis { return Tensor(value.rolled(by: places, axis: axis)) }
    return Tensor(value.reshaped(to: [count]).rolled(by: places, axis: 0).reshaped(to: shape))
  }

  /// The elements shifted along several axes, each by its own number of places, one after the other.
  ///
  /// Without axes and with one number the elements are shifted in row-major order. Returns a copy, or
  /// the tensor itself if nothing moves. Complexity: O(n) for each axis. Precondition: there are as many
  /// numbers as axes, and these exist; an axis may be given twice.
  public func rolled(by places: [Int], axes: [Int]) -> Tensor {
    if isFailed { return self }
    if axes.isEmpty, places.count == 1 { return rolled(by: places[0]) }
    guard places.count == axes.count, !axes.isEmpty else {
      return fail("roll", "\(places.count) shifts along \(axes.count) axes")
    }
    return zip(places, axes).reduce(self) { $0.rolled(by: $1.0, axis: $1.1) }
  }

  /// The parts of the given extents along `axis`.
  ///
  /// Returns views: no elements are copied. Precondition: no size is negative, and together they
  /// are the extent of the axis.
  public func split(sizes: [Int], axis: Int = 0) -> [Tensor] {
    guard !isFailed, let axis = value.checkedAxis(axis, "split") else {
      return failures(sizes.count)
    }
    var total = 0
    for size in sizes {
      let (sum, isTooLong) = total.addingReportingOverflow(size)
      if size < 0 || isTooLong { total = -1 }
      if total < 0 { break }
      total = sum
    }
    guard total == shape[axis] else {
      reportFailure(
        operation: "split", "sizes \(sizes) do not add up to axis \(axis) of \(shape)")
      return failures(sizes.count)
    }
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return Tensor(value.sliced(Slice(shape, axis: axis, from: start, count: size)))
    }
  }

  /// The parts of `size` elements along `axis`, the last of which may be shorter.
  ///
  /// Returns views: no elements are copied. Precondition: `size` is positive, and there are at most
  /// 2²⁴ parts.
  public func split(size: Int, axis: Int = 0) -> [Tensor] {
    guard !isFailed, let axis = value.checkedAxis(axis, "split") else { return failures(1) }
    guard size > 0 else { return [fail("split", "parts of \(size) elements")] }
    let extent = shape[axis]
    guard extent > 0 else { return [self] }
    guard hasRoom(forParts: (extent - 1) / size + 1, "split") else { return failures(1) }
    return split(
      sizes: stride(from: 0, to: extent, by: size).map { Swift.min(size, extent - $0) }, axis: axis)
  }

  /// At most `count` parts along `axis`, all of one size except the last, as PyTorch's `chunk`
  /// gives.
  ///
  /// Along an axis without elements there are `count` empty parts. Returns views: no elements are
  /// copied. Precondition: `count` is positive, and there are at most 2²⁴ parts.
  public func chunked(into count: Int, axis: Int = 0) -> [Tensor] {
    guard !isFailed, let place = value.checkedAxis(axis, "chunk") else { return failures(1) }
    guard count > 0 else { return [fail("chunk", "\(count) parts")] }
    let extent = shape[place]
    if extent == 0 {
      return hasRoom(forParts: count, "chunk") ? Array(repeating: self, count: count) : failures(1)
    }
    return split(size: Swift.max(extent / count + (extent % count == 0 ? 0 : 1), 1), axis: place)
  }

  /// The largest number of parts into which a tensor is split.
  private static var maximumPartCount: Int { 1 << 24 }

  /// Whether there is memory for a list of `count` parts; if not, it is reported.
  func hasRoom(forParts count: Int, _ operation: String) -> Bool {
    // Each part is a separate value of some 300 bytes.
    if count <= Tensor.maximumPartCount, Size.isAvailable(Size.product(count, 300)) { return true }
    reportFailure(
      operation: operation,
      "\(count) parts of \(shape); there is room for \(Tensor.maximumPartCount) at most")
    return false
  }

  private func failures(_ count: Int) -> [Tensor] {
    Array(repeating: .failed, count: Swift.max(count, 1))
  }

  /// The whole tensor repeated along each axis as often as `repetitions` says.
  ///
  /// The numbers belong to the last axes. Where there are more numbers than axes, leading axes are
  /// added. Elements are copied only to repeat along axes whose extent is not 1. Complexity: O(n)
  /// in the size of the result. Precondition: no number is negative, and the result has at most
  /// eight axes.
  public func tiled(_ repetitions: [Int]) -> Tensor {
    if isFailed { return self }
    let missing = repetitions.count - rank
    guard rank + Swift.max(missing, 0) <= Shape.maximumRank else {
      return fail("tile", "\(repetitions) for shape \(shape) are more axes than a tensor can have")
    }
    var result =
      missing > 0 ? reshaped(to: Shape(Array(repeating: 1, count: missing) + Array(shape))) : self
    for (index, count) in repetitions.enumerated() where count != 1 {
      let axis = index + Swift.max(-missing, 0)
      result = Tensor(result.value.repeated(count, axis: axis, interleaved: false, "tile"))
    }
    return result
  }

  /// Each slice along `axis` repeated `count` times in a row: `[a, b]` becomes `[a, a, b, b]`.
  ///
  /// Returns the tensor itself if `count` is 1, a view if the axis has extent 1, otherwise a copy.
  /// Complexity: O(n) in the size of the result. Precondition: the axis exists, and `count` is not
  /// negative.
  public func repeatInterleaved(_ count: Int, axis: Int = 0) -> Tensor {
    Tensor(value.repeated(count, axis: axis, interleaved: true, "repeatInterleave"))
  }

  /// The tensor with `element` added before and after along each axis: one pair of counts for each.
  ///
  /// A negative count removes elements. Returns a copy. Complexity: O(n) in the size of the result.
  /// Precondition: there are as many pairs as axes, and an axis has at least as many elements as
  /// are removed from it.
  public func padded(_ margins: [(before: Int, after: Int)], with element: Element) -> Tensor {
    Tensor(value.padded(margins, bits: element.computeBits))
  }

  /// The elements `[i, i + offset]` of two axes, along a new last axis.
  ///
  /// The main diagonal of `[m, n]` is `[min(m, n)]`. Returns a view: no elements are copied.
  /// Precondition: both axes exist, and they differ.
  public func diagonal(offset: Int = 0, axes: (Int, Int) = (0, 1)) -> Tensor {
    Tensor(value.diagonal(offset: offset, axes.0, axes.1))
  }

  /// The square matrix with a vector on a diagonal and zeros elsewhere, or that diagonal of a matrix.
  ///
  /// `[n] → [n + |offset|, n + |offset|]` is a copy, `[m, n] → […]` a view; each is the other's
  /// gradient. For other ranks there are `diagonalEmbedded(offset:axes:)` and
  /// `diagonal(offset:axes:)`. Complexity: O(n) in the size of the result. Precondition: the rank is 1
  /// or 2.
  public func diag(offset: Int = 0) -> Tensor {
    switch rank {
    case 1: return diagonalEmbedded(offset: offset)
    case 2: return diagonal(offset: offset)
    default: return isFailed ? self : fail("diag", "shape \(shape) is no vector and no matrix")
    }
  }

  /// The elements along the last axis on a diagonal of two axes, and zeros elsewhere:
  /// `[…, n] → […, n + |offset|, n + |offset|]`.
  ///
  /// `axes` are those of the result on whose diagonal the elements are; `diagonal(offset:axes:)` takes
  /// them from there. Returns a copy. Complexity: O(n) in the size of the result. Precondition: the rank
  /// is at least 1 and at most 7, both axes exist, and they differ.
  public func diagonalEmbedded(offset: Int = 0, axes: (Int, Int) = (-2, -1)) -> Tensor {
    Tensor(value.diagonalEmbedded(offset: offset, axes.0, axes.1))
  }

  /// The elements of each matrix on and below a diagonal, and zeros above: `[…, m, n] → […, m, n]`.
  ///
  /// `diagonal` 0 is the main diagonal, and positive numbers are to the right of it. Returns a
  /// copy. Complexity: O(n). Precondition: the rank is at least 2.
  public func lowerTriangle(diagonal: Int = 0) -> Tensor {
    Tensor(value.triangle(diagonal: diagonal, isLower: true))
  }

  /// The elements of each matrix on and above a diagonal, and zeros below: `[…, m, n] → […, m, n]`.
  ///
  /// `diagonal` 0 is the main diagonal, and positive numbers are to the right of it. Returns a
  /// copy. Complexity: O(n). Precondition: the rank is at least 2.
  public func upperTriangle(diagonal: Int = 0) -> Tensor {
    Tensor(value.triangle(diagonal: diagonal, isLower: false))
  }
}
