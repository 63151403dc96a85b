public import SlopeCore
public import SlopeData
import SlopeNN
public import SlopeTraining

/// The progress of a fit after an epoch, which is a pass over the training rows.
public struct TabularProgress: Sendable {
  /// The number of the epoch that has ended, from 1.
  public let epoch: Int
  /// The most epochs of the fit.
  public let epochCount: Int
  /// What the training error is: `RMSE` or `log loss`.
  public let errorName: String
  /// The error on the training rows that training makes small: the root mean squared error in the
  /// target's unit, or the log loss.
  public let trainingError: Double
  /// By what the best epoch is chosen.
  public let metric: Metric
  /// The metric on the validation rows, the log loss with one error more than they have; nil if there are
  /// none.
  public let validationScore: Double?
  /// The epoch with the best validation score so far; nil if there are no such rows.
  public let bestEpoch: Int?
  /// The learning rate of the epoch's last step, of several that of the first parameters; nil for a model that is
  /// solved.
  public var learningRate: Double?
  /// The number of the model that is fitted, of several that are tried one after another, from 1; nil
  /// for one or two.
  public var trial: Int?
  /// Whether the networks are those of folds, which only tell whether networks or a linear model is better.
  public var areFolds = false
  /// Whether the epoch was trained before a fit that was stopped went on, and is only told again.
  public var isEarlier = false
  /// Adds to a run how the parameters of the networks are distributed; nil but after each tenth of the epochs.
  package var addHistograms: (@Sendable (TensorBoardWriter) throws -> Void)?

  /// The progress of the training of a module, of whose parameters a run has histograms.
  func of<Element: FloatingElement>(_ network: any Module<Element>) -> TabularProgress {
    let isTenth = 10 * epoch / max(1, epochCount) > 10 * (epoch - 1) / max(1, epochCount)
    guard isTenth, !isEarlier else { return self }
    // Tensors are values: they may be taken to wherever progress is.
    let tensors = network.namedParameters().map { ($0.name, $0.parameter.tensor) }
    var progress = self
    progress.addHistograms = { [epoch] writer in
      for (name, tensor) in tensors { try writer.addHistogram(tensor, as: name, step: epoch) }
    }
    return progress
  }
}

/// A step of a training of networks that has been taken, for a display.
public struct TabularStep: Sendable, Hashable {
  /// The number of the step in its training, from 1.
  public let step: Int
  /// The number of steps of the training if no epoch is left out.
  public let stepCount: Int
  /// The steps of an epoch.
  public let stepsPerEpoch: Int
  /// The rows of the step; of networks side by side those of each.
  public let rowCount: Int
  /// The floating-point operations of the step's products, forward and backward.
  public let operations: Double
}

/// A trained model and its scores.
///
/// `TabularModel.fit(_:_:progress:)` returns it. Rows are split into parts: those that the model is
/// fitted to, those for choosing among models, and those that judge it. Each part has its scores,
/// in the file's units.
///
/// ```swift
/// let table = try Table(csv: "datasets/engel.csv")
/// var options = TabularOptions(target: "foodexp")
/// options.model = .linear
/// let fit = try TabularModel<Float>.fit(table, options)
/// for part in TablePart.allCases {
///   let score = fit.scores[part]
///   print(part, score?.rowCount ?? 0, score?.rootMeanSquaredError?.rounded() ?? .nan)
/// }
/// // training 141 91.0
/// // validation 47 170.0
/// // test 47 136.0
/// try fit.model.save(to: "engel.safetensors")
/// ```
public struct TabularFit<Element: FloatingElement>: CustomStringConvertible {
  /// The trained model.
  public let model: TabularModel<Element>
  /// The model's scores on each part of the rows; a part without rows has scores without numbers.
  public let scores: [TablePart: TabularScores]
  /// The rows of each part, by their places in the table.
  public let rows: [TablePart: [Int]]
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
  /// By what epochs and models were chosen.
  public let metric: Metric
  /// The metric on the validation rows, the log loss with one error more than they have, as by it models
  /// are chosen; nil if there are no such rows, or if it is undefined on them.
  public let validationScore: Double?

  /// The models that were fitted to choose among them; empty where there was only one.
  public var candidates: [TabularCandidate] { model.schema.training?.candidates ?? [] }

  /// The same fit, after others that took some seconds, among which it was chosen.
  func following(
    _ earlier: Double, candidates: [TabularCandidate]? = nil,
    alternative: TabularAlternative? = nil, otherCurve: TabularOtherCurve? = nil,
    folds: Int? = nil, warnings more: [String] = []
  ) -> TabularFit {
    var schema = model.schema
    schema.training?.candidates = candidates
    schema.training?.alternative = alternative
    if let otherCurve { schema.training?.otherCurve = otherCurve }
    schema.training?.folds = folds
    return TabularFit(
      model: model.with(schema), scores: scores, rows: rows, droppedRowCount: droppedRowCount,
      missingCellCount: missingCellCount, seconds: earlier + seconds,
      samplesPerSecond: samplesPerSecond, warnings: warnings + more, metric: metric,
      validationScore: validationScore)
  }

  /// The scores of each part beside the baseline, as a table.
  public var description: String {
    // Without the end of the last line, which `print` adds.
    String(TabularScores.table(scores, model.task).dropLast())
  }
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
  /// Networks for tables and a linear model are fitted, and the networks are kept where they are
  /// better on rows that neither has learnt from; `TabularOptions.model` asks for one of them. A linear
  /// model is solved on the CPU in Double, and its parameters are rounded to `Element`. Networks are
  /// trained on the default device; they have the parameters of the epoch with the best validation
  /// score. With `TabularOptions.checkpoints` a fit that was killed can go on.
  ///
  /// - Parameters:
  ///   - table: the table, with the target and the features as columns of any kind.
  ///   - options: what to predict, and how the model is trained.
  ///   - progress: is called after each epoch.
  /// - Returns: the model and its scores.
  /// - Throws: `TrainingInterrupted` if the fit was asked to stop, `FileError` for checkpoints of another
  ///   fit, `TableError` for columns that do not exist or do not fit, `TabularError` if there is
  ///   nothing to train on, if memory does not suffice, or if the loss of a network stops being finite;
  ///   and the failure of an operation.
  public static func fit(
    _ table: Table, _ options: TabularOptions, progress: (TabularProgress) -> Void = { _ in }
  ) throws -> TabularFit<Element> {
    var options = options
    options.model = options.kind
    options.journal = try TrainingJournal(options)
    return try checked {
      if options.model != .linear, options.quality == .best,
        let fit = try TabularSearch<Element>(table, options).result(progress)
      {
        return fit
      }
      guard options.model == .automatic else {
        let deadline = options.seconds.map { Deadline(seconds: $0) }
        let fit = try TabularTrial<Element>(table, options, deadline, progress).result(progress)
        guard !options.isSolved, let linear = linearScores(table, options, beside: fit.model.schema)
        else { return fit }
        return fit.following(0, alternative: TabularAlternative(.linear, linear))
      }
      return try bestFit(table, options, progress)
    }
  }

  /// The scores of the linear model beside which other models are shown; nil where it cannot be solved, or
  /// only in more than about a second.
  private static func linearScores(
    _ table: Table, _ options: TabularOptions, beside schema: TabularSchema
  ) -> [TablePart: TabularScores]? {
    let rows = table.rowCount
    guard schema.linearOperations(rowCount: rows) < Self.mostLinearOperations else { return nil }
    var linear = TabularOptions(linearLike: options)
    linear.refits = options.refits
    // It needs no device: what fails there is a failure of the networks.
    return try? checked {
      try withDevice(.cpu) {
        try TabularTrial<Element>(table, linear, nil) { _ in }.result { _ in }.scores
      }
    }
  }

  /// About the operations of a second.
  private static var mostLinearOperations: Double { 4e9 }

  /// A linear model, or networks where these are better, and where there are no validation rows.
  private static func bestFit(
    _ table: Table, _ options: TabularOptions, _ progress: (TabularProgress) -> Void
  ) throws -> TabularFit<Element> {
    let deadline = options.seconds.map { Deadline(seconds: $0) }
    func trial(_ model: TabularOptions.Model) throws -> TabularTrial<Element> {
      var options = options
      options.model = model
      return try TabularTrial(table, options, deadline, progress)
    }
    let linear = try trial(.linear)
    guard let linearScore = linear.fit.validationScore else {
      // Of rows whose metric is undefined nothing can be chosen by.
      let hasRows = linear.fit.scores[.validation]?.rowCount ?? 0 > 0
      if hasRows { return try linear.result(progress) }
      return try trial(.mlp).result(progress).following(
        linear.fit.seconds, alternative: TabularAlternative(.linear, linear.fit.scores))
    }
    let networks: TabularTrial<Element>
    do {
      networks = try trial(.mlp)
    } catch let error as TabularError {
      // A linear model fits any table; what is asked of networks alone is not passed over.
      guard options.targetLogarithm != true else { throw error }
      return try linear.result(progress).following(
        0, warnings: ["the linear model is kept, for networks failed: \(error)"])
    }
    let score = networks.fit.validationScore ?? .nan
    let isLinear = try !areKept(networks, linear, deadline, progress)
    let (kept, other) = isLinear ? (linear, networks) : (networks, linear)
    return try kept.result(progress).following(
      other.fit.seconds,
      candidates: [
        TabularCandidate(model: .linear, validationScore: linearScore, isChosen: isLinear),
        TabularCandidate(model: .mlp, validationScore: score, isChosen: !isLinear),
      ],
      alternative: isLinear
        ? TabularAlternative(.mlp, networks.fit.scores)
        // Fitted to the same rows as what was kept.
        : TabularAlternative(.linear, try linear.result { _ in }.scores),
      otherCurve: isLinear ? networks.curve(.notKept) : nil)
  }

  /// Whether networks are kept, not a linear model: where the validation rows clearly say so, or, where they
  /// say neither, folds of all rows to learn from.
  private static func areKept(
    _ networks: TabularTrial<Element>, _ linear: TabularTrial<Element>, _ deadline: Deadline?,
    _ progress: (TabularProgress) -> Void
  ) throws -> Bool {
    if try networks.isClearlyBetter(than: linear) { return true }
    if try linear.isClearlyBetter(than: networks) { return false }
    do {
      return try networks.isBetterInFolds(than: linear, deadline, progress) ?? false
    } catch TabularError.diverged {
      return false
    }
  }

  /// How long a training step of networks takes on the default device.
  ///
  /// - Parameters:
  ///   - table: the table to train on.
  ///   - options: what to predict, and how.
  /// - Returns: seconds; nil for a model that is solved, which takes no steps.
  /// - Throws: as `fit(_:_:progress:)`.
  package static func secondsOfAStep(_ table: Table, _ options: TabularOptions) throws -> Double? {
    var options = options
    options.model = options.kind == .automatic ? .mlp : options.kind
    guard !options.isSolved else { return nil }
    return try checked {
      try TabularFitter<Element>(table, options).secondsOfAStep()
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

extension TabularSchema {
  /// About the operations that a linear model of the same columns takes to solve on some rows.
  func linearOperations(rowCount: Int) -> Double {
    let width = pipeline.columns.filter { $0.omission == nil }
      .reduce(0) { $0 + Double(max(1, $1.levelCount)) }
    // Least squares sum products of all pairs of inputs, regressions of classes take some hundred passes.
    let passes = task.isClassification ? 100 * Double(task.outputCount) : width
    return Double(rowCount) * width * passes
  }
}
