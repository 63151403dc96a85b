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
/// The base of each group is the rate that it had before. Schedules that are a ratio of two rates
/// go on from the present rate, so that two schedulers of one optimiser multiply, as in PyTorch. To
/// resume, make optimiser and scheduler as before, and load the state.
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

  /// The present step, from 0, with the bases and the present rates of each group.
  ///
  /// Setting it sets the rates. A state of another number of groups, or of a negative step, is a
  /// failure that changes nothing. PyTorch: `state_dict()` and `load_state_dict(_:)`.
  public var state: LearningRateSchedulerState {
    get {
      var state = current
      (state.rates, state.decays) = (optimizer.learningRates, optimizer.weightDecays)
      return state
    }
    set {
      let groups = optimizer.learningRates.count
      let lists = [newValue.baseRates, newValue.baseDecays, newValue.rates, newValue.decays]
      guard newValue.step >= 0, lists.allSatisfy({ $0.count == groups }) else {
        reportFailure(
          operation: schedule.name,
          "a state of step \(newValue.step) and \(lists.map(\.count)) rates for \(groups) groups")
        return
      }
      current = newValue
      optimizer.learningRates = newValue.rates
      optimizer.weightDecays = newValue.decays
      cycleMomentum()
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
    let (rates, decays) = (optimizer.learningRates, optimizer.weightDecays)
    current = LearningRateSchedulerState(
      step: 0, baseRates: rates, baseDecays: decays, rates: rates, decays: decays)
    isUsable = schedule.hasSteps(totalSteps) && weightDecay?.hasSteps(totalSteps) != false
    apply()
  }

  /// Sets the rates of the next step.
  public func step() {
    if current.step < .max { current.step += 1 }
    apply()
  }

  private func apply() {
    guard isUsable else { return }
    optimizer.learningRates = rates(schedule, current.baseRates, optimizer.learningRates)
    if let weightDecay {
      optimizer.weightDecays = rates(weightDecay, current.baseDecays, optimizer.weightDecays)
    }
    cycleMomentum()
  }

  private func rates(
    _ schedule: LearningRateSchedule, _ bases: [Double], _ previous: [Double]
  ) -> [Double] {
    zip(bases, previous).map { schedule.next(moment($0), $1) }
  }

  private func cycleMomentum() {
    guard isUsable, let momentum = schedule.momentum?(moment(0)), !momentum.isNaN else { return }
    optimizer.cycledMomentum = momentum
  }

  private func moment(_ base: Double) -> LearningRateSchedule.Moment {
    .init(step: current.step, base: base, total: totalSteps)
  }
}

/// Where a scheduler is, so that another one can go on from there.
public struct LearningRateSchedulerState: Hashable, Sendable, Codable {
  /// The number of steps so far.
  public var step: Int

  /// The learning rate of each group before the schedule.
  public var baseRates: [Double]

  /// The weight decay of each group before the schedule.
  public var baseDecays: [Double]

  /// The present learning rate of each group.
  public var rates: [Double]

  /// The present weight decay of each group.
  public var decays: [Double]

  /// A state of the given parts.
  public init(
    step: Int, baseRates: [Double], baseDecays: [Double], rates: [Double], decays: [Double]
  ) {
    self.step = step
    self.baseRates = baseRates
    self.baseDecays = baseDecays
    self.rates = rates
    self.decays = decays
  }
}
