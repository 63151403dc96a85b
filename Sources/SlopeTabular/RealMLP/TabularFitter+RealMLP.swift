import Glibc
import SlopeCore
import SlopeData
import SlopeNN
import SlopeTraining

/// What a training of networks side by side gave.
struct RealMLPFit<Element: FloatingElement> {
  let model: TabularModel<Element>
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
  /// The rows by which the initial values are chosen, at most.
  private static var initialRowCount: Int { 4096 }

  /// How the networks are made and trained.
  var recipe: RealMLPRecipe {
    let isClassification = rows.task.isClassification
    var recipe: RealMLPRecipe =
      options.quality == .fast
      ? .fast(isClassification: isClassification) : .good(isClassification: isClassification)
    recipe.epochs = options.networkEpochs ?? recipe.epochs
    if isClassification, !metric.needsProbabilities { recipe.labelSmoothing = 0.1 }
    return recipe
  }

  /// The most numbers of a row that are embedded: the waves of all of them are in memory at each step.
  static var mostEmbeddedNumbers: Int { 500 }

  /// The shape of the networks of a recipe, before the training rows are read.
  func realMLPShape(_ recipe: RealMLPRecipe) -> RealMLPShape {
    let inputs = RealMLPInputs(pipeline)
    let areEmbedded = inputs.numbers.count <= Self.mostEmbeddedNumbers
    return RealMLPShape(
      members: recipe.members, inputs: inputs, hidden: recipe.hidden,
      outputCount: max(1, rows.task.classes.count), activation: recipe.activation,
      numberEmbedding: areEmbedded ? recipe.numberEmbedding : 1, waves: recipe.waves,
      levelEmbedding: recipe.levelEmbedding,
      range: rows.task.isClassification ? nil : [0, 0])
  }

  /// Networks with their first values, what trains them, and their schema; see `realMLP`.
  func realMLPTraining(
    _ recipe: RealMLPRecipe, _ folds: [Fold] = []
  ) throws -> (RealMLPTraining<Element>, TabularSchema) {
    var (schema, targets) = (try schema(), rows.truth.taking(training))
    if isLogarithm { targets.numbers = targets.numbers.map { log($0) } }
    let features = try encoded.tensor(rows: training) as Tensor<Element>
    var shape = realMLPShape(recipe)
    shape.inputs.fit(features)
    if !rows.task.isClassification {
      let standardized = targets.numbers.map {
        NumberEncoding.standardized($0, schema.targetMean, schema.targetDeviation)
      }
      shape.range = [standardized.min() ?? 0, standardized.max() ?? 0]
    }
    schema.realMLP = shape
    let network = RealMLP<Element>(
      shape, frequencyDeviation: recipe.frequencyDeviation, generator: generator,
      dropoutSeed: options.seed)
    let inputs = shape.inputs.arranged(features)
    let someRows = generator.permutation(training.count).prefix(Self.initialRowCount).map {
      Int($0)
    }
    network.initialize(
      by: inputs.taking(Tensor(someRows, on: inputs.device)).unsqueezed(at: 0),
      generator: generator)
    let steps = RealMLPTraining(
      network: network, recipe: recipe,
      rows: NetworkRows(
        features: inputs, targets: targets, weights: try rowWeights(targets), schema: schema,
        asksForClasses: true), generator: generator, metric: metric,
      rowsOfMembers: folds.isEmpty ? nil : folds.map(\.training), deadline: deadline)
    return (steps, schema)
  }

  /// Networks side by side that are trained by steps.
  ///
  /// With folds there is a member for each, which learns from the fold's training rows, and together
  /// they are judged by the validation rows of all folds, each predicted by its own member. Throws
  /// `TooFewEpochs` if there is time for less than `leastEpochs`.
  func realMLP(
    _ recipe: RealMLPRecipe, folds: [Fold] = [], leastEpochs: Int = 1,
    progress: (TabularProgress) -> Void = { _ in }
  ) throws -> RealMLPFit<Element> {
    var recipe = recipe
    if !folds.isEmpty { recipe.members = folds.count }
    var (steps, schema) = try realMLPTraining(recipe, folds)
    let (network, inputs) = (steps.network, steps.rows.all.features)
    var shape = network.shape
    let model = TabularModel<Element>(schema: schema, network: network)
    let affordable = affordableEpochs(steps)
    if let affordable {
      if affordable < min(leastEpochs, recipe.epochs) { throw TooFewEpochs() }
      recipe.epochs = affordable
      steps.recipe = recipe
    }
    let outOfFold = folds.isEmpty ? nil : OutOfFoldRows(inputs, folds)
    let epochScore: () throws -> Double? = try {
      // The epoch is known.
      if self.choices?.epoch != nil { return { nil } }
      guard let outOfFold else { return try self.epochScore(of: model) }
      return { try score(model.predictions(outOfFold.outputs(of: network)), training) }
    }()
    let (epochs, best) = try train(steps, schema, epochScore, progress)
    var choices = TabularChoices(epoch: best ?? self.choices?.epoch, isLogarithm: isLogarithm)
    let judged = folds.isEmpty ? validation : training
    func outputs(_ model: TabularModel<Element>) throws -> [Double] {
      try outOfFold?.outputs(of: network) ?? model.outputs(of: encoded, rows: judged)
    }
    var trained = model
    if rows.task.isClassification {
      choices.temperature =
        try self.choices?.temperature
        ?? (judged.isEmpty ? 1 : temperature(of: model, outputs(model), judged))
      shape.temperature = choices.temperature
      schema.realMLP = shape
      trained = TabularModel(schema: schema, network: network.with(shape))
    }
    return RealMLPFit(
      model: trained, epochs: epochs, choices: choices,
      outOfFold: outOfFold.map {
        trained.predictions($0.outputs(of: network.with(shape)))
      }, affordableEpochs: affordable)
  }

  /// Takes the steps of a training with its reports; the number of epochs, and the best of them.
  private func train(
    _ training: RealMLPTraining<Element>, _ schema: TabularSchema,
    _ epochScore: () throws -> Double?, _ progress: (TabularProgress) -> Void
  ) throws -> (epochs: Int, best: Int?) {
    let (recipe, isClassification) = (training.recipe, rows.task.isClassification)
    var epoch = 1
    do {
      return try training.run(last: choices?.epoch, validationScore: epochScore) { ended in
        epoch = ended.number + 1
        progress(
          TabularProgress(
            epoch: ended.number, epochCount: choices?.epoch ?? recipe.epochs,
            errorName: isClassification ? "log loss" : isLogarithm ? "RMSE of logarithms" : "RMSE",
            trainingError: isClassification
              ? ended.trainingLoss : ended.trainingLoss.squareRoot() * schema.targetDeviation,
            metric: metric, validationScore: ended.validationScore, bestEpoch: ended.best))
      }
    } catch {
      throw TabularError.ofTraining(error, epoch: epoch, learningRate: recipe.learningRate)
    }
  }

  /// The most epochs that there is time for; nil where that is all of the recipe.
  ///
  /// The steps of networks that are thrown away tell how long one takes.
  private func affordableEpochs(_ training: RealMLPTraining<Element>) -> Int? {
    guard let deadline else { return nil }
    let left = deadline.secondsLeft * timeShare
    let seconds = training.secondsOfAStep() * Double(training.sampler.batchCount)
    // Validation takes a fifth of the time, at most.
    let count = max(1, Int((left / max(1.2 * seconds, 1e-9)).limited(to: 1e9)))
    return count < training.recipe.epochs ? count : nil
  }

  /// By what logits must be divided for the least log loss of some rows.
  ///
  /// One error more is counted: few rows that are all predicted right would otherwise make it 0. Source:
  /// C. Guo et al., "On calibration of modern neural networks", 2017, arXiv:1706.04599.
  private func temperature(
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
