public import SlopeCore

/// Draws each row with a probability in proportion to its weight.
///
/// To see rare classes as often as frequent ones, give each row the reciprocal of the number of rows
/// of its class:
///
/// ```swift
/// manualSeed(0)
/// let classes = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1]
/// let data = TensorDataset(Tensor<Float>.arange(10), Tensor<Int>(classes))
/// let weights = classes.map { $0 == 0 ? 1.0 / 8 : 1.0 / 2 }
/// let sampler = WeightedRandomSampler(weights: weights, count: 12)
/// for (_, y) in DataLoader(data, batchSize: 6, sampler: sampler) { print(y) }
/// // tensor([1, 0, 1, 1, 1, 0])
/// // tensor([0, 1, 0, 0, 0, 0])
/// ```
///
/// With replacement, rows repeat; without, a row comes at most once. Every epoch is drawn anew. After
/// the same seed the rows are those of PyTorch's `WeightedRandomSampler`.
///
/// - SeeAlso: `DataLoader`, `Sampler`; `CrossEntropyLoss` has weights of classes instead.
public struct WeightedRandomSampler: Sampler {
  /// The weight of each row.
  public let weights: [Double]

  /// The number of rows of an epoch.
  public let count: Int

  /// Whether a row may come more than once.
  public let replacement: Bool

  /// The source of the rows; the default generator if nil.
  public let generator: Generator?

  /// A sampler, which draws nothing before the first epoch.
  ///
  /// Precondition: `count` is positive; no weight is negative, and their sum is positive and finite;
  /// without replacement, at least `count` weights are positive. After a failure an epoch has no
  /// rows.
  ///
  /// - Parameters:
  ///   - weights: the weight of each row of the data set.
  ///   - count: the number of rows of an epoch.
  ///   - replacement: whether a row may come more than once.
  ///   - generator: the source of the rows; the default generator if nil.
  public init(
    weights: [Double], count: Int, replacement: Bool = true, generator: Generator? = nil
  ) {
    self.weights = weights
    self.replacement = replacement
    self.generator = generator
    let problem = Self.problem(weights, count, replacement)
    if let problem { reportFailure(operation: "WeightedRandomSampler", problem) }
    self.count = problem == nil ? count : 0
  }

  private static func problem(_ weights: [Double], _ count: Int, _ replacement: Bool) -> String? {
    guard count > 0 else { return "count \(count) is not positive" }
    if let row = weights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      return "the weight \(weights[row]) of row \(row) is not a number of at least 0"
    }
    let total = weights.reduce(0, +)
    guard total > 0, total.isFinite else {
      return "\(weights.count) weights sum to \(total), not to a positive number"
    }
    let positives = weights.count { $0 > 0 }
    guard replacement || count <= positives else {
      return "\(count) rows without replacement, of \(positives) with a positive weight"
    }
    return nil
  }

  /// The generator, if one was given.
  public var generators: [Generator] { [generator].compactMap { $0 } }

  /// Draws the rows of the next epoch.
  public func epoch() -> [Int] {
    guard count > 0, Size.isAvailable(count, of: (Int, Double).self, for: "WeightedRandomSampler")
    else { return [] }
    let generator = generator ?? .default
    return replacement
      ? generator.multinomial(weights: weights, count: count)
      : generator.distinctMultinomial(weights: weights, count: count)
  }
}
