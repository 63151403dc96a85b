public import SlopeCore
public import SlopeData
import SlopeNN
import SlopeTraining

/// The progress of a fit after an epoch, which is a pass over the training rows.
public struct TabularProgress: Sendable {
  /// The number of the epoch that has ended, from 1.
  public let epoch: Int
  /// The most epochs of the fit.
  public let epochCount: Int
  /// What the errors are: `RMSE` or `log loss`.
  public let errorName: String
  /// The error on the training rows that training makes small: the root mean squared error in the
  /// target's unit, or the log loss.
  public let trainingError: Double
  /// The same error on the validation rows; nil if there are none.
  public let validationError: Double?
  /// The epoch with the least validation error so far; nil if there are no such rows.
  public let bestEpoch: Int?
}

/// A trained model and its scores.
///
/// `TabularModel.fit(_:_:progress:)` returns it. Rows are split into parts: those that the model is
/// fitted to, those for choosing among models, and those that judge it. Each part has its scores,
/// in the file's units.
///
/// ```swift
/// let table = try Table(csv: "datasets/engel.csv")
/// let fit = try TabularModel.fit(table, target: "foodexp")
/// for part in TablePart.allCases {
///   let score = fit.scores[part]
///   print(part, score?.rowCount ?? 0, score?.rootMeanSquaredError?.rounded() ?? .nan)
/// }
/// // training 141 91.0
/// // validation 47 171.0
/// // test 47 136.0
/// try fit.model.save(to: "engel.safetensors")
/// ```
public struct TabularFit<Element: FloatingElement>: CustomStringConvertible {
  /// The trained model.
  public let model: TabularModel<Element>
  /// The model's scores on each part of the rows; a part without rows has scores without numbers.
  public let scores: [TablePart: TabularScores]
  /// The number of rows that were left out because their target is missing.
  public let droppedRowCount: Int
  /// The number of missing cells in the columns that the model reads, in all rows.
  public let missingCellCount: Int
  /// The duration of the training in seconds.
  public let seconds: Double
  /// The training rows per second, each counted in every epoch; nil if no time was measured.
  public let samplesPerSecond: Double?
  /// What is suspicious about data or result, one line each.
  public let warnings: [String]

  /// The scores of each part beside the baseline, as a table.
  public var description: String { TabularScores.table(scores, model.task) }
}

extension TabularModel where Element == Float {
  /// Trains a model of Floats on a table, with the default options.
  ///
  /// - Parameters:
  ///   - table: the table.
  ///   - target: the name of the column to predict.
  /// - Returns: the model and its scores.
  /// - Throws: as `fit(_:_:progress:)`.
  public static func fit(_ table: Table, target: String) throws -> TabularFit<Float> {
    try fit(table, TabularOptions(target: target))
  }
}

extension TabularModel {
  /// Trains a model on the rows of a table.
  ///
  /// Rows whose target is missing are left out. What the columns are, their scales and levels are
  /// learnt from the training rows alone. The same seed gives the same model.
  ///
  /// Without hidden layers the model is solved on the CPU in Double, and its parameters are rounded to
  /// `Element`. A network is trained on the default device; it has the parameters of the epoch with the
  /// least validation error.
  ///
  /// - Parameters:
  ///   - table: the table, with the target and the features as columns of any kind.
  ///   - options: what to predict, and how the model is trained.
  ///   - progress: is called after each epoch.
  /// - Returns: the model and its scores.
  /// - Throws: `TableError` for columns that do not exist or do not fit, `TabularError` if there is
  ///   nothing to train on, if memory does not suffice, or if the loss of a network stops being finite;
  ///   and the failure of an operation.
  public static func fit(
    _ table: Table, _ options: TabularOptions, progress: (TabularProgress) -> Void = { _ in }
  ) throws -> TabularFit<Element> {
    try checked {
      let fitter = try TabularFitter<Element>(table, options)
      return try fitter.fit(progress)
    }
  }

  /// The memory of a training in addition to the table that it reads.
  package static var fitUse: TableUse {
    // The inputs of the training rows; a row's indices in its part and in the order of an epoch, its
    // target, output and prediction.
    TableUse(
      "training on it", bytesPerValue: MemoryLayout<Element>.stride, bytesPerRow: 96)
  }
}

/// One training, from the table to the scores.
struct TabularFitter<Element: FloatingElement> {
  let options: TabularOptions
  let rows: TabularRows
  let pipeline: FittedPipeline
  let generator: Generator
  private let encoded: EncodedRows
  private let training: [Int]
  private let validation: [Int]

  init(_ table: Table, _ options: TabularOptions) throws {
    self.options = options
    try options.check()
    generator = Generator(seed: options.seed)
    rows = try TabularRows(table, options, generator: generator)
    training = rows.parts[.training] ?? []
    validation = rows.parts[.validation] ?? []
    pipeline = try Pipeline(
      .impute(.median), .scale(options.scaling), .oneHot(maximumLevels: options.maximumLevels),
      .dates, .keep(options.keep)
    ).fit(
      rows.table, rows: training, otherUse: options.otherUse,
      dropped: try options.dropped(of: rows.table))
    encoded = try pipeline.encodedRows(of: rows.table)
  }

  func fit(_ progress: (TabularProgress) -> Void) throws -> TabularFit<Element> {
    var schema = try schema()
    try checkMemory(schema)
    let targets = rows.truth.taking(training)
    let clock = ContinuousClock()
    let start = clock.now
    var warnings = rows.table.warnings + rows.notes + rows.rareClassNotes() + omissionNotes()
    let (model, epochs, bestEpoch): (TabularModel<Element>, Int, Int?)
    if options.isSolved {
      (model, epochs) = try linearModel(schema, targets, &warnings, progress)
      bestEpoch = nil
    } else {
      (model, epochs, bestEpoch) = try network(schema, targets, progress)
    }
    let duration = (clock.now - start).components
    let seconds = Double(duration.seconds) + Double(duration.attoseconds) * 1e-18

    var scores: [TablePart: TabularScores] = [:]
    for part in TablePart.allCases {
      let partRows = rows.parts[part] ?? []
      if partRows.isEmpty { warnings.append("there are no \(part.rawValue) rows") }
      scores[part] = try self.scores(model, partRows)
    }
    warnings += unseenNotes()
    if let error = scores[.training]?.mainError, let baseline = scores[.training]?.baselineError,
      error > baseline * (1 + 1e-6), options.classWeights == nil
    {
      warnings.append(
        "on its training rows the model is worse than the baseline; try more epochs or another "
          + "learning rate")
    }
    schema.training = TabularTraining(
      source: rows.table.source, rowCount: rows.table.rowCount, seed: options.seed, epochs: epochs,
      bestEpoch: bestEpoch, seconds: seconds, version: SlopeVersion.number,
      scores: Dictionary(uniqueKeysWithValues: scores.map { ($0.key.rawValue, $0.value) }))
    let samples = Double(epochs) * Double(training.count)
    return TabularFit(
      model: model.with(schema), scores: scores, droppedRowCount: rows.droppedCount,
      missingCellCount: try pipeline.inputNames.reduce(0) {
        $0 + (try rows.table.column($1).missingCount)
      }, seconds: seconds, samplesPerSecond: seconds > 0 ? samples / seconds : nil,
      warnings: warnings)
  }

  /// The schema of a model that is not yet trained.
  private func schema() throws -> TabularSchema {
    let targets = rows.truth.taking(training)
    var schema = TabularSchema(
      pipeline: pipeline, task: rows.task, target: options.target, targetMean: 0,
      targetDeviation: 1, hidden: options.hidden, activation: options.activation, baseline: [])
    switch rows.task {
    case .regression:
      let moments = ColumnMoments(targets.numbers)
      guard moments.deviation.isFinite else {
        throw TabularError.unusable(
          "\(rows.table.source): column \(options.target.quotedForMessage): the values are too large "
            + "to be standardised")
      }
      schema.targetMean = moments.mean
      schema.targetDeviation =
        moments.deviation >= .leastNormalMagnitude ? moments.deviation : 1
      schema.baseline = [moments.mean]
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

  private func scores(_ model: TabularModel<Element>, _ rows: [Int]) throws -> TabularScores {
    let predictions = model.predictions(try model.outputs(of: encoded, rows: rows))
    return try TabularScores(
      predictions, self.rows.truth.taking(rows), baseline: model.schema.baseline)
  }

  /// What each training row counts: its weight times that of its class, 1 on average.
  private func rowWeights(_ targets: TargetRows) throws -> [Double]? {
    guard targets.weights != nil || options.classWeights != nil else { return nil }
    var weights = targets.weights ?? targets.classes.map { _ in 1 }
    if let classWeights = options.classWeights {
      let factors = try factors(classWeights, targets)
      for row in weights.indices { weights[row] *= factors[targets.classes[row]] }
    }
    let mean = weights.reduce(0, +) / Double(max(1, weights.count))
    return mean > 0 ? weights.map { $0 / mean } : weights
  }

  private func factors(
    _ weights: TabularOptions.ClassWeights, _ targets: TargetRows
  ) throws -> [Double] {
    guard case .classification(let classes) = rows.task else {
      throw TabularError.unusable(
        "class weights are for classes, but the target \(options.target.quotedForMessage) is "
          + "predicted as a number")
    }
    switch weights {
    case .balanced:
      var counts = [Double](repeating: 0, count: classes.count)
      for index in targets.classes { counts[index] += 1 }
      return counts.map { Double(targets.classes.count) / (Double(classes.count) * max(1, $0)) }
    case .named(let named):
      for name in named.keys.sorted() where !classes.contains(name) {
        throw TabularError.unusable(
          "a weight for \(name.quotedForMessage), which is no class of the target "
            + options.target.quotedForMessage)
      }
      return classes.map { named[$0] ?? 1 }
    }
  }

  /// Notes about columns that are left out without having been asked for.
  private func omissionNotes() -> [String] {
    let reasons: KeyValuePairs<ColumnReport.Omission, String> = [
      .empty: "without values", .constant: "of one value",
      .identifier: "that tell rows apart (--keep NAME keeps one)",
    ]
    return reasons.compactMap { omission, reason in
      let names = pipeline.columns.filter { $0.omission == omission }.map(\.name.quotedForMessage)
      guard !names.isEmpty else { return nil }
      let more = names.count > 10 ? " and \(names.count - 10) more" : ""
      return "columns \(reason) in the training rows are left out: "
        + names.prefix(10).joined(separator: ", ") + more
    }
  }

  private func unseenNotes() -> [String] {
    let counts = pipeline.unseenCounts(in: rows.table)
    return counts.keys.sorted().map { name in
      let count = counts[name] ?? 0
      return "column \(name.quotedForMessage): \(count.grouped) "
        + (count == 1 ? "cell has a level" : "cells have levels")
        + " that no training row has"
    }
  }

  /// Throws if memory cannot hold the parameters, what training keeps for them, and the inputs.
  private func checkMemory(_ schema: TabularSchema) throws {
    let stride = Double(MemoryLayout<Element>.stride)
    let left = Double(MachineMemory.remaining)
    // Values, gradients, Adam's two means, the drawn initial values, and the file.
    let parameters = schema.parameterCount.map { 6 * stride * Double($0) } ?? .infinity
    guard parameters <= left else {
      let count = schema.parameterCount.map { "\($0)" } ?? "more than 2⁶³"
      throw TabularError.unusable(
        "hidden layers \(schema.hidden): \(count) parameters do not fit into memory")
    }
    let known = training.count + validation.count
    var needed = parameters + stride * Double(known) * Double(pipeline.outputCount)
    if options.isSolved {
      if !schema.task.isClassification {
        needed += Double(LeastSquares.byteCount(rows: training.count, inputs: pipeline.outputCount))
      }
    } else {
      let batchRows =
        switch options.batchSize {
        case .rows(let count): min(count, training.count)
        case .all: training.count
        }
      // A step keeps each layer's output before and after the activation, and the gradients of both.
      needed += 4 * stride * Double(batchRows) * schema.widths.reduce(0) { $0 + Double($1) }
    }
    guard needed <= left else {
      throw TabularError.unusable(
        "\(rows.table.source): \(training.count) training rows of \(pipeline.outputCount) inputs: "
          + "training on them does not fit into memory (\(Int(needed / 1e6)) MB, of "
          + "\(Int(left / 1e6)) left)")
    }
  }

  // MARK: Models

  private func linearModel(
    _ schema: TabularSchema, _ targets: TargetRows, _ warnings: inout [String],
    _ progress: (TabularProgress) -> Void
  ) throws -> (TabularModel<Element>, epochs: Int) {
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
    switch schema.task {
    case .regression:
      let (mean, deviation) = (schema.targetMean, schema.targetDeviation)
      solution = try LeastSquares.solve(
        features,
        targets: targets.numbers.map { NumberEncoding.standardized($0, mean, deviation) },
        rowWeights: weights)
    case .classification(let classes):
      solution = try bestSoftmax(features, targets, classes.count, weights, model, progress)
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
        validationError: validation.isEmpty ? nil : try scores(result, validation).mainError,
        bestEpoch: nil))
    return (result, max(1, solution.iterations))
  }

  /// The solution for the penalty whose validation error is least.
  ///
  /// The penalties are 1, which is scikit-learn's default, 3 and ⅓. With a hundred rows for each input
  /// they make no difference, and without validation rows nothing tells which is better: then it is 1.
  private func bestSoftmax(
    _ features: FeatureRows, _ targets: TargetRows, _ classCount: Int, _ weights: [Double]?,
    _ model: (LinearSolution) -> TabularModel<Element>, _ progress: (TabularProgress) -> Void
  ) throws -> LinearSolution {
    let matters = !validation.isEmpty && training.count < 100 * pipeline.outputCount
    let most = 100
    var best: (solution: LinearSolution, error: Double)?
    for penalty in matters ? [1, 3, 1.0 / 3] : [1] {
      let solution = try SoftmaxRegression.solve(
        features, classes: targets.classes, classCount: classCount, rowWeights: weights,
        penalty: penalty, maximumIterations: most
      ) { iteration, current, _ in
        let now = model(current)
        progress(
          TabularProgress(
            epoch: iteration, epochCount: most, errorName: "log loss",
            trainingError: try scores(now, training).logLoss ?? .nan,
            validationError: validation.isEmpty ? nil : try scores(now, validation).logLoss,
            bestEpoch: nil))
        return true
      }
      let error =
        matters ? try scores(model(solution), validation).logLoss ?? .infinity : -.infinity
      if error < best?.error ?? .infinity || best == nil { best = (solution, error) }
    }
    return best?.solution ?? LinearSolution(biases: [0], inputs: pipeline.outputCount)
  }

  private func network(
    _ schema: TabularSchema, _ targets: TargetRows, _ progress: (TabularProgress) -> Void
  ) throws -> (TabularModel<Element>, epochs: Int, bestEpoch: Int?) {
    let model = TabularModel<Element>(schema: schema, generator: generator)
    let training = NetworkTraining(
      model: model, features: try encoded.tensor(rows: training), targets: targets,
      weights: try rowWeights(targets), options: options, generator: generator)
    let (epochs, best) = try training.run(
      validationError: validation.isEmpty
        ? nil : { try scores(model, validation).mainError ?? .infinity }, progress)
    return (model, epochs, best)
  }
}

extension TabularScores {
  /// The error of the baseline that `mainError` is beside.
  var baselineError: Double? { baselineMeanSquaredError?.squareRoot() ?? baselineLogLoss }
}

extension TabularOptions {
  /// Throws for options that are invalid for any table.
  fileprivate func check() throws {
    if epochs < 0 {
      throw TabularError.unusable("\(epochs) epochs: there cannot be fewer than none")
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
