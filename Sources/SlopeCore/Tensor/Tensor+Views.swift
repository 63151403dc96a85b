/// Other shapes over the same elements; only `reshaped` may have to copy.
extension Tensor {
  /// The same elements in row-major order under another shape; one extent may be −1: the rest.
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

  /// All elements along one axis.
  public func flattened() -> Tensor { Tensor(value.reshaped(to: [count])) }

  /// The last two axes exchanged; a matrix's transpose.
  public func transposed() -> Tensor { Tensor(value.matrixTransposed()) }

  /// Two axes exchanged.
  public func transposed(_ first: Int, _ second: Int) -> Tensor {
    guard !isFailed, let a = axis(first, "transpose"), let b = axis(second, "transpose") else {
      return Tensor(Value.failed(Element.dtype))
    }
    guard rank > 0 else { return self }
    var axes = Array(0..<rank)
    axes.swapAt(a, b)
    return Tensor(value.permuted(axes))
  }

  /// The axes in the given order; each axis once.
  public func permuted(_ axes: [Int]) -> Tensor {
    let order = axes.compactMap { shape.normalized(axis: $0) }
    guard isFailed || (order.count == axes.count && order.sorted() == Array(0..<rank)) else {
      return fail("permute", "\(axes) is not an order of the axes of \(shape)")
    }
    return Tensor(value.permuted(order))
  }

  /// A view in which elements repeat along new leading axes and axes of extent 1.
  public func expanded(to shape: Shape) -> Tensor { Tensor(value.expanded(to: shape)) }

  /// Without the axes of extent 1.
  public func squeezed() -> Tensor {
    Tensor(value.reshaped(to: Shape(shape.filter { $0 != 1 })))
  }

  /// Without one axis, if its extent is 1.
  public func squeezed(at axis: Int) -> Tensor {
    guard !isFailed, let axis = self.axis(axis, "squeeze") else {
      return Tensor(Value.failed(Element.dtype))
    }
    guard rank > 0, shape[axis] == 1 else { return self }
    return Tensor(
      value.reshaped(to: Shape(shape.indices.filter { $0 != axis }.map { shape[$0] })))
  }

  /// With a new axis of extent 1 at `axis`, from −(rank + 1) to rank.
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

  /// The slices along `axis` at the given places; by default rows: `[indices.count, …]`.
  ///
  /// An index out of range is a failure that names it; negative ones are out of range.
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

/// The matrix product. Leading axes are batch axes and broadcast:
/// `[…, m, k] · […, k, n] → […, m, n]`; a vector stands for a row on the left, a column on the right.
///
/// Differing inner extents are a failure. Integers wrap, Bool is "or" of "and"s, 16-bit floats
/// accumulate in Float. Complexity: 2·m·k·n floating-point operations a matrix.
public func matmul<Element: TensorElement>(_ left: Tensor<Element>, _ right: Tensor<Element>)
  -> Tensor<Element>
{
  Tensor(Value.matmul(left.value, right.value))
}

/// `x · weightᵀ + bias`: `[…, in]`, `[out, in]` and `[out]` give `[…, out]`.
public func linear<Element: FloatingElement>(
  _ x: Tensor<Element>, weight: Tensor<Element>, bias: Tensor<Element>? = nil
) -> Tensor<Element> {
  Tensor(x.value.linear(weight.value, bias: bias?.value))
}

/// The same, and the activation of each number.
package func linear<Element: FloatingElement>(
  _ x: Tensor<Element>, weight: Tensor<Element>, bias: Tensor<Element>?, activation: Activation
) -> Tensor<Element> {
  Tensor(x.value.linear(weight.value, bias: bias?.value, activation: activation))
}

/// The tensors one after another along an axis; their other extents agree. Empty ones are allowed.
public func concatenate<Element: TensorElement>(_ tensors: [Tensor<Element>], axis: Int = 0)
  -> Tensor<Element>
{
  Tensor(Value.concatenate(tensors.map(\.value), axis: axis))
}

/// The tensors of one shape beside one another along a new axis.
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
