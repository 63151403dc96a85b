import SlopeCore
import SlopeData

/// What the inputs of a network for tables are: which outputs of a pipeline, and how indicators are scaled.
///
/// The network takes them in the order numbers, indicators, codes.
struct NetworkInputs: Sendable, Hashable, Codable {
  /// The places of the numbers among the pipeline's outputs.
  var numbers: [Int] = []
  /// The places of what has two values.
  var indicators: [Int] = []
  /// The places of the numbers of levels.
  var codes: [Int] = []
  /// The number of levels of each code.
  var levelCounts: [Int] = []
  /// The median of each indicator in the training rows.
  var centers: [Double] = []
  /// What the distance of an indicator from its median is multiplied with.
  var factors: [Double] = []

  /// The places in the order in which the network takes them.
  var order: [Int] { numbers + indicators + codes }

  /// No inputs.
  init() {}

  /// The inputs of a pipeline, with indicators that are not scaled yet.
  init(_ pipeline: FittedPipeline) {
    for (place, kind) in pipeline.outputKinds.enumerated() {
      switch kind {
      case .number: numbers.append(place)
      case .indicator: indicators.append(place)
      case .code(let count):
        codes.append(place)
        levelCounts.append(count)
      }
    }
    centers = indicators.map { _ in 0 }
    factors = indicators.map { _ in 1 }
  }

  /// Learns the scales of the indicators from the training rows, `[rows, outputs of the pipeline]`.
  mutating func fit<Element: FloatingElement>(_ features: Tensor<Element>) {
    for (index, place) in indicators.enumerated() {
      guard let column = Quantiles(features[0..., place].scalars.map(\.doubleValue)) else {
        continue
      }
      let (spread, range) = (column[0.75] - column[0.25], column[1] - column[0])
      centers[index] = column[0.5]
      factors[index] = spread > 0 ? 1 / spread : range > 0 ? 2 / range : 0
    }
  }

  /// The pipeline's outputs in the order of the network, with the indicators scaled:
  /// `z = factor · (x − center)`, then `z / √(1 + (z/3)²)`, as `.scale(.robust)` scales numbers.
  func arranged<Element: FloatingElement>(_ features: Tensor<Element>) -> Tensor<Element> {
    let device = features.device
    let order = order
    let ordered =
      order == Array(order.indices)
      ? features : features.taking(Tensor(order, on: device), axis: -1)
    guard !indicators.isEmpty else { return ordered }
    let (first, last) = (numbers.count, numbers.count + indicators.count)
    func constants(_ numbers: [Double]) -> Tensor<Element> {
      Tensor(numbers.map { Element(clamping: $0) }, on: device)
    }
    let scaled = Self.smoothlyClipped(
      ordered[0..., first..<last], constants(centers), constants(factors))
    return concatenate([ordered[0..., ..<first], scaled, ordered[0..., last...]], axis: -1)
  }

  /// Why inputs from a file cannot be those of a pipeline with `inputCount` outputs; nil if they can.
  func fault(inputCount: Int) -> String? {
    if levelCounts.contains(where: { !(0...(1 << 31)).contains($0) }) {
      return "a number of levels that is none"
    }
    let order = order
    guard Set(order) == Set(0..<inputCount), order.count == inputCount,
      levelCounts.count == codes.count, centers.count == indicators.count,
      factors.count == indicators.count, (centers + factors).allSatisfy(\.isFinite)
    else { return "the network's inputs are not those of the columns" }
    return nil
  }

  private static let smoothlyClipped = Pointwise("smoothlyClipped") { x, center, factor in
    let z = factor * (x - center)
    return z / (1 + z * z / 9).sqrt()
  }
}
