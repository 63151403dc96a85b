import Slope
import SlopeTabular

extension Workload {
  /// The lecture's training step: Linear(1, 1), 8 rows, mean squared error, SGD.
  static let lectureStep = Workload(
    name: "lecture_step", title: "Linear(1, 1), 8 rows, SGD", quantity: .microseconds
  ) { _ in
    lectureBody()
  }

  /// The other workloads of the comparisons with PyTorch.
  static let trainingSteps: [Workload] =
    [false, true].map { adam in
      training(
        "tabular_mlp_8_64_64_1_b64", "8-64-64-1 MLP, 64 rows", rows: 64, [8, 64, 64, 1], adam: adam)
    }
    + [false, true].map { adam in
      training(
        "mnist_mlp_784_256_128_10_b128", "784-256-128-10 MLP, 128 rows, classes", rows: 128,
        [784, 256, 128, 10], adam: adam, classifies: true)
    } + [1, 4].map(realMLP) + [deepSigmoid]

  /// A step of the default networks for tables, on 256 rows of 27 numbers.
  private static func realMLP(members: Int) -> Workload {
    let (rows, columns) = (256, 27)
    let networks = members == 1 ? "" : "\(members) × "
    return Workload(
      name: "realmlp_\(columns)_b\(rows)_m\(members)",
      title: "\(networks)RealMLP, \(columns) numbers, \(rows) rows", quantity: .microseconds,
      operations: RealMLPBenchmark.operations(rows: rows, columns: columns, members: members),
      roof: .float32
    ) { _ in
      RealMLPBenchmark.steps(rows: rows, columns: columns, members: members)
    }
  }

  /// Four layers of 1024 units, each with a sigmoid.
  private static let deepSigmoid = Workload(
    name: "deep_sigmoid_4x1024_b512", title: "4 × (Linear 1024, sigmoid), 512 rows, SGD",
    quantity: .microseconds,
    operations: productOperations(rows: 512, [1024, 1024, 1024, 1024, 1024]),
    roof: .float32
  ) { _ in
    manualSeed(0)
    var layers: [any Layer<Float>] = []
    for _ in 0..<4 {
      layers += [Linear<Float>(1024, 1024), Sigmoid<Float>()] as [any Layer<Float>]
    }
    let model = Sequential(layers)
    let x = Tensor<Float>.normal([512, 1024])
    let y = Tensor<Float>.normal([512, 1024])
    let loss = MSELoss<Float>()
    return steps(SGD(model.parameters(), learningRate: 1e-3)) { loss(model(x), y) }
  }

  /// A model of linear layers with ReLUs between them.
  private static func training(
    _ name: String, _ title: String, rows: Int, _ widths: [Int], adam: Bool,
    classifies: Bool = false
  ) -> Workload {
    Workload(
      name: name + (adam ? "_adam" : ""), title: title + (adam ? ", Adam" : ", SGD"),
      quantity: .microseconds, operations: productOperations(rows: rows, widths), roof: .float32
    ) { _ in
      mlpBody(rows: rows, widths, adam: adam, classifies: classifies)
    }
  }

  /// The operations of the matrix products alone: one product per layer forward, and two backward,
  /// except for the first layer, whose input needs no gradient.
  static func productOperations(rows: Int, _ widths: [Int]) -> Double {
    let weights = zip(widths, widths.dropFirst()).map { Double($0 * $1) }
    return 2 * Double(rows) * (3 * weights.reduce(0, +) - (weights.first ?? 0))
  }

  /// Training steps of the lecture's model.
  static func lectureBody() -> (Int) -> Void {
    manualSeed(42)
    let model = Linear<Float>(1, 1)
    let optimizer = SGD([model.weight, model.bias], learningRate: 0.01)
    let lossFunction = MSELoss<Float>()
    let x = Tensor<Float>.normal([8, 1])
    let y = 2 * x + 1
    return steps(optimizer) { lossFunction(model(x), y) }
  }

  /// Training steps of linear layers with ReLUs between them, on one batch.
  static func mlpBody(
    rows: Int, _ widths: [Int], adam: Bool, classifies: Bool
  ) -> (Int) -> Void {
    manualSeed(0)
    var layers: [any Layer<Float>] = []
    for (input, output) in zip(widths, widths.dropFirst()) {
      if !layers.isEmpty { layers.append(ReLU<Float>()) }
      layers.append(Linear<Float>(input, output))
    }
    let model = Sequential(layers)
    let x = Tensor<Float>.normal([rows, widths[0]])
    let outputs = widths[widths.count - 1]
    let parameters = model.parameters()
    let optimizer: Optimizer<Float> =
      adam ? Adam(parameters, learningRate: 1e-3) : SGD(parameters, learningRate: 1e-3)
    if classifies {
      let labels = Tensor<Int>.randint(0, outputs, [rows])
      let loss = CrossEntropyLoss<Float>()
      return steps(optimizer) { loss(model(x), labels) }
    }
    let y = Tensor<Float>.normal([rows, outputs])
    let loss = MSELoss<Float>()
    return steps(optimizer) { loss(model(x), y) }
  }

  /// Complete training steps: forward, backward, update, zeroing gradients.
  static func steps(
    _ optimizer: Optimizer<Float>, _ loss: @escaping () -> Tensor<Float>
  ) -> (Int) -> Void {
    { repetitions in
      for _ in 0..<repetitions {
        loss().backward()
        optimizer.step()
        optimizer.zeroGrad()
      }
    }
  }
}
