import Glibc
import SlopeCore
import SlopeData
import SlopeNN
import SlopeTraining

extension TabularFitter {
  /// The rows by which the initial values are chosen, at most.
  private static var initialRowCount: Int { 4096 }

  /// How the networks are made and trained.
  var recipe: RealMLPRecipe {
    var recipe: RealMLPRecipe =
      options.quality == .fast
      ? .fast(isClassification: rows.task.isClassification)
      : .good(isClassification: rows.task.isClassification)
    recipe.epochs = options.networkEpochs ?? recipe.epochs
    if rows.task.isClassification, !metric.needsProbabilities { recipe.labelSmoothing = 0.1 }
    return recipe
  }

  /// The shape of the networks, before the training rows are read.
  var realMLPShape: RealMLPShape {
    let recipe = recipe
    return RealMLPShape(
      members: recipe.members, inputs: RealMLPInputs(pipeline), hidden: recipe.hidden,
      outputCount: max(1, rows.task.classes.count), activation: recipe.activation,
      numberEmbedding: recipe.numberEmbedding, waves: recipe.waves,
      levelEmbedding: recipe.levelEmbedding,
      range: rows.task.isClassification ? nil : [0, 0])
  }

  /// Networks side by side that are trained by steps, the number of epochs, and what was chosen.
  func realMLP(
    _ schema: TabularSchema, _ targets: TargetRows, _ progress: (TabularProgress) -> Void
  ) throws -> (TabularModel<Element>, epochs: Int, TabularChoices) {
    let recipe = recipe
    var (schema, shape, targets) = (schema, realMLPShape, targets)
    if isLogarithm { targets.numbers = targets.numbers.map { log($0) } }
    let features = try encoded.tensor(rows: training) as Tensor<Element>
    shape.inputs.fit(features)
    if !rows.task.isClassification {
      let standardized = targets.numbers.map {
        NumberEncoding.standardized($0, schema.targetMean, schema.targetDeviation)
      }
      shape.range = [standardized.min() ?? 0, standardized.max() ?? 0]
    }
    schema.realMLP = shape
    let network = RealMLP<Element>(shape, generator: generator, dropoutSeed: options.seed)
    let inputs = shape.inputs.arranged(features)
    let someRows = generator.permutation(training.count).prefix(Self.initialRowCount).map {
      Int($0)
    }
    network.initialize(
      by: inputs.taking(Tensor(someRows, on: inputs.device)).unsqueezed(at: 0),
      generator: generator)
    let model = TabularModel<Element>(schema: schema, network: network)
    let training = RealMLPTraining(
      network: network, recipe: recipe,
      rows: NetworkRows(
        features: inputs, targets: targets, weights: try rowWeights(targets), schema: schema,
        asksForClasses: true), generator: generator, metric: metric)
    let epochScore = try epochScore(of: model)
    var epochs = 0
    func diverged() -> TabularError {
      TabularError.diverged(epoch: epochs, learningRate: recipe.learningRate.tenth)
    }
    func nextScore() throws -> Double? {
      epochs += 1
      do {
        return try epochScore()
      } catch is MetricError {
        // The last step of the epoch led to predictions that are no numbers.
        throw diverged()
      }
    }
    let best = try training.run(last: choices?.epoch, validationScore: nextScore) { epoch in
      guard epoch.trainingLoss.isFinite else { throw diverged() }
      progress(
        TabularProgress(
          epoch: epochs, epochCount: choices?.epoch ?? recipe.epochs,
          errorName: rows.task.isClassification
            ? "log loss" : isLogarithm ? "RMSE of logarithms" : "RMSE",
          trainingError: rows.task.isClassification
            ? epoch.trainingLoss : epoch.trainingLoss.squareRoot() * schema.targetDeviation,
          metric: metric, validationScore: epoch.validationScore, bestEpoch: epoch.best))
    }.best
    var made = TabularChoices(epoch: best ?? choices?.epoch, isLogarithm: isLogarithm)
    guard rows.task.isClassification else { return (model, epochs, made) }
    made.temperature = validation.isEmpty ? choices?.temperature ?? 1 : try temperature(of: model)
    shape.temperature = made.temperature
    schema.realMLP = shape
    return (TabularModel(schema: schema, network: network.with(shape)), epochs, made)
  }

  /// By what logits must be divided for the least log loss of the validation rows.
  ///
  /// A normal distribution of the temperature's logarithm, of deviation ½, counts as one row more: few
  /// rows that are all predicted right would otherwise make it 0. Source: C. Guo et al., "On
  /// calibration of modern neural networks", 2017, arXiv:1706.04599.
  private func temperature(of model: TabularModel<Element>) throws -> Double {
    let outputs = try model.outputs(of: encoded, rows: validation)
    let truth = rows.truth.taking(validation)
    func cost(_ logarithm: Double) throws -> Double {
      let predictions = model.predictions(outputs.map { $0 / exp(logarithm) })
      let loss =
        try ClassificationMetrics(
          probabilities: predictions.probabilities, classes: truth.classes,
          classCount: rows.task.classes.count, weights: truth.weights
        ).logLoss ?? 0
      return loss * Double(validation.count) + 2 * logarithm * logarithm
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
