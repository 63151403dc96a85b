import Glibc
import SlopeCore
import SlopeData
import SlopeTraining

/// One training, from the table to the scores.
struct TabularFitter<Element: FloatingElement> {
  private(set) var options: TabularOptions
  let rows: TabularRows
  let pipeline: FittedPipeline
  private(set) var generator: Generator
  let encoded: EncodedRows
  /// The rows that the model is fitted to.
  private(set) var training: [Int]
  /// The rows for choosing among models.
  private(set) var validation: [Int]
  /// By what epochs, penalties and models are chosen.
  let metric: Metric
  /// What was chosen before; nil where the validation rows are to decide.
  private(set) var choices: TabularChoices?
  /// When the fit is to end; nil for whenever it has ended.
  private(set) var deadline: Deadline?
  /// How much of the time that is left a training of networks may take.
  private(set) var timeShare: Double
  /// Whether networks learn the logarithm of the target.
  private(set) var isLogarithm = false

  init(_ table: Table, _ options: TabularOptions, deadline: Deadline? = nil) throws {
    try options.check()
    let generator = Generator(seed: options.seed)
    try self.init(
      TabularRows(table, options, generator: generator), options, generator, nil, deadline: deadline
    )
  }

  /// Fits the rows for training and for validation together, by what was chosen without the latter.
  func refitter(_ choices: TabularChoices) throws -> TabularFitter {
    try TabularFitter(
      rows.withoutValidation(), options, Generator(seed: options.seed), choices)
  }

  init(
    _ rows: TabularRows, _ options: TabularOptions, _ generator: Generator,
    _ choices: TabularChoices?, deadline: Deadline? = nil
  ) throws {
    self.options = options
    self.deadline = deadline
    // A second fit takes as long as the first, at most.
    timeShare = options.refits ? 0.4 : 0.9
    self.rows = rows
    self.generator = generator
    self.choices = choices
    training = rows.parts[.training] ?? []
    validation = rows.parts[.validation] ?? []
    metric = options.metric ?? (rows.task.isClassification ? .logLoss : .rootMeanSquaredError)
    guard metric.isClassification == rows.task.isClassification else {
      throw TabularError.unusable(
        "\(rows.table.source): the metric \(metric.shortName) is one of "
          + "\(metric.isClassification ? "classes" : "numbers"), but the target "
          + "\(options.target.quotedForMessage) is predicted as "
          + "\(metric.isClassification ? "a number" : "classes")")
    }
    pipeline = try Pipeline(options.transforms).fit(
      rows.table, rows: training, otherUse: options.otherUse,
      dropped: try options.dropped(of: rows.table))
    encoded = try pipeline.encodedRows(of: rows.table)
  }

  /// The same fitter for a fold of the training rows, with what was chosen before.
  func fold(_ fold: Fold, _ choices: TabularChoices) -> TabularFitter {
    var fitter = self
    fitter.training = fold.training.map { training[$0] }
    fitter.validation = fold.validation.map { training[$0] }
    fitter.choices = choices
    return fitter
  }

  /// The same fitter for networks that learn the logarithm of the target, or the target itself.
  ///
  /// With `epochs` it makes a quick trial: one network, with random numbers of its own.
  func learning(
    logarithm: Bool, epochs: Int? = nil, timeShare: Double? = nil
  ) -> TabularFitter {
    var fitter = self
    fitter.isLogarithm = logarithm
    fitter.timeShare = timeShare ?? self.timeShare
    if let epochs {
      (fitter.options.quality, fitter.options.networkEpochs) = (.fast, epochs)
      fitter.timeShare = 0.1
      fitter.generator = Generator(seed: options.seed)
    }
    return fitter
  }

  /// What is to be said about the table before a model is fitted.
  var notes: [String] {
    rows.table.warnings + rows.notes + rows.rareClassNotes() + omissionNotes()
  }

  /// The fit, and what its validation rows decided.
  func fit(
    _ progress: (TabularProgress) -> Void
  ) throws -> (TabularFit<Element>, TabularChoices) {
    let schema = try schema()
    try checkMemory(schema)
    let targets = rows.truth.taking(training)
    let clock = ContinuousClock()
    let start = clock.now
    func seconds() -> Double { (clock.now - start).inSeconds }
    if options.model == .mlp, !isLogarithm, try learnsLogarithm() {
      let earlier = seconds()
      let (fit, choices) = try learning(logarithm: true).fit(progress)
      return (fit.following(earlier), choices)
    }
    var warnings = notes
    let (model, epochs, choices): (TabularModel<Element>, Int, TabularChoices)
    var curve: TabularCurve?
    if options.model == .mlp {
      let networks = try realMLP(recipe, progress: progress)
      (model, epochs, choices) = (networks.model, networks.epochs, networks.choices)
      curve = networks.curve
      warnings +=
        networks.affordableEpochs.map {
          ["there was time for \($0) epochs of \(recipe.epochs)"]
        } ?? []
    } else if options.isSolved {
      (model, epochs, choices) = try linearModel(schema, targets, &warnings, progress)
    } else {
      (model, curve, epochs, choices) = try network(schema, targets, progress)
    }
    let seconds = seconds()

    var scores: [TablePart: TabularScores] = [:]
    for part in TablePart.allCases {
      let partRows = rows.parts[part] ?? []
      if partRows.isEmpty, part != .validation || self.choices == nil {
        warnings.append("there are no \(part.rawValue) rows")
      }
      do {
        scores[part] = try self.scores(model, partRows)
      } catch is MetricError where !options.isSolved {
        // The last step led to predictions that are no numbers.
        let rate =
          options.learningRate
          ?? options.defaultLearningRate(inputCount: pipeline.outputCount)
        throw TabularError.diverged(epoch: epochs, learningRate: rate.tenth)
      }
    }
    let fit = try finished(
      model, scores, curve, epochs: epochs, bestEpoch: choices.epoch, seconds: seconds,
      warnings: warnings, validationScore: validationScore(model))
    return (fit, choices)
  }

  /// The fit of a model with its scores, and what is to be said about them.
  func finished(
    _ model: TabularModel<Element>, _ scores: [TablePart: TabularScores],
    _ curve: TabularCurve? = nil, epochs: Int, bestEpoch: Int?, seconds: Double, warnings: [String],
    validationScore: Double?
  ) throws -> TabularFit<Element> {
    var warnings = warnings + pipeline.unseenNotes(in: rows.table)
    if let error = scores[.training]?.mainError, let baseline = scores[.training]?.baselineError,
      error > baseline * (1 + 1e-6), options.classWeights == nil
    {
      warnings.append(
        "on its training rows the model is worse than the baseline; try more epochs or another "
          + "learning rate")
    }
    if validationScore?.isNaN == true {
      warnings.append(
        "the \(metric.shortName) of the validation rows is undefined: nothing is chosen by it")
    }
    var schema = model.schema
    schema.training = TabularTraining(
      source: rows.table.source, rowCount: rows.table.rowCount, seed: options.seed, epochs: epochs,
      bestEpoch: bestEpoch, version: SlopeVersion.number,
      scores: Dictionary(uniqueKeysWithValues: scores.map { ($0.key.rawValue, $0.value) }),
      metric: metric, isRefitted: self.choices != nil, curve: curve,
      checksum: try rows.table.checksum(of: schema.features + [schema.target]))
    let samples = Double(epochs) * Double(training.count)
    return TabularFit(
      model: model.with(schema), scores: scores, rows: rows.places,
      droppedRowCount: rows.droppedCount,
      missingCellCount: try pipeline.inputNames.reduce(0) {
        $0 + (try rows.table.column($1).missingCount)
      }, seconds: seconds, samplesPerSecond: seconds > 0 ? samples / seconds : nil,
      warnings: warnings, metric: metric,
      validationScore: validationScore.flatMap { $0.isNaN ? nil : $0 })
  }

  /// The schema of a model that is not yet trained.
  func schema() throws -> TabularSchema {
    let targets = rows.truth.taking(training)
    var schema = TabularSchema(
      pipeline: pipeline, task: rows.task, target: options.target, targetMean: 0,
      targetDeviation: 1, hidden: options.hidden, activation: options.activation, baseline: [])
    if options.model == .mlp { schema.realMLP = realMLPShape(recipe) }
    switch rows.task {
    case .regression:
      let scale = ColumnMoments(isLogarithm ? targets.numbers.map { log($0) } : targets.numbers)
      schema.targetMean = scale.mean
      schema.targetDeviation = scale.deviation >= .leastNormalMagnitude ? scale.deviation : 1
      if isLogarithm { schema.targetIsLogarithm = true }
      schema.baseline = [mean(of: targets, ColumnMoments(targets.numbers))]
    case .classification(let classes):
      var counts = [Double](repeating: 0, count: classes.count)
      for (position, index) in targets.classes.enumerated() {
        counts[index] += targets.weights?[position] ?? 1
      }
      let sum = counts.reduce(0, +)
      schema.baseline = counts.map { $0 / sum }
    }
    return schema
  }

  /// The mean of the targets by the rows' weights, the baseline of their scores.
  private func mean(of targets: TargetRows, _ moments: ColumnMoments) -> Double {
    guard let weights = targets.weights, moments.deviation > 0 else { return moments.mean }
    // Of distances from the mean in deviations, which do not overflow.
    var (sum, total) = (0.0, 0.0)
    for (number, weight) in zip(targets.numbers, weights) {
      sum += weight * NumberEncoding.standardized(number, moments.mean, moments.deviation)
      total += weight
    }
    return moments.mean + moments.deviation * (sum / total)
  }

  /// The scores of a model on some rows.
  func scores(_ model: TabularModel<Element>, _ rows: [Int]) throws -> TabularScores {
    let predictions = model.predictions(try model.outputs(of: encoded, rows: rows))
    return try TabularScores(
      predictions, self.rows.truth.taking(rows), baseline: model.schema.baseline)
  }

  /// Throws if memory cannot hold the parameters, what training keeps for them, and the inputs.
  func checkMemory(_ schema: TabularSchema) throws {
    let stride = Double(MemoryLayout<Element>.stride)
    let left = Double(MachineMemory.remaining)
    // Values, gradients, Adam's two means, the drawn initial values, and the file.
    let parameters = schema.parameterCount.map { 6 * stride * Double($0) } ?? .infinity
    guard parameters <= left else {
      let count = schema.parameterCount.map { "\($0)" } ?? "more than 2⁶³"
      throw TabularError.unusable(
        "hidden layers \(schema.hiddenOfNetworks): \(count) parameters do not fit "
          + "into memory")
    }
    let known = training.count + validation.count
    var advice = ""
    var needed = parameters + stride * Double(known) * Double(pipeline.outputCount)
    if options.isSolved {
      let (rows, inputs) = (training.count, pipeline.outputCount)
      needed += Double(
        schema.task.isClassification
          ? SoftmaxRegression.byteCount(
            rows: rows, inputs: inputs, classCount: schema.task.classes.count)
          : LeastSquares.byteCount(rows: rows, inputs: inputs))
    } else {
      let batchRows =
        switch options.batchSize {
        case .rows(let count): min(count, training.count)
        case .all: training.count
        }
      let steps =
        schema.realMLP.map {
          (rows: min(recipe.batchSize, training.count) * $0.members, widths: $0.widths)
        }
        ?? schema.tabM.map {
          (
            rows: min(TabMRecipe.batchSize(training.count), training.count) * $0.ensembles
              * $0.members, widths: $0.widths
          )
        }
      let (stepRows, widths) = steps ?? (batchRows, schema.widths)
      // A step keeps each layer's output before and after the activation, and the gradients of both.
      let bytesOfRow = 4 * stride * widths.reduce(0) { $0 + Double($1) }
      let affordable = ((left - needed) / bytesOfRow).rounded(.down)
      if steps == nil, affordable >= 1 {
        advice = "; batches of \(Int(min(affordable, Double(batchRows)))) rows fit (--batch-size)"
      }
      needed += bytesOfRow * Double(stepRows)
    }
    guard needed <= left else {
      throw TabularError.unusable(
        "\(rows.table.source): \(training.count) training rows of \(pipeline.outputCount) inputs: "
          + "training on them does not fit into memory (\(Int(needed / 1e6)) MB, of "
          + "\(Int(left / 1e6)) left)\(advice)")
    }
  }
}

extension TabularScores {
  /// The error of the baseline that `mainError` is beside.
  var baselineError: Double? { baselineMeanSquaredError?.squareRoot() ?? baselineLogLoss }
}

extension TabularOptions {
  /// Throws for options that are invalid for any table.
  func check() throws {
    if let seconds, !(seconds > 0 && seconds.isFinite) {
      throw TabularError.unusable("\(seconds) seconds: a time to fit must be more than 0")
    }
    if let trials, trials < 1 {
      throw TabularError.unusable("\(trials) networks to try: at least one is needed")
    }
    if let count = [epochs, networkEpochs ?? 0].first(where: { $0 < 0 }) {
      throw TabularError.unusable("\(count) epochs: there cannot be fewer than none")
    }
    if let width = hidden.first(where: { $0 < 1 }) {
      throw TabularError.unusable("hidden layers \(hidden): a layer of \(width) units")
    }
    if case .rows(let count) = batchSize, count < 1 {
      throw TabularError.unusable("batches of \(count) rows: at least one is needed")
    }
    if maximumLevels < 2 {
      throw TabularError.unusable("at most \(maximumLevels) levels: at least 2 are needed")
    }
  }

  /// How the columns become inputs of the model.
  fileprivate var transforms: [Transform] {
    let isNetwork = model == .mlp
    return [
      .impute(.median), .scale(isNetwork ? .robust : scaling), .dates, .keep(keep),
      isNetwork
        ? .oneHotOrCodes(limit: oneHotLimit, maximumLevels: 16 * maximumLevels)
        : .oneHot(maximumLevels: maximumLevels),
    ]
  }

  /// The columns that are left out: those that are dropped, and those that are no feature.
  fileprivate func dropped(of table: Table) throws -> [String] {
    for name in drop + keep { _ = try table.columnIndex(of: name) }
    guard let features else { return drop }
    guard !features.contains(target) else {
      throw TabularError.unusable(
        "\(table.source): the target \(target.quotedForMessage) is among the features")
    }
    let others = Set(otherUse)
    let kept = Set(try features.map { table.columnNames[try table.columnIndex(of: $0)] })
    guard kept.count == features.count, !features.isEmpty else {
      throw TabularError.unusable(
        "\(table.source): the features \(features.map(\.quotedForMessage).joined(separator: ", ")): "
          + (features.isEmpty ? "there are none" : "one is named twice"))
    }
    return drop + table.columnNames.filter { !kept.contains($0) && !others.contains($0) }
  }
}
