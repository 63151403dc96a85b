import SlopeCore
import SlopeData
import SlopeNN
import Testing

/// A convolutional network that PyTorch has trained: tools/make-lenet.py wrote the file.
struct LeNetTests {
  private let tensors: [String: Tensor<Float>]

  init() throws {
    let folder = #filePath.dropLast("/SlopeNNTests/Layers/LeNetTests.swift".count)
    let file = try Safetensors(path: String(folder) + "/Fixtures/lenet.safetensors")
    var tensors: [String: Tensor<Float>] = [:]
    for name in file.names { tensors[name] = file.tensor(name) }
    self.tensors = tensors
  }

  private func tensor(_ name: String) throws -> Tensor<Float> {
    try #require(tensors[name], "\(name)")
  }

  @Test func aStateOfPyTorchGivesItsScoresAndGradients() throws {
    let model = Sequential<Float>(
      Conv2d(1, 4, kernel: 5, padding: 2), BatchNorm2d(4), ReLU(), MaxPool2d(2),
      Conv2d(4, 6, kernel: 3), ReLU(), AvgPool2d(2), Flatten(), Linear(24, 12), ReLU(),
      Linear(12, 5))
    try model.load(tensors.filter { $0.key.first?.isNumber == true })
    model.eval()
    let images = try tensor("images")
    let scores = model(images)
    #expect(difference(scores.detached(), try tensor("scores")) < 1e-5)
    CrossEntropyLoss()(scores, try tensor("labels").cast(to: Int.self)).backward()
    for (name, parameter) in model.namedParameters() {
      let gradient = try #require(parameter.grad, "\(name)")
      #expect(difference(gradient, try tensor("gradient.\(name)")) < 1e-5, "\(name)")
    }
    // Single images, which have no batch, have the same scores.
    let layer = try #require(model.layers[0] as? Conv2d<Float>)
    #expect(difference(layer(images[2]).detached(), layer(images)[2].detached()) < 1e-6)
  }

  private func difference(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Float {
    (a - b).abs().max().item()
  }
}
