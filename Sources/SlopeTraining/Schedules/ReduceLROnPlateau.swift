public import SlopeCore
public import SlopeOptimizers

/// Lowers an optimiser's learning rates when a metric no longer improves.
///
/// `step(_:)` takes the metric of an epoch. When it has not improved for more than `patience`
/// epochs, each group's rate is multiplied by `factor`:
///
/// ```swift
/// let optimizer = SGD([Parameter(Tensor<Float>([1]))], learningRate: 0.5)
/// let scheduler = ReduceLROnPlateau(optimizer, factor: 0.5, patience: 1)
/// for loss in [3.0, 2, 2, 2, 2] { scheduler.step(loss) }
/// print(optimizer.learningRate)   // 0.25
/// ```
///
/// PyTorch's counterpart is `torch.optim.lr_scheduler.ReduceLROnPlateau`.
public final class ReduceLROnPlateau<Element: FloatingElement> {
  /// The options of a scheduler, which do not change.
  private struct Options {
    let higherIsBetter: Bool
    let factor: Double
    let patience: Int
    let threshold: Double
    let isRelative: Bool
    let cooldown: Int
    let minimumRate: Double
    let epsilon: Double
  }

  /// The optimiser whose rates are lowered.
  public let optimizer: Optimizer<Element>

  /// What the metrics so far have shown; setting it resumes from there.
  public var state = PlateauState()

  private let options: Options

  /// A scheduler that has seen no metric.
  ///
  /// Precondition: the factor is in 0..<1, and no other number is negative.
  ///
  /// - Parameters:
  ///   - optimizer: the optimiser whose rates are lowered.
  ///   - higherIsBetter: whether the metric should rise, not fall.
  ///   - factor: the factor of the rates.
  ///   - patience: the number of epochs without improvement that do not lower the rates.
  ///   - threshold: how much better a metric must be to count, as a part of the best one or
  ///     absolute.
  ///   - isRelative: whether the threshold is a part of the best metric.
  ///   - cooldown: the number of epochs after a change that do not count.
  ///   - minimumRate: the rate below which no group is taken.
  ///   - epsilon: a smaller change of a rate is not made.
  public init(
    _ optimizer: Optimizer<Element>, higherIsBetter: Bool = false, factor: Double = 0.1,
    patience: Int = 10, threshold: Double = 1e-4, isRelative: Bool = true, cooldown: Int = 0,
    minimumRate: Double = 0, epsilon: Double = 1e-8
  ) {
    self.optimizer = optimizer
    options = Options(
      higherIsBetter: higherIsBetter, factor: factor, patience: patience, threshold: threshold,
      isRelative: isRelative, cooldown: cooldown, minimumRate: minimumRate, epsilon: epsilon)
    if !(0..<1).contains(factor) {
      reportFailure(operation: "ReduceLROnPlateau", "factor \(factor) is not in 0..<1")
    }
    LearningRateSchedule.check(
      "ReduceLROnPlateau",
      [
        "patience": Double(patience), "threshold": threshold, "cooldown": Double(cooldown),
        "minimumRate": minimumRate, "epsilon": epsilon,
      ])
  }

  /// Takes the metric of an epoch, and lowers the rates if it is time; NaN is no improvement.
  public func step(_ metric: Double) {
    if isBetter(metric) {
      state.best = metric
      state.badEpochs = 0
    } else {
      state.badEpochs &+= 1
    }
    if state.cooldownLeft > 0 {
      state.cooldownLeft -= 1
      state.badEpochs = 0
    }
    guard state.badEpochs > options.patience else { return }
    optimizer.learningRates = optimizer.learningRates.map { rate in
      let lower = max(rate * options.factor, options.minimumRate)
      return rate - lower > options.epsilon ? lower : rate
    }
    state.cooldownLeft = options.cooldown
    state.badEpochs = 0
  }

  private func isBetter(_ metric: Double) -> Bool {
    guard let best = state.best else {
      return options.higherIsBetter ? metric > -.infinity : metric < .infinity
    }
    let sign: Double = options.higherIsBetter ? 1 : -1
    let bound =
      options.isRelative
      ? best * (1 + sign * options.threshold) : best + sign * options.threshold
    return options.higherIsBetter ? metric > bound : metric < bound
  }
}

/// What a `ReduceLROnPlateau` has seen.
public struct PlateauState: Hashable, Sendable, Codable {
  /// The best metric, or nil before the first.
  public var best: Double?

  /// The number of epochs without improvement.
  public var badEpochs = 0

  /// The number of epochs that will not count.
  public var cooldownLeft = 0

  /// The state before the first metric.
  public init() {}
}
