/// The matrix product of several factors in the order that takes the fewest multiplications.
///
/// `[a, b] · [b, c] · … · [y, z] → [a, z]`; a vector may come first, as a row, and last, as a column,
/// and the result has no axis for it. The result differs from products from left to right by
/// rounding only.
///
/// ```swift
/// let a = Tensor<Float>.ones([10, 100]), b = Tensor<Float>.ones([100, 5])
/// print(matmul([a, b, .ones([5, 50])]).shape)   // [10, 50]
/// ```
///
/// Complexity: that of the cheapest order of products, and O(factors³) to find it. Precondition:
/// there is a factor, all between the first and the last are matrices, and the inner extents agree.
/// Source: T. H. Cormen et al., "Introduction to Algorithms", 15.2 (2009).
public func matmul<Element: TensorElement>(_ factors: [Tensor<Element>]) -> Tensor<Element> {
  guard let first = factors.first else {
    return Tensor(Value.failure("matmul", "there are no factors", dtype: Element.dtype))
  }
  for factor in factors where factor.isFailed { return .failed }
  if factors.count == 1 { return first }
  for (place, factor) in factors.enumerated() {
    let mayBeVector = place == 0 || place == factors.count - 1
    guard factor.rank == 2 || (mayBeVector && factor.rank == 1) else {
      return first.fail("matmul", "factor \(place) has the shape \(factor.shape)")
    }
  }
  // Factor i is [extents[i], extents[i + 1]].
  var extents = [first.rank == 1 ? 1 : first.shape[0]]
  for (place, factor) in factors.enumerated() {
    let (rows, columns) =
      factor.rank == 2
      ? (factor.shape[0], factor.shape[1])
      : place == 0 ? (1, factor.count) : (factor.count, 1)
    guard rows == extents[place] else {
      return matmul(factors[place - 1], factor)  // which reports the extents
    }
    extents.append(columns)
  }
  // The last product of factors i … j is that of i … split and split + 1 … j.
  let count = factors.count
  var costs = Array(repeating: Array(repeating: 0.0, count: count), count: count)
  var splits = Array(repeating: Array(repeating: 0, count: count), count: count)
  for length in 1..<count {
    for i in 0..<count - length {
      let j = i + length
      costs[i][j] = .infinity
      for split in i..<j {
        let cost =
          costs[i][split] + costs[split + 1][j]
          + Double(extents[i]) * Double(extents[split + 1]) * Double(extents[j + 1])
        if cost < costs[i][j] { (costs[i][j], splits[i][j]) = (cost, split) }
      }
    }
  }
  func product(_ i: Int, _ j: Int) -> Tensor<Element> {
    if i == j { return factors[i] }
    return matmul(product(i, splits[i][j]), product(splits[i][j] + 1, j))
  }
  return product(0, count - 1)
}
