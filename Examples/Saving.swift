/// Saves a model and its optimiser, loads them, and continues the training in another model.
import Slope

@main
struct Saving {
  static func main() throws {
    let file = CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "model.safetensors"
    manualSeed(0)
    let x = Tensor<Float>.normal([64, 4])
    let y = x.sum(axis: 1, keepingAxes: true).tanh()

    let model = makeModel()
    let optimizer = Adam(model.parameters(), learningRate: 0.01)
    train(model, optimizer, x, y)
    // Names are those of PyTorch's state dict: 0.weight, 0.bias, 2.weight, 2.bias.
    var saved = Safetensors()
    for (name, tensor) in model.state() { saved.insert(tensor, as: name) }
    try saved.write(to: file)
    let state = optimizer.state()
    train(model, optimizer, x, y)

    let other = makeModel()
    let loaded = try Safetensors(path: file)
    print("\(file): \(loaded.names.joined(separator: ", "))")
    var tensors: [String: Tensor<Float>] = [:]
    for name in loaded.names { tensors[name] = loaded.tensor(name) }
    try other.load(tensors)
    let otherOptimizer = Adam(other.parameters(), learningRate: 0.01)
    try otherOptimizer.load(state)
    train(other, otherOptimizer, x, y)
    print("the same to the last bit: \((model(x) .== other(x)).all().item())")
  }

  static func makeModel() -> Sequential<Float> { Sequential(Linear(4, 8), Tanh(), Linear(8, 1)) }

  static func train(
    _ model: Sequential<Float>, _ optimizer: Adam<Float>, _ x: Tensor<Float>, _ y: Tensor<Float>
  ) {
    for _ in 0..<50 {
      MSELoss<Float>()(model(x), y).backward()
      optimizer.step()
      optimizer.zeroGrad()
    }
  }
}
