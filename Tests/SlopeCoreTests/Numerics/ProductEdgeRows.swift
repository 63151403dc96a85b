import Slope
import SlopeNN
import Testing

@testable import SlopeCore

extension NumericsTests {
  /// Products and sums in 16 bits, covariances and distances at the edges.
  @Suite struct ProductEdgeRows {
    @Test(arguments: productEdgeRows.onDevices)
    func hold(row: NumericsRow, device: NumericsDevice) { row.check(on: device) }
  }
}

private let productEdgeRows: [NumericsRow] = [
  NumericsRow("edges: sums with products round once") { _ in addedProducts() },
  NumericsRow(floats: "edges: sums with products") { type, _ in addedProducts(type) },
  NumericsRow("edges: 16-bit gradients are added in Float") { _ in
    gradientSums(Float16.self) + gradientSums(BFloat16.self)
  },
  NumericsRow(floats: "edges: products of several factors") { type, _ in chains(type) },
  NumericsRow(floats: "edges: covariances and correlations") { type, _ in covariances(type) },
  NumericsRow(floats: "edges: distances") { type, _ in distances(type) },
  NumericsRow(floats: "edges: the last of equals") { type, _ in lastPlaces(type) },
]

private func addedProducts() -> [NumericsCase] {
  func sum(_ x: Float16, _ y: Float16, _ z: Float16, beta: Double = 1, alpha: Double = 1) -> String
  {
    show(
      Tensor<Float16>([[x]]).addingProduct(Tensor([[y]]), Tensor([[z]]), beta: beta, alpha: alpha))
  }
  return [
    NumericsCase("256 · 300 · ½", sum(0, 256, 300, alpha: 0.5), "[1, 1] 38400"),
    NumericsCase("a large sum", sum(-60000, 256, 300, alpha: 1), "[1, 1] 16800"),
    NumericsCase("a small factor", sum(0, 30000, 30000, alpha: 1e-8), "[1, 1] 9"),
    NumericsCase("a large factor", sum(0.0001, 1, 1, beta: 1e5), "[1, 1] 11"),
    NumericsCase("without the first", sum(.nan, 256, 300, beta: 0, alpha: 0.5), "[1, 1] 38400"),
    NumericsCase(
      "rounded once",
      show(
        Tensor<BFloat16>([1]).addingProduct(
          Tensor([[1, 1, 1]]), Tensor<BFloat16>([256, 1, 1]))), "[1] 260"),
  ]
}

private func addedProducts<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let (x, y) = (Tensor<Element>([[1, 2], [3, 4]]), Tensor<Element>([[1, 0], [2, 1]]))
  let (p, q, r) = (Parameter(Tensor<Element>([1, 2])), Parameter(x), Parameter(y))
  let nothing = Parameter(Tensor<Element>([Element(Double.nan), 2]))
  p.tensor.addingProduct(q.tensor, r.tensor, beta: 3, alpha: 2).sum().backward()
  nothing.tensor.addingProduct(x, y, beta: 0).sum().backward()
  return [
    NumericsCase(
      "both factors", show(x.addingProduct(x, y, beta: 2, alpha: 3)), "[2, 2] 17 10 39 20"),
    NumericsCase("a row", show(Tensor<Element>([1, 2]).addingProduct(x, y)), "[2, 2] 6 4 12 6"),
    NumericsCase("a vector", show(Tensor<Element>(1).addingProduct(x, Tensor([1, 1]))), "[2] 4 8"),
    NumericsCase("gradient of the first", show(p.grad), "[2] 6 6"),
    NumericsCase("gradient of the left", show(q.grad), "[2, 2] 2 6 2 6"),
    NumericsCase("gradient of the right", show(r.grad), "[2, 2] 8 8 12 12"),
    NumericsCase("gradient of what is ignored", show(nothing.grad), "[2] 0 0"),
    NumericsCase(
      "too large",
      failure { x.addingProduct(Tensor<Element>([1, 2]), y) } ?? "",
      "addmm: [2, 2] does not broadcast to [2]"),
  ]
}

/// 4096 contributions of 1 to one gradient, of which a sum in Float16 ends at 2048, in BFloat16 at
/// 256; and contributions that are out of range one by one.
private func gradientSums<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  func gradient(_ numbers: [Element], _ function: (Tensor<Element>) -> Tensor<Element>) -> String {
    let x = Parameter(Tensor(numbers))
    function(x.tensor).backward()
    return show(x.grad)
  }
  let ones = Tensor<Element>.ones([4096])
  let large = Element(Element.dtype.limits.greatest)
  let least = Element(-Element.dtype.limits.greatest)
  let big = Tensor<Element>([large, large, least, least])
  return [
    NumericsCase("broadcast", gradient([2]) { ($0 * ones).sum() }, "[1] 4096"),
    NumericsCase("broadcast and added", gradient([2]) { ($0 + ones).sum() }, "[1] 4096"),
    // A Float holds twice the greatest Float16, and once the greatest BFloat16.
    NumericsCase(
      "out of range",
      gradient([2]) { ($0 * big * (Element.dtype == .float16 ? 2 : 1)).sum() }, "[1] 0"),
    NumericsCase(
      "two operands out of range",
      gradient([2]) { x in (Pointwise("f") { x, y in (x * y).square() }(x, big * 0 + 181)).sum() },
      Element.dtype == .float16 ? "[1] inf" : "[1] 524288"),
    NumericsCase(
      "gathered", gradient([2]) { $0.taking(Tensor<Int>.zeros([4096])).sum() }, "[1] 4096"),
    NumericsCase(
      "taken along",
      gradient([2]) { $0.takingAlong(Tensor<Int>.zeros([4096]), axis: 0).sum() }, "[1] 4096"),
    NumericsCase(
      "scattered",
      show(Tensor<Element>([3]).scatterAdded(ones, at: Tensor<Int>.zeros([4096]), axis: 0)),
      Element.dtype == .float16 ? "[1] 4100" : "[1] 4096"),
    NumericsCase(
      "batches of products",
      gradient([2]) { matmul($0.reshaped(to: [1, 1, 1]), ones.reshaped(to: [4096, 1, 1])).sum() },
      "[1] 4096"),
    NumericsCase(
      "used again and again",
      gradient([2]) { x in (0..<600).reduce(x * 0) { sum, _ in sum + x * 1 }.sum() },
      Element.dtype == .float16 ? "[1] 600" : "[1] 600"),
    NumericsCase(
      "slices of one value",
      gradient([2, 3]) { x in (0..<600).reduce(Tensor<Element>(0)) { sum, _ in sum + x[0] } },
      "[2] 600 0"),
  ]
}

private func chains<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let (a, b) = (Tensor<Element>([[1, 2], [0, 1], [1, 0]]), Tensor<Element>([[2, 1], [1, 3]]))
  return [
    NumericsCase("three", show(matmul([a, b, b])), "[3, 2] 15 25 5 10 5 5"),
    NumericsCase("from the right", show(matmul([a, b, b, Tensor([1, 0])])), "[3] 15 5 5"),
    NumericsCase("vectors", show(matmul([Tensor([1, 0]), b, Tensor([1, 1])])), "[] 3"),
    NumericsCase(
      "two vectors", show(matmul([Tensor<Element>([1, 2]), Tensor([3, 4])])), "[] 11"),
    NumericsCase("one", show(matmul([a])), show(a)),
    NumericsCase(
      "inner extents", failure { matmul([b, b, a]) } ?? "",
      "matmul: [2, 2] × [3, 2]: inner extents 2 and 3 differ"),
    NumericsCase(
      "a vector between", failure { matmul([b, Tensor([1, 2]), b]) } ?? "",
      "matmul: factor 1 has the shape [2]"),
    NumericsCase(
      "nothing", failure { matmul([Tensor<Element>]()) } ?? "", "matmul: there are no factors"),
  ]
}

private func covariances<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let x = Tensor<Element>([[1, 2, 3], [4, 2, 0]])
  let large: Element = Element.dtype == .float16 ? 200 : Element.dtype == .float64 ? 1e150 : 1e18
  let far = Tensor<Element>([[-1, 0, 1], [1, 0, -1]]) * large
  return [
    NumericsCase("cov", show(x.covariance()), "[2, 2] 1 -2 -2 4"),
    NumericsCase("cov / n", show(Tensor<Element>([1, 3]).covariance(correction: 0)), "[] 1"),
    NumericsCase("one variable", show(x[0..<1].covariance()), "[] 1"),
    NumericsCase(
      "frequencies", show(Tensor<Element>([[1, 3]]).covariance(frequencies: Tensor([2, 2]))),
      show(Tensor<Element>(Element(4.0 / 3)))),
    NumericsCase(
      "weights", show(Tensor<Element>([1, 3]).covariance(correction: 0, weights: Tensor([1, 3]))),
      "[] 0.75"),
    NumericsCase(
      "one observation", show(Tensor<Element>([[1], [2]]).covariance()), "[2, 2] nan nan nan nan"),
    // Products of rounded unit vectors.
    NumericsCase("corrcoef", show(x.correlation().round()), "[2, 2] 1 -1 -1 1"),
    NumericsCase("of large numbers", show(far.correlation().round()), "[2, 2] 1 -1 -1 1"),
    NumericsCase(
      "constant", show(Tensor<Element>([[1, 1], [1, 2]]).correlation().round()),
      "[2, 2] nan nan nan 1"),
    NumericsCase("a vector", show(x[0].correlation().round()), "[] 1"),
    NumericsCase(
      "three axes", failure { x.reshaped(to: [1, 2, 3]).covariance() } ?? "",
      "covariance: shape [1, 2, 3] has more than two axes"),
    NumericsCase(
      "other weights", failure { x.covariance(weights: Tensor([1, 2])) } ?? "",
      "covariance: weights of shape [2] for 3 observations"),
  ]
}

private func distances<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let x = Tensor<Element>([[0, 0], [3, 4]])
  let large: Element = Element.dtype == .float16 ? 5000 : Element.dtype == .float64 ? 1e200 : 1e30
  let p = Parameter(x)
  p.tensor.distances(to: Tensor([[0, 0]])).sum().backward()
  return [
    NumericsCase("2", show(x.distances(to: x)), "[2, 2] 0 5 5 0"),
    NumericsCase("1", show(x.distances(to: Tensor([[1, 1]]), p: 1)), "[2, 1] 2 5"),
    NumericsCase("∞", show(x.distances(to: Tensor([[1, 1]]), p: .infinity)), "[2, 1] 1 3"),
    NumericsCase("0", show(x.distances(to: Tensor([[0, 4]]), p: 0)), "[2, 1] 1 1"),
    NumericsCase(
      "of large vectors",
      show(((x * large).distances(to: Tensor([[0, 0]])) / large).round()), "[2, 1] 0 5"),
    NumericsCase(
      "of nothing",
      show(Tensor<Element>.zeros([2, 0]).distances(to: .zeros([1, 0]), p: .infinity)), "[2, 1] 0 0"),
    NumericsCase(
      "batches", show(Tensor<Element>.ones([2, 1, 2]).distances(to: Tensor([[1, 1], [4, 5]]))),
      "[2, 1, 2] 0 5 0 5"),
    NumericsCase("renorm", show(x.renormalized(1, axis: 0, maximum: 100)), show(x)),
    NumericsCase(
      "renorm of a long row", show((x * 2).renormalized(axis: 0, maximum: 5).round()),
      "[2, 2] 0 0 3 4"),
    NumericsCase(
      "lengths", failure { x.distances(to: Tensor([[1]])) } ?? "",
      "distances: [2, 2] and [1, 1]: vectors of different lengths"),
    NumericsCase(
      "a negative p", failure { x.distances(to: x, p: -1) } ?? "", "distances: p is -1.0"),
    NumericsCase("a gradient at 0", show(p.grad?[0]), "[2] 0 0"),
  ]
}

private func lastPlaces<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let nan = Element(Double.nan)
  let x = Tensor<Element>([[1, 3, 3, 0], [nan, 0, nan, 0]])
  return [
    NumericsCase("argmax", show(x.lastArgmax(axis: 1)), "[2] 2 2"),
    NumericsCase("argmin", show(x[0..<1].lastArgmin(axis: 1, keepingAxes: true)), "[1, 1] 3"),
    NumericsCase("of all", show(x.lastArgmax()), "[] 6"),
    NumericsCase("of all, smallest", show(x[0].lastArgmin()), "[] 3"),
    NumericsCase("one number", show(Tensor<Element>(3).lastArgmax(axis: 0)), "[] 0"),
    NumericsCase(
      "nothing",
      failure { Tensor<Element>.zeros([0]).lastArgmax(axis: 0) }.map { String($0.prefix(10)) }
        ?? "", "argMaximum"),
  ]
}
