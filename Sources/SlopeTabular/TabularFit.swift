import Glibc
public import SlopeCore
public import SlopeData
import SlopeNN
import SlopeOptimizers

/// The progress of a fit after an epoch.
public struct TabularProgress: Sendable {
  /// The number of the epoch that has ended, from 1.
  public let epoch: Int
  /// The number of epochs of the fit.
  public let epochCount: Int
  /// The mean squared error of the epoch's batches, each before its step, in the squared unit of
  /// the target.
  public let trainingError: Double
}

/// A trained model and its scores.
///
/// `TabularModel.fit(_:_:progress:)` returns it. Rows are split into parts: those that the model is
/// fitted to, those for choosing among models, and those that judge it. Each part has its scores,
/// in the file's units.
///
/// ```swift
/// let table = try Table(csv: "datasets/engel.csv")
/// let fit = try TabularModel<Float>.fit(table, TabularOptions(target: "foodexp"))
/// for part in TablePart.allCases {
///   let score = fit.scores[part]
///   print(part, score?.rowCount ?? 0, score?.rootMeanSquaredError?.rounded() ?? .nan)
/// }
/// // training 141 91.0
/// // validation 47 171.0
/// // test 47 136.0
/// try TabularModelFile.write(fit.model, to: "engel.safetensors")
/// ```
public struct TabularFit<Element: FloatingElement> {
  /// The trained model.
  public let model: TabularModel<Element>
  /// The model's scores on each part of the rows; a part without rows has scores without numbers.
  public let scores: [TablePart: RegressionScores]
  /// The duration of the training in seconds.
  public let seconds: Double
  /// The training rows per second, each counted in every epoch; nil if no time was measured.
  public let samplesPerSecond: Double?
  /// What is suspicious about data or result, one line each.
  public let warnings: [String]
}

extension TabularModel {
  /// Trains a model on the numbers of a table.
  ///
  /// Features and target are standardised by the training part. The same seed gives the same model.
  /// Without epochs the model keeps its initial values. Training runs on the default device and
  /// waits for it in every step, to see whether the loss is finite. A table that the caller no
  /// longer uses is freed while its values become tensors.
  ///
  /// - Parameters:
  ///   - table: the table, with the target and the features as columns of numbers.
  ///   - options: what to predict, and how the model is trained.
  ///   - progress: is called after each epoch.
  /// - Returns: the model and its scores.
  /// - Throws: `TableError` for columns that do not exist, `TabularError` if there is nothing to
  ///   train on, if memory does not suffice, or if the loss stops being finite; and the failure of
  ///   an operation.
  public static func fit(
    _ table: consuming Table, _ options: TabularOptions,
    progress: (TabularProgress) -> Void = { _ in }
  ) throws -> TabularFit<Element> {
    try checked {
      var trainer = try TabularTrainer<Element>(&table, options)
      try trainer.train(progress)
      // The memory of the training is free for the predictions and for the caller.
      Device.trim()
      return try trainer.result()
    }
  }
}

extension TabularModel {
  /// The memory of a training in addition to the table that it reads.
  package static var fitUse: TableUse {
    // The values as scalars and then as tensors; a row's indices in its part and in the order of an
    // epoch, and its target.
    TableUse(
      "training on it", bytesPerValue: 2 * MemoryLayout<Element>.stride, bytesPerRow: 64)
  }
}

/// One training, from the table to the scores.
private struct TabularTrainer<Element: FloatingElement> {
  private let options: TabularOptions
  private let model: TabularModel<Element>
  private var data: [TablePart: TensorDataset<Element, Element>] = [:]
  private var truth: [TablePart: [Double]] = [:]
  private let generator: Generator
  private let learningRate: Double
  private var seconds = 0.0
  private var warnings: [String]

  init(_ table: inout Table, _ options: TabularOptions) throws {
    self.options = options
    generator = Generator(seed: options.seed)
    warnings = table.warnings
    let target = try table.numericColumnIndex(of: options.target)
    try Self.check(options)
    let names = try options.features ?? Self.defaultFeatures(of: table, options)
    let features = try names.map(table.numericColumnIndex(of:))
    guard !features.contains(target) else {
      throw TabularError.unusable(
        "\(table.source): the target \(options.target.quotedForMessage) is among the features")
    }

    guard !features.isEmpty, Set(features).count == features.count else {
      throw TabularError.unusable(
        "\(table.source): the features \(names.map(\.quotedForMessage).joined(separator: ", ")): "
          + (features.isEmpty ? "there are none" : "one is named twice"))
    }

    let parts = try RowParts(table, options.split, generator: generator)
    let scales = try Standardization.scales(
      of: features + [target], rows: parts[.training], in: table)
    let columns = zip(features + [target], scales).map { index, scale in
      TabularSchema.Column(
        name: table.columnNames[index], mean: scale.mean, deviation: scale.deviation)
    }
    let schema = TabularSchema(
      features: Array(columns.dropLast()), target: columns[features.count],
      hidden: options.hidden, activation: options.activation)
    try Self.checkMemory(for: schema, rowCount: table.rowCount, parts, options, table.source)
    try Self.checkErrors(of: target, rows: parts[.training], mean: schema.target.mean, in: table)
    for part in TablePart.allCases {
      truth[part] = parts[part].map { row in table.withRow(row) { $0[target] } }
      if parts[part].isEmpty { warnings.append("there are no \(part.rawValue) rows") }
    }

    let rowCount = table.rowCount
    let everything = try {
      let (x, y) = try table.takeScalars(
        ScaledColumns(columns: features, scales: Array(scales.dropLast())),
        ScaledColumns(columns: [target], scales: [scales[features.count]]), as: Element.self)
      return TensorDataset(
        Tensor(shape: [rowCount, features.count], scalars: x, on: .default),
        Tensor(shape: [rowCount, 1], scalars: y, on: .default))
    }()
    for part in TablePart.allCases {
      let (x, y) = everything.taking(parts[part])
      data[part] = TensorDataset(x, y)
    }
    model = TabularModel(schema: schema, generator: generator)
    learningRate =
      options.learningRate ?? options.defaultLearningRate(featureCount: features.count)
  }

  private static func defaultFeatures(
    of table: Table, _ options: TabularOptions
  ) throws -> [String] {
    var others = table.columnNames.filter { $0 != options.target }
    if case .column(let name) = options.split { others.removeAll { $0 == name } }
    guard !others.isEmpty else {
      throw TabularError.unusable(
        "\(table.source): there is no column to predict \(options.target.quotedForMessage) from")
    }
    return others
  }

  /// Throws for options that are invalid for any table.
  private static func check(_ options: TabularOptions) throws {
    if options.epochs < 0 {
      throw TabularError.unusable("\(options.epochs) epochs: there cannot be fewer than none")
    }
    if let width = options.hidden.first(where: { $0 < 1 }) {
      throw TabularError.unusable("hidden layers \(options.hidden): a layer of \(width) units")
    }
    if case .rows(let count) = options.batchSize, count < 1 {
      throw TabularError.unusable("batches of \(count) rows: at least one is needed")
    }
  }

  /// Throws if memory cannot hold the parameters, what training keeps for them, and the rows as
  /// tensors.
  private static func checkMemory(
    for schema: TabularSchema, rowCount: Int, _ parts: RowParts, _ options: TabularOptions,
    _ source: String
  ) throws {
    let stride = Double(MemoryLayout<Element>.stride)
    let left = Double(MachineMemory.remaining)
    // Values, gradients, Adam's two means, the drawn initial values, and the file.
    let parameters = schema.parameterCount.map { 6 * stride * Double($0) } ?? .infinity
    guard parameters <= left else {
      let count = schema.parameterCount.map { "\($0)" } ?? "more than 2⁶³"
      throw TabularError.unusable(
        "hidden layers \(schema.hidden): \(count) parameters do not fit into memory")
    }
    let batchRows =
      switch options.batchSize {
      case .rows(let count): min(count, parts[.training].count)
      case .all: parts[.training].count
      }
    // A step keeps each layer's output before and after the activation, and the gradients of both.
    let step = 4 * stride * Double(batchRows) * schema.widths.reduce(0) { $0 + Double($1) }
    let use = TabularModel<Element>.fitUse
    let rows = Double(rowCount) * Double(use.byteCount(columnCount: schema.features.count + 1))
    guard parameters + step + rows <= left else {
      throw TabularError.unusable(
        "\(source): \(rowCount) rows, \(batchRows) in a step: training on them does not fit into "
          + "memory (\(Int((parameters + step + rows) / 1e6)) MB, of \(Int(left / 1e6)) left)")
    }
  }

  /// Throws if even the best constant's sum of squared errors is beyond the range of Double.
  private static func checkErrors(
    of target: Int, rows: [Int], mean: Double, in table: Table
  ) throws {
    func distance(_ row: Int) -> Double { abs(table.withRow(row) { $0[target] } - mean) }
    guard let farthest = rows.max(by: { distance($0) < distance($1) }) else { return }
    let value = table.withRow(farthest) { $0[target] }
    let squares = distance(farthest) * distance(farthest) * Double(rows.count)
    // A value beyond the range of the element type is reported as that.
    guard !squares.isFinite, Element(clamping: value).doubleValue.isFinite else { return }
    throw TabularError.unusable(
      "\(table.place(ofRow: farthest)): column \(table.columnNames[target].quotedForMessage): "
        + "\(value) is so large that squared errors are beyond the range of Double; "
        + "scale the column down")
  }

  // MARK: Training

  mutating func train(_ progress: (TabularProgress) -> Void) throws {
    guard let training = data[.training] else { return }
    let rowCount = training.count
    let batchSize =
      switch options.batchSize {
      case .rows(let count): max(1, min(count, rowCount))
      case .all: rowCount
      }
    let loader = DataLoader(training, batchSize: batchSize, shuffle: true, generator: generator)
    let everything = batchSize == rowCount ? training[...] : nil
    let stepCount = Double(options.epochs) * Double(loader.count)
    let variance = model.schema.target.deviation * model.schema.target.deviation
    let optimizer = makeOptimizer()
    let lossFunction = MSELoss<Element>()
    var step = 0.0

    /// Takes one step; returns the batch's sum of squared errors before it.
    func take(_ batch: (Tensor<Element>, Tensor<Element>), epoch: Int) throws -> Double {
      optimizer.learningRate = learningRate * 0.5 * (1 + cos(.pi * step / stepCount))
      step += 1
      let loss = lossFunction(model.network(batch.0), batch.1)
      loss.backward()
      optimizer.step()
      optimizer.zeroGrad()
      let value = loss.item().doubleValue
      guard value.isFinite, !loss.isFailed else {
        throw TabularError.diverged(epoch: epoch, learningRate: learningRate.tenth)
      }
      return value * Double(batch.0.shape[0])
    }

    let clock = ContinuousClock()
    let start = clock.now
    for epoch in 0..<options.epochs {
      let epoch = epoch + 1
      var squares = 0.0
      if let everything {
        squares = try take(everything, epoch: epoch)
      } else {
        for batch in loader { squares += try take(batch, epoch: epoch) }
      }
      progress(
        TabularProgress(
          epoch: epoch, epochCount: options.epochs,
          trainingError: squares / Double(rowCount) * variance))
    }
    let duration = (clock.now - start).components
    seconds = Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
  }

  private func makeOptimizer() -> Optimizer<Element> {
    options.optimizer.optimizer(
      model.network.parameters(), learningRate: learningRate,
      momentum: options.momentum ?? (options.optimizer == .sgd ? 0.9 : 0))
  }

  // MARK: The result

  mutating func result() throws -> TabularFit<Element> {
    var scores: [TablePart: RegressionScores] = [:]
    for part in TablePart.allCases {
      guard let dataset = data[part], let truth = truth[part] else { continue }
      scores[part] = model.scores(dataset.features, truth: truth)
    }
    let training = scores[.training]
    guard let error = training?.meanSquaredError, error.isFinite else {
      throw TabularError.diverged(epoch: options.epochs, learningRate: learningRate.tenth)
    }
    if let baseline = training?.baselineMeanSquaredError, baseline > 0, error > baseline {
      warnings.append(
        "on its training rows the model is worse than always predicting their mean; "
          + "try more epochs or another learning rate")
    }
    let samples = Double(options.epochs) * Double(training?.rowCount ?? 0)
    return TabularFit(
      model: model, scores: scores, seconds: seconds,
      samplesPerSecond: seconds > 0 ? samples / seconds : nil, warnings: warnings)
  }
}

extension Double {
  /// A tenth with a short decimal form: 0.07 for 0.7, not 0.06999999999999999.
  fileprivate var tenth: Double { Double("\(self)e-1") ?? self / 10 }
}
