import Slope
import SlopeCore
import SlopeNN
import SlopeOptimizers

/// Layers, losses, optimisers and gradients.
extension CallList {
  func addTrainingCalls<Element: FloatingElement>(_ type: Element.Type) {
    addGradients(type)
    addLayers(type)
    addLosses(type)
    addLossProtocol(type)
    addOptimizers(type)
  }

  private func addGradients<Element: FloatingElement>(_ type: Element.Type) {
    add("Tensor.backward(seed:retainGraph:)") { draw in
      let tensor = draw.tensor(type)
      tensor.backward(seed: draw.bool() ? nil : draw.tensor(like: tensor), retainGraph: true)
    }
    add("gradients(of:withRespectTo:seed:retainGraph:recorded:)") { draw in
      let tensor = draw.tensor(type)
      let found = gradients(
        of: tensor, withRespectTo: [draw.tensor(like: tensor), draw.tensor(type)],
        seed: draw.bool() ? nil : tensor, retainGraph: true, recorded: draw.bool())
      draw.use(found.compactMap { $0 })
    }
    add("gradients(of:withRespectTo:seed:retainGraph:recorded:)") { draw in
      let parameter = Parameter(draw.tensor(type))
      let result = draw.bool() ? parameter.tensor.square().sum() : draw.tensor(type)
      let found = gradients(of: result, withRespectTo: [parameter], recorded: draw.bool())
      draw.use(found.compactMap { $0 })
    }
    add("Parameter.init(_:)") { draw in draw.use(Parameter(draw.tensor(type)).tensor) }
    add("Parameter.tensor") { draw in
      let parameter = Parameter(draw.tensor(type))
      parameter.tensor = draw.tensor(type)
      draw.use(parameter.tensor)
    }
    add("Parameter.grad") { draw in
      let parameter = Parameter(draw.tensor(type))
      parameter.grad = draw.bool() ? nil : draw.tensor(type)
      if let gradient = parameter.grad { draw.use(gradient) }
    }
    add("Parameter.shape") { _ = Parameter($0.tensor(type)).shape.elementCount }
    add("Parameter.description") { _ = Parameter($0.tensor(type)).description }
    add("Parameter.move(to:)") { draw in
      let parameter = Parameter(draw.tensor(type))
      parameter.move(to: draw.bool() ? .cpu : draw.tensors.device)
      draw.use(parameter.tensor)
    }
  }

  private func addLayers<Element: FloatingElement>(_ type: Element.Type) {
    func layer(_ name: String, line: Int, _ make: @escaping (inout Draw) -> any Layer<Element>) {
      add(name, line: line) { draw in
        let layer = make(&draw)
        draw.use(differentiable: layer(draw.tensor(type)))
      }
    }
    layer("Linear.init(_:_:bias:generator:)", line: #line) {
      Linear<Element>($0.int(), $0.int(), bias: $0.bool())
    }
    layer("Linear.init(weight:bias:)", line: #line) {
      Linear(
        weight: Parameter($0.tensor(type)), bias: $0.bool() ? nil : Parameter($0.tensor(type)))
    }
    layer("LayerNorm.init(_:epsilon:affine:bias:)", line: #line) {
      LayerNorm<Element>($0.int(), epsilon: $0.number(), affine: $0.bool(), bias: $0.bool())
    }
    layer("LayerNorm.init(_:epsilon:affine:bias:)", line: #line) {
      LayerNorm<Element>($0.shape(), epsilon: $0.number(), affine: $0.bool())
    }
    layer("BatchNorm1d.init(_:epsilon:momentum:affine:)", line: #line) {
      BatchNorm1d<Element>($0.int(), epsilon: $0.number(), momentum: $0.number(), affine: $0.bool())
    }
    layer("Dropout.init(p:generator:)", line: #line) { Dropout<Element>(p: $0.number()) }
    layer("ReLU.init()", line: #line) { _ in ReLU<Element>() }
    layer("Sigmoid.init()", line: #line) { _ in Sigmoid<Element>() }
    layer("Tanh.init()", line: #line) { _ in Tanh<Element>() }
    layer("Sequential.init(_:)", line: #line) {
      Sequential<Element>(
        Linear<Element>(3, $0.below(3)), ReLU<Element>(), Linear<Element>($0.below(3), 1))
    }
    layer("Sequential.init(_:)", line: #line) { draw in
      Sequential<Element>(
        (0..<draw.below(3)).map { _ -> any Layer<Element> in
          if draw.bool() { return Sigmoid<Element>() }
          return LayerNorm<Element>(draw.int())
        })
    }
    // The same layers, called with operands that may fit.
    let made: [(String, any Layer<Element>)] = [
      ("Linear", Linear<Element>(3, 2)), ("LayerNorm", LayerNorm<Element>(3)),
      ("BatchNorm1d", BatchNorm1d<Element>(3)), ("Dropout", Dropout<Element>(p: 0.5)),
      ("ReLU", ReLU<Element>()),
      ("Sigmoid", Sigmoid<Element>()), ("Tanh", Tanh<Element>()),
      ("Sequential", Sequential<Element>(Linear<Element>(3, 2), Tanh<Element>())),
    ]
    for (name, layer) in made {
      add("\(name).callAsFunction(_:)") { draw in
        if draw.once(in: 8) { layer.train(draw.bool()) }
        draw.use(differentiable: layer(draw.tensor(type)))
      }
    }
    let described: [(String, any Module<Element>)] = [
      ("Linear", Linear<Element>(3, 2)), ("LayerNorm", LayerNorm<Element>([3, 2])),
      ("BatchNorm1d", BatchNorm1d<Element>(3)), ("Dropout", Dropout<Element>(p: 0.5)),
      ("Embedding", Embedding<Element>(3, 2)), ("Module", Sequential<Element>(ReLU<Element>())),
    ]
    for (name, module) in described {
      add("\(name).description") { _ in _ = module.description }
    }
    add("Embedding.init(_:_:generator:)") { draw in
      let embedding = Embedding<Element>(draw.int(), draw.int())
      draw.use(differentiable: embedding(draw.tensor(Int.self)))
    }
    add("Embedding.init(weight:)") { draw in
      let embedding = Embedding(weight: Parameter(draw.tensor(type)))
      draw.use(differentiable: embedding(draw.tensor(Int.self)))
    }
    let embedding = Embedding<Element>(3, 2)
    add("Embedding.callAsFunction(_:)") {
      $0.use(differentiable: embedding($0.tensor(Int.self)))
    }
    addModule(type)
  }

  private func addModule<Element: FloatingElement>(_ type: Element.Type) {
    let model = Sequential<Element>(
      Linear<Element>(3, 2), BatchNorm1d<Element>(2), Linear<Element>(2, 1))
    add("Layer.callAsFunction(_:)") { draw in
      func run(_ layer: some Layer<Element>) -> Tensor<Element> { layer(draw.tensor(type)) }
      draw.use(run(model))
    }
    add("Module.parameters()") { _ in _ = model.parameters().count }
    add("Module.namedParameters()") { _ in _ = model.namedParameters().count }
    add("Module.namedBuffers()") { _ in _ = model.namedBuffers().count }
    add("Sequential.customMirror") { _ in _ = model.customMirror.children.count }
    add("Module.state()") { _ in _ = model.state().count }
    add("Module.train(_:)") { model.train($0.bool()) }
    add("Module.eval()") { _ in model.eval() }
    add("Module.to(_:)") { model.to($0.bool() ? .cpu : $0.tensors.device) }
    add("Module.load(_:)") { draw in
      var state = model.state()
      for name in state.keys.sorted() where draw.once(in: 3) {
        state[name] = draw.bool() ? nil : draw.tensor(type)
      }
      try model.load(state)
    }
    add("ModuleBuffer.init(_:)") { draw in
      let buffer = ModuleBuffer(draw.tensor(type))
      buffer.tensor = draw.tensor(type)
      draw.use(buffer.tensor)
    }
    add("ModuleBuffer.tensor") { draw in
      let buffer = ModuleBuffer(draw.tensor(type))
      buffer.tensor = draw.tensor(type)
      draw.use(buffer.tensor)
    }
    add("TrainingMode.init()") { _ in _ = TrainingMode() }
    add("TrainingMode.isTraining") { _ in _ = TrainingMode().isTraining }
  }

  private func addLosses<Element: FloatingElement>(_ type: Element.Type) {
    typealias Loss = (Tensor<Element>, Tensor<Element>) -> Tensor<Element>
    let losses: [(String, String, (inout Draw) -> Loss)] = [
      ("MSELoss", "reduction:", { MSELoss<Element>(reduction: reduction(&$0)).callAsFunction }),
      ("L1Loss", "reduction:", { L1Loss<Element>(reduction: reduction(&$0)).callAsFunction }),
      ("BCELoss", "reduction:", { BCELoss<Element>(reduction: reduction(&$0)).callAsFunction }),
      (
        "BCEWithLogitsLoss", "reduction:",
        { BCEWithLogitsLoss<Element>(reduction: reduction(&$0)).callAsFunction }
      ),
      ("KLDivLoss", "reduction:", { KLDivLoss<Element>(reduction: reduction(&$0)).callAsFunction }),
      (
        "HuberLoss", "delta:reduction:",
        { HuberLoss<Element>(delta: $0.number(), reduction: reduction(&$0)).callAsFunction }
      ),
      (
        "SmoothL1Loss", "beta:reduction:",
        { SmoothL1Loss<Element>(beta: $0.number(), reduction: reduction(&$0)).callAsFunction }
      ),
    ]
    for (name, labels, make) in losses {
      add("\(name).init(\(labels))") { draw in _ = make(&draw) }
      add("\(name).callAsFunction(_:_:)") { draw in
        let tensor = draw.tensor(type)
        let loss = make(&draw)
        draw.use(differentiable: loss(tensor, draw.tensor(like: tensor)))
      }
    }
    add("CrossEntropyLoss.init(ignoreIndex:labelSmoothing:reduction:)") { draw in
      _ = CrossEntropyLoss<Element>(
        ignoreIndex: draw.int(), labelSmoothing: draw.number(), reduction: reduction(&draw))
    }
    add("CrossEntropyLoss.callAsFunction(_:_:)") { draw in
      let loss = CrossEntropyLoss<Element>(ignoreIndex: draw.int(), reduction: reduction(&draw))
      draw.use(differentiable: loss(draw.tensor(type), draw.tensor(Int.self)))
    }
    add("NLLLoss.init(ignoreIndex:reduction:)") { draw in
      _ = NLLLoss<Element>(ignoreIndex: draw.int(), reduction: reduction(&draw))
    }
    add("NLLLoss.callAsFunction(_:_:)") { draw in
      let loss = NLLLoss<Element>(ignoreIndex: draw.int(), reduction: reduction(&draw))
      draw.use(differentiable: loss(draw.tensor(type), draw.tensor(Int.self)))
    }
  }

  /// A user's loss, and all losses through their protocol.
  private func addLossProtocol<Element: FloatingElement>(_ type: Element.Type) {
    func value<L: Loss>(_ loss: L, _ x: Tensor<L.Element>, _ y: Tensor<L.Target>) -> Tensor<
      L.Element
    > {
      loss.reduction == .none ? loss(x, y) : loss(x, y) * 2
    }
    add("Loss.callAsFunction(_:_:)") { draw in
      let loss = HostileLoss<Element>(reduction: reduction(&draw))
      draw.use(differentiable: value(loss, draw.tensor(type), draw.tensor(type)))
    }
    add("Loss.reduction") { draw in
      let loss = NLLLoss<Element>(reduction: reduction(&draw))
      draw.use(differentiable: value(loss, draw.tensor(type), draw.tensor(Int.self)))
    }
    add("ElementLoss.callAsFunction(_:_:)") { draw in
      let x = draw.tensor(type)
      draw.use(
        differentiable: HostileLoss<Element>(reduction: reduction(&draw))(x, draw.tensor(like: x)))
    }
    add("ElementLoss.formula") { _ = HostileLoss<Element>(reduction: reduction(&$0)).name.count }
    let losses: [(String, any ElementLoss<Element>)] = [
      ("MSELoss", MSELoss<Element>()), ("L1Loss", L1Loss<Element>()),
      ("KLDivLoss", KLDivLoss<Element>()),
      ("BCEWithLogitsLoss", BCEWithLogitsLoss<Element>()),
    ]
    for (name, loss) in losses {
      add("\(name).formula") {
        $0.use(differentiable: loss.formula($0.tensor(type), $0.tensor(type)))
      }
    }
  }

  private func addOptimizers<Element: FloatingElement>(_ type: Element.Type) {
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
    addOptimizerBase(type, run)
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
      try optimizer.load(OptimizerState(steps: [draw.int()], tensors: [[draw.tensor(type)]]))
      run(optimizer, &draw)
    }
    add("Optimizer.load(_:)") { draw in
      let optimizer = optimizer(&draw)
      let state = OptimizerState<Element>(
        steps: optimizer.parameters.map { _ in draw.int() },
        tensors: optimizer.parameters.map { parameter in
          (0..<draw.below(3)).map { _ in draw.bool() ? parameter.tensor : draw.tensor(type) }
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

private struct HostileLoss<Element: FloatingElement>: ElementLoss {
  let reduction: LossReduction
  let formula = Pointwise("hostile") { x, y in (x / y).log() }
}

private func reduction(_ draw: inout Draw) -> LossReduction {
  draw.one(of: [.mean, .sum, .batchMean, .none])
}
