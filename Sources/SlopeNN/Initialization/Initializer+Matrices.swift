import SlopeCore

/// Initial values that are chosen for a matrix as a whole.
extension Initializer {
  /// `gain` times a random matrix `[rows, …]` with orthonormal rows or columns.
  func orthogonal<Element: FloatingElement>(
    _ shape: Shape, gain: Double, _ generator: Generator
  ) -> Tensor<Element> {
    guard shape.count >= 2 else { return refused("orthogonal", shape, "needs 2 axes") }
    if shape.contains(0) { return .zeros(shape) }
    let drawn = Tensor<Element>.normal(shape, mean: 0, deviation: 1, generator: generator)
    if drawn.isFailed { return drawn }
    let matrix = drawn.reshaped(to: [shape[0], -1]).cast(to: Double.self)
    let isWide = matrix.shape[0] < matrix.shape[1]
    let rows = (isWide ? matrix : matrix.transposed()).orthonormalRows()
    let result = isWide ? rows : rows.transposed()
    return (result * gain).cast(to: Element.self).reshaped(to: shape)
  }

  /// A normal matrix with the fraction `sparsity` of each column 0.
  func sparse<Element: FloatingElement>(
    _ shape: Shape, sparsity: Double, deviation: Double, _ generator: Generator
  ) -> Tensor<Element> {
    guard shape.count == 2 else { return refused("sparse", shape, "needs 2 axes") }
    guard (0...1).contains(sparsity) else {
      return refused("sparse", shape, "cannot have a sparsity of \(sparsity), not in 0...1")
    }
    let drawn = Tensor<Element>.normal(shape, mean: 0, deviation: deviation, generator: generator)
    if drawn.isFailed || shape.contains(0) { return drawn }
    let zeroCount = Int((sparsity * Double(shape[0])).rounded(.up))
    // The place of each row in its column's random order: the first are zeros.
    let orders = (0..<shape[1]).map { _ in
      Tensor<Int>.randperm(shape[0], generator: generator).argsort()
    }
    return drawn.maskedFill(stack(orders, axis: 1) .< zeroCount, with: 0)
  }

  /// A convolution that passes on the first channels of each group.
  func dirac<Element: FloatingElement>(_ shape: Shape, groups: Int) -> Tensor<Element> {
    guard (3...5).contains(shape.count) else { return refused("dirac", shape, "needs 3 to 5 axes") }
    guard groups > 0, shape[0] % groups == 0 else {
      return refused("dirac", shape, "does not make \(groups) groups")
    }
    guard !shape.contains(where: { $0 <= 0 }) else { return .zeros(shape) }
    let places = shape.dropFirst(2)
    let channels = Tensor<Element>.eye(shape[0] / groups, shape[1]).tiled([groups, 1])
    return channels.reshaped(to: Shape(shape.prefix(2) + places.map { _ in 1 }))
      .padded(
        [(before: 0, after: 0), (before: 0, after: 0)]
          + places.map { (before: $0 / 2, after: $0 - $0 / 2 - 1) }, with: 0)
  }
}

extension Tensor<Double> {
  /// Orthonormal rows that span what the first rows of a matrix `[rows, columns]` span, each with a
  /// positive share of its own row.
  ///
  /// That is the transposed Q of a QR decomposition with a positive diagonal of R, of which there is
  /// only one. Blocks of rows are projected away from the rows before them, and orthogonalised by
  /// Gram and Schmidt's method, both twice, which suffices for full precision. Source: L. Giraud et
  /// al., "Rounding error analysis of the classical Gram-Schmidt orthogonalization process", 2005.
  fileprivate func orthonormalRows() -> Tensor {
    var basis = self[0..<0]
    for start in stride(from: 0, to: shape[0], by: 32) {
      var block = self[start..<Swift.min(start + 32, shape[0])]
      for _ in 0..<2 {
        block = block - matmul(matmul(block, basis.transposed()), basis)
        block = block.gramSchmidt()
      }
      basis = concatenate([basis, block])
    }
    return basis
  }

  /// The rows made orthonormal one after another.
  private func gramSchmidt() -> Tensor {
    var rest = self
    var found: [Tensor] = []
    for _ in 0..<shape[0] {
      let row = rest[0..<1] / rest[0..<1].norm()
      found.append(row)
      rest = rest[1..<rest.shape[0]]
      rest = rest - matmul(rest, row.transposed()) * row
    }
    return concatenate(found)
  }
}
