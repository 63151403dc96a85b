/// Classifies handwritten digits, 8 × 8 pixels, with a small convolutional network.
///
/// It runs on a GPU if there is one, otherwise on the CPU. Benchmarks/peers/digits.py is the same
/// program in PyTorch.
import Slope

@main
struct Convolution {
  static func main() throws {
    // `Convolution cpu`, `Convolution opencl:0:0`; without a name a GPU, or the CPU if there is none.
    let name = CommandLine.arguments.dropFirst().first
    let device = try name.map { try Device(named: $0) } ?? (try? Device.gpu) ?? .cpu
    let table = try Table(csv: "datasets/digits.csv")
    let pixels = try table.tensor(except: "target") / 16
    let images = pixels.reshaped(to: [-1, 1, 8, 8])  // [1797, channels, height, width]
    let digits = try table.classes("target").indices

    manualSeed(0)
    let dataset = TensorDataset(images, digits).to(device)
    let (training, test) = randomSplit(dataset, (0.8, 0.2))
    let loader = DataLoader(training, batchSize: 64, shuffle: true)
    let model = Sequential<Float>(
      Conv2d(1, 16, kernel: 3, padding: 1), BatchNorm2d(16), ReLU(),
      Conv2d(16, 32, kernel: 3, padding: 1), BatchNorm2d(32), ReLU(),
      MaxPool2d(2), Dropout(p: 0.3), Flatten(), Linear(512, 10))
    model.to(device)
    let optimizer = AdamW(model.parameters(), learningRate: 3e-3)
    let lossFunction = CrossEntropyLoss<Float>()
    for _ in 0..<15 {
      for (image, digit) in loader {
        lossFunction(model(image), digit).backward()
        optimizer.step()
        optimizer.zeroGrad()
      }
    }

    let (image, digit) = test[...]
    model.eval()  // no dropout, and the running statistics of the batches
    let guess = noGrad { model(image) }.argmax(axis: 1)
    let right = (guess .== digit).countNonzero().item()
    print("\(device): \(right) of \(test.count) right")
  }
}
