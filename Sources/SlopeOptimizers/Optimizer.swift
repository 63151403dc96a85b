public import SlopeCore

/// Changes parameters by their gradients, step by step: the base of every optimiser.
///
/// An optimiser of your own is a rule, which says what becomes of a parameter and of its states, and the numbers
/// that the rule is given in a step:
///
/// ```swift
/// let signRule = UpdateRule("SignSGD", states: 0, scalars: 2) { value, gradient, _, scalars in
///   [value - scalars[0] * (gradient.sign() + scalars[1] * value)]
/// }
///
/// final class SignSGD: Optimizer<Float> {
///   init(_ parameters: [Parameter<Float>?], learningRate: Double, weightDecay: Double = 0) {
///     super.init(
///       "SignSGD", [ParameterGroup(parameters)], learningRate: learningRate, weightDecay: weightDecay)
///   }
///   override func rule(weightDecay: Double) -> UpdateRule { signRule }
///   override func scalars(learningRate: Double, weightDecay: Double, step: Int) -> [Double] {
///     [learningRate, weightDecay]
///   }
/// }
/// ```
///
/// The rest is as in any other: states on the parameters' device, many parameters in one launch there, groups,
/// a step that is taken whole or not at all, `state()` and `load(_:)`.
open class Optimizer<Element: FloatingElement> {
  /// What messages call it.
  public let name: String

  /// The parameters that `step()` changes, in the order of their groups.
  public let parameters: [Parameter<Element>]

  /// The factor of each step, in groups without one of their own; may change between steps. One that is
  /// negative or not a number is a failure, and the optimiser keeps the one it had.
  public var learningRate: Double {
    didSet {
      guard !(learningRate >= 0) else { return }
      reportFailure(operation: name, "learningRate \(learningRate) is negative or not a number")
      learningRate = oldValue
    }
  }

  /// The factor of the decay of weights, in groups without one of their own.
  public let weightDecay: Double

  private let groups: [(learningRate: Double?, weightDecay: Double)]
  private let initialStates: [Double]
  /// None before the first step, since rules come from subclasses.
  private var rules: [UpdateRule] = []
  private var states: ParameterStates

  /// An optimiser of parameters in groups.
  ///
  /// Precondition: no rate or decay is negative, and at least one parameter is given, none twice.
  ///
  /// - Parameters:
  ///   - name: what messages call it.
  ///   - initialStates: the number that fills each of a parameter's states before its first step.
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

  /// What becomes of a parameter and its states in a step; asked for once for each group.
  open func rule(weightDecay: Double) -> UpdateRule {
    UpdateRule(name, states: 0, scalars: 1) { value, gradient, _, scalars in
      [value - scalars[0] * gradient]
    }
  }

  /// The rule's run-time scalars, as many as it has.
  ///
  /// - Parameter step: the number of the parameter's step, from 1.
  open func scalars(learningRate: Double, weightDecay: Double, step: Int) -> [Double] {
    [learningRate]
  }

  /// Reports numbers that must not be negative, by name.
  public final func check(_ numbers: KeyValuePairs<String, Double>) {
    for (what, number) in numbers where !(number >= 0) {
      reportFailure(operation: name, "\(what) \(number) is negative or not a number")
    }
  }

  // MARK: Use

  /// Changes each parameter that has a gradient; one without stays as it is, even with momentum or weight
  /// decay. After a failure parameters and states are what they were.
  public final func step() {
    if rules.isEmpty { rules = groups.map { rule(weightDecay: $0.weightDecay) } }
    states.step(rules, initial: initialStates, for: name) { group, step in
      let (rate, decay) = groups[group]
      return scalars(learningRate: rate ?? learningRate, weightDecay: decay, step: step)
    }
  }

  /// Sets every gradient to nil, so that the next backward pass starts afresh.
  public final func zeroGrad() { states.clearGradients() }

  /// What the steps so far have left, which later steps do not change.
  public final func state() -> OptimizerState<Element> {
    OptimizerState(
      steps: states.stepCounts, tensors: states.values.map { $0.map { Tensor($0) } })
  }

  /// Goes on from a state that an optimiser like this one had; its tensors are copied to the parameters'
  /// devices.
  ///
  /// - Throws: `OptimizerStateError` where the state is of other parameters or of another optimiser; nothing
  ///   has changed then.
  public final func load(_ state: OptimizerState<Element>) throws {
    func fail(_ message: String) -> OptimizerStateError {
      OptimizerStateError(description: "\(name): the state \(message)")
    }
    guard state.steps.count == parameters.count, state.tensors.count == parameters.count else {
      throw fail("is of \(state.steps.count) parameters, not of \(parameters.count)")
    }
    for (place, (parameter, tensors)) in zip(parameters, state.tensors).enumerated() {
      let isFresh = state.steps[place] == 0 && tensors.isEmpty
      guard state.steps[place] >= 0, isFresh || tensors.count == initialStates.count else {
        throw fail(
          "of parameter \(place) has \(state.steps[place]) steps and \(tensors.count) tensors; "
            + "\(initialStates.count) are due")
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
