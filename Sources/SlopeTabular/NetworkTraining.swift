import Glibc
import SlopeCore
import SlopeData
import SlopeNN
import SlopeOptimizers
import SlopeTraining

/// The training of a network by batches, which keeps the parameters of the best epoch.
struct NetworkTraining<Element: FloatingElement> {
  private let model: TabularModel<Element>
  private let options: TabularOptions
  private let generator: Generator
  private let rows: NetworkRows<Element>
  private let learningRate: Double
  private let metric: Metric

  init(
    model: TabularModel<Element>, features: Tensor<Element>, targets: TargetRows,
    weights: [Double]?, options: TabularOptions, metric: Metric, generator: Generator
  ) {
    self.metric = metric
    self.model = model
    self.options = options
    self.generator = generator
    rows = NetworkRows(features: features, targets: targets, weights: weights, schema: model.schema)
    learningRate =
      options.learningRate ?? options.defaultLearningRate(inputCount: features.shape[1])
  }

  /// Trains, until the epoch `last` if there is one; returns the number of epochs, and the one whose
  /// parameters the model has.
  func run(
    last: Int?, validationScore: () throws -> Double?, _ progress: (TabularProgress) -> Void
  ) throws -> (epochs: Int, best: Int?) {
    let rowCount = rows.count
    let batchSize =
      switch options.batchSize {
      case .rows(let count): max(1, min(count, rowCount))
      case .all: rowCount
      }
    let loader = DataLoader(rows, batchSize: batchSize, shuffle: true, generator: generator)
    let optimizer = options.optimizer.optimizer(
      model.network.parameters(), learningRate: learningRate,
      momentum: options.momentum ?? (options.optimizer == .sgd ? 0.9 : 0))
    let stepCount = Double(options.epochs) * Double(loader.count)
    var step = 0.0
    var best = BestEpoch<Element>(metric)
    var epochs = 0
    let count = last ?? options.epochs
    for epoch in 0..<count {
      epochs = epoch + 1
      var sum = 0.0
      func take(_ batch: NetworkRows<Element>.Batch) throws {
        optimizer.learningRate = learningRate * 0.5 * (1 + cos(.pi * step / stepCount))
        step += 1
        let loss = loss(batch)
        loss.backward()
        optimizer.step()
        optimizer.zeroGrad()
        let value = loss.item().doubleValue
        guard value.isFinite, !loss.isFailed else {
          throw TabularError.diverged(epoch: epochs, learningRate: learningRate.tenth)
        }
        sum += value * Double(batch.count)
      }
      if batchSize == rowCount {
        // One step on all rows needs no order.
        try take(rows.all)
      } else {
        for batch in loader { try take(batch) }
      }
      let score: Double?
      do {
        score = try validationScore()
      } catch is MetricError {
        // The last step of the epoch led to predictions that are no numbers.
        throw TabularError.diverged(epoch: epochs, learningRate: learningRate.tenth)
      }
      best.consider(epochs, score) { model.network.state().mapValues { $0.detached() + 0 } }
      progress(
        TabularProgress(
          epoch: epochs, epochCount: count,
          errorName: model.task.isClassification ? "log loss" : "RMSE",
          trainingError: inUnits(sum / Double(rowCount)), metric: metric, validationScore: score,
          bestEpoch: best.number))
      if let best = best.number, let patience = options.patience, epochs - best >= patience {
        break
      }
    }
    if best.number != nil { try model.network.load(best.state) }
    return (epochs, best.number)
  }

  /// The mean loss of some rows, each times its weight.
  private func loss(_ batch: NetworkRows<Element>.Batch) -> Tensor<Element> {
    let output = model.tabularNetwork.outputs(of: batch.features)
    let reduction: LossReduction = batch.weights == nil ? .mean : .none
    let losses: Tensor<Element>
    if let classes = batch.classes {
      losses = CrossEntropyLoss<Element>(reduction: reduction)(output, classes)
    } else if let numbers = batch.numbers {
      losses =
        model.task.isClassification
        ? BCEWithLogitsLoss<Element>(reduction: reduction)(output, numbers)
        : MSELoss<Element>(reduction: reduction)(output, numbers)
    } else {
      losses = output
    }
    guard let weights = batch.weights else { return losses }
    return (losses.flattened() * weights).mean()
  }

  /// A mean loss as the error that people see.
  private func inUnits(_ loss: Double) -> Double {
    model.task.isClassification ? loss : loss.squareRoot() * model.schema.targetDeviation
  }
}

extension Double {
  /// A tenth with a short decimal form: 0.07 for 0.7, not 0.06999999999999999.
  var tenth: Double {
    let parts = "\(self)".split(separator: "e")
    let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    return parts.first.flatMap { Double("\($0)e\(exponent - 1)") } ?? self / 10
  }
}
