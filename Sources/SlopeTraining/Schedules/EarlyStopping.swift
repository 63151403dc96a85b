import SlopeCore

/// Decides when a training has stopped to improve.
///
/// ```swift
/// var stopping = EarlyStopping(patience: 2)
/// for (epoch, loss) in [0.9, 0.5, 0.6, 0.5, 0.4].enumerated() where stopping.update(loss) {
///   print("stopped after epoch \(epoch), best was \(stopping.bestEpoch)")
///   break
/// }
/// // stopped after epoch 3, best was 1
/// ```
///
/// A metric improves if it is better than the best one so far by more than `minimumDelta`; an equal
/// one does not. The training stops with the epoch in which `patience` epochs in a row have not
/// improved. Keras and Lightning have the same callback, `EarlyStopping(patience, min_delta,
/// mode)`.
public struct EarlyStopping: Hashable, Sendable, Codable {
  /// The number of epochs without improvement that end the training.
  public let patience: Int

  /// The improvement that does not count yet.
  public let minimumDelta: Double

  /// Whether the metric should rise, not fall.
  public let higherIsBetter: Bool

  /// The best metric so far, or nil before the first.
  public private(set) var best: Double?

  /// The epoch of the best metric, from 0; 0 before the first.
  public private(set) var bestEpoch = 0

  /// The number of metrics so far.
  public private(set) var epochCount = 0

  /// The number of epochs since the best one.
  public var epochsWithoutImprovement: Int { best == nil ? epochCount : epochCount - 1 - bestEpoch }

  /// Whether it is time to stop: as many epochs as the patience, at least one, have not improved.
  public var shouldStop: Bool { epochsWithoutImprovement >= max(patience, 1) }

  /// A decision that has seen no metric.
  ///
  /// Precondition: neither number is negative.
  ///
  /// - Parameters:
  ///   - patience: the number of epochs without improvement that end the training.
  ///   - minimumDelta: the improvement that does not count yet.
  ///   - higherIsBetter: whether the metric should rise, not fall.
  public init(patience: Int, minimumDelta: Double = 0, higherIsBetter: Bool = false) {
    self.patience = patience
    self.minimumDelta = minimumDelta
    self.higherIsBetter = higherIsBetter
    LearningRateSchedule.check(
      "EarlyStopping", ["patience": Double(patience), "minimumDelta": minimumDelta])
  }

  /// Takes the metric of the next epoch, and says whether it is time to stop; NaN is no
  /// improvement.
  public mutating func update(_ metric: Double) -> Bool {
    if isBetter(metric) {
      best = metric
      bestEpoch = epochCount
    }
    epochCount += 1
    return shouldStop
  }

  private func isBetter(_ metric: Double) -> Bool {
    guard let best else { return higherIsBetter ? metric > -.infinity : metric < .infinity }
    return higherIsBetter ? metric - minimumDelta > best : metric + minimumDelta < best
  }
}
