public import SlopeCore
public import SlopeData
public import SlopeNN

/// A regression model on a table: linear, or with hidden layers.
///
/// It takes and gives numbers in the file's units: what it was trained on is standardised inside.
public struct TabularModel<Element: FloatingElement>: Module {
  /// What it reads and predicts.
  public let schema: TabularSchema
  /// The layers, on standardised columns: `[rows, features] → [rows, 1]`.
  public let network: Sequential<Element>

  /// A multiple of this many rows is predicted at a time, or fewer where the layers are wide.
  private static var predictionBatchSize: Int { 4096 }

  /// The memory that layers' outputs may take while rows are predicted.
  private static var predictionByteCount: Int { 1 << 26 }

  /// How many rows are predicted at a time at most.
  var rowsAtOnce: Int {
    // The features, and a layer's input, output and what its activation makes of it.
    let numbers = schema.features.count + 3 * (schema.widths.max() ?? 1)
    let rows = Self.predictionByteCount / (numbers * MemoryLayout<Element>.stride)
    let batch = Self.predictionBatchSize
    return rows < batch ? max(1, rows) : rows / batch * batch
  }

  /// Where the parameters are.
  private var device: Device { network.parameters().first?.tensor.device ?? .default }

  /// The layers `linears` with the schema's activation between them.
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

  /// The prediction for each row of `table`, in the target's unit; columns are found by name. Computed
  /// where the parameters are, some rows after others.
  ///
  /// Throws `TableError` if the table lacks a feature, and for a value that `Element` cannot hold; and what
  /// an operation failed with, for example because memory or a device was lost.
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

  /// How far the predictions for rows of standardised features are from the truth.
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

  /// The linear model's intercept and one coefficient per feature, in the file's units: target =
  /// intercept + Σ coefficient · feature. Nil for a model with hidden layers.
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
