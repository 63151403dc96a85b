public import SlopeCore
public import SlopeOptimizers

/// Sets an optimiser's learning rates, and its weight decays, step by step by a schedule.
///
/// The rates of the first step are set when the scheduler is made, and `step()`, after the
/// optimiser's, sets those of the next:
///
/// ```swift
/// let weight = Parameter(Tensor<Float>([1, -2]))
/// let optimizer = SGD([weight], learningRate: 0.1)
/// let scheduler = LearningRateScheduler(optimizer, .exponential(gamma: 0.5))
/// for _ in 0..<3 {
///   print(optimizer.learningRate)
///   optimizer.step()
///   scheduler.step()
/// }
/// // 0.1
/// // 0.05
/// // 0.025
/// ```
///
/// The base of each group is the rate that it had before. Whatever sets rates in between is
/// overwritten by the next step. To resume, make optimiser and scheduler as before, and load the
/// state.
///
/// PyTorch's counterparts are the classes of `torch.optim.lr_scheduler`; a scheduler of weight
/// decays is theirs by analogy.
public final class LearningRateScheduler<Element: FloatingElement> {
  /// The optimiser whose rates are set.
  public let optimizer: Optimizer<Element>

  /// The schedule of the learning rates.
  public let schedule: LearningRateSchedule

  /// The schedule of the weight decays, if they have one.
  public let weightDecay: LearningRateSchedule?

  /// The number of steps of the training, if it was given.
  public let totalSteps: Int?

  /// The present step, from 0, the base of each group and, where they have a schedule, the weight
  /// decays' bases.
  ///
  /// Setting it sets the rates of its step. A state of another number of groups, or of a negative
  /// step, is a failure that changes nothing. PyTorch: `state_dict()` and `load_state_dict(_:)`.
  public var state: LearningRateSchedulerState {
    get { current }
    set {
      let groups = optimizer.learningRates.count
      guard newValue.step >= 0, newValue.rates.count == groups, newValue.decays.count == groups
      else {
        reportFailure(
          operation: schedule.name,
          "a state of step \(newValue.step) and \(newValue.rates.count) groups for \(groups)")
        return
      }
      current = newValue
      apply()
    }
  }

  private var current: LearningRateSchedulerState
  private let isUsable: Bool

  /// A scheduler at step 0, whose rates it sets.
  ///
  /// Precondition: the number of steps is given where a schedule extends over the whole training.
  /// After a failure the scheduler leaves the rates alone.
  ///
  /// - Parameters:
  ///   - optimizer: the optimiser, whose present rates are the bases.
  ///   - schedule: the schedule of the learning rates.
  ///   - weightDecay: the schedule of the weight decays; nil to leave them alone.
  ///   - totalSteps: the number of steps of the training.
  public init(
    _ optimizer: Optimizer<Element>, _ schedule: LearningRateSchedule,
    weightDecay: LearningRateSchedule? = nil, totalSteps: Int? = nil
  ) {
    self.optimizer = optimizer
    self.schedule = schedule
    self.weightDecay = weightDecay
    self.totalSteps = totalSteps
    current = LearningRateSchedulerState(
      step: 0, rates: optimizer.learningRates, decays: optimizer.weightDecays)
    isUsable = schedule.hasSteps(totalSteps) && weightDecay?.hasSteps(totalSteps) != false
    apply()
  }

  /// Sets the rates of the next step.
  public func step() {
    current.step &+= 1
    apply()
  }

  private func apply() {
    guard isUsable else { return }
    func moment(_ base: Double) -> LearningRateSchedule.Moment {
      .init(step: current.step, base: base, total: totalSteps)
    }
    optimizer.learningRates = current.rates.map { schedule.rule(moment($0)) }
    if let weightDecay {
      optimizer.weightDecays = current.decays.map { weightDecay.rule(moment($0)) }
    }
    if let momentum = schedule.momentum?(moment(0)), !momentum.isNaN {
      optimizer.cycledMomentum = momentum
    }
  }
}

/// Where a scheduler is, so that another one can go on from there.
public struct LearningRateSchedulerState: Hashable, Sendable, Codable {
  /// The number of steps so far.
  public var step: Int

  /// The learning rate of each group before the schedule.
  public var rates: [Double]

  /// The weight decay of each group before the schedule.
  public var decays: [Double]

  /// A state of the given parts.
  public init(step: Int, rates: [Double], decays: [Double]) {
    self.step = step
    self.rates = rates
    self.decays = decays
  }
}
