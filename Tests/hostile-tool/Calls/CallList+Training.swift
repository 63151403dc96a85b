import Slope
import SlopeCore
import SlopeNN
import SlopeOptimizers

/// Layers, losses, optimisers and gradients.
extension CallList {
  func addTrainingCalls<E: FloatingElement>(_ type: E.Type) {
    addGradients(type)
    addLayers(type)
    addLosses(type)
    addOptimizers(type)
  }

  private func addGradients<E: FloatingElement>(_ type: E.Type) {
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

  private func addLayers<E: FloatingElement>(_ type: E.Type) {
    func layer(_ name: String, line: Int, _ make: @escaping (inout Draw) -> any Layer<E>) {
      add(name, line: line) { draw in
        let layer = make(&draw)
        draw.use(differentiable: layer(draw.tensor(type)))
      }
    }
    layer("Linear.init(_:_:bias:generator:)", line: #line) {
      Linear<E>($0.int(), $0.int(), bias: $0.bool())
    }
    layer("Linear.init(weight:bias:)", line: #line) {
      Linear(
        weight: Parameter($0.tensor(type)), bias: $0.bool() ? nil : Parameter($0.tensor(type)))
    }
    layer("LayerNorm.init(_:epsilon:affine:bias:)", line: #line) {
      LayerNorm<E>($0.int(), epsilon: $0.number(), affine: $0.bool(), bias: $0.bool())
    }
    layer("LayerNorm.init(_:epsilon:affine:bias:)", line: #line) {
      LayerNorm<E>($0.shape(), epsilon: $0.number(), affine: $0.bool())
    }
    layer("BatchNorm1d.init(_:epsilon:momentum:affine:)", line: #line) {
      BatchNorm1d<E>($0.int(), epsilon: $0.number(), momentum: $0.number(), affine: $0.bool())
    }
    layer("Dropout.init(p:generator:)", line: #line) { Dropout<E>(p: $0.number()) }
    layer("ReLU.init()", line: #line) { _ in ReLU<E>() }
    layer("Sigmoid.init()", line: #line) { _ in Sigmoid<E>() }
    layer("Tanh.init()", line: #line) { _ in Tanh<E>() }
    layer("Sequential.init(_:)", line: #line) {
      Sequential<E>(Linear<E>(3, $0.below(3)), ReLU<E>(), Linear<E>($0.below(3), 1))
    }
    layer("Sequential.init(_:)", line: #line) { draw in
      Sequential<E>(
        (0..<draw.below(3)).map { _ -> any Layer<E> in
          if draw.bool() { return Sigmoid<E>() }
          return LayerNorm<E>(draw.int())
        })
    }
    // The same layers, called with what may fit them.
    let made: [(String, any Layer<E>)] = [
      ("Linear", Linear<E>(3, 2)), ("LayerNorm", LayerNorm<E>(3)),
      ("BatchNorm1d", BatchNorm1d<E>(3)), ("Dropout", Dropout<E>(p: 0.5)), ("ReLU", ReLU<E>()),
      ("Sigmoid", Sigmoid<E>()), ("Tanh", Tanh<E>()),
      ("Sequential", Sequential<E>(Linear<E>(3, 2), Tanh<E>())),
    ]
    for (name, layer) in made {
      add("\(name).callAsFunction(_:)") { draw in
        if draw.once(in: 8) { layer.train(draw.bool()) }
        draw.use(differentiable: layer(draw.tensor(type)))
      }
    }
    let described: [(String, any Module<E>)] = [
      ("Linear", Linear<E>(3, 2)), ("LayerNorm", LayerNorm<E>([3, 2])),
      ("BatchNorm1d", BatchNorm1d<E>(3)), ("Dropout", Dropout<E>(p: 0.5)),
      ("Embedding", Embedding<E>(3, 2)), ("Module", Sequential<E>(ReLU<E>())),
    ]
    for (name, module) in described {
      add("\(name).description") { _ in _ = module.description }
    }
    add("Embedding.init(_:_:generator:)") { draw in
      let embedding = Embedding<E>(draw.int(), draw.int())
      draw.use(differentiable: embedding(draw.tensor(Int.self)))
    }
    add("Embedding.init(weight:)") { draw in
      let embedding = Embedding(weight: Parameter(draw.tensor(type)))
      draw.use(differentiable: embedding(draw.tensor(Int.self)))
    }
    let embedding = Embedding<E>(3, 2)
    add("Embedding.callAsFunction(_:)") {
      $0.use(differentiable: embedding($0.tensor(Int.self)))
    }
    addModule(type)
  }

  private func addModule<E: FloatingElement>(_ type: E.Type) {
    let model = Sequential<E>(Linear<E>(3, 2), BatchNorm1d<E>(2), Linear<E>(2, 1))
    add("Layer.callAsFunction(_:)") { draw in
      func run(_ layer: some Layer<E>) -> Tensor<E> { layer(draw.tensor(type)) }
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

  private func addLosses<E: FloatingElement>(_ type: E.Type) {
    func reduction(_ draw: inout Draw) -> LossReduction {
      draw.one(of: [.mean, .sum, .none])
    }
    typealias Loss = (Tensor<E>, Tensor<E>) -> Tensor<E>
    let losses: [(String, String, (inout Draw) -> Loss)] = [
      ("MSELoss", "reduction:", { MSELoss<E>(reduction: reduction(&$0)).callAsFunction }),
      ("L1Loss", "reduction:", { L1Loss<E>(reduction: reduction(&$0)).callAsFunction }),
      ("BCELoss", "reduction:", { BCELoss<E>(reduction: reduction(&$0)).callAsFunction }),
      (
        "BCEWithLogitsLoss", "reduction:",
        { BCEWithLogitsLoss<E>(reduction: reduction(&$0)).callAsFunction }
      ),
      ("KLDivLoss", "reduction:", { KLDivLoss<E>(reduction: reduction(&$0)).callAsFunction }),
      (
        "HuberLoss", "delta:reduction:",
        { HuberLoss<E>(delta: $0.number(), reduction: reduction(&$0)).callAsFunction }
      ),
      (
        "SmoothL1Loss", "beta:reduction:",
        { SmoothL1Loss<E>(beta: $0.number(), reduction: reduction(&$0)).callAsFunction }
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
      _ = CrossEntropyLoss<E>(
        ignoreIndex: draw.int(), labelSmoothing: draw.number(), reduction: reduction(&draw))
    }
    add("CrossEntropyLoss.callAsFunction(_:_:)") { draw in
      let loss = CrossEntropyLoss<E>(ignoreIndex: draw.int(), reduction: reduction(&draw))
      draw.use(differentiable: loss(draw.tensor(type), draw.tensor(Int.self)))
    }
    add("NLLLoss.init(ignoreIndex:reduction:)") { draw in
      _ = NLLLoss<E>(ignoreIndex: draw.int(), reduction: reduction(&draw))
    }
    add("NLLLoss.callAsFunction(_:_:)") { draw in
      let loss = NLLLoss<E>(ignoreIndex: draw.int(), reduction: reduction(&draw))
      draw.use(differentiable: loss(draw.tensor(type), draw.tensor(Int.self)))
    }
  }

  private func addOptimizers<E: FloatingElement>(_ type: E.Type) {
    typealias Make = (inout Draw, [Parameter<E>?]) -> any Optimizer<E>
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
    func run(_ optimizer: any Optimizer<E>, _ draw: inout Draw) {
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
      for method in ["step", "zeroGrad"] {
        add("\(name).\(method)()") { draw in
          let parameters = [Parameter(draw.tensor(type)), Parameter(draw.tensor(type))]
          run(make(&draw, parameters), &draw)
        }
      }
    }
    add("Optimizer.zeroGrad()") { draw in
      SGD([Parameter(draw.tensor(type))], learningRate: 0.1).zeroGrad()
    }
    add("Optimizer.zeroGrad()") { draw in
      RMSprop([Parameter(draw.tensor(type))], learningRate: 0.1).zeroGrad()
    }
    add("Optimizer.step()") { draw in
      let optimizer: any Optimizer<E> = SGD([Parameter(draw.tensor(type))], learningRate: 0.1)
      run(optimizer, &draw)
    }
    add("Optimizer.parameters") { draw in
      let optimizer: any Optimizer<E> = Adam([Parameter(draw.tensor(type))])
      _ = optimizer.parameters.count
    }
    add("Optimizer.learningRate") { draw in
      let optimizer: any Optimizer<E> = Adagrad([Parameter(draw.tensor(type))])
      optimizer.learningRate = draw.number()
      run(optimizer, &draw)
    }
    add("AdamW.parameters") { _ = AdamW([Parameter($0.tensor(type))]).parameters.count }
    add("AdamW.weightDecay") { draw in
      let optimizer = AdamW([Parameter(draw.tensor(type))], weightDecay: draw.number())
      _ = optimizer.weightDecay
    }
  }
}
