import SlopeCore
import SlopeOptimizers
import Testing

private let signRule = UpdateRule("SignSGD", states: 0, scalars: 2) {
  value, gradient, _, scalars in
  [value - scalars[0] * (gradient.sign() + scalars[1] * value)]
}

/// The optimiser in the description of the base class.
private final class SignSGD: Optimizer<Float> {
  init(_ groups: [ParameterGroup<Float>], learningRate: Double, weightDecay: Double = 0) {
    super.init("SignSGD", groups, learningRate: learningRate, weightDecay: weightDecay)
  }
  override func rule(weightDecay: Double) -> UpdateRule { signRule }
  override func scalars(learningRate: Double, weightDecay: Double, step: Int) -> [Double] {
    [learningRate, weightDecay]
  }
}

/// A step of the length of its number, and a state that adds the steps up.
private final class Counting: Optimizer<Double> {
  let scalarCount: Int
  let update: UpdateRule

  init(
    _ parameters: [Parameter<Double>?], scalarCount: Int = 1, states: Int = 1, results: Int = 2
  ) {
    self.scalarCount = scalarCount
    update = UpdateRule("Counting", states: states, scalars: 1) { value, gradient, old, scalars in
      let sum = old.reduce(scalars[0], +)
      return (0..<results).map { $0 == 0 ? value + scalars[0] : sum }
    }
    super.init(
      "Counting", [ParameterGroup(parameters)], learningRate: 1,
      initialStates: Array(repeating: 100, count: max(states, 0)))
  }
  override func rule(weightDecay: Double) -> UpdateRule { update }
  override func scalars(learningRate: Double, weightDecay: Double, step: Int) -> [Double] {
    Array(repeating: Double(step), count: scalarCount)
  }
}

private func failure(_ body: () throws -> Void) -> String? {
  do {
    try checked(body)
    return nil
  } catch { return "\(error)" }
}

private func parameter<Element: FloatingElement>(_ scalars: [Element], grad: [Element]? = nil)
  -> Parameter<Element>
{
  let parameter = Parameter(Tensor(scalars))
  parameter.grad = grad.map { Tensor($0) }
  return parameter
}

@Suite struct OptimizerTests {
  // MARK: A user's optimiser

  @Test func aRuleAndItsScalarsAreAnOptimizer() {
    let weight = parameter([1, -2, 0.5] as [Float], grad: [3, -0.25, 0])
    let other = parameter([4] as [Float], grad: [-9])
    let optimizer = SignSGD(
      [ParameterGroup([weight, nil]), ParameterGroup([other])], learningRate: 0.5,
      weightDecay: 0.25)
    #expect(optimizer.parameters.count == 2 && optimizer.name == "SignSGD")
    optimizer.step()
    #expect(weight.tensor.scalars == [0.375, -1.25, 0.4375])
    #expect(other.tensor.scalars == [4])
    optimizer.zeroGrad()
    #expect(weight.grad == nil && other.grad == nil)
    optimizer.step()
    #expect(weight.tensor.scalars == [0.375, -1.25, 0.4375])
  }

  @Test func theBaseAloneIsPlainDescent() {
    let weight = parameter([1, 2] as [Double], grad: [10, -10])
    Optimizer("plain", [ParameterGroup([weight])], learningRate: 0.1).step()
    #expect(weight.tensor.scalars == [0, 3])
  }

  @Test func eachParameterCountsItsOwnSteps() {
    let (first, second) = (parameter([0] as [Double], grad: [1]), parameter([0] as [Double]))
    let optimizer = Counting([first, second])
    optimizer.step()
    second.grad = Tensor([1])
    optimizer.step()
    // 1 + 2, and 1: the states 100 + 1 + 2 and 100 + 1.
    #expect(first.tensor.scalars == [3] && second.tensor.scalars == [1])
    let state = optimizer.state()
    #expect(state.steps == [2, 1])
    #expect(state.tensors.map { $0.map(\.scalars) } == [[[103]], [[101]]])
  }

  // MARK: What cannot be

  @Test func aParameterThatIsGivenTwiceIsNamed() {
    let (weight, bias) = (parameter([1, 2] as [Float]), parameter([3] as [Float]))
    #expect(
      failure { _ = SGD([bias, weight, weight], learningRate: 0.1) }
        == "SGD: parameter 1, of shape [2], is given twice")
    #expect(
      failure {
        _ = Adam([ParameterGroup([weight]), ParameterGroup([bias, weight])], learningRate: 0.1)
      } == "Adam: parameter 0, of shape [2], is given twice")
    try? checked {
      let optimizer = SGD([weight, weight], learningRate: 1)
      weight.grad = Tensor([1, 1])
      optimizer.step()
      #expect(optimizer.parameters.count == 1)
    }
    #expect(weight.tensor.scalars == [0, 1])
  }

  @Test func groupsHaveNoNegativeNumbers() {
    let weight = parameter([1] as [Float])
    for (group, message) in [
      (ParameterGroup([weight], learningRate: -1), "learningRate -1.0 is negative or not a number"),
      (ParameterGroup([weight], weightDecay: .nan), "weightDecay nan is negative or not a number"),
    ] {
      #expect(failure { _ = AdamW([group]) } == "AdamW: \(message)")
    }
    #expect(
      failure { _ = SGD([weight], learningRate: 0.1, weightDecay: -2) }
        == "SGD: weightDecay -2.0 is negative or not a number")
    #expect(
      failure { _ = RMSprop([ParameterGroup<Float>([])]) }
        == "RMSprop: the list of parameters is empty")
  }

  @Test(
    arguments: [
      (2, 1, 2, "Counting: 2 scalars for a rule of 1"),
      (0, 1, 2, "Counting: 0 scalars for a rule of 1"),
      (1, 1, 1, "Counting: 1 results of a formula for a value and 1 states"),
      (1, 2, 2, "Counting: 2 results of a formula for a value and 2 states"),
      (1, -1, 0, "Counting: a rule of -1 states and 1 scalars"),
      (1, 15, 16, "Counting: 17 operands are more than the 16 of one program"),
    ])
  func aRuleThatDoesNotFitChangesNothing(
    scalars: Int, states: Int, results: Int, message: String
  ) {
    let weight = parameter([1, 2] as [Double], grad: [5, 5])
    var found: String?
    found = failure {
      let optimizer = Counting(
        [weight], scalarCount: scalars, states: states, results: results)
      optimizer.step()
      #expect(optimizer.state().steps == [0])
    }
    #expect(found == message)
    #expect(weight.tensor.scalars == [1, 2])
  }

  @Test func aRuleOfSeventeenScalarsIsRefused() {
    #expect(
      failure {
        _ = UpdateRule("many", states: 0, scalars: 17) { value, _, _, scalars in
          [value + scalars[16]]
        }
      } == "many: 17 scalars are more than 16")
    let rule = UpdateRule("few", states: 2, scalars: 16) { value, _, states, _ in [value] + states }
    #expect(rule.stateCount == 2 && rule.scalarCount == 16)
  }

  // MARK: Groups

  @Test func groupsHaveRatesAndDecaysOfTheirOwn() {
    let parameters = (0..<3).map { _ in parameter([1] as [Double], grad: [1]) }
    let optimizer = SGD(
      [
        .init([parameters[0]]), .init([parameters[1]], learningRate: 0.5),
        .init([parameters[2]], weightDecay: 0),
      ], learningRate: 0.25, weightDecay: 1)
    optimizer.step()
    #expect(parameters.map { $0.tensor.item() } == [0.5, 0, 0.75])
    optimizer.learningRate = 0
    optimizer.step()
    // The group's own rate stays: 0 − 0.5 · (1 + 1 · 0).
    #expect(parameters.map { $0.tensor.item() } == [0.5, -0.5, 0.75])
  }

  @Test func groupsOfEveryKindAreAsOptimizersOfTheirOwn() {
    typealias Make = ([ParameterGroup<Float>], Double, Double) -> Optimizer<Float>
    let kinds: [Make] = [
      { SGD($0, learningRate: $1, momentum: 0.9, weightDecay: $2, nesterov: true) },
      { Adam($0, learningRate: $1, weightDecay: $2) },
      { AdamW($0, learningRate: $1, weightDecay: $2, amsgrad: true) },
      { RMSprop($0, learningRate: $1, weightDecay: $2, momentum: 0.5, centered: true) },
      { Adagrad($0, learningRate: $1, learningRateDecay: 0.1, weightDecay: $2) },
      { NAdam($0, learningRate: $1, weightDecay: $2) },
      { RAdam($0, learningRate: $1, weightDecay: $2, decoupledWeightDecay: true) },
      { Adamax($0, learningRate: $1, weightDecay: $2) },
      { Adadelta($0, learningRate: $1, weightDecay: $2) },
    ]
    for make in kinds {
      func parameters() -> [Parameter<Float>] {
        (0..<4).map { parameter([Float($0) - 1, 0.5]) }
      }
      let (together, apart) = (parameters(), parameters())
      let one = make(
        [
          .init(Array(together[..<2]), learningRate: 0.01),
          .init(Array(together[2...]), weightDecay: 0.5),
        ], 0.1, 0)
      let two = [
        make([.init(Array(apart[..<2]))], 0.01, 0), make([.init(Array(apart[2...]))], 0.1, 0.5),
      ]
      for step in 0..<3 {
        for (index, pair) in zip(together, apart).enumerated() where index != step {
          for parameter in [pair.0, pair.1] {
            parameter.grad = parameter.tensor * 0.5 + Float(index - step)
          }
        }
        one.step()
        for optimizer in two { optimizer.step() }
        one.zeroGrad()
        for optimizer in two { optimizer.zeroGrad() }
      }
      for (left, right) in zip(together, apart) {
        #expect(left.tensor.scalars == right.tensor.scalars, "\(one.name)")
      }
      #expect(one.state().steps == two.flatMap { $0.state().steps })
    }
  }

  // MARK: States

  @Test func aStateGoesOnElsewhere() throws {
    typealias Make = ([Parameter<Double>]) -> Optimizer<Double>
    let kinds: [Make] = [
      { SGD($0, learningRate: 0.1) },
      { SGD($0, learningRate: 0.1, momentum: 0.9, dampening: 0.5) },
      { Adam($0, learningRate: 0.1, amsgrad: true) }, { AdamW($0, learningRate: 0.1) },
      { RMSprop($0, momentum: 0.5, centered: true) },
      { Adagrad($0, learningRateDecay: 0.5, initialAccumulator: 1) },
    ]
    for make in kinds {
      let weights = [parameter([1, -2] as [Double]), parameter([3] as [Double])]
      let optimizer = make(weights)
      func step(_ weights: [Parameter<Double>], _ optimizer: Optimizer<Double>, _ factor: Double) {
        for weight in weights { weight.grad = weight.tensor * factor + 0.3 }
        optimizer.step()
      }
      step([weights[0]], optimizer, 2)
      step(weights, optimizer, -1)
      let state = optimizer.state()
      let copies = weights.map { Parameter($0.tensor) }
      let other = make(copies)
      step(copies, other, 7)
      for (copy, weight) in zip(copies, weights) { copy.tensor = weight.tensor }
      try other.load(state)
      for factor in [1, 0.5, -3] {
        step(weights, optimizer, factor)
        step(copies, other, factor)
      }
      #expect(weights.map { $0.tensor.scalars } == copies.map { $0.tensor.scalars })
      // The state has not changed with later steps.
      #expect(state.steps == [2, 1])
      try optimizer.load(state)
      for (left, right) in zip(optimizer.state().tensors.joined(), state.tensors.joined()) {
        #expect(left.scalars == right.scalars)
      }
    }
  }

  @Test func aStateOfSomethingElseIsRefused() throws {
    let weights = [parameter([1, -2] as [Double], grad: [1, 1]), parameter([3] as [Double])]
    let optimizer = SGD(weights, learningRate: 0.1, momentum: 0.9)
    optimizer.step()
    let vector = Tensor<Double>([1, 2])
    let cases: [([Int], [[Tensor<Double>]], String)] = [
      ([1], [[vector]], "is of 1 parameters, not of 2"),
      ([1, 0], [[vector]], "is of 2 parameters, not of 2"),
      ([1, 0], [[vector, vector], []], "of parameter 0 has 1 steps and 2 tensors; 1 are due"),
      ([1, 1], [[vector], []], "of parameter 1 has 1 steps and 0 tensors; 1 are due"),
      ([-1, 0], [[vector], []], "of parameter 0 has -1 steps and 1 tensors; 1 are due"),
      ([1, 1], [[vector], [vector]], "of parameter 1 is of shape [2], not [1]"),
    ]
    let before = optimizer.state()
    for (steps, tensors, message) in cases {
      do {
        try optimizer.load(OptimizerState(steps: steps, tensors: tensors))
        Issue.record("\(message): was taken")
      } catch let error as OptimizerStateError {
        #expect(error.description == "SGD: the state \(message)")
      }
    }
    #expect(optimizer.state().steps == before.steps)
    #expect(optimizer.state().tensors[0][0].scalars == before.tensors[0][0].scalars)
  }
}
