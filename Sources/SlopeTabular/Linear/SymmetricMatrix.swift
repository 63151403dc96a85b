import SlopeCore

/// A symmetric matrix, of which the lower triangle is stored, and its Cholesky factor in its place.
///
/// The factor L, with L·Lᵀ the matrix, is lower triangular. Products of blocks do most of the work.
struct SymmetricMatrix {
  /// The number of rows and of columns.
  let order: Int
  /// The rows one after another; what is above the diagonal has no meaning.
  private(set) var elements: [Double]

  /// A matrix of zeros.
  init(order: Int) {
    self.order = order
    elements = [Double](repeating: 0, count: order * order)
  }

  /// The element in a row and a column that is not right of the diagonal.
  subscript(row: Int, column: Int) -> Double {
    get { elements[row * order + column] }
    set { elements[row * order + column] = newValue }
  }

  /// The sum of the diagonal.
  var trace: Double { (0..<order).reduce(0) { $0 + self[$1, $1] } }

  /// Adds a number to each element of the diagonal.
  mutating func addToDiagonal(_ number: Double) {
    for index in 0..<order { self[index, index] += number }
  }

  // MARK: Sums of products

  /// Rows that one product computes: twice as many would compute more of what is above the diagonal.
  private static let tileRows = 512

  /// Adds `leftᵀ · left` of a block `[rows, columns]` to the first columns.
  mutating func addGram(_ block: Tensor<Double>) throws {
    let columns = block.shape.last ?? 0
    for start in stride(from: 0, to: columns, by: Self.tileRows) {
      let end = min(start + Self.tileRows, columns)
      let tile = matmul(
        block[0..., start..<end].transposed(), block[0..., 0..<end])
      try add(tile, row: start, column: 0, sign: 1)
    }
  }

  /// Adds the elements of `tile`, times `sign`, from a row and a column on.
  mutating func add(_ tile: Tensor<Double>, row: Int, column: Int, sign: Double) throws {
    guard tile.rank == 2, !tile.isFailed else {
      throw TabularError.unusable("memory does not suffice for the linear model")
    }
    let (rows, columns, order) = (tile.shape[0], tile.shape[1], order)
    tile.withScalars { tile in
      elements.withUnsafeMutableBufferPointer { elements in
        for i in 0..<rows {
          let target = (row + i) * order + column
          for j in 0..<columns { elements[target + j] += sign * tile[i * columns + j] }
        }
      }
    }
  }

  // MARK: Factorization

  /// Columns that are factorised at once, before one product updates what is right of them.
  private static let panelColumns = 96

  /// Replaces the matrix by its Cholesky factor; false, with the matrix spoilt, if it is not
  /// positive definite.
  mutating func factorize() throws -> Bool {
    for start in stride(from: 0, to: order, by: Self.panelColumns) {
      let end = min(start + Self.panelColumns, order)
      guard factorizePanel(start..<end) else { return false }
      if end < order { try updateTrailing(start..<end) }
    }
    return true
  }

  private mutating func factorizePanel(_ columns: Range<Int>) -> Bool {
    let order = order
    return elements.withUnsafeMutableBufferPointer { elements in
      let numbers = UnsafeBufferPointer(elements)
      for row in columns.lowerBound..<order {
        let base = row * order
        for column in columns.lowerBound..<min(row + 1, columns.upperBound) {
          let other = column * order
          let rest =
            numbers[base + column]
            - dot(
              numbers[(base + columns.lowerBound)...], numbers[(other + columns.lowerBound)...],
              count: column - columns.lowerBound)
          if column < row {
            elements[base + column] = rest / numbers[other + column]
          } else {
            guard rest > 0, rest.isFinite else { return false }
            elements[base + column] = rest.squareRoot()
          }
        }
      }
      return true
    }
  }

  /// Subtracts the products of the factor's new columns from all that is right of them.
  private mutating func updateTrailing(_ columns: Range<Int>) throws {
    let first = columns.upperBound
    let panel = matrix(
      (first..<order).flatMap { row in
        elements[(row * order + columns.lowerBound)..<(row * order + columns.upperBound)]
      }, order - first, columns.count)
    for start in stride(from: 0, to: order - first, by: Self.tileRows) {
      let end = min(start + Self.tileRows, order - first)
      let tile = matmul(panel[start..<end], panel[0..<end].transposed())
      try add(tile, row: first + start, column: first, sign: -1)
    }
  }

  // MARK: Solutions

  /// The solution x of L·Lᵀ·x = `right`, the matrix being factorised.
  func solve(_ right: [Double]) -> [Double] { solveTransposed(solveLower(right)) }

  /// The solution x of L·x = `right`.
  func solveLower(_ right: [Double]) -> [Double] {
    var x = right
    elements.withUnsafeBufferPointer { elements in
      x.withUnsafeMutableBufferPointer { x in
        for row in 0..<order {
          let sum = dot(elements[(row * order)...], UnsafeBufferPointer(x)[...], count: row)
          x[row] = (x[row] - sum) / elements[row * order + row]
        }
      }
    }
    return x
  }

  /// The solution x of Lᵀ·x = `right`.
  func solveTransposed(_ right: [Double]) -> [Double] {
    var x = right
    elements.withUnsafeBufferPointer { elements in
      x.withUnsafeMutableBufferPointer { x in
        for row in (0..<order).reversed() {
          let base = row * order
          let value = x[row] / elements[base + row]
          x[row] = value
          for column in 0..<row { x[column] -= value * elements[base + column] }
        }
      }
    }
    return x
  }

  /// The factor `[order, order]`, with zeros above the diagonal.
  func lowerTriangle() -> Tensor<Double> {
    var lower = elements
    for row in 0..<order {
      for column in (row + 1)..<max(order, row + 1) { lower[row * order + column] = 0 }
    }
    return matrix(lower, order, order)
  }
}

extension SymmetricMatrix {
  /// Factorises `matrix()` with a number added to its diagonal, a larger one if it does not suffice.
  ///
  /// - Parameters:
  ///   - ridge: what is added at least.
  ///   - relative: what is added at least, as a part of the trace; by default what rounding may
  ///     take from the smallest eigenvalue.
  ///   - matrix: the matrix, computed again for each attempt.
  /// - Returns: the factorised matrix, and what was added.
  /// - Throws: `TabularError` for a matrix that is not finite, and what `matrix` throws.
  static func factorized(
    adding ridge: Double, relative: Double = 4 * .ulpOfOne, _ matrix: () throws -> SymmetricMatrix
  ) throws -> (SymmetricMatrix, ridge: Double) {
    var ridge = ridge
    for _ in 0..<8 {
      var factor = try matrix()
      let added = max(ridge, relative * factor.trace, .leastNormalMagnitude)
      factor.addToDiagonal(added)
      if try factor.factorize() { return (factor, added) }
      ridge = 100 * added
    }
    throw TabularError.unusable("the features of the linear model are not finite")
  }
}
