// trainerrun FOLDER RESULT [EPOCHS]: a training by a library user's Trainer, with everything that has a
// state, which goes on from the checkpoints of FOLDER and writes parameters, buffers and averages to RESULT.
// tools/kill-check and the tests kill it.

import Glibc
import Slope

let arguments = CommandLine.arguments
guard arguments.count >= 3 else {
  print("usage: trainerrun FOLDER RESULT [EPOCHS]")
  exit(64)
}

func run() throws {
  let epochs = arguments.count > 3 ? Int(arguments[3]) ?? 6 : 6
  manualSeed(5)
  let x = Tensor<Float>.normal([230, 6])
  let classes = (x[0..., 0] + x[0..., 1] * x[0..., 2] .> 0).cast(to: Int.self)
  let rows = TensorDataset(x, classes)
  let (training, validation) = (
    Subset(rows, indices: Array(0..<200)), Subset(rows, indices: Array(200..<230))
  )
  let weights = (0..<200).map { Double($0 % 3 + 1) }
  let loader = DataLoader(
    training, batchSize: 16,
    sampler: WeightedRandomSampler(weights: weights, count: 180, generator: Generator(seed: 8)))
  let model = Sequential<Float>(
    Linear(6, 32), BatchNorm1d(32), ReLU(), Dropout(p: 0.2),
    Linear(32, 32), ReLU(), Dropout(p: 0.1, generator: Generator(seed: 3, algorithm: .philox)),
    Linear(32, 2))
  let average = ExponentialMovingAverage(model, decay: 0.9, includesBuffers: true)
  let trainer = Trainer(
    model, loss: CrossEntropyLoss(),
    optimizer: AdamW(model.parameters(), learningRate: 0.01, weightDecay: 0.01),
    schedule: .oneCycle(peak: 0.02), gradientLimit: .norm(1), metrics: [.accuracy, .logLoss],
    monitor: .logLoss, earlyStopping: .init(patience: 50), callbacks: [average],
    checkpoints: .every(.steps(1), in: arguments[1]))
  try trainer.resume(from: arguments[1])
  let history = try trainer.fit(
    loader, validation: DataLoader(validation, batchSize: 16), epochs: epochs)
  var result = Safetensors()
  for (name, tensor) in model.state() { result.insert(tensor, as: name) }
  for (place, tensor) in average.averages.enumerated() {
    result.insert(tensor, as: "average.\(place)")
  }
  // What the generators would draw next.
  result.insert(Tensor<Float>.uniform([4]), as: "draw")
  result.metadata["epochs"] = "\(history.epochs.map(\.trainingLoss)) \(history.best?.epoch ?? 0)"
  try result.write(to: arguments[2])
}

do {
  try run()
} catch {
  print("trainerrun: \(error)")
  exit(1)
}
