/// Axes moved, added, removed, split, joined and chosen from.
///
/// All are views of the same memory, in O(1) and without waiting; only `unflattened(axis:to:)` and
/// `flattened(from:through:)` may have to copy. Axes count from the end if negative. Gradients flow
/// through views.
extension Tensor {
  /// The elements with one axis moved to another place; the others keep their order.
  ///
  /// Returns a view: no elements are copied. Precondition: the axis and the place exist.
  public func axisMoved(from source: Int, to target: Int) -> Tensor {
    axesMoved(from: [source], to: [target])
  }

  /// The elements with some axes moved to other places; the others keep their order.
  ///
  /// Axis `sources[i]` becomes axis `targets[i]` of the result. Returns a view: no elements are
  /// copied. Precondition: there are as many places as axes, all exist, and none is given twice.
  public func axesMoved(from sources: [Int], to targets: [Int]) -> Tensor {
    if isFailed { return self }
    guard sources.count == targets.count else {
      return fail("movedim", "\(sources.count) axes to \(targets.count) places")
    }
    guard let sources = value.checkedAxes(sources, "movedim"),
      let targets = value.checkedAxes(targets, "movedim")
    else { return .failed }
    var order = (0..<rank).filter { !sources.contains($0) }
    for (target, source) in zip(targets, sources).sorted(by: { $0.0 < $1.0 }) {
      order.insert(source, at: target)
    }
    return Tensor(value.permuted(order))
  }

  /// The elements turned by 90° from the first of two axes towards the second, `quarterTurns` times.
  ///
  /// Negative numbers turn the other way. Returns a view: no elements are copied. Precondition: both
  /// axes exist, and they differ.
  public func rotated(by quarterTurns: Int = 1, axes: (Int, Int) = (0, 1)) -> Tensor {
    if isFailed { return self }
    guard let places = value.checkedAxes([axes.0, axes.1], "rot90") else { return .failed }
    switch (quarterTurns % 4 + 4) % 4 {
    case 1: return flipped(axes: [places[1]]).transposed(places[0], places[1])
    case 2: return flipped(axes: places)
    case 3: return flipped(axes: [places[0]]).transposed(places[0], places[1])
    default: return self
    }
  }

  /// The elements without those of the given axes whose extent is 1.
  ///
  /// Returns a view: no elements are copied. Precondition: the axes exist, and none is given twice.
  public func squeezed(at axes: [Int]) -> Tensor {
    if isFailed { return self }
    guard let axes = value.checkedAxes(axes, "squeeze") else { return .failed }
    let kept = (0..<rank).filter { shape[$0] != 1 || !axes.contains($0) }
    return Tensor(value.reshaped(to: Shape(kept.map { shape[$0] })))
  }

  /// The elements with new axes of extent 1 at the given indices of the result's shape.
  ///
  /// Returns a view: no elements are copied. Precondition: the indices are axes of the result, none is
  /// given twice, and it has at most eight axes.
  public func unsqueezed(at axes: [Int]) -> Tensor {
    if isFailed { return self }
    let count = rank + axes.count
    guard count <= Shape.maximumRank else {
      return fail("unsqueeze", "\(axes.count) more axes than those of \(shape)")
    }
    let places = Set(axes.compactMap { Shape(repeatElement(1, count: count)).normalized(axis: $0) })
    guard places.count == axes.count else {
      return fail("unsqueeze", "shape \(shape) has no places \(axes) for axes")
    }
    var extents = shape.makeIterator()
    return Tensor(
      value.reshaped(to: Shape((0..<count).map { places.contains($0) ? 1 : extents.next() ?? 1 })))
  }

  /// The elements with one axis split into several, of which one extent may be −1.
  ///
  /// The extent −1 stands for what the others leave: `[…, 6, …] → […, 2, 3, …]` for `[2, -1]`.
  /// Precondition: the axis exists, the product of the extents is that of the axis, and the result
  /// has at most eight axes.
  public func unflattened(axis: Int, to extents: Shape) -> Tensor {
    if isFailed { return self }
    guard let axis = value.checkedAxis(axis, "unflatten") else { return .failed }
    let (all, whole) = (Array(shape), shape[axis])
    var parts = extents
    if let free = extents.firstIndex(of: -1) {
      parts[free] = 1
      let known = parts.representableCount ?? 0
      parts[free] = known > 0 ? whole / known : -1
    }
    guard parts.rank > 0, parts.representableCount == whole,
      rank - 1 + parts.rank <= Shape.maximumRank
    else { return fail("unflatten", "axis \(axis) of \(shape) as \(extents)") }
    return Tensor(
      value.reshaped(to: Shape(all.prefix(axis) + Array(parts) + all.dropFirst(axis + 1))))
  }

  /// The elements with the axes from `first` to `last`, both included, as one.
  ///
  /// A tensor of rank 0 becomes `[1]`. Precondition: both axes exist, and the first does not follow
  /// the last.
  public func flattened(from first: Int, through last: Int = -1) -> Tensor {
    if isFailed { return self }
    // As everywhere, a tensor of rank 0 accepts the axes 0 and −1.
    guard let start = shape.normalized(axis: first), let end = shape.normalized(axis: last),
      start <= end
    else { return fail("flatten", "\(shape) has no axes \(first) to \(last)") }
    // Extents next to one of 0 may have a product that no Int holds, which reshaping refuses.
    let all = Array(shape)
    let joined = all.dropFirst(start).prefix(end - start + 1).reduce(1, &*)
    return Tensor(
      value.reshaped(to: Shape(all.prefix(start) + [joined] + all.dropFirst(end + 1))))
  }

  /// `count` elements along `axis`, from index `start` on, which counts from the end if negative.
  ///
  /// Unlike a range, it is not clipped. Returns a view: no elements are copied. Precondition: the axis
  /// exists and has these elements.
  public func narrowed(axis: Int, from start: Int, count: Int) -> Tensor {
    if isFailed { return self }
    guard let axis = value.checkedAxis(axis, "narrow") else { return .failed }
    let extent = shape[axis]
    let first = start < 0 ? start + extent : start
    guard (0...extent).contains(first), (0...(extent - first)).contains(count) else {
      return fail("narrow", "\(count) elements from \(start) along axis \(axis) of \(shape)")
    }
    return Tensor(value.sliced(Slice(shape, axis: axis, from: first, count: count)))
  }

  /// The slice at one index along `axis`, which is removed; the index counts from the end if negative.
  ///
  /// Returns a view: no elements are copied. Precondition: the axis exists, and the index is in range.
  public func selected(_ index: Int, axis: Int) -> Tensor {
    if isFailed { return self }
    guard let axis = value.checkedAxis(axis, "select") else { return .failed }
    guard let choice = index.resolve(extent: shape[axis]) else {
      return fail("select", "index \(index) is not in 0..<\(shape[axis]) (axis \(axis))")
    }
    return slice(at: choice.start, axis)
  }

  /// All slices along `axis`, which they do not have: what `stack` puts together.
  ///
  /// Returns views: no elements are copied. Precondition: the axis exists and has at most 2²⁴
  /// elements.
  public func unstacked(axis: Int = 0) -> [Tensor] {
    guard !isFailed, let axis = value.checkedAxis(axis, "unbind"),
      hasRoom(forParts: shape[axis], "unbind")
    else { return [.failed] }
    return (0..<shape[axis]).map { slice(at: $0, axis) }
  }

  private func slice(at index: Int, _ axis: Int) -> Tensor {
    Tensor(
      value.sliced(Slice(shape, axis: axis, from: index, count: 1))
        .reshaped(to: Shape(shape.indices.filter { $0 != axis }.map { shape[$0] })))
  }

  /// The tensor with axes of extent 1 added until it has `count`, as PyTorch's `atleast_3d` adds them.
  ///
  /// `[n]` becomes `[1, n]` or `[1, n, 1]`, and `[m, n]` becomes `[m, n, 1]`. Returns a view: no
  /// elements are copied. Precondition: `count` is 1, 2 or 3.
  public func withRank(atLeast count: Int) -> Tensor {
    if isFailed { return self }
    guard (1...3).contains(count) else { return fail("atleast", "a rank of \(count)") }
    switch (rank, count) {
    case (0, _): return Tensor(value.reshaped(to: Shape(repeatElement(1, count: count))))
    case (1, 2): return unsqueezed(at: 0)
    case (1, 3): return unsqueezed(at: [0, 2])
    case (2, 3): return unsqueezed(at: 2)
    default: return self
    }
  }
}

/// The tensors expanded to the one shape to which all broadcast.
///
/// Returns views: no elements are copied. Precondition: the shapes broadcast.
public func broadcast<Element: TensorElement>(_ tensors: [Tensor<Element>]) -> [Tensor<Element>] {
  var shape: Shape = []
  for tensor in tensors {
    guard !tensor.isFailed, let common = broadcastShape(shape, tensor.shape) else {
      if !tensor.isFailed {
        reportFailure(operation: "broadcast", "shapes \(shape) and \(tensor.shape)")
      }
      return tensors.map { _ in .failed }
    }
    shape = common
  }
  return tensors.map { $0.expanded(to: shape) }
}
