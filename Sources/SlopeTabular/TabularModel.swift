public import SlopeCore
public import SlopeData
public import SlopeNN

/// A regression model on a table: linear, or with hidden layers.
///
/// `fit(_:_:progress:)` trains one on the columns of a table, `predictions(for:)` applies it to
/// another. Both take and return numbers in the file's units: the model standardises columns by the
/// mean and the standard deviation of the rows that it was trained on.
///
/// ```swift
/// let table = try Table(csv: "datasets/engel.csv")
/// var options = TabularOptions(target: "foodexp")
/// options.epochs = 100
/// let fit = try TabularModel<Float>.fit(table, options)
/// if let score = fit.scores[.test]?.rSquared { print((100 * score).rounded()) }
/// // 83.0
/// let predictions = try fit.model.predictions(for: table)
/// print(predictions.count)
/// // 235
/// ```
///
/// The layers are an ordinary `Sequential`, on the device that was the default during the fit. A
/// copy of a model shares its parameters. `TabularModelFile` writes and reads models; `mltrain` is
/// the command for all of this.
///
/// - SeeAlso: `TabularOptions`, `TabularFit`, `TabularModelFile`.
public struct TabularModel<Element: FloatingElement>: Module {
  /// The columns that the model reads and predicts, with their scales.
  public let schema: TabularSchema
  /// The layers, on standardised columns: `[rows, features] → [rows, 1]`.
  public let network: Sequential<Element>

  /// The rows that are predicted at a time: a multiple of this number, or fewer if the layers are
  /// wide.
  private static var predictionBatchSize: Int { 4096 }

  /// The bytes that the outputs of layers may take while rows are predicted.
  private static var predictionByteCount: Int { 1 << 26 }

  /// The most rows that are predicted at a time.
  var rowsAtOnce: Int {
    // The features, and a layer's input, its output and the activation's output.
    let numbers = schema.features.count + 3 * (schema.widths.max() ?? 1)
    let rows = Self.predictionByteCount / (numbers * MemoryLayout<Element>.stride)
    let batch = Self.predictionBatchSize
    return rows < batch ? max(1, rows) : rows / batch * batch
  }

  /// The device of the parameters.
  private var device: Device { network.parameters().first?.tensor.device ?? .default }

  /// A model of the layers `linears` with the schema's activation between them.
  init(schema: TabularSchema, linears: [Linear<Element>]) {
    self.schema = schema
    var layers: [any Layer<Element>] = []
    for linear in linears {
      if !layers.isEmpty { layers.append(schema.activation.layer()) }
      layers.append(linear)
    }
    network = Sequential(layers)
  }

  /// A model with random initial values.
  init(schema: TabularSchema, generator: Generator) {
    let widths = schema.widths
    self.init(
      schema: schema,
      linears: zip(widths, widths.dropFirst()).map { inputs, outputs in
        Linear(inputs, outputs, generator: generator)
      })
  }

  /// The prediction for each row of `table`, in the target's unit.
  ///
  /// Columns are found by name. Predictions are computed on the parameters' device, a block of rows
  /// at a time, without recording; each block waits for the device.
  ///
  /// - Parameter table: a table with the columns that the model reads.
  /// - Returns: one prediction per row.
  /// - Throws: `TableError` if the table lacks a feature, and for a value that `Element` cannot
  ///   hold; and the failure of an operation, for example because memory is exhausted or a device
  ///   was lost.
  public func predictions(for table: Table) throws -> [Double] {
    try checked { try uncheckedPredictions(for: table) }
  }

  private func uncheckedPredictions(for table: Table) throws -> [Double] {
    let selection = ScaledColumns(
      columns: try schema.features.map { try table.numericColumnIndex(of: $0.name) },
      scales: schema.features.map(\.scale))
    var predictions: [Double] = []
    predictions.reserveCapacity(table.rowCount)
    let (device, rowsAtOnce) = (device, min(rowsAtOnce, Self.predictionBatchSize))
    for start in stride(from: 0, to: table.rowCount, by: rowsAtOnce) {
      let rows = start..<min(start + rowsAtOnce, table.rowCount)
      let scalars = try table.scalars(selection, rows: rows, as: Element.self)
      predictions += predict(
        Tensor(shape: [rows.count, schema.features.count], scalars: scalars, on: device))
    }
    return predictions
  }

  /// The scores of the predictions for rows of standardised features.
  func scores(
    _ features: Tensor<Element>, truth: [Double]
  ) -> RegressionScores {
    RegressionScores(
      truth: truth, baseline: schema.target.mean, rowsAtOnce: rowsAtOnce
    ) { predict(features[$0]) }
  }

  /// The prediction for each row of standardised features, in the target's unit.
  func predict(_ features: Tensor<Element>) -> [Double] {
    let output = noGrad { network(features) }
    return output.scalars.map { $0.doubleValue * schema.target.deviation + schema.target.mean }
  }

  /// The linear model's intercept and one coefficient per feature, in the file's units.
  ///
  /// The prediction is intercept + Σ coefficient · feature. Nil for a model with hidden layers.
  /// Waits for the device.
  public var coefficients: (intercept: Double, features: [Double])? {
    guard schema.hidden.isEmpty, let linear = network.layers.first as? Linear<Element>,
      let bias = linear.bias?.tensor.scalars.first
    else { return nil }
    var intercept = schema.target.mean + bias.doubleValue * schema.target.deviation
    var coefficients: [Double] = []
    for (weight, column) in zip(linear.weight.tensor.scalars, schema.features) {
      let coefficient = weight.doubleValue * schema.target.deviation / column.deviation
      coefficients.append(coefficient)
      intercept -= coefficient * column.mean
    }
    return (intercept, coefficients)
  }
}
