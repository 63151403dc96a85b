public import SlopeCore

/// Updates parameters by their gradients, step by step: the base class of all optimisers.
///
/// A training loop computes a loss, calls `backward()` on it, then `step()` and `zeroGrad()`:
///
/// ```swift
/// let weight = Parameter(Tensor<Float>([1, -2]))
/// let optimizer = SGD([weight], learningRate: 0.1, momentum: 0.9)
/// for _ in 0..<3 {
///   weight.tensor.square().sum().backward()
///   optimizer.step()
///   optimizer.zeroGrad()
///   print(weight.tensor.detached())
/// }
/// // tensor([ 0.8000, -1.6000])
/// // tensor([ 0.4600, -0.9200])
/// // tensor([ 0.0620, -0.1240])
/// ```
///
/// A step is taken whole or not at all: the memory that it needs is allocated before anything
/// changes. A parameter and its states are updated in place if no other tensor refers to them;
/// otherwise the results go to fresh memory, and the other tensors keep their elements. A step does
/// not wait for the device, and a device may update several parameters in one launch.
///
/// For parameters of 16 bits the states, and a copy of the parameter to which the steps are added,
/// are kept in `Float`: a step of 1e-5 is lost in a `BFloat16` near 1, a thousand of them are not.
/// A value that is assigned to the parameter replaces the copy where it differs.
///
/// An optimiser of your own subclasses `Optimizer` with a rule, which is a formula for the new
/// value and the new states, and with the numbers that the rule takes in a step:
///
/// ```swift
/// final class SignSGD: Optimizer<Float> {
///   static let formula = UpdateRule("SignSGD", states: 0, scalars: 2) {
///     value, gradient, _, scalars in
///     [value - scalars[0] * (gradient.sign() + scalars[1] * value)]
///   }
///
///   init(_ parameters: [Parameter<Float>?], learningRate: Double, weightDecay: Double = 0) {
///     super.init(
///       "SignSGD", [ParameterGroup(parameters)], learningRate: learningRate,
///       weightDecay: weightDecay)
///   }
///   override func rule(weightDecay: Double) -> UpdateRule { Self.formula }
///   override func scalars(learningRate: Double, weightDecay: Double, step: Int) -> [Double] {
///     [learningRate, weightDecay]
///   }
/// }
/// ```
///
/// It then has everything that the others have: groups, states on the parameters' device, whole
/// steps, `state()` and `load(_:)`. Without overrides the rule is plain gradient descent.
///
/// PyTorch's counterpart is `torch.optim.Optimizer`. `zeroGrad()` sets gradients to nil, as
/// PyTorch's default does. Set `learningRate`, `learningRates` or `weightDecays` between steps, or
/// let a `LearningRateScheduler` do it; that compiles nothing.
///
/// - SeeAlso: `ParameterGroup`, `OptimizerState`, `UpdateRule`; `SGD`, `Adam`, `AdamW`, `NAdam`,
///   `RAdam`, `Adamax`, `Adadelta`, `RMSprop` and `Adagrad`; `LBFGS`, which has steps of its own.
open class Optimizer<Element: FloatingElement> {
  /// The name in messages.
  public let name: String

  /// The parameters that `step()` changes, in the order of their groups.
  public let parameters: [Parameter<Element>]

  /// The learning rate of groups that set none; may change between steps.
  ///
  /// A negative number or NaN is a failure, after which the optimiser keeps the rate that it had.
  public var learningRate: Double {
    didSet {
      guard !(learningRate >= 0) else { return }
      reportFailure(operation: name, "learningRate \(learningRate) is negative or not a number")
      learningRate = oldValue
    }
  }

  /// The weight decay of groups that set none, as it was given.
  public let weightDecay: Double

  /// Rates and decays that may change between steps; a nil rate is `learningRate`.
  private var groups: [(learningRate: Double?, weightDecay: Double)]
  private let initialStates: [Double]
  /// The rule of each group; none before the first step, since rules come from subclasses.
  private var rules: [UpdateRule] = []
  private var states: ParameterStates

  /// An optimiser of parameters in groups, for subclasses to call.
  ///
  /// The parameters are not copied. States are allocated by a parameter's first step, on its
  /// device. Precondition: no rate or decay is negative, and at least one parameter is given, none
  /// twice.
  ///
  /// - Parameters:
  ///   - name: the name in messages.
  ///   - groups: the parameters.
  ///   - learningRate: the learning rate of groups that set none.
  ///   - weightDecay: the weight decay of groups that set none.
  ///   - initialStates: the number that fills each of a parameter's states before its first step;
  ///     as many as the rule has states.
  public init(
    _ name: String, _ groups: [ParameterGroup<Element>], learningRate: Double,
    weightDecay: Double = 0, initialStates: [Double] = []
  ) {
    self.name = name
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.initialStates = initialStates
    var places: [ObjectIdentifier: Int] = [:]
    var (parameters, groupOf): ([Parameter<Element>], [Int]) = ([], [])
    for (number, group) in groups.enumerated() {
      for parameter in group.parameters {
        if let place = places[ObjectIdentifier(parameter)] {
          reportFailure(
            operation: name,
            "parameter \(place), of shape \(parameter.shape), is given twice")
          continue
        }
        places[ObjectIdentifier(parameter)] = parameters.count
        parameters.append(parameter)
        groupOf.append(number)
      }
    }
    if parameters.isEmpty { reportFailure(operation: name, "the list of parameters is empty") }
    self.parameters = parameters
    self.groups = groups.map { ($0.learningRate, $0.weightDecay ?? weightDecay) }
    states = ParameterStates(parameters.map(\.storage), groups: groupOf)
    check(["learningRate": learningRate, "weightDecay": weightDecay])
    for group in groups {
      check(["learningRate": group.learningRate ?? 0, "weightDecay": group.weightDecay ?? 0])
    }
  }

  // MARK: What makes an optimiser

  /// The formula by which a step changes a parameter and its states.
  ///
  /// Asked for once per group, before the first step, and again after a group's decay was raised
  /// from 0. The base's rule is
  /// `value - scalars[0] * gradient`, without states.
  ///
  /// - Parameter weightDecay: the group's weight decay, so that a rule without decay can be
  ///   simpler.
  /// - Returns: a rule with as many states as `initialStates` had numbers.
  open func rule(weightDecay: Double) -> UpdateRule {
    UpdateRule(name, states: 0, scalars: 1) { value, gradient, _, scalars in
      [value - scalars[0] * gradient]
    }
  }

  /// The rule's run-time scalars in a step.
  ///
  /// Asked for in every step, once for consecutive parameters of one group with the same step
  /// number.
  ///
  /// - Parameters:
  ///   - learningRate: the group's learning rate.
  ///   - weightDecay: the group's weight decay.
  ///   - step: the number of the parameter's step, from 1.
  /// - Returns: as many numbers as the rule has scalars; another count is a failure.
  open func scalars(learningRate: Double, weightDecay: Double, step: Int) -> [Double] {
    [learningRate]
  }

  /// Reports each of the numbers that is negative or NaN as a failure, by its name.
  ///
  /// For the initialisers of subclasses, to check options such as a momentum.
  public final func check(_ numbers: KeyValuePairs<String, Double>) {
    for (what, number) in numbers where !(number >= 0) {
      reportFailure(operation: name, "\(what) \(number) is negative or not a number")
    }
  }

  /// Reports factors of running means that are not in 0..<1.
  final func check(betas: (Double, Double)) {
    for beta in [betas.0, betas.1] where !(0..<1).contains(beta) {
      reportFailure(operation: name, "beta \(beta) is not in 0..<1")
    }
  }

  // MARK: Schedules

  /// The learning rate of each group, which a schedule changes.
  ///
  /// Groups without a rate of their own share `learningRate`; they keep doing so where they are set
  /// to one number. A list of another count, or with a negative number or NaN, is a failure, after
  /// which the rates are what they were. PyTorch: `param_groups[i]["lr"]`.
  public final var learningRates: [Double] {
    get { groups.map { $0.learningRate ?? learningRate } }
    set {
      guard areValid(newValue, "learningRate") else { return }
      let shared = zip(groups, newValue).filter { $0.0.learningRate == nil }.map(\.1)
      let isShared = shared.allSatisfy { $0 == shared[0] }
      if isShared, let rate = shared.first { learningRate = rate }
      for place in groups.indices where !isShared || groups[place].learningRate != nil {
        groups[place].learningRate = newValue[place]
      }
    }
  }

  /// The weight decay of each group, which a schedule changes.
  ///
  /// A list of another count, or with a negative number or NaN, is a failure, after which the
  /// decays are what they were. PyTorch: `param_groups[i]["weight_decay"]`.
  public final var weightDecays: [Double] {
    get { groups.map(\.weightDecay) }
    set {
      guard areValid(newValue, "weightDecay") else { return }
      for (place, decay) in newValue.enumerated() {
        // A rule without decay does not apply one; a rule with decay applies 0 as well.
        if groups[place].weightDecay == 0, decay != 0 { rules = [] }
        groups[place].weightDecay = decay
      }
    }
  }

  /// The momentum that a schedule cycles, or nil if the optimiser has none.
  ///
  /// `SGD` and `RMSprop` with a momentum have that, `Adam`, `AdamW`, `RAdam` and `Adamax` β₁. The
  /// others have none, and setting it does nothing. PyTorch: `param_groups[i]["momentum"]`, or
  /// `["betas"][0]`.
  open var cycledMomentum: Double? {
    get { nil }
    set { _ = newValue }
  }

  /// Whether a schedule may set a momentum, which there is, to `number`; if it is out of range,
  /// that is reported.
  final func isCycle(_ number: Double, of momentum: Double?, below bound: Double = .infinity)
    -> Bool
  {
    guard momentum != nil else { return false }
    if number > 0, number < bound { return true }
    reportFailure(operation: name, "a momentum of \(number)")
    return false
  }

  private func areValid(_ numbers: [Double], _ what: String) -> Bool {
    guard numbers.count == groups.count else {
      reportFailure(
        operation: name, "\(numbers.count) of \(what) for \(groups.count) groups")
      return false
    }
    guard let wrong = numbers.first(where: { !($0 >= 0) }) else { return true }
    reportFailure(operation: name, "\(what) \(wrong) is negative or not a number")
    return false
  }

  // MARK: Use

  /// Updates each parameter that has a gradient.
  ///
  /// A parameter without one stays as it is, even with momentum or weight decay, and its step is
  /// not counted. After a failure parameters and states are what they were. Does not wait for the
  /// device.
  public final func step() {
    if rules.isEmpty { rules = groups.map { rule(weightDecay: $0.weightDecay) } }
    states.step(rules, initial: initialStates, for: name) { group, step in
      let (rate, decay) = groups[group]
      return scalars(learningRate: rate ?? learningRate, weightDecay: decay, step: step)
    }
  }

  /// Sets every gradient to nil, so that the next backward pass does not add to the last one.
  public final func zeroGrad() { states.clearGradients() }

  /// The step counts and states so far, which later steps do not change.
  ///
  /// Nothing is copied here; the next step writes new states to fresh memory instead. PyTorch:
  /// `state_dict()`, which has the options too.
  public final func state() -> OptimizerState<Element> {
    OptimizerState(
      steps: states.stepCounts, tensors: states.values.map { $0.map { Tensor($0) } })
  }

  /// Continues from a state that an optimiser of the same kind and parameters had.
  ///
  /// Tensors on another device than their parameter are copied to it. Rates and other options are
  /// not part of a state. PyTorch: `load_state_dict`.
  ///
  /// - Throws: `OptimizerStateError` if the state is of other parameters or of another kind of
  ///   optimiser, or if a tensor has failed or cannot be copied; then nothing has changed.
  public final func load(_ state: OptimizerState<Element>) throws {
    func fail(_ message: String) -> OptimizerStateError {
      OptimizerStateError(description: "\(name): the state \(message)")
    }
    guard state.steps.count == parameters.count, state.tensors.count == parameters.count else {
      throw fail("is of \(state.steps.count) parameters, not of \(parameters.count)")
    }
    for (place, (parameter, tensors)) in zip(parameters, state.tensors).enumerated() {
      let isFresh = state.steps[place] == 0 && tensors.isEmpty
      let due = initialStates.count + (Element.Computed.self == Element.self ? 0 : 1)
      guard state.steps[place] >= 0, isFresh || tensors.count == due else {
        throw fail(
          "of parameter \(place) has \(state.steps[place]) steps and \(tensors.count) tensors; "
            + "\(due) are due")
      }
      for tensor in tensors where tensor.shape != parameter.shape || tensor.isFailed {
        throw fail("of parameter \(place) is of shape \(tensor.shape), not \(parameter.shape)")
      }
    }
    let values = zip(parameters, state.tensors).map { parameter, tensors in
      tensors.map { $0.detached().to(parameter.tensor.device).value }
    }
    if values.contains(where: { $0.contains(where: \.isFailed) }) {
      throw fail("cannot be copied to the parameters' device")
    }
    states.restore(values, state.steps)
  }
}
