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
    layer("BatchNorm2d.init(_:epsilon:momentum:affine:)", line: #line) {
      BatchNorm2d<Element>($0.int(), epsilon: $0.number(), momentum: $0.number(), affine: $0.bool())
    }
    layer("GroupNorm.init(_:_:epsilon:affine:)", line: #line) {
      GroupNorm<Element>($0.int(), $0.int(), epsilon: $0.number(), affine: $0.bool())
    }
    layer("RMSNorm.init(_:epsilon:affine:)", line: #line) {
      RMSNorm<Element>($0.int(), epsilon: $0.bool() ? nil : $0.number(), affine: $0.bool())
    }
    layer("RMSNorm.init(_:epsilon:affine:)", line: #line) {
      RMSNorm<Element>($0.shape(), epsilon: $0.number(), affine: $0.bool())
    }
    layer("NTPLinear.init(_:_:members:bias:generator:)", line: #line) {
      NTPLinear<Element>($0.int(), $0.int(), members: $0.bool() ? nil : $0.int(), bias: $0.bool())
    }
    layer("NTPLinear.init(weight:bias:)", line: #line) {
      NTPLinear<Element>(
        weight: Parameter($0.tensor(type)), bias: $0.bool() ? nil : Parameter($0.tensor(type)))
    }
    layer(
      "BatchEnsembleLinear.init(_:_:members:inputFactors:outputFactors:bias:generator:)",
      line: #line
    ) {
      let factors = BatchEnsembleLinear<Element>.Factors.allCases
      return BatchEnsembleLinear<Element>(
        $0.int(), $0.int(), members: $0.int(), inputFactors: $0.one(of: factors),
        outputFactors: $0.one(of: factors), bias: $0.bool())
    }
    layer("PiecewiseLinearEmbedding.init(_:outputs:members:generator:)", line: #line) { draw in
      PiecewiseLinearEmbedding<Element>(
        (0..<draw.below(4)).map { _ in (0..<draw.below(4)).map { _ in draw.number() } },
        outputs: draw.int(), members: draw.bool() ? nil : draw.int())
    }
    layer("FeatureScale.init(_:members:)", line: #line) {
      FeatureScale<Element>($0.int(), members: $0.bool() ? nil : $0.int())
    }
    layer(
      "PeriodicEmbedding.init(_:outputs:waves:deviation:members:generator:)", line: #line
    ) {
      PeriodicEmbedding<Element>(
        $0.int(), outputs: $0.int(), waves: $0.int(), deviation: $0.number(),
        members: $0.bool() ? nil : $0.int())
    }
    layer("ParametricActivation.init(_:_:members:)", line: #line) {
      ParametricActivation<Element>(
        $0.one(of: ParametricFunction.allCases), $0.int(), members: $0.bool() ? nil : $0.int())
    }
    layer("ELU.init(alpha:)", line: #line) { ELU<Element>(alpha: $0.number()) }
    layer("SELU.init()", line: #line) { _ in SELU<Element>() }
    layer("LeakyReLU.init(negativeSlope:)", line: #line) {
      LeakyReLU<Element>(negativeSlope: $0.number())
    }
    layer("PReLU.init(_:initial:)", line: #line) {
      PReLU<Element>($0.int(), initial: $0.number())
    }
    layer("GELU.init(approximate:)", line: #line) {
      GELU<Element>(approximate: $0.one(of: GELUApproximation.allCases))
    }
    layer("SiLU.init()", line: #line) { _ in SiLU<Element>() }
    layer("Mish.init()", line: #line) { _ in Mish<Element>() }
    layer("Softplus.init(beta:threshold:)", line: #line) {
      Softplus<Element>(beta: $0.number(), threshold: $0.number())
    }
    layer("Softmax.init(axis:)", line: #line) { Softmax<Element>(axis: $0.int()) }
    layer("LogSoftmax.init(axis:)", line: #line) { LogSoftmax<Element>(axis: $0.int()) }
    layer("Flatten.init(startAxis:endAxis:)", line: #line) {
      Flatten<Element>(startAxis: $0.int(), endAxis: $0.int())
    }
    layer("Identity.init()", line: #line) { _ in Identity<Element>() }
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
      ("BatchNorm2d", BatchNorm2d<Element>(3)), ("GroupNorm", GroupNorm<Element>(1, 3)),
      ("RMSNorm", RMSNorm<Element>(3)), ("ELU", ELU<Element>()), ("SELU", SELU<Element>()),
      ("NTPLinear", NTPLinear<Element>(3, 2)), ("FeatureScale", FeatureScale<Element>(3)),
      ("PeriodicEmbedding", PeriodicEmbedding<Element>(3, waves: 2)),
      ("BatchEnsembleLinear", BatchEnsembleLinear<Element>(3, 2, members: 2)),
      (
        "PiecewiseLinearEmbedding",
        PiecewiseLinearEmbedding<Element>([[0, 1], [0, 1, 2], [3, 4]])
      ),
      ("ParametricActivation", ParametricActivation<Element>(.mish, 3)),
      ("LeakyReLU", LeakyReLU<Element>()), ("PReLU", PReLU<Element>(3)),
      ("GELU", GELU<Element>()), ("SiLU", SiLU<Element>()), ("Mish", Mish<Element>()),
      ("Softplus", Softplus<Element>(beta: 2)), ("Softmax", Softmax<Element>()),
      ("LogSoftmax", LogSoftmax<Element>()), ("Flatten", Flatten<Element>()),
      ("Identity", Identity<Element>()), ("ReLU", ReLU<Element>()),
      ("Sigmoid", Sigmoid<Element>()), ("Tanh", Tanh<Element>()),
      ("Sequential", Sequential<Element>(Linear<Element>(3, 2), Tanh<Element>())),
    ]
    add("PiecewiseLinearEmbedding.edges(of:count:)") { draw in
      _ = PiecewiseLinearEmbedding<Element>.edges(
        of: draw.tensor(type), count: min(draw.int(), 100))
    }
    for (name, layer) in made {
      add("\(name).callAsFunction(_:)") { draw in
        if draw.once(in: 8) { layer.train(draw.bool()) }
        draw.use(differentiable: layer(draw.tensor(type)))
      }
    }
    let described: [(String, any Module<Element>)] = [
      ("Linear", Linear<Element>(3, 2)), ("LayerNorm", LayerNorm<Element>([3, 2])),
      ("BatchNorm1d", BatchNorm1d<Element>(3)), ("Dropout", Dropout<Element>(p: 0.5)),
      ("BatchNorm2d", BatchNorm2d<Element>(3)), ("GroupNorm", GroupNorm<Element>(1, 3)),
      ("RMSNorm", RMSNorm<Element>(3)), ("ELU", ELU<Element>()),
      ("NTPLinear", NTPLinear<Element>(3, 2)), ("FeatureScale", FeatureScale<Element>(3)),
      ("PeriodicEmbedding", PeriodicEmbedding<Element>(3, waves: 2)),
      ("BatchEnsembleLinear", BatchEnsembleLinear<Element>(3, 2, members: 2)),
      (
        "PiecewiseLinearEmbedding",
        PiecewiseLinearEmbedding<Element>([[0, 1], [0, 1, 2], [3, 4]])
      ),
      ("ParametricActivation", ParametricActivation<Element>(.mish, 3)),
      ("LeakyReLU", LeakyReLU<Element>()), ("PReLU", PReLU<Element>(3)),
      ("GELU", GELU<Element>()), ("Softplus", Softplus<Element>()),
      ("Softmax", Softmax<Element>()), ("LogSoftmax", LogSoftmax<Element>()),
      ("Flatten", Flatten<Element>()),
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
    addBatchNorms(type)
    addInitializers(type)
    addModule(type)
  }

  private func addBatchNorms<Element: FloatingElement>(_ type: Element.Type) {
    let (lines, images) = (BatchNorm1d<Element>(3), BatchNorm2d<Element>(3))
    let numbers: [(String, () -> Double)] = [
      ("BatchNorm1d.epsilon", { lines.epsilon }), ("BatchNorm1d.momentum", { lines.momentum }),
      ("BatchNorm2d.epsilon", { images.epsilon }), ("BatchNorm2d.momentum", { images.momentum }),
    ]
    for (name, read) in numbers { add(name) { _ in _ = read() } }
    let parameters: [(String, Parameter<Element>?)] = [
      ("BatchNorm1d.weight", lines.weight), ("BatchNorm1d.bias", lines.bias),
      ("BatchNorm2d.weight", images.weight), ("BatchNorm2d.bias", images.bias),
    ]
    for (name, parameter) in parameters { add(name) { parameter?.tensor = $0.tensor(type) } }
    let buffers: [(String, ModuleBuffer<Element>)] = [
      ("BatchNorm1d.runningMean", lines.runningMean),
      ("BatchNorm1d.runningVariance", lines.runningVariance),
      ("BatchNorm1d.batchCount", lines.batchCount),
      ("BatchNorm2d.runningMean", images.runningMean),
      ("BatchNorm2d.runningVariance", images.runningVariance),
      ("BatchNorm2d.batchCount", images.batchCount),
    ]
    for (name, buffer) in buffers { add(name) { buffer.tensor = $0.tensor(type) } }
    add("BatchNorm1d.customMirror") { _ in _ = lines.customMirror.children.count }
    add("BatchNorm2d.customMirror") { _ in _ = images.customMirror.children.count }
  }

  private func addInitializers<Element: FloatingElement>(_ type: Element.Type) {
    func initializer(_ draw: inout Draw) -> Initializer {
      let mode = draw.one(of: Initializer.FanMode.allCases)
      let nonlinearity = draw.one(of: Nonlinearity.allCases)
      let (a, b) = (draw.number(), draw.number())
      return draw.one(of: [
        .zeros, .ones, .constant(a), .uniform(from: a, to: b),
        .normal(mean: a, standardDeviation: b),
        .truncatedNormal(mean: a, standardDeviation: b, from: draw.number(), to: draw.number()),
        .xavierUniform(gain: a), .xavierNormal(gain: a),
        .kaimingUniform(a: a, mode: mode, nonlinearity: nonlinearity),
        .kaimingNormal(a: a, mode: mode, nonlinearity: nonlinearity), .orthogonal(gain: a), .eye,
        .dirac(groups: draw.int()),
      ])
    }
    add("Initializer.tensor(_:of:generator:)") { draw in
      draw.use(initializer(&draw).tensor(draw.shape(), of: type))
    }
    // A column is an order of its rows, drawn one by one: many are not hostile, only work.
    add("Initializer.tensor(_:of:generator:)") { draw in
      let shape = Shape((0..<draw.below(4)).map { _ in draw.below(5) })
      draw.use(
        Initializer.sparse(sparsity: draw.number(), standardDeviation: draw.number())
          .tensor(shape, of: type))
    }
    add("Parameter.initialize(_:generator:)") { draw in
      let parameter = Parameter(draw.tensor(type))
      parameter.initialize(initializer(&draw), generator: draw.bool() ? nil : Generator(seed: 1))
      draw.use(parameter.tensor)
    }
    add("calculateGain(_:negativeSlope:)") { draw in
      _ = calculateGain(draw.one(of: Nonlinearity.allCases), negativeSlope: draw.number())
    }
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
