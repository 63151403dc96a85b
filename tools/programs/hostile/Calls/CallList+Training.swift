import Slope
import SlopeCore
import SlopeNN
import SlopeOptimizers

/// Gradients and layers.
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
    layer("Dropout.init(p:generator:)", line: #line) {
      Dropout<Element>(
        p: $0.number(),
        generator: $0.bool() ? nil : Generator(seed: $0.word(), algorithm: .philox))
    }
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
    add("Activation.layer(of:)") { draw in
      let layer = draw.one(of: Activation.allCases).layer(of: type)
      draw.use(differentiable: layer(draw.tensor(type)))
    }
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
}
