/// Elements chosen by a mask or by their indices.
extension Tensor {
  /// The elements, those where `mask` is true replaced by `element`.
  ///
  /// Returns a copy. Complexity: O(n). Precondition: the mask broadcasts to this shape.
  public func maskedFill(_ mask: Tensor<Bool>, with element: Element) -> Tensor {
    if isFailed || mask.isFailed { return .failed }
    guard broadcastShape(mask.shape, shape) == shape else {
      return fail("maskedFill", "a mask of shape \(mask.shape) does not broadcast to \(shape)")
    }
    return Tensor.where(
      mask, Tensor(Value.full([], Element.dtype, bits: element.computeBits, on: value.backend)),
      self)
  }

  /// The elements where `mask` is true, in row-major order, of shape `[count of true]`.
  ///
  /// Waits for the device: the host reads the mask, since the shape of the result depends on it.
  /// Returns a copy. Complexity: O(n). Precondition: the shapes broadcast, and both tensors are on
  /// one device.
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

  /// The element at `indices[…]` along `axis` for each position of `indices`, as PyTorch's
  /// `gather`.
  ///
  /// The result has the shape of `indices`. Returns a copy. Complexity: O(n) in the size of the
  /// result. Precondition: `indices` has this tensor's rank and at most its extents along the other
  /// axes, and every index is in range; negative indices are not.
  public func takingAlong(_ indices: Tensor<Int>, axis: Int) -> Tensor {
    Tensor(value.takingAlong(indices.value, axis: axis))
  }
}

extension Tensor {
  /// The number of elements over axes (nil: all) that differ from 0; NaN does.
  ///
  /// The axes are removed, or stay with extent 1 if `keepingAxes` is true. Complexity: O(n).
  /// Precondition: the axes exist, and none is given twice.
  public func countNonzero(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor<Int> {
    Tensor<Int>(
      value.cast(to: .bool).reduced(.sum, axes: axes, keepingAxes: keepingAxes))
  }
}

extension Tensor {
  /// The tensor with the elements of `source` added at `indices[…]` along `axis`; for Bool "or".
  ///
  /// They are added in row-major order, so that the result is the same on every run. Where `source`
  /// is larger than `indices`, only its first positions along each axis are used. Returns a copy.
  /// Complexity: O(n). Precondition: as for `takingAlong(_:axis:)`, and `source` has at least the
  /// extents of `indices`.
  public func scatterAdded(
    _ source: Tensor, at indices: Tensor<Int>, axis: Int
  ) -> Tensor {
    Tensor(value.scatterAdded(source.value, at: indices.value, axis: axis))
  }
}

extension Tensor where Element == Int {
  /// The class indices in one-hot encoding: `[…] → […, classCount]`, with a 1 at the class and 0
  /// elsewhere.
  ///
  /// Complexity: O(n · classCount) time, and 8 bytes of memory for each element. Precondition:
  /// every class index is in `0..<classCount`.
  public func oneHot(classCount: Int) -> Tensor { Tensor(value.oneHot(classCount: classCount)) }
}
