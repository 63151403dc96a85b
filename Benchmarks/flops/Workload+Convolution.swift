import Slope

extension Workload {
  /// A convolution and networks of them, of the comparisons with PyTorch.
  static let convolutions: [Workload] = [
    Workload(
      name: "conv_forward", title: "3 × 3 convolution, 3 → 32 channels, 64 × 32 × 32",
      quantity: .microseconds, operations: convolutionOperations, roof: .float32
    ) { _ in
      let (layer, x) = convolution()
      return { repetitions in for _ in 0..<repetitions { _ = noGrad { layer(x) } } }
    },
    Workload(
      name: "conv_gradients", title: "the same with the gradients of all operands",
      quantity: .microseconds, operations: 3 * convolutionOperations, roof: .float32
    ) { _ in
      let (layer, input) = convolution()
      let x = Parameter(input)
      return { repetitions in
        for _ in 0..<repetitions {
          layer(x.tensor).sum().backward()
          for parameter in [x] + layer.parameters() { parameter.grad = nil }
        }
      }
    },
    step("lenet_28", "LeNet, 64 images 28 × 28, SGD", side: 28) {
      Sequential(
        Conv2d(1, 6, kernel: 5, padding: 2), ReLU(), MaxPool2d(2), Conv2d(6, 16, kernel: 5),
        ReLU(), MaxPool2d(2), Flatten(), Linear(400, 120), ReLU(), Linear(120, 84), ReLU(),
        Linear(84, 10))
    },
    step("lenet_8", "two convolutions, 64 images 8 × 8, SGD", side: 8) {
      Sequential(
        Conv2d(1, 16, kernel: 3, padding: 1), ReLU(), MaxPool2d(2),
        Conv2d(16, 32, kernel: 3, padding: 1), ReLU(), MaxPool2d(2), Flatten(), Linear(128, 64),
        ReLU(), Linear(64, 10))
    },
  ]

  private static let convolutionOperations = 2.0 * 64 * 32 * 32 * 32 * 27

  private static func convolution() -> (Conv2d<Float>, Tensor<Float>) {
    manualSeed(0)
    return (Conv2d<Float>(3, 32, kernel: 3, padding: 1), Tensor<Float>.normal([64, 3, 32, 32]))
  }

  /// Training steps of a classifier of images on one batch.
  private static func step(
    _ name: String, _ title: String, side: Int,
    _ model: @escaping @Sendable () -> Sequential<Float>
  ) -> Workload {
    Workload(name: name, title: title, quantity: .microseconds) { _ in
      manualSeed(0)
      let model = model()
      let x = Tensor<Float>.normal([64, 1, side, side])
      let labels = Tensor<Int>.randint(0, 10, [64])
      let loss = CrossEntropyLoss<Float>()
      return steps(SGD(model.parameters(), learningRate: 0.01)) { loss(model(x), labels) }
    }
  }
}
