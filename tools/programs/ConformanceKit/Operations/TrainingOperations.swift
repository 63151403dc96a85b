import Slope

/// Optimisers over some steps, and whole training loops.
func trainingOperations<Element: FloatingElement>() -> [Operation<Element>] {
  [
    Operation("optim_sgd", "SGD(parameters, learningRate: 0.1)") { arguments in
      let attributes = arguments.attributes
      try attributes.only(
        remarks.union([
          "lr", "momentum", "dampening", "weight_decay", "nesterov", "momentum_buffer",
        ]))
      return try trajectory(arguments, states: ["momentum_buffer"]) { parameter in
        SGD(
          [parameter], learningRate: try attributes.double("lr"),
          momentum: try attributes.optionalDouble("momentum") ?? 0,
          dampening: try attributes.optionalDouble("dampening") ?? 0,
          weightDecay: try attributes.optionalDouble("weight_decay") ?? 0,
          nesterov: try attributes.flag("nesterov"))
      }
    },
    Operation("optim_adam", "Adam(parameters, learningRate: 0.001)") { arguments in
      let attributes = arguments.attributes
      try attributes.only(
        remarks.union([
          "lr", "betas", "eps", "weight_decay", "amsgrad", "exp_avg", "exp_avg_sq",
          "max_exp_avg_sq",
        ]))
      let betas = try attributes.optionalDoubles("betas") ?? [0.9, 0.999]
      guard betas.count == 2 else { throw Unsupported("\(betas.count) betas") }
      return try trajectory(arguments, states: ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"]) {
        parameter in
        Adam(
          [parameter], learningRate: try attributes.double("lr"), betas: (betas[0], betas[1]),
          epsilon: try attributes.optionalDouble("eps") ?? 1e-8,
          weightDecay: try attributes.optionalDouble("weight_decay") ?? 0,
          amsgrad: try attributes.flag("amsgrad"))
      }
    },
    Operation("optim_adamw", "AdamW(parameters, learningRate: 0.001)") { arguments in
      let attributes = arguments.attributes
      try attributes.only(
        remarks.union([
          "lr", "betas", "eps", "weight_decay", "amsgrad", "exp_avg", "exp_avg_sq",
          "max_exp_avg_sq",
        ]))
      let betas = try attributes.optionalDoubles("betas") ?? [0.9, 0.999]
      guard betas.count == 2 else { throw Unsupported("\(betas.count) betas") }
      return try trajectory(arguments, states: ["exp_avg", "exp_avg_sq", "max_exp_avg_sq"]) {
        parameter in
        AdamW(
          [parameter], learningRate: try attributes.double("lr"), betas: (betas[0], betas[1]),
          epsilon: try attributes.optionalDouble("eps") ?? 1e-8,
          weightDecay: try attributes.optionalDouble("weight_decay") ?? 0.01,
          amsgrad: try attributes.flag("amsgrad"))
      }
    },
    Operation("optim_rmsprop", "RMSprop(parameters, learningRate: 0.01)") { arguments in
      let attributes = arguments.attributes
      try attributes.only(
        remarks.union([
          "lr", "alpha", "eps", "weight_decay", "momentum", "centered", "square_avg", "grad_avg",
          "momentum_buffer",
        ]))
      return try trajectory(arguments, states: ["square_avg", "grad_avg", "momentum_buffer"]) {
        parameter in
        RMSprop(
          [parameter], learningRate: try attributes.double("lr"),
          alpha: try attributes.optionalDouble("alpha") ?? 0.99,
          epsilon: try attributes.optionalDouble("eps") ?? 1e-8,
          weightDecay: try attributes.optionalDouble("weight_decay") ?? 0,
          momentum: try attributes.optionalDouble("momentum") ?? 0,
          centered: try attributes.flag("centered"))
      }
    },
    Operation("optim_adagrad", "Adagrad(parameters, learningRate: 0.01)") { arguments in
      let attributes = arguments.attributes
      try attributes.only(
        remarks.union([
          "lr", "lr_decay", "eps", "weight_decay", "initial_accumulator_value", "sum",
        ]))
      return try trajectory(arguments, states: ["sum"]) { parameter in
        Adagrad(
          [parameter], learningRate: try attributes.double("lr"),
          learningRateDecay: try attributes.optionalDouble("lr_decay") ?? 0,
          weightDecay: try attributes.optionalDouble("weight_decay") ?? 0,
          initialAccumulator: try attributes.optionalDouble("initial_accumulator_value") ?? 0,
          epsilon: try attributes.optionalDouble("eps") ?? 1e-10)
      }
    },
    Operation("train_mlp", "a training loop") { try trainNetwork($0) },
    Operation("clip_grad_norm", "clipGradientNorm(parameters, maximum: 1)") { arguments in
      let attributes = arguments.attributes
      try attributes.only(["max_norm", "norm_type", "eps", "outputs"])
      guard try attributes.optionalDouble("eps") ?? 1e-6 == 1e-6 else {
        throw Unsupported("another eps than 1e-6")
      }
      let gradients = try arguments.all()
      let parameters = gradients.map { gradient in
        let parameter = Parameter(gradient)
        parameter.grad = gradient
        return parameter
      }
      let norm = clipGradientNorm(
        parameters, maximum: try attributes.double("max_norm"),
        normType: try attributes.optionalDouble("norm_type") ?? 2)
      return [norm.cast(to: Element.self)] + parameters.compactMap(\.grad)
    },
    Operation("lr_schedule", "LearningRateScheduler(optimizer, .cosine(steps: n))") { arguments in
      let optimizer = SGD(
        [Parameter(Tensor<Element>(0))], learningRate: try arguments.attributes.double("base_lr"))
      let scheduler = LearningRateScheduler(optimizer, try schedule(arguments.attributes))
      var rates: [Element] = []
      for _ in 0...10 {
        rates.append(Element(optimizer.learningRate))
        scheduler.step()
      }
      return [Tensor(rates)]
    },
  ]
}

/// The schedule whose attributes these are.
private func schedule(_ attributes: Attributes) throws -> LearningRateSchedule {
  func only(_ names: Set<String>) throws {
    try attributes.only(remarks.union(names).union(["base_lr"]))
  }
  if attributes.has("T_max") {
    try only(["T_max", "eta_min"])
    return .cosine(
      steps: try attributes.int("T_max"), minimum: try attributes.optionalDouble("eta_min") ?? 0)
  }
  if attributes.has("step_size") {
    try only(["step_size", "gamma"])
    return .step(
      size: try attributes.int("step_size"), gamma: try attributes.optionalDouble("gamma") ?? 0.1)
  }
  if attributes.has("milestones") {
    try only(["milestones", "gamma"])
    return .multiStep(
      milestones: try attributes.ints("milestones"),
      gamma: try attributes.optionalDouble("gamma") ?? 0.1)
  }
  if attributes.has("start_factor") {
    try only(["start_factor", "end_factor", "total_iters"])
    return .linear(
      from: try attributes.double("start_factor"),
      to: try attributes.optionalDouble("end_factor") ?? 1,
      steps: try attributes.optionalInt("total_iters") ?? 5)
  }
  try only(["gamma"])
  return .exponential(gamma: try attributes.double("gamma"))
}

/// Attributes that only describe the tensors, or the number of steps before.
private let remarks: Set = ["inputs", "output", "outputs", "step", "state"]

/// Thirty full-batch steps of a network of one hidden layer.
private func trainNetwork<Element: FloatingElement>(_ arguments: Arguments<Element>) throws
  -> [any AnyTensor]
{
  let program = try arguments.attributes.string("program")
  let x = try arguments[0]
  let parameters = try (2...5).map { Parameter(try arguments[$0]) }
  let optimizer = try optimizer(
    arguments.attributes.string("optimiser"), of: parameters)
  var losses: [Tensor<Element>] = []
  for _ in 0..<(try arguments.attributes.int("steps")) {
    let (w1, b1) = (parameters[0].tensor, parameters[1].tensor)
    let (w2, b2) = (parameters[2].tensor, parameters[3].tensor)
    let h = matmul((matmul(x, w1) + b1).tanh(), w2) + b2
    let loss: Tensor<Element>
    switch program {
    case "h = tanh(X@w1+b1)@w2+b2; loss = mean cross entropy":
      loss = CrossEntropyLoss<Element>()(h, try arguments.indices(1))
    case "h = tanh(X@w1+b1)@w2+b2; loss = mean squared error":
      loss = MSELoss<Element>()(h, try arguments[1])
    default: throw Unsupported("the program '\(program)'")
    }
    losses.append(loss.detached())
    loss.backward()
    optimizer.step()
    optimizer.zeroGrad()
  }
  return [stack(losses, axis: 0)] + parameters.map { $0.tensor as any AnyTensor }
}

/// The optimiser that a text such as `SGD lr 0.2 momentum 0.9` states.
private func optimizer<Element: FloatingElement>(
  _ text: String, of parameters: [Parameter<Element>]
) throws -> Optimizer<Element> {
  var numbers: [String: [Double]] = [:]
  let words = text.split(separator: " ").map(String.init)
  var name = ""
  for word in words.dropFirst() {
    if let number = Double(word) {
      numbers[name, default: []].append(number)
    } else {
      name = word
    }
  }
  func number(_ name: String, _ standard: Double, at index: Int = 0) -> Double {
    let found = numbers[name] ?? []
    return index < found.count ? found[index] : standard
  }
  let known = Set(numbers.keys)
  switch words.first {
  case "SGD" where known.isSubset(of: ["lr", "momentum"]):
    return SGD(
      parameters, learningRate: number("lr", 0.01), momentum: number("momentum", 0))
  case "Adam" where known.isSubset(of: ["lr", "betas", "eps"]):
    return Adam(
      parameters, learningRate: number("lr", 0.001),
      betas: (number("betas", 0.9), number("betas", 0.999, at: 1)), epsilon: number("eps", 1e-8))
  default: throw Unsupported("the optimiser '\(text)'")
  }
}
