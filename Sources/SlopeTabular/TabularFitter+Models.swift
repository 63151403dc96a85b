import SlopeCore
import SlopeData
import SlopeNN

extension TabularFitter {
  /// A linear model that is solved, by what was chosen before.
  func linearModel() throws -> TabularModel<Element> {
    var warnings: [String] = []
    return try linearModel(schema(), rows.truth.taking(training), &warnings) { _ in }.0
  }

  /// Folds of the training rows.
  func folds(_ count: Int) throws -> [Fold] {
    try rows.folds(count, of: training, options.split, Generator(seed: options.seed))
  }

  /// What linear models of folds predict for the training rows that they have not learnt from.
  func linearPredictions(_ folds: [Fold], _ choices: TabularChoices) throws -> TabularPredictions? {
    let parts = try folds.map { fold in
      let part = self.fold(fold, choices)
      let model = try part.linearModel()
      return model.predictions(try model.outputs(of: encoded, rows: part.validation))
    }
    return TabularPredictions(parts, places: folds.map(\.validation), count: training.count)
  }

  /// A linear model that is solved, the number of iterations, and the penalty.
  func linearModel(
    _ schema: TabularSchema, _ targets: TargetRows, _ warnings: inout [String],
    _ progress: (TabularProgress) -> Void
  ) throws -> (TabularModel<Element>, epochs: Int, TabularChoices) {
    let features = FeatureRows(
      try encoded.tensor(rows: training, as: Element.self) as Tensor<Element>)
    let weights = try rowWeights(targets)
    func model(_ solution: LinearSolution) -> TabularModel<Element> {
      let (outputs, inputs) = (schema.task.outputCount, pipeline.outputCount)
      let weight = Tensor(
        shape: [outputs, inputs], scalars: solution.weights.map { Element(clamping: $0) },
        on: .default)
      let bias = Tensor(solution.biases.map { Element(clamping: $0) }, on: .default)
      return TabularModel(
        schema: schema, linears: [Linear(weight: Parameter(weight), bias: Parameter(bias))])
    }
    let solution: LinearSolution
    var choices = TabularChoices()
    switch schema.task {
    case .regression:
      let (mean, deviation) = (schema.targetMean, schema.targetDeviation)
      (solution, choices.ridge) = try bestLeastSquares(
        features, targets.numbers.map { NumberEncoding.standardized($0, mean, deviation) }, weights,
        model)
    case .classification(let classes):
      (solution, choices.penalty) = try bestSoftmax(
        features, targets, classes.count, weights, model, progress)
    }
    if !solution.isConverged {
      warnings.append(
        "the linear model was not solved to the last digit in \(solution.iterations) iterations")
    }
    let result = model(solution)
    progress(
      TabularProgress(
        epoch: max(1, solution.iterations), epochCount: max(1, solution.iterations),
        errorName: schema.task.isClassification ? "log loss" : "RMSE",
        trainingError: try scores(result, training).mainError ?? .nan,
        metric: metric, validationScore: try validationScore(result), bestEpoch: nil))
    return (result, max(1, solution.iterations), choices)
  }

  /// The penalties of least squares where there are few rows for the inputs.
  static var ridges: [Double] { [1e-8, 1e-6, 1e-4, 1e-2] }

  /// Whether there are few training rows for the inputs, and solutions do not take long.
  ///
  /// Some directions of the inputs are hardly known then, and least squares without a penalty may say
  /// anything about them.
  var hasFewRows: Bool {
    training.count < 10 * pipeline.outputCount && min(training.count, pipeline.outputCount) <= 1000
  }

  /// The least squares, or those with a penalty if the validation score is better by a twentieth; and that
  /// penalty.
  private func bestLeastSquares(
    _ features: FeatureRows, _ targets: [Double], _ weights: [Double]?,
    _ model: (LinearSolution) -> TabularModel<Element>
  ) throws -> (LinearSolution, ridge: Double) {
    func solution(_ penalty: Double) throws -> LinearSolution {
      try LeastSquares.solve(features, targets: targets, rowWeights: weights, penalty: penalty)
    }
    let plain = try solution(choices?.ridge ?? 0)
    guard choices == nil, !validation.isEmpty, hasFewRows else {
      return (plain, choices?.ridge ?? 0)
    }
    var best = (solution: plain, ridge: 0.0, score: try validationScore(model(plain)) ?? .nan)
    let enough = metric.isHigherBetter ? best.score + abs(best.score) / 20 : best.score * 0.95
    for ridge in Self.ridges {
      let penalized = try solution(ridge)
      let score = try validationScore(model(penalized)) ?? .nan
      if metric.isBetter(score, than: best.score), metric.isBetter(score, than: enough) {
        best = (penalized, ridge, score)
      }
    }
    return (best.solution, best.ridge)
  }

  /// The solution for the penalty whose validation score is best, and that penalty.
  ///
  /// The penalties are 1, which is scikit-learn's default, 3 and ⅓. A log loss is that of the rows alone:
  /// models of one kind are not that confident that one error more should be counted.
  ///
  /// With a hundred rows for each input they make no difference, and without validation rows nothing tells
  /// which is better.
  private func bestSoftmax(
    _ features: FeatureRows, _ targets: TargetRows, _ classCount: Int, _ weights: [Double]?,
    _ model: (LinearSolution) -> TabularModel<Element>, _ progress: (TabularProgress) -> Void
  ) throws -> (LinearSolution, penalty: Double) {
    let matters =
      choices == nil && !validation.isEmpty && training.count < 100 * pipeline.outputCount
    let most = 100
    var best: (solution: LinearSolution, penalty: Double, score: Double, costs: [Double]?)?
    for penalty in matters ? [1, 3, 1.0 / 3] : [choices?.penalty ?? 1] {
      let solution = try SoftmaxRegression.solve(
        features, classes: targets.classes, classCount: classCount, rowWeights: weights,
        penalty: penalty, maximumIterations: most
      ) { iteration, current, _ in
        let now = model(current)
        progress(
          TabularProgress(
            epoch: iteration, epochCount: most, errorName: "log loss",
            trainingError: try scores(now, training).logLoss ?? .nan, metric: metric,
            validationScore: try validationScore(now), bestEpoch: nil))
        return true
      }
      let solved = model(solution)
      let score = matters ? try validationScore(solved) ?? .nan : .nan
      let costs =
        matters
        ? try costs(
          of: solved.predictions(solved.outputs(of: encoded, rows: validation)), rows: validation,
          countsOneError: false) : nil
      let isBetter = best.map { best in
        guard let sum = costs?.reduce(0, +), let least = best.costs?.reduce(0, +) else {
          return metric.isBetter(score, than: best.score)
        }
        return sum < least
      }
      if isBetter ?? true { best = (solution, penalty, score, costs) }
    }
    return best.map { ($0.solution, $0.penalty) }
      ?? (LinearSolution(biases: [0], inputs: pipeline.outputCount), 1)
  }

  /// A network that is trained by steps.
  func network(
    _ schema: TabularSchema, _ targets: TargetRows, _ progress: (TabularProgress) -> Void
  ) throws -> (TabularModel<Element>, TabularCurve?, epochs: Int, TabularChoices) {
    let model = TabularModel<Element>(schema: schema, generator: generator)
    let entry = options.journal?.next() ?? JournalEntry()
    let training = try networkTraining(model, targets)
    let history = try training.run(
      entry, last: choices?.epoch, validationScore: try epochScore(of: model), progress)
    return (
      model, training.curve(history), history.epochs.count,
      TabularChoices(epoch: history.best?.epoch ?? choices?.epoch)
    )
  }

  private func networkTraining(
    _ model: TabularModel<Element>, _ targets: TargetRows
  ) throws -> NetworkTraining<Element> {
    NetworkTraining(
      model: model, features: try encoded.tensor(rows: training), targets: targets,
      weights: try rowWeights(targets), options: options, metric: metric, generator: generator)
  }

  /// The duration of a step of the networks that the options ask for, on the default device, in seconds.
  func secondsOfAStep() throws -> Double {
    let schema = try schema()
    try checkMemory(schema)
    if options.model == .mlp { return try realMLPTraining(recipe).0.secondsOfAStep() }
    return try networkTraining(
      TabularModel(schema: schema, generator: generator), rows.truth.taking(training)
    ).secondsOfAStep()
  }
}
