import Slope
import SlopeCore
import SlopeOptimizers

/// Optimisers.
extension CallList {
  func addOptimizers<Element: FloatingElement>(_ type: Element.Type) {
    typealias Make = (inout Draw, [Parameter<Element>?]) -> Optimizer<Element>
    let optimizers: [(name: String, labels: String, make: Make)] = [
      (
        "SGD", "_:learningRate:momentum:dampening:weightDecay:nesterov:",
        {
          SGD(
            $1, learningRate: $0.number(), momentum: $0.number(), dampening: $0.number(),
            weightDecay: $0.number(), nesterov: $0.bool())
        }
      ),
      (
        "Adam", "_:learningRate:betas:epsilon:weightDecay:amsgrad:",
        {
          Adam(
            $1, learningRate: $0.number(), betas: ($0.number(), $0.number()),
            epsilon: $0.number(), weightDecay: $0.number(), amsgrad: $0.bool())
        }
      ),
      (
        "AdamW", "_:learningRate:betas:epsilon:weightDecay:amsgrad:",
        {
          AdamW(
            $1, learningRate: $0.number(), betas: ($0.number(), $0.number()),
            epsilon: $0.number(), weightDecay: $0.number(), amsgrad: $0.bool())
        }
      ),
      (
        "RMSprop", "_:learningRate:alpha:epsilon:weightDecay:momentum:centered:",
        {
          RMSprop(
            $1, learningRate: $0.number(), alpha: $0.number(), epsilon: $0.number(),
            weightDecay: $0.number(), momentum: $0.number(), centered: $0.bool())
        }
      ),
      (
        "Adagrad",
        "_:learningRate:learningRateDecay:weightDecay:initialAccumulator:epsilon:",
        {
          Adagrad(
            $1, learningRate: $0.number(), learningRateDecay: $0.number(),
            weightDecay: $0.number(), initialAccumulator: $0.number(), epsilon: $0.number())
        }
      ),
      (
        "NAdam",
        "_:learningRate:betas:epsilon:weightDecay:momentumDecay:decoupledWeightDecay:",
        {
          NAdam(
            $1, learningRate: $0.number(), betas: ($0.number(), $0.number()),
            epsilon: $0.number(), weightDecay: $0.number(), momentumDecay: $0.number(),
            decoupledWeightDecay: $0.bool())
        }
      ),
      (
        "RAdam", "_:learningRate:betas:epsilon:weightDecay:decoupledWeightDecay:",
        {
          RAdam(
            $1, learningRate: $0.number(), betas: ($0.number(), $0.number()),
            epsilon: $0.number(), weightDecay: $0.number(), decoupledWeightDecay: $0.bool())
        }
      ),
      (
        "Adamax", "_:learningRate:betas:epsilon:weightDecay:",
        {
          Adamax(
            $1, learningRate: $0.number(), betas: ($0.number(), $0.number()),
            epsilon: $0.number(), weightDecay: $0.number())
        }
      ),
      (
        "Adadelta", "_:learningRate:rho:epsilon:weightDecay:",
        {
          Adadelta(
            $1, learningRate: $0.number(), rho: $0.number(), epsilon: $0.number(),
            weightDecay: $0.number())
        }
      ),
    ]
    /// Steps with gradients of any kind, rates that change, and a parameter that is replaced.
    func run(_ optimizer: Optimizer<Element>, _ draw: inout Draw) {
      for _ in 0..<3 {
        for parameter in optimizer.parameters where draw.bool() {
          parameter.grad = draw.bool() ? parameter.tensor : draw.tensor(type)
        }
        if draw.once(in: 4) { optimizer.learningRate = draw.number() }
        optimizer.step()
        if draw.bool() { optimizer.zeroGrad() }
      }
      for parameter in optimizer.parameters { draw.use(parameter.tensor) }
    }
    for (name, labels, make) in optimizers {
      add("\(name).init(\(labels))") { draw in
        let parameters = (0..<draw.below(3)).map { _ in
          draw.once(in: 5) ? nil : Parameter(draw.tensor(type))
        }
        run(make(&draw, parameters), &draw)
      }
      add("\(name).learningRate") { draw in
        let optimizer = make(&draw, [Parameter(draw.tensor(type))])
        optimizer.learningRate = draw.number()
        run(optimizer, &draw)
      }
      for property in ["momentum", "betas", "cycledMomentum"] {
        add("\(name).\(property)") { draw in
          let optimizer = make(&draw, [Parameter(draw.tensor(type))])
          optimizer.cycledMomentum = draw.bool() ? nil : draw.number()
          _ = optimizer.cycledMomentum
          run(optimizer, &draw)
        }
      }
      add("\(name).rule(weightDecay:)") { draw in
        _ = make(&draw, [Parameter(draw.tensor(type))]).rule(weightDecay: draw.number())
      }
      add("\(name).scalars(learningRate:weightDecay:step:)") { draw in
        _ = make(&draw, [Parameter(draw.tensor(type))]).scalars(
          learningRate: draw.number(), weightDecay: draw.number(), step: draw.int())
      }
    }
    typealias MakeGroups = (inout Draw, [ParameterGroup<Element>]) -> Optimizer<Element>
    let ofGroups: [MakeGroups] = [
      { SGD($1, learningRate: $0.number(), momentum: $0.number(), nesterov: $0.bool()) },
      { Adam($1, learningRate: $0.number(), amsgrad: $0.bool()) },
      { AdamW($1, learningRate: $0.number(), weightDecay: $0.number()) },
      { RMSprop($1, learningRate: $0.number(), centered: $0.bool()) },
      { Adagrad($1, learningRateDecay: $0.number(), initialAccumulator: $0.number()) },
      { NAdam($1, learningRate: $0.number(), momentumDecay: $0.number()) },
      { RAdam($1, learningRate: $0.number(), betas: ($0.number(), $0.number())) },
      { Adamax($1, learningRate: $0.number(), epsilon: $0.number()) },
      { Adadelta($1, rho: $0.number(), epsilon: $0.number()) },
    ]
    for (optimizer, make) in zip(optimizers, ofGroups) {
      add("\(optimizer.name).init(\(optimizer.labels))") { draw in
        let groups = (0..<draw.below(3)).map { _ in
          ParameterGroup(
            [Parameter(draw.tensor(type)), nil], learningRate: draw.bool() ? nil : draw.number(),
            weightDecay: draw.bool() ? nil : draw.number())
        }
        run(make(&draw, groups), &draw)
      }
    }
    add("OptimizerKind.optimizer(_:learningRate:momentum:weightDecay:)") { draw in
      let parameters = (0..<draw.below(3)).map { _ in Parameter(draw.tensor(type)) }
      let kind = draw.one(of: OptimizerKind.allCases)
      run(
        kind.optimizer(
          parameters, learningRate: draw.number(), momentum: draw.number(),
          weightDecay: draw.bool() ? nil : draw.number()), &draw)
    }
    add("OptimizerKind.hasMomentum") { _ = $0.one(of: OptimizerKind.allCases).hasMomentum }
    addOptimizerBase(type, run)
    addClippingCalls(type)
    addAverageCalls(type)
    addLBFGSCalls(type)
  }

  /// The base: groups, rules and states of any kind.
  private func addOptimizerBase<Element: FloatingElement>(
    _ type: Element.Type, _ run: @escaping (Optimizer<Element>, inout Draw) -> Void
  ) {
    func group(_ draw: inout Draw) -> ParameterGroup<Element> {
      ParameterGroup(
        (0..<draw.below(3)).map { _ in draw.once(in: 5) ? nil : Parameter(draw.tensor(type)) },
        learningRate: draw.bool() ? nil : draw.number(),
        weightDecay: draw.bool() ? nil : draw.number())
    }
    /// An optimiser of a random element type.
    func optimizer(_ draw: inout Draw) -> Optimizer<Element> {
      let groups = (0..<draw.below(3)).map { _ in group(&draw) }
      switch draw.below(4) {
      case 0: return SGD(groups, learningRate: draw.number(), momentum: 0.9)
      case 1: return AdamW(groups, learningRate: draw.number())
      case 2: return RMSprop(groups, learningRate: draw.number())
      default: return HostileOptimizer(groups, &draw)
      }
    }
    add("ParameterGroup.init(_:learningRate:weightDecay:)") { draw in
      run(Adagrad([group(&draw), group(&draw)]), &draw)
    }
    add("Optimizer.init(_:_:learningRate:weightDecay:initialStates:)") { draw in
      let parameter = Parameter(draw.tensor(type))
      let groups = [group(&draw), ParameterGroup([parameter, parameter])]
      run(
        Optimizer(
          "hostile", groups, learningRate: draw.number(), weightDecay: draw.number(),
          initialStates: (0..<draw.below(4)).map { _ in draw.number() }), &draw)
    }
    add("Optimizer.step()") { draw in run(optimizer(&draw), &draw) }
    add("Optimizer.zeroGrad()") { optimizer(&$0).zeroGrad() }
    add("Optimizer.learningRate") { draw in
      let optimizer = optimizer(&draw)
      optimizer.learningRate = draw.number()
      run(optimizer, &draw)
    }
    add("Optimizer.learningRates") { draw in
      let optimizer = optimizer(&draw)
      optimizer.learningRates = optimizer.learningRates.map { _ in draw.number() }
      optimizer.learningRates = (0..<draw.below(4)).map { _ in draw.number() }
      run(optimizer, &draw)
    }
    add("Optimizer.weightDecays") { draw in
      let optimizer = optimizer(&draw)
      optimizer.weightDecays = optimizer.weightDecays.map { _ in draw.number() }
      optimizer.weightDecays = (0..<draw.below(4)).map { _ in draw.number() }
      run(optimizer, &draw)
    }
    add("Optimizer.cycledMomentum") { draw in
      let optimizer = optimizer(&draw)
      optimizer.cycledMomentum = draw.bool() ? nil : draw.number()
      _ = optimizer.cycledMomentum
      run(optimizer, &draw)
    }
    add("Optimizer.check(_:)") { optimizer(&$0).check(["number": $0.number()]) }
    add("Optimizer.rule(weightDecay:)") { _ = optimizer(&$0).rule(weightDecay: $0.number()) }
    add("Optimizer.scalars(learningRate:weightDecay:step:)") {
      _ = optimizer(&$0).scalars(
        learningRate: $0.number(), weightDecay: $0.number(), step: $0.int())
    }
    add("Optimizer.state()") { draw in
      let optimizer = optimizer(&draw)
      run(optimizer, &draw)
      for tensor in optimizer.state().tensors.joined() { draw.use(tensor) }
    }
    add("OptimizerState.init(steps:tensors:)") { draw in
      let optimizer = optimizer(&draw)
      run(optimizer, &draw)
      try optimizer.load(
        OptimizerState(steps: [draw.int()], tensors: [[draw.tensor(Element.Computed.self)]]))
      run(optimizer, &draw)
    }
    add("Optimizer.load(_:)") { draw in
      let optimizer = optimizer(&draw)
      let state = OptimizerState<Element>(
        steps: optimizer.parameters.map { _ in draw.int() },
        tensors: optimizer.parameters.map { parameter in
          (0..<draw.below(4)).map { _ in
            draw.bool()
              ? parameter.tensor.cast(to: Element.Computed.self)
              : draw.tensor(Element.Computed.self)
          }
        })
      try optimizer.load(state)
      run(optimizer, &draw)
    }
    add("OptimizerStateError.description") { draw in
      do {
        try optimizer(&draw).load(OptimizerState(steps: [], tensors: [[], []]))
      } catch let error as OptimizerStateError {
        _ = error.description.count
      }
    }
    add("UpdateRule.init(_:states:scalars:_:)") { draw in
      _ = HostileOptimizer(type, &draw).rule(weightDecay: 0)
    }
    add("UpdateRule.stateCount") { draw in
      _ = HostileOptimizer(type, &draw).rule(weightDecay: 0).stateCount
    }
    add("UpdateRule.scalarCount") { draw in
      _ = HostileOptimizer(type, &draw).rule(weightDecay: 0).scalarCount
    }
  }
}

/// A rule whose parts need not match.
private final class HostileOptimizer<Element: FloatingElement>: Optimizer<Element> {
  private let update: UpdateRule
  private let numbers: [Double]

  convenience init(_ type: Element.Type, _ draw: inout Draw) {
    self.init([ParameterGroup([Parameter(draw.tensor(type))])], &draw)
  }

  init(_ groups: [ParameterGroup<Element>], _ draw: inout Draw) {
    let (states, scalars) = (draw.below(20) - 1, draw.below(20) - 1)
    let results = draw.bool() ? states + 1 : draw.below(4)
    update = UpdateRule("hostile", states: states, scalars: scalars) {
      value, gradient, old, numbers in
      let sum = (old + numbers).reduce(value - gradient, +)
      return (0..<max(results, 0)).map { $0 == 0 ? sum : value }
    }
    numbers = (0..<(draw.bool() ? max(scalars, 0) : draw.below(20))).map { _ in draw.number() }
    super.init(
      "hostile", groups, learningRate: draw.number(),
      initialStates: (0..<(draw.bool() ? max(states, 0) : draw.below(4))).map { _ in draw.number() }
    )
  }

  override func rule(weightDecay: Double) -> UpdateRule { update }
  override func scalars(learningRate: Double, weightDecay: Double, step: Int) -> [Double] {
    numbers
  }
}
