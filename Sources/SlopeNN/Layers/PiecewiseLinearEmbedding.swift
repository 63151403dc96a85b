public import SlopeCore

/// Numbers as where they lie in bins: each feature becomes a piecewise linear function of it.
///
/// A feature x with the edges e₀ < e₁ < … < eₙ is encoded as n numbers, of which number j is
/// `(x − eⱼ₋₁) / (eⱼ − eⱼ₋₁)`, at least 0 and at most 1; the first has no lower and the last no upper
/// bound. The output of a feature is `x · slope + bias + encoding · linear`, where `linear` is 0 at
/// first: straight lines, which bend at the edges as training goes on.
///
/// The input is `[…, features]` and the output `[…, features · outputs]`, those of one feature side by
/// side. With `members` the layer is as many independent embeddings side by side: the input is
/// `[members, rows, features]`, or `[rows, features]` for all of them.
///
/// ```swift
/// let layer = PiecewiseLinearEmbedding<Float>([[0, 1, 3]], outputs: 1)
/// layer.slope.tensor = Tensor([[[0]]])
/// layer.bias.tensor = Tensor([[[0]]])
/// layer.linear.tensor = Tensor([[[1], [10]]])
/// print(layer(Tensor([[-1], [0.5], [2], [5]])).flattened().detached())
/// // tensor([-1.0000,  0.5000,  6.0000, 21.0000])
/// ```
///
/// PyTorch has no counterpart; the package `rtdl_num_embeddings` has `PiecewiseLinearEmbeddings`, of
/// which this is version B without an activation.
///
/// Source: Y. Gorishniy, I. Rubachev and A. Babenko, "On embeddings for numerical features in tabular
/// deep learning", NeurIPS 2022, arXiv:2203.05556, section 3.1.
public struct PiecewiseLinearEmbedding<Element: FloatingElement>: Layer {
  /// What the number itself is multiplied with, `[features, 1, outputs]`, with members before that.
  public let slope: Parameter<Element>
  /// The biases, `[features, 1, outputs]`, with members before that.
  public let bias: Parameter<Element>
  /// What the encoding is multiplied with, `[features, bins, outputs]`, with members before that.
  public let linear: Parameter<Element>
  /// The left edge of each bin, `[features, 1, bins]`, and 1 over its width, which is 0 for a bin that
  /// a feature has not.
  package let (left, factor): (ModuleBuffer<Element>, ModuleBuffer<Element>)
  /// The bounds of each bin's number.
  package let (least, greatest): (ModuleBuffer<Element>, ModuleBuffer<Element>)

  /// An embedding with slopes and biases uniform in ±1/√`outputs`, on the default device.
  ///
  /// Precondition: each feature has at least two edges, which are finite and ascend; no count is
  /// negative.
  ///
  /// - Parameters:
  ///   - edges: the edges of each feature's bins, such as `edges(of:count:)` finds.
  ///   - outputs: the numbers that each feature becomes.
  ///   - members: the number of embeddings side by side; nil for one without an axis for it.
  ///   - generator: the source of the initial values; the default generator if nil.
  public init(
    _ edges: [[Double]], outputs: Int = 8, members: Int? = nil, generator: Generator? = nil
  ) {
    if outputs < 0 || members ?? 0 < 0 {
      reportFailure(
        operation: "PiecewiseLinearEmbedding", "\(outputs) outputs, \(members ?? 1) members")
    }
    var edges = edges
    for (feature, list) in edges.enumerated() {
      let ascends = zip(list, list.dropFirst()).allSatisfy { $0 < $1 }
      guard list.count < 2 || !ascends || !list.allSatisfy(\.isFinite) else { continue }
      reportFailure(
        operation: "PiecewiseLinearEmbedding",
        "feature \(feature) has the edges \(list), which are not two or more that ascend")
      edges[feature] = [0, 1]
    }
    let bins = (edges.map(\.count).max() ?? 1) - 1
    func buffer(_ number: ([Double], Int) -> Double) -> ModuleBuffer<Element> {
      ModuleBuffer(
        Tensor(
          shape: [edges.count, 1, bins],
          scalars: edges.flatMap { list in
            (0..<bins).map { Element(clamping: number(list, $0)) }
          }, on: .default))
    }
    left = buffer { $1 + 1 < $0.count ? $0[$1] : 0 }
    factor = buffer { $1 + 1 < $0.count ? 1 / ($0[$1 + 1] - $0[$1]) : 0 }
    least = buffer { $1 == 0 ? -.infinity : 0 }
    greatest = buffer { $1 + 2 == $0.count ? .infinity : 1 }
    let leading = members.map { [max($0, 0)] } ?? []
    let (count, width) = (edges.count, max(outputs, 0))
    let bound = 1 / Double(max(width, 1)).squareRoot()
    func uniform() -> Parameter<Element> {
      Parameter(
        .uniform(
          Shape(leading + [count, 1, width]), from: Element(clamping: -bound),
          to: Element(clamping: bound), generator: generator, on: .default))
    }
    slope = uniform()
    bias = uniform()
    linear = Parameter(.zeros(Shape(leading + [count, bins, width]), on: .default))
  }

  /// The edges of bins with about equally many values each, for every feature.
  ///
  /// They are the distinct quantiles 0, 1/count, 2/count … 1 of a feature's finite values; a feature
  /// that has one value v has the edges v and v + 1. The values are copied to the host.
  ///
  /// - Parameters:
  ///   - values: some rows, `[rows, features]`.
  ///   - count: the largest number of bins.
  /// - Returns: ascending edges for each feature, at least two; without rows a failure, and none.
  public static func edges(of values: Tensor<Element>, count: Int = 48) -> [[Double]] {
    guard values.rank == 2, values.shape[0] > 0, count > 0, !values.isFailed else {
      if !values.isFailed {
        reportFailure(
          operation: "PiecewiseLinearEmbedding.edges",
          "\(count) bins of values of shape \(values.shape)")
      }
      return []
    }
    let sorted = values.detached().sorted(axis: 0)
    if sorted.isFailed { return [] }
    return (0..<values.shape[1]).map { feature in
      let column = sorted[0..., feature].scalars.map(\.doubleValue).filter(\.isFinite)
      guard let first = column.first else { return [0, 1] }
      var edges = [first]
      for bin in 1...count {
        let place = Double(column.count - 1) * Double(bin) / Double(count)
        let index = min(Int(place), column.count - 1)
        let next = column[min(index + 1, column.count - 1)]
        let edge = column[index] + (next - column[index]) * (place - Double(index))
        if edge > edges[edges.count - 1] { edges.append(edge) }
      }
      return edges.count > 1 ? edges : [first, first + max(1, first.magnitude.ulp)]
    }
  }

  /// The embedded input, `[…, features] → […, features · outputs]`.
  ///
  /// Precondition: the last extent of `input` is the layer's number of features.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.embeddedByFeature("PiecewiseLinearEmbedding", left.tensor.shape[0]) { column in
      let bins = boundedElements(
        placeOfElements(column, left.tensor.transposed(-2, -1), factor.tensor.transposed(-2, -1)),
        least.tensor.transposed(-2, -1), greatest.tensor.transposed(-2, -1))
      let lines = lineOfElements(
        column, slope.tensor.transposed(-2, -1), bias.tensor.transposed(-2, -1))
      return matmul(linear.tensor.transposed(-2, -1), bins) + lines
    }
  }
}

private let placeOfElements = Pointwise("place") { x, left, factor in (x - left) * factor }

private let lineOfElements = Pointwise("line") { x, slope, bias in x * slope + bias }

private let boundedElements = Pointwise("bounded") { x, least, greatest in
  .minimum(.maximum(x, least), greatest)
}

extension PiecewiseLinearEmbedding {
  /// The numbers of features, outputs and members, and of the bins of the feature with the most.
  public var description: String {
    let shape = linear.shape
    let members = shape.count > 3 ? ", members: \(shape[0])" : ""
    let (bins, outputs) = (shape.dropLast().last ?? 0, shape.last ?? 0)
    return "PiecewiseLinearEmbedding(\(left.tensor.shape[0]), outputs: \(outputs), bins: \(bins)"
      + "\(members))"
  }
}
