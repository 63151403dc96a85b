/// Elements chosen by masks and by positions of their own.
extension Tensor {
  /// With `element` wherever `mask`, which broadcasts to this shape, is true.
  public func maskedFill(_ mask: Tensor<Bool>, with element: Element) -> Tensor {
    if isFailed || mask.isFailed { return .failed }
    guard broadcastShape(mask.shape, shape) == shape else {
      return fail("maskedFill", "a mask of shape \(mask.shape) does not broadcast to \(shape)")
    }
    return Tensor.where(
      mask, Tensor(Value.full([], Element.dtype, bits: element.computeBits, on: value.backend)),
      self)
  }

  /// The elements where `mask` is true, in row-major order, along one axis; both broadcast. The host
  /// reads the mask, since the shape of the result depends on it.
  public func masked(by mask: Tensor<Bool>) -> Tensor {
    if isFailed || mask.isFailed { return .failed }
    guard let common = broadcastShape(mask.shape, shape) else {
      return fail("masked", "a mask of shape \(mask.shape) for \(shape)")
    }
    guard mask.value.backend === value.backend else {
      return fail(
        "masked", "operands on \(value.backend.name) and \(mask.value.backend.name)")
    }
    let positions = mask.expanded(to: common).value.truePositions
    return Tensor(expanded(to: common).flattened().value.taking(positions, axis: 0))
  }

  /// The elements at `indices[…]` along `axis`, one for each place of `indices`, as PyTorch's `gather`.
  ///
  /// `indices` has this tensor's rank, and along other axes at most its extents. An index out of range
  /// is a failure that names it.
  public func takingAlong(_ indices: Tensor<Int>, axis: Int) -> Tensor {
    Tensor(value.takingAlong(indices.value, axis: axis))
  }
}

extension Tensor {
  /// How many elements are not zero, over axes (nil: all); NaN is not.
  public func countNonzero(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor<Int> {
    Tensor<Int>(
      value.cast(to: .bool).reduced(.sum, axes: axes, keepingAxes: keepingAxes))
  }
}

extension Tensor where Element: NumericElement {
  /// With the elements of `source` added at `indices[…]` along `axis`, in row-major order, so that the
  /// result is the same on every run. Shapes and failures are those of `takingAlong`; of a source
  /// that is larger than `indices` the first places count.
  public func scatterAdded(
    _ source: Tensor, at indices: Tensor<Int>, axis: Int
  ) -> Tensor {
    Tensor(value.scatterAdded(source.value, at: indices.value, axis: axis))
  }
}

extension Tensor where Element == Int {
  /// For each class number a row of zeros with a one at its place: `[…, classCount]`.
  ///
  /// A number out of range is a failure that names it.
  public func oneHot(classCount: Int) -> Tensor { Tensor(value.oneHot(classCount: classCount)) }
}
