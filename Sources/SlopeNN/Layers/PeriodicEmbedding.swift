import Glibc
public import SlopeCore

/// An embedding of each number by learnt waves: PBLD, "periodic, bias, linear, densely connected".
///
/// Each feature x becomes `outputs` numbers: x itself, after `outputs − 1` learnt combinations of
/// `waves` cosines, `Σⱼ linear[i, j] · cos(2π · frequency[j] · x + phase[j]) + bias[i]`. Every
/// feature has waves of its own. The input is `[…, features]` and the output
/// `[…, features · outputs]`; with members `[members, rows, features]`.
///
/// PyTorch has no counterpart.
///
/// Source: D. Holzmüller, L. Grinsztajn and I. Steinwart, "Better by default: strong pre-tuned MLPs
/// and boosted trees on tabular data", NeurIPS 2024, arXiv:2407.04491, after Y. Gorishniy,
/// I. Rubachev and A. Babenko, "On embeddings for numerical features in tabular deep learning",
/// NeurIPS 2022, arXiv:2203.05556.
public struct PeriodicEmbedding<Element: FloatingElement>: Layer {
  /// The frequencies, `[features, 1, waves]`, with members `[members, features, 1, waves]`.
  public let frequency: Parameter<Element>
  /// The phases, of the frequencies' shape.
  public let phase: Parameter<Element>
  /// The combinations of waves, `[features, waves, outputs − 1]` or with members before.
  public let linear: Parameter<Element>
  /// What is added to a combination, `[features, 1, outputs − 1]` or with members before.
  public let bias: Parameter<Element>

  /// The number of features.
  public let featureCount: Int
  /// The numbers that each feature becomes, itself included.
  public let outputCount: Int

  /// An embedding with the initial values of RealMLP, on the default device.
  ///
  /// Frequencies are drawn from a normal distribution, phases uniformly in ±π, and `linear` and
  /// `bias` uniformly in ±1/√waves, in this order. Precondition: no count is negative, and each
  /// number becomes at least one.
  ///
  /// - Parameters:
  ///   - count: the number of features.
  ///   - outputs: the numbers that each feature becomes, itself included.
  ///   - waves: the number of waves of each feature.
  ///   - deviation: the standard deviation of the frequencies.
  ///   - members: the number of embeddings side by side; nil for one without an axis for it.
  ///   - generator: the source of the initial values; the default generator if nil.
  public init(
    _ count: Int, outputs: Int = 4, waves: Int = 16, deviation: Double = 0.1, members: Int? = nil,
    generator: Generator? = nil
  ) {
    if count < 0 || outputs < 1 || waves < 0 || members ?? 0 < 0 {
      reportFailure(
        operation: "PeriodicEmbedding",
        "\(count) features, \(outputs) outputs, \(waves) waves, \(members ?? 1) members")
    }
    let (count, waves, combinations) = (max(count, 0), max(waves, 0), max(outputs, 1) - 1)
    (featureCount, outputCount) = (count, combinations + 1)
    let leading = members.map { [max($0, 0)] } ?? []
    func uniform(_ bound: Double, _ extents: [Int]) -> Parameter<Element> {
      Parameter(
        .uniform(
          Shape(leading + extents), from: Element(clamping: -bound), to: Element(clamping: bound),
          generator: generator, on: .default))
    }
    frequency = Parameter(
      .normal(
        Shape(leading + [count, 1, waves]), mean: 0,
        standardDeviation: Element(clamping: deviation),
        generator: generator, on: .default))
    phase = uniform(.pi, [count, 1, waves])
    let bound = 1 / Double(max(waves, 1)).squareRoot()
    linear = uniform(bound, [count, waves, combinations])
    bias = uniform(bound, [count, 1, combinations])
  }

  /// The embedded input, `[…, features] → […, features · outputs]`.
  ///
  /// Precondition: the last extent of `input` is the layer's number of features.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.embeddedByFeature("PeriodicEmbedding", featureCount) { column in
      let waves = waveOfElements(
        column, frequency.tensor.transposed(-2, -1), phase.tensor.transposed(-2, -1))
      let combined =
        matmul(linear.tensor.transposed(-2, -1), waves) + bias.tensor.transposed(-2, -1)
      let extents = Array(combined.shape)
      let itself = column.expanded(to: Shape(extents.dropLast(2) + [1] + extents.suffix(1)))
      return concatenate([combined, itself], axis: -2)
    }
  }
}

/// `cos(2π · frequency · x + phase)`.
private let waveOfElements = Pointwise("wave") { x, frequency, phase in
  let angle = Expression(2 * Double.pi) * frequency * x
  return (angle + phase).cos()
}

extension PeriodicEmbedding {
  /// The numbers of features, outputs, waves and members.
  public var description: String {
    let shape = frequency.shape
    let members = shape.count > 3 ? ", members: \(shape[0])" : ""
    return "PeriodicEmbedding(\(featureCount), outputs: \(outputCount), waves: \(shape.last ?? 0)"
      + "\(members))"
  }
}
