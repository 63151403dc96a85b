/// How far vectors along an axis are from each other.
extension Tensor where Element: FloatingElement {
  /// The vectors along `axis` with p-norm 1: `x / max(‖x‖ₚ, epsilon)`, in this shape.
  ///
  /// Complexity: O(n). PyTorch: `torch.nn.functional.normalize`. Precondition: the axis exists, and
  /// `p` is one that `norm` takes.
  ///
  /// - Parameters:
  ///   - p: the norm.
  ///   - axis: the axis of the vectors.
  ///   - epsilon: what a norm is at least.
  /// - Returns: the vectors, in this shape.
  public func normalized(_ p: Double = 2, axis: Int = 1, epsilon: Double = 1e-12) -> Tensor {
    if isFailed { return self }
    return self
      / norm(p, axes: [axis], keepingAxes: true).clamped(min: Element(clamping: epsilon))
  }
}

/// The cosine of the angles between vectors along `axis`: `x · y / (max(‖x‖, ε) · max(‖y‖, ε))`.
///
/// The operands broadcast; the result has their shape without the axis. As in PyTorch, the derivative
/// is that of a norm also where it is less than ε. Complexity: O(n). PyTorch:
/// `torch.nn.functional.cosine_similarity`.
///
/// Precondition: the shapes broadcast, the axis exists in their common shape, and both tensors are on
/// one device.
///
/// - Parameters:
///   - x: the first vectors.
///   - y: the second vectors.
///   - axis: the axis of the vectors.
///   - epsilon: what a norm is at least.
/// - Returns: the cosines, without the axis.
public func cosineSimilarity<Element: FloatingElement>(
  _ x: Tensor<Element>, _ y: Tensor<Element>, axis: Int = 1, epsilon: Double = 1e-8
) -> Tensor<Element> {
  if x.isFailed || y.isFailed { return .failed }
  guard let shape = broadcastShape(x.shape, y.shape) else {
    return x.fail("cosineSimilarity", "\(x.shape) and \(y.shape) do not broadcast")
  }
  guard shape.normalized(axis: axis) != nil else {
    return x.fail("cosineSimilarity", "shape \(shape) has no axis \(axis)")
  }
  func direction(_ vectors: Tensor<Element>) -> Tensor<Element> {
    let vectors = vectors.expanded(to: shape)
    let norm = vectors.norm(axes: [axis], keepingAxes: true)
    // The bound has no derivative, so what is added to a short norm is a constant.
    let plain = norm.detached()
    return vectors / (norm + (plain.clamped(min: Element(clamping: epsilon)) - plain))
  }
  return (direction(x) * direction(y)).sum(axis: axis)
}

/// The p-norm of the differences along the last axis, `‖x − y + ε‖ₚ`: `[…, n] → […]`.
///
/// The operands broadcast. Complexity: O(n). PyTorch: `torch.nn.functional.pairwise_distance`.
///
/// Precondition: the shapes broadcast and have an axis, `p` is one that `Tensor.norm` takes, and both
/// tensors are on one device.
///
/// - Parameters:
///   - x: the first vectors.
///   - y: the second vectors.
///   - p: the norm.
///   - epsilon: what is added to each difference.
///   - keepingAxis: whether the last axis stays, with extent 1.
/// - Returns: the distances.
public func pairwiseDistance<Element: FloatingElement>(
  _ x: Tensor<Element>, _ y: Tensor<Element>, p: Double = 2, epsilon: Double = 1e-6,
  keepingAxis: Bool = false
) -> Tensor<Element> {
  let difference = x - y + Element(clamping: epsilon)
  if difference.isFailed { return difference }
  return difference.norm(p, axes: [-1], keepingAxes: keepingAxis)
}

/// The products of pairs of vectors with a form for each output:
/// `y[…, o] = Σᵢⱼ x[…, i] · weight[o, i, j] · y[…, j] + bias[o]`.
///
/// `[…, in1]`, `[…, in2]`, `[out, in1, in2]` and `[out]` give `[…, out]`. Complexity:
/// `2 · out · in1 · in2` floating-point operations for each pair. PyTorch:
/// `torch.nn.functional.bilinear`.
///
/// Precondition: the shapes are as above, with equal leading extents, and all are on one device.
///
/// - Parameters:
///   - x: the first vectors.
///   - y: the second vectors.
///   - weight: a matrix for each output.
///   - bias: what is added to each output; nil for nothing.
/// - Returns: the outputs, `[…, out]`.
public func bilinear<Element: FloatingElement>(
  _ x: Tensor<Element>, _ y: Tensor<Element>, weight: Tensor<Element>,
  bias: Tensor<Element>? = nil
) -> Tensor<Element> {
  if x.isFailed || y.isFailed || weight.isFailed || bias?.isFailed == true { return .failed }
  guard weight.rank == 3, x.rank >= 1, x.rank == y.rank,
    x.shape.dropLast().elementsEqual(y.shape.dropLast()), x.shape.last == weight.shape[1],
    y.shape.last == weight.shape[2], bias.map({ $0.shape == [weight.shape[0]] }) ?? true
  else {
    let text = bias.map { ", bias \($0.shape)" } ?? ""
    return x.fail(
      "bilinear", "inputs \(x.shape) and \(y.shape), weight \(weight.shape)" + text)
  }
  let (outputs, first, second) = (weight.shape[0], weight.shape[1], weight.shape[2])
  let rows = x.shape.dropLast().reduce(1, &*)
  // The first vectors times all matrices side by side, and then the second ones.
  let matrices = weight.permuted([1, 0, 2]).reshaped(to: [first, outputs &* second])
  let forms = matmul(x.reshaped(to: [rows, first]), matrices)
    .reshaped(to: [rows, outputs, second])
  let products = matmul(forms, y.reshaped(to: [rows, second, 1]))
    .reshaped(to: Shape(Array(x.shape.dropLast()) + [outputs]))
  return bias.map { products + $0 } ?? products
}
