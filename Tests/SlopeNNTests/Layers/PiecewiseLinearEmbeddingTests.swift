import SlopeCore
import SlopeNN
import Testing

struct PiecewiseLinearEmbeddingTests {
  private typealias Embedding = PiecewiseLinearEmbedding<Double>
  private let edges: [[Double]] = [[0, 1, 3, 4], [-1, 1], [2, 4, 5]]

  /// A layer of 3 features, whose parameters all differ.
  private func layer(members: Int? = nil) -> Embedding {
    let layer = Embedding(edges, outputs: 2, members: members, generator: Generator(seed: 4))
    let shape = layer.linear.shape
    layer.linear.tensor = .uniform(shape, from: -1, to: 1, generator: Generator(seed: 5))
    return layer
  }

  /// The encoding by its definition.
  private func encoding(_ x: Double, _ edges: [Double]) -> [Double] {
    (1..<edges.count).map { bin in
      let share = (x - edges[bin - 1]) / (edges[bin] - edges[bin - 1])
      let isFirst = bin == 1
      let isLast = bin == edges.count - 1
      if share < 0, !isFirst { return 0 }
      if share > 1, !isLast { return 1 }
      return share
    }
  }

  private func reference(_ layer: Embedding, _ rows: [[Double]]) -> [Double] {
    let (slope, bias) = (layer.slope.tensor, layer.bias.tensor)
    let linear = layer.linear.tensor
    return rows.flatMap { row in
      row.enumerated().flatMap { feature, x in
        (0..<2).map { output in
          var sum = slope[feature, 0, output].item() * x + bias[feature, 0, output].item()
          for (bin, share) in encoding(x, edges[feature]).enumerated() {
            sum += share * linear[feature, bin, output].item()
          }
          return sum
        }
      }
    }
  }

  private let rows: [[Double]] = [
    [-2, -3, 1], [0.5, 0, 2], [2, 1, 3], [3.5, 5, 4.5], [9, 0.5, 7],
  ]

  @Test func eachNumberBecomesAPiecewiseLinearFunction() {
    let layer = layer()
    let output = layer(Tensor(rows))
    #expect(output.shape == [5, 6])
    for (value, expected) in zip(output.scalars, reference(layer, rows)) {
      #expect(abs(value - expected) < 1e-12)
    }
    let single = layer(Tensor(rows[3]))
    #expect(single.shape == [6] && single.scalars == Array(output.scalars[18..<24]))
  }

  @Test func membersHaveFunctionsOfTheirOwn() {
    let pair = layer(members: 2)
    let output = pair(Tensor([rows]))
    #expect(output.shape == [2, 5, 6])
    for member in 0..<2 {
      let one = layer()
      one.slope.tensor = pair.slope.tensor[member].detached()
      one.bias.tensor = pair.bias.tensor[member].detached()
      one.linear.tensor = pair.linear.tensor[member].detached()
      #expect(output[member].scalars == one(Tensor(rows)).scalars)
    }
    #expect(
      "\(pair)" == "PiecewiseLinearEmbedding(3, outputs: 2, bins: 3, members: 2)")
  }

  @Test func gradientsReachEveryParameterAndTheInput() {
    let layer = layer()
    let x = Parameter(Tensor<Double>([[0.5, 0, 4.5]]))
    layer(x.tensor).sum().backward()
    #expect(layer.slope.grad?.scalars == [0.5, 0.5, 0, 0, 4.5, 4.5])
    #expect(layer.bias.grad?.scalars == [1, 1, 1, 1, 1, 1])
    // Bins that a feature has not, or that x is before, receive nothing.
    let expected: [Double] = [0.5, 0, 0, 0.5, 0, 0, 1, 0.5, 0]
    #expect(layer.linear.grad?.scalars == expected.flatMap { [$0, $0] })
    let (slope, linear) = (layer.slope.tensor, layer.linear.tensor)
    let first = slope[0, 0].sum().item() + linear[0, 0].sum().item()
    #expect(abs((x.grad?[0, 0].item() ?? 0) - first) < 1e-12)
  }

  @Test func atFirstTheFunctionsAreLines() {
    let layer = PiecewiseLinearEmbedding<Float>(
      [[0, 1, 2], [0, 2]], outputs: 400, generator: Generator(seed: 2))
    #expect(layer.linear.tensor.abs().max().item() == 0)
    for tensor in [layer.slope.tensor, layer.bias.tensor] {
      #expect(tensor.shape == [2, 1, 400])
      #expect((0.0490...0.05).contains(tensor.max().item()))
      #expect((-0.05...(-0.0490)).contains(tensor.min().item()))
    }
    #expect(layer.slope.tensor.scalars != layer.bias.tensor.scalars)
    // The edges are part of the state, which another layer can load.
    let other = PiecewiseLinearEmbedding<Float>([[5, 6, 7], [5, 6]], outputs: 400)
    #expect(throws: Never.self) { try other.load(layer.state()) }
    let x = Tensor<Float>([[0.3, 0.4]])
    #expect(other(x).scalars == layer(x).scalars)
  }

  @Test func edgesAreDistinctQuantiles() {
    let values = Tensor<Double>([
      [0, 5, 1, .nan], [1, 5, 1, .infinity], [2, 5, 1, 3], [3, 5, 1, -.infinity], [10, 5, 7, 4],
    ])
    let found = Embedding.edges(of: values, count: 2)
    #expect(found == [[0, 2, 10], [5, 6], [1, 7], [3, 3.5, 4]])
    #expect(Embedding.edges(of: values, count: 8)[0] == [0, 0.5, 1, 1.5, 2, 2.5, 3, 6.5, 10])
    #expect(Embedding.edges(of: Tensor([[.nan]]))[0] == [0, 1])
    #expect(Embedding.edges(of: Tensor([[1e300]]))[0].count == 2)
    #expect(Embedding.edges(of: .uniform([1000, 1], from: 0, to: 1))[0].count == 49)
    // What is found can be used.
    #expect(Embedding(found, outputs: 1)(values).shape == [5, 4])
  }

  @Test func mistakesAreNamed() {
    #expect(throws: TensorError.self) { try checked { _ = layer()(Tensor([[1, 2]])) } }
    for (edges, text) in [
      ([[0, 1], [2]], "feature 1 has the edges [2.0]"), ([[0, 0]], "feature 0"),
      ([[0, .infinity]], "feature 0"), ([[1, 0]], "ascend"), ([[.nan, 1]], "feature 0"),
    ] as [([[Double]], String)] {
      let error = #expect(throws: TensorError.self) {
        try checked { _ = Embedding(edges, outputs: 1) }
      }
      #expect(error?.description.contains(text) == true)
    }
    #expect(throws: TensorError.self) { try checked { _ = Embedding([[0, 1]], outputs: -1) } }
    for values in [Tensor<Double>([1, 2]), .zeros([0, 3])] {
      #expect(throws: TensorError.self) { try checked { _ = Embedding.edges(of: values) } }
    }
    #expect(throws: TensorError.self) {
      try checked { _ = Embedding.edges(of: Tensor([[1]]), count: 0) }
    }
    #expect("\(layer())" == "PiecewiseLinearEmbedding(3, outputs: 2, bins: 3)")
  }
}
