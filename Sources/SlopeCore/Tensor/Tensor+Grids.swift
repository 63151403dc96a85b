/// Which axis of a grid belongs to the first tensor: PyTorch's `indexing`.
public enum GridIndexing: String, Sendable, CaseIterable {
  /// The first axis, as that of a matrix.
  case ij
  /// The second axis, as the horizontal one of a picture.
  case xy
}

/// The coordinates of a grid: each vector along an axis of its own, expanded over those of the others.
///
/// Vectors `[m]` and `[n]` give two tensors `[m, n]`, or `[n, m]` with `indexing` `.xy`. A single
/// element counts as a vector of one. Returns views: no elements are copied. Precondition: there are
/// from one to eight tensors, of rank 1 at most.
public func meshgrid<Element: TensorElement>(
  _ tensors: [Tensor<Element>], indexing: GridIndexing = .ij
) -> [Tensor<Element>] {
  if tensors.contains(where: \.isFailed) { return tensors.map { _ in .failed } }
  guard let first = tensors.first else {
    return [
      Tensor(Value.failure("meshgrid", "there is nothing to span a grid", dtype: Element.dtype))
    ]
  }
  guard tensors.count <= Shape.maximumRank, tensors.allSatisfy({ $0.rank <= 1 }) else {
    let failed = first.fail("meshgrid", "tensors of shapes \(tensors.map(\.shape))")
    return tensors.map { _ in failed }
  }
  var axes = Array(tensors.indices)
  if indexing == .xy, axes.count > 1 { axes.swapAt(0, 1) }
  var grid = Shape(repeatElement(1, count: tensors.count))
  for (axis, tensor) in zip(axes, tensors) { grid[axis] = tensor.count }
  return zip(axes, tensors).map { axis, tensor in
    var along = Shape(repeatElement(1, count: tensors.count))
    along[axis] = tensor.count
    return tensor.reshaped(to: along).expanded(to: grid)
  }
}

/// All choices of one element from each vector: `[m], [n] → [m · n, 2]`; one vector is itself.
///
/// The last vector changes fastest. Returns a copy. Complexity: O(n) in the size of the result.
/// Precondition: there is at least one tensor and at most eight, all of rank 1 and on one device.
public func cartesianProduct<Element: TensorElement>(_ tensors: [Tensor<Element>]) -> Tensor<
  Element
> {
  if let failed = tensors.first(where: \.isFailed) { return failed }
  if let wrong = tensors.first(where: { $0.rank != 1 }) {
    return wrong.fail("cartesian_prod", "a tensor of shape \(wrong.shape)")
  }
  if tensors.count == 1 { return tensors[0] }
  return stack(meshgrid(tensors).map { $0.flattened() }, axis: 1)
}

extension Tensor {
  /// All choices of `size` elements in their order, as rows: `[n] → [choices, size]`.
  ///
  /// With replacement an element may be chosen several times. Rows are in lexicographic order of the
  /// positions. A size of 0 gives `[0]`, as in PyTorch. Returns a copy. Complexity: O(n) in the size of
  /// the result. Precondition: the rank is 1, and `size` is not negative.
  public func combinations(of size: Int = 2, withReplacement: Bool = false) -> Tensor {
    if isFailed { return self }
    guard rank == 1, size >= 0 else {
      return fail("combinations", "\(size) elements of a tensor of shape \(shape)")
    }
    if size == 0 { return narrowed(axis: 0, from: 0, count: 0) }
    // A choice with replacement is one without from `size − 1` more elements.
    guard let pool = withReplacement ? Size.sum(count, size - 1) : count,
      let rows = choices(of: size, from: pool), let total = Size.product(rows, size)
    else { return fail("combinations", "\(size) elements of \(count) are too many choices") }
    let last = count - 1
    let places = Tensor<Int>([total], on: device) { places in
      guard total > 0 else { return }
      for place in 0..<size { places[place] = withReplacement ? 0 : place }
      for row in stride(from: size, to: total, by: size) {
        // The last position that can still move does, and those after it follow as close as they may.
        var moved = size - 1
        func limit(_ place: Int) -> Int { withReplacement ? last : last - (size - 1 - place) }
        while moved > 0, places[row - size + moved] == limit(moved) { moved -= 1 }
        let next = places[row - size + moved] + 1
        for place in 0..<moved { places[row + place] = places[row - size + place] }
        for place in moved..<size {
          places[row + place] = withReplacement ? next : next + place - moved
        }
      }
    }
    return taking(places).reshaped(to: [rows, size])
  }
}

/// The number of choices of `size` elements from `pool`; nil where no Int holds it.
private func choices(of size: Int, from pool: Int) -> Int? {
  guard size <= pool else { return 0 }
  var count = 1
  for step in 0..<min(size, pool - size) {
    guard let product = Size.product(count, pool - step) else { return nil }
    count = product / (step + 1)
  }
  return count
}

extension Tensor where Element == Int {
  /// The rows and columns of a matrix's elements on and below a diagonal: `[2, count]`, on the default
  /// device.
  ///
  /// In row-major order; `offset` 0 is the main diagonal, and positive numbers are to the right of it.
  /// Complexity: O(n) in the size of the result. Precondition: no extent is negative.
  public static func lowerTriangleIndices(_ rows: Int, _ columns: Int, offset: Int = 0) -> Tensor {
    triangleIndices("tril_indices", rows, columns, offset, isLower: true)
  }

  /// The rows and columns of a matrix's elements on and above a diagonal: `[2, count]`, on the default
  /// device.
  ///
  /// In row-major order; `offset` 0 is the main diagonal, and positive numbers are to the right of it.
  /// Complexity: O(n) in the size of the result. Precondition: no extent is negative.
  public static func upperTriangleIndices(_ rows: Int, _ columns: Int, offset: Int = 0) -> Tensor {
    triangleIndices("triu_indices", rows, columns, offset, isLower: false)
  }

  private static func triangleIndices(
    _ operation: String, _ rows: Int, _ columns: Int, _ offset: Int, isLower: Bool
  ) -> Tensor {
    guard rows >= 0, columns >= 0 else {
      return Tensor(
        Value.failure(operation, "\(rows) × \(columns) is not a shape", dtype: Element.dtype))
    }
    // Wide enough for any offset.
    let (height, width) = (Int128(rows), Int128(columns))
    let offset = Int128(offset)
    func clamped(_ number: Int128, to bound: Int128) -> Int {
      Int(Swift.min(Swift.max(number, 0), bound))
    }
    /// The number of elements on and below a diagonal.
    func countBelow(_ offset: Int128) -> Int128 {
      // Rows without elements, then rows of one more each, then whole ones.
      let first = Int128(clamped(-offset, to: height))
      let full = Swift.max(first, Int128(clamped(width - offset - 1, to: height)))
      let growing = full - first
      return growing * (first + offset + 1) + growing * (growing - 1) / 2
        + (height - full) * width
    }
    let count = isLower ? countBelow(offset) : height * width - countBelow(offset - 1)
    return Tensor([2, Int(clamping: count)], on: .current) { elements in
      guard count > 0 else { return }
      let filled =
        isLower ? clamped(-offset, to: height)..<rows : 0..<clamped(width - offset, to: height)
      var found = 0
      for row in filled {
        let border = clamped(Int128(row) + offset + (isLower ? 1 : 0), to: width)
        for column in isLower ? 0..<border : border..<columns {
          elements[found] = row
          elements[found + Int(count)] = column
          found += 1
        }
      }
    }
  }
}
