/// Softmax regression: classifies three species of iris by four measurements.
import Slope

@main
struct Iris {
  static func main() throws {
    let table = try Table(csv: "datasets/iris.csv")
    let measures = try table.tensor(except: "target")  // [150, 4], Float
    let kinds = try table.classes("target").indices  // [150], 0, 1 or 2

    manualSeed(0)
    let (training, test) = randomSplit(TensorDataset(measures, kinds), (0.8, 0.2))
    let (mean, std) = (training[...].0.mean(axis: 0), training[...].0.std(axis: 0))
    let loader = DataLoader(training, batchSize: 16, shuffle: true)

    let model = Linear<Float>(4, 3)
    let optimizer = SGD(model.parameters(), learningRate: 0.1)
    let lossFunction = CrossEntropyLoss<Float>()
    for epoch in 1...30 {
      var total: Float = 0
      for (x, kind) in loader {
        let loss = lossFunction(model((x - mean) / std), kind)
        loss.backward()
        optimizer.step()
        optimizer.zeroGrad()
        total += loss.item() * Float(kind.count)
      }
      if epoch.isMultiple(of: 10) { print("epoch \(epoch): loss \(total / Float(training.count))") }
    }

    let (x, kind) = test[...]
    let guess = noGrad { model((x - mean) / std) }.argmax(axis: 1)
    let right = (guess .== kind).countNonzero().item()
    print("test: \(right) of \(test.count) right")
  }
}
