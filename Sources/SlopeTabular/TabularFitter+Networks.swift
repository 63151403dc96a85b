import Glibc
import SlopeCore
import SlopeData
import SlopeTraining

/// What a training of networks side by side gave.
struct NetworksFit<Element: FloatingElement> {
  let model: TabularModel<Element>
  let curve: TabularCurve?
  /// The passes over the training rows.
  let epochs: Int
  let choices: TabularChoices
  /// The prediction of each training row by the member that has not learnt from it; nil without folds.
  let outOfFold: TabularPredictions?
  /// The most epochs that there was time for; nil where that is the recipe's number.
  let affordableEpochs: Int?
}

/// There is no time for as many epochs as are worth training.
struct TooFewEpochs: Error {}

extension TabularFitter {
  /// The targets of the training rows on the scale on which networks learn them.
  var learntTargets: TargetRows {
    var targets = rows.truth.taking(training)
    if isLogarithm { targets.numbers = targets.numbers.map { log($0) } }
    return targets
  }

  /// The least and the largest of learnt numbers, standardised; nil for classes.
  func range(of targets: TargetRows, _ schema: TabularSchema) -> [Double]? {
    if rows.task.isClassification { return nil }
    let standardized = targets.numbers.map {
      NumberEncoding.standardized($0, schema.targetMean, schema.targetDeviation)
    }
    return [standardized.min() ?? 0, standardized.max() ?? 0]
  }

  /// Trains networks side by side, whose initial values are set, and finds their temperature.
  ///
  /// With folds they are judged by the validation rows of all of them, each predicted by its own member.
  ///
  /// - Parameters:
  ///   - network: the networks.
  ///   - schema: what they predict.
  ///   - training: how they are trained.
  ///   - inputs: the training rows in the networks' order, `[rows, inputs]`.
  ///   - folds: the folds of which each member learns from one; empty for all rows.
  ///   - leastEpochs: the least epochs that are worth training.
  ///   - progress: is told of each epoch.
  ///   - atTemperature: the same networks, and their schema, at another temperature.
  /// - Returns: the networks at the best epoch and temperature.
  /// - Throws: `TooFewEpochs` if there is time for less than `leastEpochs`, `TabularError` if the training
  ///   diverges, and the failure of an operation.
  func fit<Network: MemberNetwork, Training: MemberTraining>(
    _ network: Network, _ schema: TabularSchema, by training: Training, inputs: Tensor<Element>,
    folds: [Fold], leastEpochs: Int, progress: (TabularProgress) -> Void,
    atTemperature: (Double) -> (Network, TabularSchema)
  ) throws -> NetworksFit<Element>
  where Network.Element == Element, Training.Element == Element {
    var steps = training
    let entry = options.journal?.next() ?? JournalEntry()
    let affordable: Int?
    if deadline != nil, let begun = try entry.epochs {
      affordable = begun < steps.epochs ? begun : nil
    } else {
      affordable = entry.isDeclined ? 0 : affordableEpochs(steps)
      if let affordable, affordable < min(leastEpochs, steps.epochs) {
        try entry.decline()
        throw TooFewEpochs()
      }
    }
    steps.epochs = affordable ?? steps.epochs
    let model = TabularModel<Element>(schema: schema, network: network)
    let outOfFold = folds.isEmpty ? nil : OutOfFoldRows(inputs, folds)
    let epochScore: () throws -> Double? = try {
      // The epoch is known.
      if self.choices?.epoch != nil { return { nil } }
      guard let outOfFold else { return try self.epochScore(of: model) }
      return { try score(model.predictions(outOfFold.outputs(of: network)), self.training) }
    }()
    let history = try train(steps, entry, model, epochScore, progress)
    var choices = TabularChoices(
      epoch: history.best?.epoch ?? self.choices?.epoch, isLogarithm: isLogarithm)
    let judged = folds.isEmpty ? validation : self.training
    var (trained, last) = (model, network)
    if rows.task.isClassification {
      func outputs() throws -> [Double] {
        try outOfFold?.outputs(of: network) ?? model.outputs(of: encoded, rows: judged)
      }
      choices.temperature =
        try self.choices?.temperature
        ?? (judged.isEmpty ? 1 : temperature(of: model, outputs(), judged))
      let (calibrated, calibratedSchema) = atTemperature(choices.temperature)
      trained = TabularModel(schema: calibratedSchema, network: calibrated)
      last = calibrated
    }
    return NetworksFit(
      model: trained, curve: curve(history, schema, members: steps.sampler.members),
      epochs: history.epochs.count, choices: choices,
      outOfFold: outOfFold.map { trained.predictions($0.outputs(of: last)) },
      affordableEpochs: affordable)
  }

  private var errorName: String {
    rows.task.isClassification ? "log loss" : isLogarithm ? "RMSE of logarithms" : "RMSE"
  }

  /// A member's mean loss as the error that people see.
  private func error(_ loss: Double, _ schema: TabularSchema) -> Double {
    rows.task.isClassification ? loss : loss.squareRoot() * schema.targetDeviation
  }

  private func curve(
    _ history: TrainingHistory, _ schema: TabularSchema, members: Int
  ) -> TabularCurve? {
    TabularCurve(history, errorName: errorName, metric: metric) {
      error($0 / Double(members), schema)
    }
  }

  /// Takes the steps of a training with its reports.
  private func train(
    _ training: some MemberTraining<Element>, _ entry: JournalEntry,
    _ model: TabularModel<Element>, _ epochScore: () throws -> Double?,
    _ progress: (TabularProgress) -> Void
  ) throws -> TrainingHistory {
    var epoch = 1
    do {
      return try training.run(entry, last: choices?.epoch, validationScore: epochScore) { ended in
        epoch = ended.number + 1
        progress(
          TabularProgress(
            epoch: ended.number, epochCount: choices?.epoch ?? training.epochs,
            errorName: errorName, trainingError: error(ended.trainingLoss, model.schema),
            metric: metric, validationScore: ended.validationScore, bestEpoch: ended.best,
            learningRate: ended.learningRate, isEarlier: ended.isEarlier
          ).of(model.network))
      }
    } catch {
      throw TabularError.ofTraining(
        error, epoch: epoch, learningRate: training.learningRate,
        remedy: TabularError.remedy(networks: training.sampler.members))
    }
  }

  /// The most epochs that there is time for; nil where that is all of the recipe.
  ///
  /// The steps of networks that are thrown away tell how long one takes.
  private func affordableEpochs(_ training: some MemberTraining<Element>) -> Int? {
    guard let deadline else { return nil }
    let left = deadline.secondsLeft * timeShare
    let seconds = training.secondsOfAStep() * Double(training.sampler.batchCount)
    // Validation takes a fifth of the time, at most.
    let count = max(1, Int((left / max(1.2 * seconds, 1e-9)).limited(to: 1e9)))
    return count < training.epochs ? count : nil
  }

  /// By what logits must be divided for the least log loss of some rows.
  ///
  /// One error more is counted: few rows that are all predicted right would otherwise make it 0. Source:
  /// C. Guo et al., "On calibration of modern neural networks", 2017, arXiv:1706.04599.
  func temperature(
    of model: TabularModel<Element>, _ outputs: [Double], _ rows: [Int]
  ) throws -> Double {
    let truth = self.rows.truth.taking(rows)
    func cost(_ logarithm: Double) throws -> Double {
      let predictions = model.predictions(outputs.map { $0 / exp(logarithm) })
      let loss =
        try ClassificationMetrics(
          probabilities: predictions.probabilities, classes: truth.classes,
          classCount: self.rows.task.classes.count, weights: truth.weights
        ).logLoss ?? 0
      return predictions.withOneErrorMore(loss, truth)
    }
    // Golden sections: the cost has one minimum.
    let ratio = (5.0.squareRoot() - 1) / 2
    var (low, high) = (-2.0, 2.0)
    var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
    var (leftCost, rightCost) = (try cost(left), try cost(right))
    for _ in 0..<24 {
      if leftCost <= rightCost {
        (high, right, rightCost) = (right, left, leftCost)
        left = high - ratio * (high - low)
        leftCost = try cost(left)
      } else {
        (low, left, leftCost) = (left, right, rightCost)
        right = low + ratio * (high - low)
        rightCost = try cost(right)
      }
    }
    return exp((low + high) / 2)
  }
}

extension Double {
  /// The number, at most `most`; NaN is `most` too.
  fileprivate func limited(to most: Double) -> Double { self < most ? self : most }
}
