/// The same elements in other shapes.
///
/// All are views of the same memory, in O(1) and without waiting; only `reshaped(to:)` and
/// `flattened()` may have to copy, and `taking(_:axis:)` always does. Axes count from the end if
/// negative. Gradients flow through views.
extension Tensor {
  /// The same elements in row-major order in another shape, of which one extent may be −1.
  ///
  /// The extent −1 stands for what the others leave. Returns a view if the strides allow it, as
  /// those of contiguous elements always do, otherwise a copy. Precondition: the shape has `count`
  /// elements.
  public func reshaped(to shape: Shape) -> Tensor {
    var target = shape
    if let free = shape.firstIndex(of: -1) {
      target[free] = 1
      let known = target.elementCount
      guard known > 0, count % known == 0, !target.contains(where: { $0 < 0 }) else {
        return fail("reshape", "\(self.shape) does not fill \(shape)")
      }
      target[free] = count / known
    }
    return Tensor(value.reshaped(to: target))
  }

  /// All elements in row-major order along one axis: `[…] → [count]`.
  ///
  /// Returns a view if the strides allow it, otherwise a copy.
  public func flattened() -> Tensor { Tensor(value.reshaped(to: [count])) }

  /// The transposed matrices, with the last two axes exchanged: `[…, m, n] → […, n, m]`.
  ///
  /// A tensor of rank 0 or 1 stays as it is. Returns a view: no elements are copied.
  public func transposed() -> Tensor { Tensor(value.matrixTransposed()) }

  /// The elements with two axes exchanged.
  ///
  /// Returns a view: no elements are copied. Precondition: both axes exist.
  public func transposed(_ first: Int, _ second: Int) -> Tensor {
    guard !isFailed, let a = axis(first, "transpose"), let b = axis(second, "transpose") else {
      return Tensor(Value.failed(Element.dtype))
    }
    guard rank > 0 else { return self }
    var axes = Array(0..<rank)
    axes.swapAt(a, b)
    return Tensor(value.permuted(axes))
  }

  /// The elements with their axes in the given order: axis `i` of the result is `axes[i]` of this
  /// tensor.
  ///
  /// Returns a view: no elements are copied. Precondition: `axes` names each axis once.
  public func permuted(_ axes: [Int]) -> Tensor {
    let order = axes.compactMap { shape.normalized(axis: $0) }
    guard isFailed || (order.count == axes.count && order.sorted() == Array(0..<rank)) else {
      return fail("permute", "\(axes) is not an order of the axes of \(shape)")
    }
    return Tensor(value.permuted(order))
  }

  /// The elements repeated along new leading axes and along axes of extent 1.
  ///
  /// An extent of −1 stands for the one that the axis has. Returns a view with strides of 0: no
  /// elements are copied, however large the shape. Precondition: this shape broadcasts to `shape`.
  public func expanded(to shape: Shape) -> Tensor {
    var target = shape
    let added = target.rank - rank
    for axis in target.indices where target[axis] == -1 && axis >= added && !isFailed {
      target[axis] = self.shape[axis - added]
    }
    return Tensor(value.expanded(to: target))
  }

  /// The elements without the axes of extent 1.
  ///
  /// Returns a view: no elements are copied.
  public func squeezed() -> Tensor {
    Tensor(value.reshaped(to: Shape(shape.filter { $0 != 1 })))
  }

  /// The elements without one axis if its extent is 1; otherwise the tensor itself.
  ///
  /// Returns a view: no elements are copied. Precondition: the axis exists.
  public func squeezed(at axis: Int) -> Tensor {
    guard !isFailed, let axis = self.axis(axis, "squeeze") else {
      return Tensor(Value.failed(Element.dtype))
    }
    guard rank > 0, shape[axis] == 1 else { return self }
    return Tensor(
      value.reshaped(to: Shape(shape.indices.filter { $0 != axis }.map { shape[$0] })))
  }

  /// The elements with a new axis of extent 1 at index `axis` of the result's shape.
  ///
  /// Returns a view: no elements are copied. Precondition: `axis` is from −(rank + 1) to rank, and
  /// the rank is less than 8.
  public func unsqueezed(at axis: Int) -> Tensor {
    let place = axis < 0 ? axis + rank + 1 : axis
    guard isFailed || (place >= 0 && place <= rank) else {
      return fail("unsqueeze", "shape \(shape) has no place \(axis) for an axis")
    }
    guard !isFailed else { return self }
    var extents = Array(shape)
    extents.insert(1, at: place)
    guard extents.count <= Shape.maximumRank else {
      return fail("unsqueeze", "\(shape) has the most axes that a tensor can have")
    }
    return Tensor(value.reshaped(to: Shape(extents)))
  }

  /// The slices along `axis` at the given indices: `[…, n, …] → […, indices.shape, …]`.
  ///
  /// Indices of any shape are taken: of `[count]` the result has as many slices as indices, a
  /// single one of shape `[]` removes the axis, and a matrix of word numbers gives a matrix of rows
  /// of an embedding. Returns a copy. Complexity: O(n) in the size of the result. Precondition: the
  /// axis exists, every index is in range, and negative indices are not; the result has at most
  /// eight axes.
  public func taking(_ indices: Tensor<Int>, axis: Int = 0) -> Tensor {
    Tensor(value.taking(indices.value, axis: axis))
  }

  private func axis(_ axis: Int, _ operation: String) -> Int? {
    if let index = shape.normalized(axis: axis) { return index }
    reportFailure(operation: operation, "shape \(shape) has no axis \(axis)")
    return nil
  }

  package func fail(_ operation: String, _ message: String) -> Tensor {
    Tensor(Value.failure(operation, message, dtype: Element.dtype))
  }
}

/// The matrix product: `[…, m, k] · […, k, n] → […, m, n]`.
///
/// Leading axes are batch axes and broadcast. A vector stands for a row on the left and for a
/// column on the right, and the result has no axis for it. Integers wrap, Bool is "or" of "and"s,
/// and 16-bit floats accumulate in Float.
///
/// ```swift
/// let rows = Tensor<Float>([[1, 2], [3, 4]])
/// print(matmul(rows, Tensor<Float>([10, 1])))   // tensor([12., 34.])
/// ```
///
/// Complexity: 2·m·k·n floating-point operations for each matrix. Precondition: the inner extents
/// agree, the leading axes broadcast, and both tensors are on one device.
public func matmul<Element: TensorElement>(_ left: Tensor<Element>, _ right: Tensor<Element>)
  -> Tensor<Element>
{
  Tensor(Value.matmul(left.value, right.value))
}

/// The affine map `x · weightᵀ + bias`: `[…, in]`, `[out, in]` and `[out]` give `[…, out]`.
///
/// Without `bias` nothing is added. Complexity: 2·in·out floating-point operations for each row.
/// Precondition: the shapes are as above.
public func linear<Element: FloatingElement>(
  _ x: Tensor<Element>, weight: Tensor<Element>, bias: Tensor<Element>? = nil
) -> Tensor<Element> {
  Tensor(x.value.linear(weight.value, bias: bias?.value))
}

/// The affine map `x · weightᵀ + bias`, and then the activation of each element.
package func linear<Element: FloatingElement>(
  _ x: Tensor<Element>, weight: Tensor<Element>, bias: Tensor<Element>?, activation: Activation
) -> Tensor<Element> {
  Tensor(x.value.linear(weight.value, bias: bias?.value, activation: activation))
}

/// The tensors joined along an existing axis: `[…, a, …]` and `[…, b, …]` give `[…, a + b, …]`.
///
/// Returns a copy. Complexity: O(n). Precondition: there is at least one tensor, all extents except
/// those of the axis agree, and all tensors are on one device. A tensor of shape `[0]` goes with
/// any shape.
public func concatenate<Element: TensorElement>(_ tensors: [Tensor<Element>], axis: Int = 0)
  -> Tensor<Element>
{
  Tensor(Value.concatenate(tensors.map(\.value), axis: axis))
}

/// The tensors of one shape joined along a new axis: `[…]` gives `[tensors.count, …]` for axis 0.
///
/// Returns a copy. Complexity: O(n). Precondition: there is at least one tensor, all shapes agree,
/// and all tensors are on one device.
public func stack<Element: TensorElement>(_ tensors: [Tensor<Element>], axis: Int = 0) -> Tensor<
  Element
> {
  guard let first = tensors.first else {
    return Tensor(Value.failure("stack", "there is nothing to put together", dtype: Element.dtype))
  }
  if let failed = tensors.first(where: \.isFailed) { return failed }
  for tensor in tensors where tensor.shape != first.shape {
    return tensor.fail("stack", "shapes \(first.shape) and \(tensor.shape) differ")
  }
  return concatenate(tensors.map { $0.unsqueezed(at: axis) }, axis: axis)
}
