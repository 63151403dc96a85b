/// The lecture's programs: gradient descent by hand, the training loop, and its graph.
import Glibc
import Slope

@main
struct Lecture {
  static func main() {
    let arguments = CommandLine.arguments
    do {
      if arguments.count == 4 {
        // The loop alone, on two columns of a file: what the comparison with PyTorch runs.
        try trainingLoop(file: arguments[1], x: arguments[2], y: arguments[3])
        return
      }
      descentByHand()
      try trainingLoop(file: "datasets/engel.csv", x: "income", y: "foodexp")
      graph()
    } catch {
      let hint = arguments.count == 4 ? "" : "; run the lecture in the repository's folder"
      let line = "Lecture: \(error)\(hint)\n"
      _ = line.withCString { write(STDERR_FILENO, $0, line.utf8.count) }
      exit(1)
    }
  }

  /// Minimises f(x) = (x − 3)² + 1 by following its gradient.
  static func descentByHand() {
    print("Gradient descent by hand on f(x) = (x − 3)² + 1")
    let x = Parameter(Tensor<Float>(0))
    for step in 0..<20 {
      let value = (x.tensor - 3).square() + 1
      value.backward()
      guard let slope = x.grad else { return }
      if step % 5 == 0 {
        print("step \(step): x = \(x.tensor.item()), f = \(value.item()), f′ = \(slope.item())")
      }
      noGrad { x.tensor = x.tensor - 0.1 * slope }
      x.grad = nil
    }
    print("x = \(x.tensor.item())")
  }

  /// The training loop of the lecture.
  static func trainingLoop(file: String, x: String, y: String) throws {
    let table = try Table(csv: file)
    let income = try table.tensor(x)
    let food = try table.tensor(y)
    manualSeed(42)
    let dataset = TensorDataset((income - income.mean()) / income.std(), food)
    let (training, validation, _) = randomSplit(dataset, (0.6, 0.2, 0.2))
    let loader = DataLoader(training, batchSize: 8, shuffle: true)

    let model = Linear<Float>(1, 1)
    let optimizer = SGD([model.weight, model.bias], learningRate: 0.01)
    let lossFunction = MSELoss<Float>()
    for epoch in 0..<50 {
      for (x, y) in loader {
        let loss = lossFunction(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zeroGrad()
      }
      let (x, y) = validation[...]
      print(epoch, lossFunction(model(x), y).item())
    }
  }

  /// The operations that one loss was computed by, as text and in the language of Graphviz.
  static func graph() {
    manualSeed(0)
    let model = Linear<Float>(1, 1)
    let loss = MSELoss<Float>()(model(Tensor([[1], [2]])), Tensor([[2], [4]]))
    print("The graph of one loss")
    print(loss.graph)
    print(loss.graph.dot, terminator: "")
  }
}
