import Slope
import SlopeCore
import SlopeOptimizers
import SlopeTraining

/// Parameters of which some have a gradient.
private func parameters<Element: FloatingElement>(
  _ type: Element.Type, _ draw: inout Draw
) -> [Parameter<Element>?] {
  (0..<draw.below(4)).map { _ in
    if draw.once(in: 5) { return nil }
    let parameter = Parameter(draw.tensor(type))
    if draw.bool() { parameter.grad = draw.bool() ? parameter.tensor : draw.tensor(type) }
    return parameter
  }
}

/// What is done between gradients and steps.
extension CallList {
  func addClippingCalls<Element: FloatingElement>(_ type: Element.Type) {
    func norm(_ draw: inout Draw) -> Double {
      draw.one(of: [0, 1, 2, 3, .infinity, -.infinity, draw.number()])
    }
    add("gradientNorm(_:normType:)") { draw in
      draw.use(gradientNorm(parameters(type, &draw), normType: norm(&draw)))
    }
    add("clipGradientNorm(_:maximum:normType:errorIfNonfinite:)") { draw in
      draw.use(
        clipGradientNorm(
          parameters(type, &draw), maximum: draw.number(), normType: norm(&draw),
          errorIfNonfinite: draw.bool()))
    }
    add("clipGradientValue(_:maximum:)") { draw in
      clipGradientValue(parameters(type, &draw), maximum: draw.number())
    }
  }

  func addAverageCalls<Element: FloatingElement>(_ type: Element.Type) {
    func average(_ draw: inout Draw) -> ParameterAverage<Element> {
      let parameters = parameters(type, &draw)
      if draw.bool() { return StochasticWeightAverage(parameters) }
      return ExponentialMovingAverage(parameters, decay: draw.number())
    }
    func run(_ average: ParameterAverage<Element>, _ draw: inout Draw) {
      for _ in 0..<2 { average.update() }
      average.withAverages { average.update() }
      for tensor in average.averages { draw.use(tensor) }
    }
    add("ExponentialMovingAverage.init(_:decay:)") { draw in
      run(
        ExponentialMovingAverage(parameters(type, &draw), decay: draw.number()), &draw)
    }
    add("StochasticWeightAverage.init(_:)") { draw in
      run(StochasticWeightAverage(parameters(type, &draw)), &draw)
    }
    add("ExponentialMovingAverage.init(_:decay:includesBuffers:)") { draw in
      let model = BatchNorm1d<Element>(2)
      run(
        ExponentialMovingAverage(model, decay: draw.number(), includesBuffers: draw.bool()), &draw)
    }
    add("StochasticWeightAverage.init(_:includesBuffers:)") { draw in
      run(StochasticWeightAverage(BatchNorm1d<Element>(2), includesBuffers: draw.bool()), &draw)
    }
    add("ParameterAverage.update()") { run(average(&$0), &$0) }
    add("ParameterAverage.averages") { _ = average(&$0).averages }
    add("ParameterAverage.updateCount") { _ = average(&$0).updateCount }
    add("ParameterAverage.apply()") { average(&$0).apply() }
    add("ParameterAverage.withAverages(_:)") { average(&$0).withAverages {} }
    add("ParameterAverage.load(averages:updateCount:)") { draw in
      let average = average(&draw)
      let others = draw.bool() ? average.averages : [draw.tensor(Element.Computed.self)]
      try average.load(averages: others, updateCount: draw.int())
      run(average, &draw)
    }
  }

  func addLBFGSCalls<Element: FloatingElement>(_ type: Element.Type) {
    func optimizer(_ draw: inout Draw) -> LBFGS<Element> {
      LBFGS(
        parameters(type, &draw), learningRate: draw.number(),
        maximumIterations: draw.bool() ? 3 : min(draw.int(), 50),
        maximumEvaluations: draw.bool() ? nil : min(draw.int(), 60),
        gradientTolerance: draw.number(),
        changeTolerance: draw.number(), historySize: draw.int(),
        lineSearch: draw.one(of: LBFGS<Element>.LineSearch.allCases))
    }
    func run(_ optimizer: LBFGS<Element>, _ draw: inout Draw) {
      let factor = Element(draw.number())
      for _ in 0..<2 {
        draw.use(
          optimizer.step {
            optimizer.parameters.reduce(Tensor(0)) { $0 + ($1.tensor * factor).square().sum() }
          })
      }
    }
    add(
      "LBFGS.init(_:learningRate:maximumIterations:maximumEvaluations:gradientTolerance:"
        + "changeTolerance:historySize:lineSearch:)"
    ) { draw in run(optimizer(&draw), &draw) }
    add("LBFGS.step(_:)") { draw in
      let loss = draw.tensor(type)
      draw.use(optimizer(&draw).step { loss })
    }
    add("LBFGS.learningRate") { draw in
      let optimizer = optimizer(&draw)
      optimizer.learningRate = draw.number()
      run(optimizer, &draw)
    }
    add("LBFGS.zeroGrad()") { optimizer(&$0).zeroGrad() }
    add("LBFGS.state()") { draw in
      let optimizer = optimizer(&draw)
      run(optimizer, &draw)
      try optimizer.load(optimizer.state())
      run(optimizer, &draw)
    }
    func state(_ draw: inout Draw) -> LBFGSState<Element> {
      LBFGSState(
        iterationCount: draw.int(), evaluationCount: draw.int(),
        numbers: (0..<draw.below(4)).map { _ in draw.number() },
        tensors: (0..<draw.below(5)).map { _ in draw.tensor(Element.Computed.self) })
    }
    add("LBFGSState.init(iterationCount:evaluationCount:numbers:tensors:)") { _ = state(&$0) }
    add("LBFGS.load(_:)") { draw in
      let optimizer = optimizer(&draw)
      try optimizer.load(state(&draw))
      run(optimizer, &draw)
    }
  }
}
