/// The Kronecker product: each element of `x` times the whole of `y`, side by side.
///
/// `[m, n]` and `[p, q]` give `[m · p, n · q]`; of operands of different ranks the smaller one gets
/// leading axes of extent 1. Integers wrap. Returns a copy. Complexity: O(n) in the size of the
/// result. Precondition: both are on one device, and at most eight minus the rank of the result axes
/// have more than one element in both.
public func kron<Element: TensorElement>(_ x: Tensor<Element>, _ y: Tensor<Element>) -> Tensor<
  Element
> {
  if x.isFailed || y.isFailed { return .failed }
  let rank = max(x.rank, y.rank)
  let left = Array(repeating: 1, count: rank - x.rank) + Array(x.shape)
  let right = Array(repeating: 1, count: rank - y.rank) + Array(y.shape)
  var (outer, inner, result): ([Int], [Int], [Int]) = ([], [], [])
  for (m, p) in zip(left, right) {
    guard let extent = Size.product(m, p) else {
      return x.fail("kron", "no memory for the product of \(x.shape) and \(y.shape)")
    }
    result.append(extent)
    // An axis that one operand only broadcasts along needs no second one.
    if m == 1 || p == 1 {
      outer.append(m)
      inner.append(p)
    } else {
      outer += [m, 1]
      inner += [1, p]
    }
  }
  guard outer.count <= Shape.maximumRank else {
    return x.fail("kron", "\(x.shape) and \(y.shape) need \(outer.count) axes")
  }
  return Tensor(
    applyPointwise(
      Functions.multiply, x.value.reshaped(to: Shape(outer)), y.value.reshaped(to: Shape(inner)))
  ).reshaped(to: Shape(result))
}

/// The product of two tensors, summed over the last axes of `x` and the first ones of `y`.
///
/// `count` axes of each: `[a, b, c]` and `[b, c, d]` give `[a, d]` for 2. Complexity: that of the matrix
/// product. Precondition: both have so many axes, whose extents agree or are 1, and both are on one
/// device.
public func tensordot<Element: TensorElement>(
  _ x: Tensor<Element>, _ y: Tensor<Element>, axes count: Int = 2
) -> Tensor<Element> {
  if x.isFailed || y.isFailed { return .failed }
  guard count >= 0, count <= x.rank, count <= y.rank else {
    return x.fail("tensordot", "\(count) axes of \(x.shape) and \(y.shape)")
  }
  return tensordot(x, y, axes: (Array(x.rank - count..<x.rank), Array(0..<count)))
}

/// The product of two tensors, summed over pairs of axes.
///
/// Axis `axes.0[i]` of `x` is summed with axis `axes.1[i]` of `y`; the result has the other axes of
/// `x`, then those of `y`. Complexity: that of the matrix product. Precondition: the axes exist, none
/// is given twice, the extents of each pair agree or are 1, and both tensors are on one device.
public func tensordot<Element: TensorElement>(
  _ x: Tensor<Element>, _ y: Tensor<Element>, axes: ([Int], [Int])
) -> Tensor<Element> {
  if x.isFailed || y.isFailed { return .failed }
  guard axes.0.count == axes.1.count else {
    return x.fail("tensordot", "\(axes.0.count) axes with \(axes.1.count)")
  }
  guard let left = x.value.checkedAxes(axes.0, "tensordot"),
    let right = y.value.checkedAxes(axes.1, "tensordot")
  else { return .failed }
  var inner = 1
  var (broadcastByX, broadcastByY): ([Int], [Int]) = ([], [])
  for (a, b) in zip(left, right) {
    let (m, n) = (x.shape[a], y.shape[b])
    guard m == n || m == 1 || n == 1 else {
      return x.fail("tensordot", "axis \(a) of \(x.shape) with axis \(b) of \(y.shape)")
    }
    if m == 1, n != 1 { broadcastByX.append(b) }
    if n == 1, m != 1 { broadcastByY.append(a) }
    // An extent of 0 with one of 1 is a sum of nothing.
    inner &*= m == n ? m : 1
  }
  let rows = (0..<x.rank).filter { !left.contains($0) }
  let columns = (0..<y.rank).filter { !right.contains($0) }
  let result = rows.map { x.shape[$0] } + columns.map { y.shape[$0] }
  guard result.count <= Shape.maximumRank else {
    return x.fail("tensordot", "a result of \(result.count) axes")
  }
  // Where one operand has extent 1, the other can be summed before.
  let a = x.summed(over: broadcastByY).permuted(rows + left)
  let b = y.summed(over: broadcastByX).permuted(right + columns)
  let height = rows.reduce(1) { $0 &* x.shape[$1] }
  let width = columns.reduce(1) { $0 &* y.shape[$1] }
  return matmul(a.reshaped(to: [height, inner]), b.reshaped(to: [inner, width]))
    .reshaped(to: Shape(result))
}

extension Tensor {
  /// The sums over some axes, which stay with extent 1; integers keep their type.
  fileprivate func summed(over axes: [Int]) -> Tensor {
    if axes.isEmpty { return self }
    return Tensor(
      value.reduced(.sum, axes: axes, keepingAxes: true).cast(to: Element.dtype))
  }
}

/// The vector products of vectors of three elements along `axis`, whose other axes broadcast.
///
/// Complexity: O(n). Precondition: the shapes broadcast, the axis has extent 3 in both, and both are
/// on one device.
public func cross<Element: NumericElement>(
  _ x: Tensor<Element>, _ y: Tensor<Element>, axis: Int = -1
) -> Tensor<Element> {
  if x.isFailed || y.isFailed { return .failed }
  guard x.rank == y.rank, let place = x.shape.normalized(axis: axis), x.rank > 0,
    x.shape[place] == 3, y.shape[place] == 3
  else { return x.fail("cross", "axis \(axis) of \(x.shape) and \(y.shape)") }
  func turned(_ tensor: Tensor<Element>, _ places: Int) -> Tensor<Element> {
    tensor.rolled(by: -places, axis: place)
  }
  return turned(x, 1) * turned(y, 2) - turned(x, 2) * turned(y, 1)
}

extension Tensor {
  /// The sum of the elements on the main diagonal of a matrix, of shape `[]`.
  ///
  /// Bool and integers give 64-bit integers. Complexity: O(n) in the length of the diagonal.
  /// Precondition: the rank is 2.
  public func trace() -> Tensor<Element.Accumulated> {
    guard isFailed || rank == 2 else {
      _ = fail("trace", "shape \(shape) is no matrix")
      return .failed
    }
    return diagonal().sum()
  }

  /// The product of `exponent` equal matrices: `[…, n, n] → […, n, n]`, the identity for 0.
  ///
  /// Complexity: about 2 · log₂(exponent) matrix products. Precondition: the matrices are square, and
  /// the exponent is not negative.
  public func matrixPower(_ exponent: Int) -> Tensor {
    if isFailed { return self }
    guard rank >= 2, shape[rank - 1] == shape[rank - 2] else {
      return fail("matrix_power", "shape \(shape) is no square matrix")
    }
    guard exponent >= 0 else { return fail("matrix_power", "the exponent is \(exponent)") }
    if exponent == 0 {
      let extent = shape[rank - 1]
      let identity = Tensor(Value.ones(extent, extent, Element.dtype, on: value.backend))
        .expanded(to: shape)
      // Its gradient is 0.
      return requiresGradient ? Tensor.where(.zeros([], on: device), self, identity) : identity
    }
    if exponent == 3 { return matmul(matmul(self, self), self) }
    var result: Tensor?
    var (square, rest) = (self, exponent)
    while true {
      if rest % 2 == 1 { result = result.map { matmul($0, square) } ?? square }
      rest /= 2
      if rest == 0 { return result ?? square }
      square = matmul(square, square)
    }
  }
}

extension Tensor where Element: NumericElement {
  /// Each element's powers as a row: `[…, n] → […, n, columns]`, from the highest down to 0.
  ///
  /// With `increasing` from 0 up. There are as many columns as elements if `columns` is nil. Integers
  /// give 64-bit integers, which wrap. Complexity: O(n) in the size of the result. Precondition: the
  /// rank is from 1 to 7, and `columns` is not negative.
  public func vandermonde(columns: Int? = nil, increasing: Bool = false)
    -> Tensor<Element.Accumulated>
  {
    if isFailed { return .failed }
    guard rank > 0, rank < Shape.maximumRank, columns ?? 0 >= 0 else {
      _ = fail("vander", "\(columns ?? 0) columns for shape \(shape)")
      return .failed
    }
    let columns = columns ?? shape[rank - 1]
    let column = unsqueezed(at: -1).cast(to: Element.Accumulated.self)
    if columns == 0 { return column.narrowed(axis: -1, from: 0, count: 0) }
    let ones = Tensor<Element.Accumulated>(
      Value.full([], column.dtype, bits: column.dtype.computeBits(of: 1), on: value.backend))
    let powers = concatenate(
      [
        ones.expanded(to: column.shape),
        column.expanded(to: Shape(Array(shape) + [columns - 1])),
      ], axis: -1
    ).cumulativeProduct(axis: -1)
    return Tensor<Element.Accumulated>(
      (increasing ? powers : powers.flipped(axes: [-1])).value)
  }
}
