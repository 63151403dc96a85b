/// The same elements in another order, cut into parts, or more often.
extension Tensor {
  /// The order along some axes (nil: all) turned around. No copy is made.
  public func flipped(axes: [Int]? = nil) -> Tensor { Tensor(value.flipped(axes: axes)) }

  /// Moved along `axis` by so many places; what leaves at one end comes in at the other.
  public func rolled(by places: Int, axis: Int = 0) -> Tensor {
    Tensor(value.rolled(by: places, axis: axis))
  }

  /// Parts of the given extents along `axis`, which add up to the axis' own. No copies are made.
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

  /// Parts of `size` elements along `axis`; the last may be shorter. More than 2²⁴ parts are a failure.
  public func split(size: Int, axis: Int = 0) -> [Tensor] {
    guard !isFailed, let axis = value.checkedAxis(axis, "split") else { return failures(1) }
    guard size > 0 else { return [fail("split", "parts of \(size) elements")] }
    let extent = shape[axis]
    guard extent > 0 else { return [self] }
    guard hasRoom(forParts: (extent - 1) / size + 1, "split") else { return failures(1) }
    return split(
      sizes: stride(from: 0, to: extent, by: size).map { Swift.min(size, extent - $0) }, axis: axis)
  }

  /// At most `count` parts along `axis`, all of one size but the last, as PyTorch's `chunk`; of no
  /// elements `count` times none.
  public func chunked(into count: Int, axis: Int = 0) -> [Tensor] {
    guard !isFailed, let place = value.checkedAxis(axis, "chunk") else { return failures(1) }
    guard count > 0 else { return [fail("chunk", "\(count) parts")] }
    let extent = shape[place]
    if extent == 0 {
      return hasRoom(forParts: count, "chunk") ? Array(repeating: self, count: count) : failures(1)
    }
    return split(size: Swift.max(extent / count + (extent % count == 0 ? 0 : 1), 1), axis: place)
  }

  /// The largest number of parts into which a tensor is cut.
  private static var maximumPartCount: Int { 1 << 24 }

  /// Whether a list of so many parts can be made; if not, it is reported.
  private func hasRoom(forParts count: Int, _ operation: String) -> Bool {
    // A part is a value of its own, of some 300 bytes.
    if count <= Tensor.maximumPartCount, Size.isAvailable(Size.product(count, 300)) { return true }
    reportFailure(
      operation: operation,
      "\(count) parts of \(shape); there is room for \(Tensor.maximumPartCount) at most")
    return false
  }

  private func failures(_ count: Int) -> [Tensor] {
    Array(repeating: .failed, count: Swift.max(count, 1))
  }

  /// All of it so many times along each axis; the numbers are for the last axes, and new leading axes
  /// are made for more numbers than there are axes.
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

  /// Each slice along `axis` so many times, one behind the other.
  public func repeatInterleaved(_ count: Int, axis: Int = 0) -> Tensor {
    Tensor(value.repeated(count, axis: axis, interleaved: true, "repeatInterleave"))
  }

  /// With `element` before and behind: one pair of counts for each axis. Negative counts cut away.
  public func padded(_ margins: [(before: Int, after: Int)], with element: Element) -> Tensor {
    Tensor(value.padded(margins, bits: element.computeBits))
  }

  /// The elements `[i, i + offset]` of two axes, along a new last axis. No copy is made.
  public func diagonal(offset: Int = 0, axes: (Int, Int) = (0, 1)) -> Tensor {
    Tensor(value.diagonal(offset: offset, axes.0, axes.1))
  }

  /// Of each matrix the elements on a diagonal and below, else zeros; diagonals to the right of the
  /// main one have positive numbers.
  public func lowerTriangle(diagonal: Int = 0) -> Tensor {
    Tensor(value.triangle(diagonal: diagonal, isLower: true))
  }

  /// Of each matrix the elements on a diagonal and above, else zeros.
  public func upperTriangle(diagonal: Int = 0) -> Tensor {
    Tensor(value.triangle(diagonal: diagonal, isLower: false))
  }
}
