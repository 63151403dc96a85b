/// Elements at places that are named by row-major positions, or by one index for each of several
/// axes.
///
/// Negative indices count from the end.
extension Tensor {
  /// The elements at row-major positions, as PyTorch's `take`: the shape of `indices`.
  ///
  /// Returns a copy. Complexity: O(n) in the size of the result. Precondition: every index is from
  /// −`count` to `count` − 1.
  public func taking(at indices: Tensor<Int>) -> Tensor {
    Tensor(value.taking(at: indices.value, "take"))
  }

  /// The elements or slices that several index tensors name together, as `x[i, j]` in PyTorch.
  ///
  /// The tensors are for the first axes and broadcast: `[a, b, …]` with two of shape `[n]` gives
  /// `[n, …]`, the slices `[i[0], j[0], …]`, `[i[1], j[1], …]` and so on.
  ///
  /// ```swift
  /// let x = Tensor<Int>([[1, 2], [3, 4]])
  /// print(x.taking(at: [Tensor([0, 1]), Tensor([1, 0])]))   // tensor([2, 3])
  /// ```
  ///
  /// Returns a copy. Complexity: O(n) in the size of the result. Precondition: there is at least
  /// one tensor and at most one for each axis, they broadcast, and every index is in range.
  public func taking(at indices: [Tensor<Int>]) -> Tensor {
    Tensor(value.taking(at: indices.map(\.value), "gather"))
  }

  /// The tensor with the elements of `source` at row-major positions, as PyTorch's `put`.
  ///
  /// The elements are added to those there if `accumulating` is true (for Bool "or"); otherwise
  /// they replace them, and the last of equal positions counts. Returns a copy. Complexity: O(n).
  /// Precondition: `source` has as many elements as `indices`, and every index is from −`count` to
  /// `count` − 1.
  public func putting(
    _ source: Tensor, at indices: Tensor<Int>, accumulating: Bool = false
  ) -> Tensor {
    Tensor(value.putting(source.value, at: indices.value, accumulating: accumulating))
  }

  /// The tensor with `source` at the places that several index tensors name together, as PyTorch's
  /// `index_put`, or `x[i, j] = source`.
  ///
  /// `source` broadcasts to the shape of `taking(at:)` with the same indices. It is added to what
  /// is there if `accumulating` is true; otherwise it replaces it, and the last of equal places
  /// counts. For a mask, `mask.nonzeroByAxis()` gives the indices. Returns a copy. Complexity:
  /// O(n). Precondition: as for `taking(at:)`, and `source` broadcasts.
  public func putting(
    _ source: Tensor, at indices: [Tensor<Int>], accumulating: Bool = false
  ) -> Tensor {
    Tensor(
      value.putting(
        source.value, at: indices.map(\.value), accumulating: accumulating, "indexPut"))
  }

  /// The elements at `indices[…]` along `axis`, where this tensor and the indices broadcast along
  /// the others.
  ///
  /// As PyTorch's `take_along_dim`; if `axis` is nil, both are taken as one row. Negative indices
  /// count from the end. Returns a copy. Complexity: O(n) in the size of the result. Precondition:
  /// the ranks agree, the other extents broadcast, and every index is in range.
  public func takingAlong(broadcasting indices: Tensor<Int>, axis: Int? = nil) -> Tensor {
    if isFailed || indices.isFailed { return .failed }
    guard let axis else {
      return Tensor(value.flat.taking(at: indices.value.flat, "takeAlong"))
    }
    guard value.inspectDevices([indices.value], "takeAlong") else { return .failed }
    let (source, places) = (value.asList, indices.value.asList)
    guard source.layout.rank == places.layout.rank else {
      return fail("takeAlong", "indices of shape \(indices.shape) for \(shape)")
    }
    guard let place = source.checkedAxis(axis, "takeAlong") else { return .failed }
    let extent = source.shape.extents[place]
    var (kept, chosen) = (source.shape, places.shape)
    (kept.extents[place], chosen.extents[place]) = (1, 1)
    guard var common = broadcastShape(kept, chosen) else {
      return fail(
        "takeAlong",
        "indices of shape \(indices.shape) do not broadcast with \(shape) beside axis \(place)")
    }
    common.extents[place] = places.shape.extents[place]
    let wide = places.countedFromEnd(extent).expanded(to: common)
    common.extents[place] = extent
    return Tensor(source.expanded(to: common).takingAlong(wide, axis: place))
  }
}

/// Parts of a tensor replaced: PyTorch's `select_scatter`, `slice_scatter` and `diagonal_scatter`,
/// or an assignment to a subscript.
extension Tensor {
  /// The tensor with `source` where `self[indices…]` is.
  ///
  /// The indices are those of the subscript, and `source` broadcasts to the shape that it would
  /// have: `x.replacing(1..<3, 0, with: y)` is what `x[1..<3, 0] = y` would make of `x`.
  ///
  /// ```swift
  /// let x = Tensor<Int>.zeros([2, 3])
  /// print(x.replacing(0, with: Tensor([1, 2, 3])).scalars)   // [1, 2, 3, 0, 0, 0]
  /// ```
  ///
  /// Returns a copy. Complexity: O(n). Precondition: as for the subscript, and `source` broadcasts.
  public func replacing(_ indices: any TensorIndex..., with source: Tensor) -> Tensor {
    replacing(at: indices, with: source)
  }

  /// `replacing(_:with:)` with a list of indices.
  ///
  /// Returns a copy. Complexity: O(n). Precondition: as for the subscript, and `source` broadcasts.
  public func replacing(at indices: [any TensorIndex], with source: Tensor) -> Tensor {
    if isFailed || source.isFailed { return .failed }
    guard let (slice, part) = slice(at: indices, "replace") else { return .failed }
    guard broadcastShape(source.shape, part) == part else {
      return fail("replace", "a source of shape \(source.shape) for elements of \(part)")
    }
    let elements = source.value.expanded(to: part).reshaped(to: slice.counts)
    return Tensor(value.replacing(slice, with: elements, "replace"))
  }

  /// The tensor with `source` on a diagonal of two axes.
  ///
  /// `source` has the shape of `diagonal(offset:axes:)`. Returns a copy. Complexity: O(n).
  /// Precondition: both axes exist, they differ, and `source` has that shape.
  public func replacingDiagonal(
    with source: Tensor, offset: Int = 0, axes: (Int, Int) = (0, 1)
  ) -> Tensor {
    if isFailed || source.isFailed { return .failed }
    let part = detached().diagonal(offset: offset, axes: axes)
    guard !part.isFailed, let first = shape.normalized(axis: axes.0),
      let second = shape.normalized(axis: axes.1)
    else { return .failed }
    guard part.shape == source.shape else {
      return fail(
        "replaceDiagonal", "a source of shape \(source.shape) for a diagonal of \(part.shape)")
    }
    return Tensor(
      value.replacingDiagonal(
        offset: offset, first, second, with: source.value, "replaceDiagonal"))
  }
}
