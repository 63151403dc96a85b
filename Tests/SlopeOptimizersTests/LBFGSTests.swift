import SlopeCore
import SlopeOptimizers
import Testing

@Suite struct LBFGSTests {
  private let cases: OptimizerCases

  init() throws { cases = try OptimizerCases.stored.get() }

  private func optimizer<Element: FloatingElement>(
    _ parameters: [Parameter<Element>], _ o: OptimizerCases.Options
  ) -> LBFGS<Element> {
    LBFGS(
      parameters, learningRate: o.number("lr", 1), maximumIterations: o.whole("max_iter", 20),
      maximumEvaluations: o.number("max_eval").map { Int($0) },
      gradientTolerance: o.number("tolerance_grad", 1e-7),
      changeTolerance: o.number("tolerance_change", 1e-9),
      historySize: o.whole("history_size", 100),
      lineSearch: o.text("line_search_fn") == nil ? .none : .strongWolfe)
  }

  /// The stored problem in parameters of one element each.
  private func loss(_ problem: String, _ p: [Parameter<Double>]) -> Tensor<Double> {
    let (x, y) = (p[0].tensor, p[1].tensor)
    switch problem {
    case "rosenbrock": return ((1 - x).square() + 100 * (y - x.square()).square()).sum()
    case "wave": return ((4 * x).cos() + x.square() / 20 + y.exp() - 2 * y).sum()
    case "quartic": return ((x - 2).square().square() + 3 * (y + 1).square().square()).sum()
    default: break
    }
    let sums = cases.rows.map { row in
      p[0].tensor * row[0] + p[1].tensor * row[1] + p[2].tensor * row[2]
    }
    return (concatenate(sums) - Tensor(cases.targets)).square().sum()
  }

  private func start(_ problem: String) -> [Parameter<Double>] {
    (problem == "squares" ? [0.5, -1, 2] : [-1.5, 2]).map { Parameter(Tensor([$0])) }
  }

  @Test func iteratesAreThoseOfPyTorch() {
    #expect(cases.lbfgs.count == 30)
    for stored in cases.lbfgs {
      let p = start(stored.problem)
      let optimizer = optimizer(p, stored.options)
      for (step, wanted) in stored.values.enumerated() {
        let first = optimizer.step { loss(stored.problem, p) }
        #expect(isClose([first.item()], [stored.losses[step]], 1e-6))
        let found = p.map { $0.tensor.item() }
        #expect(
          isClose(found, wanted, 1e-6), "\(stored.options), step \(step): \(found), not \(wanted)")
        #expect(optimizer.state().evaluationCount == stored.evaluations[step])
      }
    }
  }

  @Test func aStateGoesOnElsewhere() throws {
    let (p, q) = (start("rosenbrock"), start("rosenbrock"))
    let first = LBFGS(p, maximumIterations: 4, historySize: 3, lineSearch: .strongWolfe)
    let second = LBFGS(q, maximumIterations: 4, historySize: 3, lineSearch: .strongWolfe)
    for _ in 0..<2 { first.step { loss("rosenbrock", p) } }
    for (copy, parameter) in zip(q, p) { copy.tensor = parameter.tensor }
    let state = first.state()
    try second.load(
      LBFGSState(
        iterationCount: state.iterationCount, evaluationCount: state.evaluationCount,
        numbers: state.numbers, tensors: state.tensors))
    for _ in 0..<3 {
      first.step { loss("rosenbrock", p) }
      second.step { loss("rosenbrock", q) }
      #expect(p.map { $0.tensor.item() } == q.map { $0.tensor.item() })
    }
    #expect(state.iterationCount == 7)
    #expect(state.tensors.count == 8 && state.numbers.count == 5)
    let wrong = [
      LBFGSState<Double>(iterationCount: 1, evaluationCount: 1, numbers: [1], tensors: []),
      LBFGSState(
        iterationCount: 0, evaluationCount: 1, numbers: state.numbers, tensors: state.tensors),
      LBFGSState(iterationCount: 1, evaluationCount: 1, numbers: [1], tensors: state.tensors),
      LBFGSState(
        iterationCount: 1, evaluationCount: 1, numbers: [1, 1],
        tensors: [Tensor([1, 2, 3]), Tensor([1, 2, 3])]),
      LBFGSState(
        iterationCount: -1, evaluationCount: 1, numbers: [1, 1],
        tensors: [Tensor([1, 2]), Tensor([1, 2])]),
    ]
    for state in wrong {
      #expect(throws: OptimizerStateError.self) { try second.load(state) }
    }
    #expect(second.state().iterationCount == first.state().iterationCount)
    let fresh = LBFGS(q).state()
    #expect(fresh.numbers == [1] && fresh.tensors.isEmpty && fresh.iterationCount == 0)
    try second.load(fresh)
    #expect(second.state().iterationCount == 0)
    try second.load(
      LBFGSState(
        iterationCount: .max, evaluationCount: .max, numbers: state.numbers,
        tensors: state.tensors))
    second.step { loss("rosenbrock", q) }
    #expect(p[0].tensor.item().isFinite)
  }

  @Test func parametersOfAnyShapeAndTypeAreFitted() {
    func fit<Element: FloatingElement>(_ type: Element.Type, _ tolerance: Double) {
      let weight = Parameter(Tensor<Element>.zeros([2, 2]))
      let bias = Parameter(Tensor<Element>.zeros([2]))
      let unused = Parameter(Tensor<Element>([3]))
      let optimizer = LBFGS([weight, unused, nil, bias], lineSearch: .strongWolfe)
      let target = Tensor<Element>([[1, 2], [3, 4]])
      for _ in 0..<3 {
        optimizer.step {
          (weight.tensor - target).square().sum() + (bias.tensor - Tensor([5, -6])).square().sum()
        }
      }
      let found = (weight.tensor.scalars + bias.tensor.scalars).map(\.doubleValue)
      #expect(isClose(found, [1, 2, 3, 4, 5, -6], tolerance), "\(type): \(found)")
      #expect(unused.tensor.item().doubleValue == 3)
    }
    fit(Double.self, 1e-9)
    fit(Float.self, 1e-5)
    fit(Float16.self, 1e-2)
  }

  @Test func aLossThatIsNoNumberEndsTheStep() {
    let p = Parameter(Tensor<Double>([1]))
    let optimizer = LBFGS([p], maximumIterations: .max)
    var count = 0
    optimizer.step {
      count += 1
      return (p.tensor * .nan).sum()
    }
    #expect(count == 1 && p.tensor.item() == 1)
    // Without a gradient there is nothing to do.
    let loss = optimizer.step { Tensor(7) }
    #expect(loss.item() == 7 && p.tensor.item() == 1)
  }

  @Test func defaultsAreThoseOfPyTorch() {
    let optimizer = LBFGS([Parameter(Tensor<Float>([1])), nil])
    #expect(optimizer.learningRate == 1 && optimizer.maximumIterations == 20)
    #expect(optimizer.maximumEvaluations == 25 && optimizer.historySize == 100)
    #expect(optimizer.gradientTolerance == 1e-7 && optimizer.changeTolerance == 1e-9)
    #expect(optimizer.lineSearch == .none && optimizer.parameters.count == 1)
  }

  @Test func badArgumentsAreFailures() {
    func message(_ body: () -> Void) -> String? {
      do {
        try checked { body() }
        return nil
      } catch { return "\(error)" }
    }
    let p = Parameter(Tensor<Float>([1]))
    #expect(message { _ = LBFGS<Float>([nil]) } == "LBFGS: the list of parameters is empty")
    #expect(message { _ = LBFGS([p, p]) } == "LBFGS: parameter 0, of shape [1], is given twice")
    #expect(
      message { _ = LBFGS([p], maximumIterations: -1) }
        == "LBFGS: maximumIterations -1.0 is negative or not a number")
    #expect(
      message { _ = LBFGS([p], gradientTolerance: .nan) }
        == "LBFGS: gradientTolerance nan is negative or not a number")
    let optimizer = LBFGS([p], learningRate: 0.5)
    #expect(
      message { optimizer.learningRate = -1 }
        == "LBFGS: learningRate -1.0 is negative or not a number")
    #expect(optimizer.learningRate == 0.5)
  }
}
