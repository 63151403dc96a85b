import Glibc
import SlopeCore
import SlopeData
import SlopeNN
import SlopeOptimizers

/// The training of a network by batches, which keeps the parameters of the best epoch.
struct NetworkTraining<Element: FloatingElement> {
  private let model: TabularModel<Element>
  private let options: TabularOptions
  private let generator: Generator
  /// Inputs, and for each row the target (a standardised number or a class) and the weight.
  private let features: Tensor<Element>
  private let numbers: Tensor<Element>
  private let classes: Tensor<Int>
  private let weights: Tensor<Element>?
  private let learningRate: Double

  init(
    model: TabularModel<Element>, features: Tensor<Element>, targets: TargetRows,
    weights: [Double]?, options: TabularOptions, generator: Generator
  ) {
    self.model = model
    self.options = options
    self.generator = generator
    self.features = features
    let schema = model.schema
    let values =
      schema.task.isClassification
      ? targets.classes.map(Double.init)
      : targets.numbers.map {
        NumberEncoding.standardized($0, schema.targetMean, schema.targetDeviation)
      }
    numbers = Tensor(
      shape: [values.count, 1], scalars: values.map { Element(clamping: $0) }, on: .default)
    classes = Tensor(targets.classes, on: .default)
    self.weights = weights.map { Tensor($0.map { Element(clamping: $0) }, on: .default) }
    learningRate =
      options.learningRate ?? options.defaultLearningRate(inputCount: features.shape[1])
  }

  /// Trains; returns the number of epochs, and the one whose parameters the model has.
  func run(
    validationError: (() throws -> Double)?, _ progress: (TabularProgress) -> Void
  ) throws -> (epochs: Int, best: Int?) {
    let rowCount = features.shape[0]
    let batchSize =
      switch options.batchSize {
      case .rows(let count): max(1, min(count, rowCount))
      case .all: rowCount
      }
    let order = TensorDataset(Tensor<Int>.arange(rowCount), Tensor<Int>.arange(rowCount))
    let loader = DataLoader(order, batchSize: batchSize, shuffle: true, generator: generator)
    let optimizer = options.optimizer.optimizer(
      model.network.parameters(), learningRate: learningRate,
      momentum: options.momentum ?? (options.optimizer == .sgd ? 0.9 : 0))
    let stepCount = Double(options.epochs) * Double(loader.count)
    var step = 0.0
    var best: (epoch: Int, error: Double, state: [String: Tensor<Element>])?
    var epochs = 0
    for epoch in 0..<options.epochs {
      epochs = epoch + 1
      var sum = 0.0
      for (batch, _) in loader {
        optimizer.learningRate = learningRate * 0.5 * (1 + cos(.pi * step / stepCount))
        step += 1
        let rows = batchSize == rowCount ? nil : batch.to(features.device)
        let loss = loss(rows)
        loss.backward()
        optimizer.step()
        optimizer.zeroGrad()
        let value = loss.item().doubleValue
        guard value.isFinite, !loss.isFailed else {
          throw TabularError.diverged(epoch: epochs, learningRate: learningRate.tenth)
        }
        sum += value * Double(batch.count)
      }
      let error = try validationError?()
      if let error, error <= best?.error ?? .infinity {
        best = (epochs, error, model.network.state().mapValues { $0.detached() + 0 })
      }
      progress(
        TabularProgress(
          epoch: epochs, epochCount: options.epochs,
          errorName: model.task.isClassification ? "log loss" : "RMSE",
          trainingError: inUnits(sum / Double(rowCount)), validationError: error,
          bestEpoch: best?.epoch))
      if let best, let patience = options.patience, epochs - best.epoch >= patience { break }
    }
    if let best { try model.network.load(best.state) }
    return (epochs, best?.epoch)
  }

  /// The mean loss of some rows (nil: all), each times its weight.
  private func loss(_ rows: Tensor<Int>?) -> Tensor<Element> {
    func taken(_ tensor: Tensor<Element>) -> Tensor<Element> {
      rows.map { tensor.taking($0) } ?? tensor
    }
    let output = model.network(taken(features))
    let reduction: LossReduction = weights == nil ? .mean : .none
    let losses: Tensor<Element>
    switch model.task {
    case .regression:
      losses = MSELoss<Element>(reduction: reduction)(output, taken(numbers))
    case .classification(let classes) where classes.count == 2:
      losses = BCEWithLogitsLoss<Element>(reduction: reduction)(output, taken(numbers))
    case .classification:
      losses = CrossEntropyLoss<Element>(reduction: reduction)(
        output, rows.map { self.classes.taking($0) } ?? self.classes)
    }
    guard let weights else { return losses }
    return (losses.flattened() * taken(weights)).mean()
  }

  /// A mean loss as the error that people see.
  private func inUnits(_ loss: Double) -> Double {
    model.task.isClassification ? loss : loss.squareRoot() * model.schema.targetDeviation
  }
}

extension Double {
  /// A tenth with a short decimal form: 0.07 for 0.7, not 0.06999999999999999.
  fileprivate var tenth: Double { Double("\(self)e-1") ?? self / 10 }
}
