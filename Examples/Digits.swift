/// Classifies handwritten digits, 8 × 8 pixels, with a network of one hidden layer.
///
/// It runs on a GPU if there is one, otherwise on the CPU.
import Slope

@main
struct Digits {
  static func main() throws {
    // `Digits cpu`, `Digits opencl:0:0`; without a name a GPU, or the CPU if there is none.
    let name = CommandLine.arguments.dropFirst().first
    let device = try name.map { try Device(named: $0) } ?? (try? Device.gpu) ?? .cpu
    let table = try Table(csv: "datasets/digits.csv")
    let pixels = try table.tensor(except: "target") / 16  // [1797, 64]
    let digits = try table.classes("target").indices

    manualSeed(0)
    // The data set is copied once; of each epoch only the order goes to the device.
    let dataset = TensorDataset(pixels, digits).to(device)
    let (training, test) = randomSplit(dataset, (0.8, 0.2))
    let loader = DataLoader(training, batchSize: 64, shuffle: true)
    let model = Sequential<Float>(Linear(64, 128), ReLU(), Dropout(p: 0.1), Linear(128, 10))
    model.to(device)
    let optimizer = AdamW(model.parameters(), learningRate: 3e-3)
    let lossFunction = CrossEntropyLoss<Float>()
    for _ in 0..<20 {
      for (x, digit) in loader {
        lossFunction(model(x), digit).backward()
        optimizer.step()
        optimizer.zeroGrad()
      }
    }

    let (x, digit) = test[...]
    model.eval()  // no dropout
    let guess = noGrad { model(x) }.argmax(axis: 1)
    let right = (guess .== digit).countNonzero().item()
    print("\(device): \(right) of \(test.count) right")
  }
}
