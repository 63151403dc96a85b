public import SlopeCore
public import SlopeData
public import SlopeNN

/// A model of a table: it predicts numbers or classes from columns of any kind.
///
/// `fit(_:_:progress:)` trains one on the rows of a table, `predict(_:)` applies it to another. Columns
/// are found by name; categories, dates and missing cells are handled by the pipeline that was fitted
/// to the training rows and is part of the model.
///
/// ```swift
/// let table = try Table(csv: "datasets/penguins.csv")
/// let fit = try TabularModel.fit(table, target: "species")
/// if let accuracy = fit.scores[.test]?.accuracy { print((100 * accuracy).rounded()) }
/// // 97.0
/// let predictions = try fit.model.predict(table.head(2))
/// print(predictions.classes)
/// // ["Adelie", "Adelie"]
/// ```
///
/// Two kinds are fitted: a `RealMLP`, which is networks for tables and is kept where it is clearly better
/// on the validation rows, and a linear model, solved exactly: least squares for numbers, and for classes
/// logistic or softmax regression with a unit penalty on the squared weights of standardised columns.
/// The latter fits any finite table, whatever the scale of its columns. `TabularOptions.model` asks for
/// one of them; with `TabularOptions.hidden` the model is a plain network, with the quality `.best` a
/// `TabularEnsemble`.
///
/// The network is an ordinary module, on the device that was the default during the fit. A
/// copy of a model shares its parameters. `save(to:)` and `init(contentsOf:)` write and read models;
/// `mltrain` is the command for all of this.
///
/// - SeeAlso: `TabularOptions`, `TabularFit`, `TabularModelFile`.
public struct TabularModel<Element: FloatingElement>: Module {
  /// The columns that the model reads and predicts, and how it was trained.
  public let schema: TabularSchema
  /// What computes the outputs from the pipeline's, a `Sequential`, a `RealMLP` or, in an ensemble, a
  /// `TabM`; or a `TabularEnsemble` of models.
  public let network: any Module<Element>

  /// What the model predicts.
  public var task: PredictionTask { schema.task }

  /// The rows that a network predicts at a time, on a device always as many: a row's prediction then
  /// does not depend on the others.
  private static var rowsAtOnce: Int { 1024 }

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

  /// The model with the same layers and another schema.
  func with(_ schema: TabularSchema) -> TabularModel {
    TabularModel(schema, any: network)
  }

  /// The network as what computes outputs, which every initialiser demands.
  var tabularNetwork: any TabularNetwork<Element> {
    network as? any TabularNetwork<Element> ?? Sequential([])
  }

  private init(_ schema: TabularSchema, any network: any Module<Element>) {
    self.schema = schema
    self.network = network
  }

  /// The mean of models, with the schema of what they have in common.
  init(schema: TabularSchema, ensemble: TabularEnsemble<Element>) {
    self.init(schema, any: ensemble)
  }

  /// A model with a network that fits the schema.
  init(schema: TabularSchema, network: any TabularNetwork<Element>) {
    self.schema = schema
    self.network = network
  }

  /// The prediction for each row of `table`.
  ///
  /// Nothing is recorded. A linear model computes on the CPU in Double; a network on its device, a
  /// block of rows at a time, and each block waits for it. A row's prediction depends on no other row.
  ///
  /// - Parameter table: a table with the columns that the model reads.
  /// - Returns: numbers, or the probabilities of the classes.
  /// - Throws: `TableError` if the table lacks a column or for one of another kind, `TabularError` for
  ///   a prediction that is not a number, for parameters near the end of the range of `Element`; and
  ///   the failure of an operation, for example because memory is exhausted
  ///   or a device was lost.
  public func predict(_ table: Table) throws -> TabularPredictions {
    let result = try checked { try predictions(of: table, rows: nil) }
    if let row = result.firstUndefinedRow {
      throw TabularError.unusable("\(table.place(ofRow: row)): the prediction is not a number")
    }
    return result
  }

  /// The predictions for `rows` (nil: all) of a table.
  func predictions(of table: Table, rows: [Int]?) throws -> TabularPredictions {
    if let ensemble = network as? TabularEnsemble<Element>,
      let predictions = try ensemble.predictions(of: table, rows: rows)
    {
      return predictions
    }
    return predictions(try outputs(of: try schema.pipeline.encodedRows(of: table), rows: rows))
  }

  /// The predictions from outputs of the network.
  func predictions(_ outputs: [Double]) -> TabularPredictions {
    TabularPredictions(
      outputs: outputs, task: task, mean: schema.targetMean, deviation: schema.targetDeviation,
      areLogarithms: schema.targetIsLogarithm == true)
  }

  /// The outputs of the network for `rows` (nil: all), row-major.
  func outputs(of encoded: EncodedRows, rows: [Int]?) throws -> [Double] {
    let count = rows?.count ?? encoded.count
    if let linear = linearParameters {
      return linear.outputs(of: encoded, rows: rows, count: count)
    }
    return outputs(count: count, width: encoded.width) { range in
      rows.map { encoded.values(Array($0[range])) } ?? encoded.values(range)
    }
  }

  /// The outputs of the network for `count` rows, row-major, given the inputs of some of them.
  func outputs(count: Int, width: Int, inputs: (Range<Int>) -> [Double]) -> [Double] {
    var outputs: [Double] = []
    outputs.reserveCapacity(count * task.outputCount)
    let (device, network) = (device, tabularNetwork)
    for start in stride(from: 0, to: count, by: Self.rowsAtOnce) {
      let end = min(start + Self.rowsAtOnce, count)
      var scalars = inputs(start..<end).map { Element.rounding($0) }
      // A device chooses its kernels by the number of rows.
      let padding = device == .cpu ? 0 : Self.rowsAtOnce - (end - start)
      scalars += [Element](repeating: 0, count: padding * width)
      let features = Tensor(
        shape: [end - start + padding, width], scalars: scalars, on: device)
      let result = noGrad { withRowwiseProducts { network.outputs(of: features) } }
        .scalars.map(\.doubleValue)
      outputs += result.prefix((end - start) * task.outputCount)
    }
    return outputs
  }

  /// The scores of the model on rows of a table whose targets are known.
  ///
  /// - Parameters:
  ///   - table: a table with the columns that the model reads and its target.
  ///   - weights: the name of a column with what each row counts; nil for equally much.
  /// - Returns: the scores beside the baseline of the training rows. Rows whose target is missing do
  ///   not count.
  /// - Throws: `TableError` as `predict(_:)`, `TabularError` for a target that is no number or no class of
  ///   the model, and `MetricError` for predictions beyond all numbers.
  public func evaluate(_ table: Table, weights: String? = nil) throws -> TabularScores {
    let (table, truth) = try rowsWithTargets(table, weights: weights)
    return try TabularScores(try predict(table), truth, baseline: schema.baseline)
  }

  /// The rows of a table that have a target, with their targets and weights.
  package func rowsWithTargets(
    _ table: Table, weights: String?
  ) throws -> (table: Table, truth: TargetRows) {
    let table = try table.droppingMissing(schema.target)
    guard table.rowCount > 0 else {
      throw TabularError.unusable(
        "\(table.source): no row has a target, \(schema.target.quotedForMessage)")
    }
    var options = TabularOptions(target: schema.target)
    options.weightColumn = weights
    var truth = try targets(of: table)
    truth.weights = try TabularRows.weights(of: table, options)
    return (table, truth)
  }

  private func targets(of table: Table) throws -> TargetRows {
    let column = try table.column(schema.target)
    switch task {
    case .regression:
      guard let reader = NumberReader(column) else {
        throw TabularError.unusable(
          "\(table.source): the target \(schema.target.quotedForMessage) holds "
            + "\(column.kind.plural), not numbers")
      }
      return TargetRows(numbers: (0..<table.rowCount).map { reader[$0, 0] })
    case .classification(let classes):
      let place = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
      let cells = try column.cells(as: String.self)
      return TargetRows(
        classes: try cells.enumerated().map { row, text in
          guard let index = place[text ?? ""] else {
            let known = classes.prefix(10).map(\.quotedForMessage).joined(separator: ", ")
            throw TabularError.unusable(
              "\(table.place(ofRow: row)): column \(schema.target.quotedForMessage): "
                + "\((text ?? "").quotedForMessage) is no class of the model (\(known))")
          }
          return index
        })
    }
  }

  /// The linear model's intercept and one coefficient per input for each output, in the file's units.
  ///
  /// A prediction of numbers is intercept + Σ coefficient · input; for classes the sum is the logit of
  /// the second of two, or of each class. Nil for a model with hidden layers and for inputs that are
  /// clipped. Waits for the device.
  public var coefficients: [TabularCoefficients]? {
    guard let linear = linearParameters, let scales = schema.pipeline.linearScales else {
      return nil
    }
    return (0..<task.outputCount).map { output in
      var intercept = schema.targetMean + linear.biases[output] * schema.targetDeviation
      var coefficients: [Double] = []
      for (input, scale) in scales.enumerated() {
        let weight = linear.weights[output * scales.count + input]
        let coefficient = weight * schema.targetDeviation / scale.scale
        coefficients.append(coefficient)
        intercept -= coefficient * scale.center
      }
      return TabularCoefficients(
        name: task.classes.count > 2 ? task.classes[output] : task.classes.last,
        intercept: intercept, values: coefficients)
    }
  }

  /// The weights and biases of a model without hidden layers; nil for a network.
  var linearParameters: LinearParameters? {
    guard schema.hidden.isEmpty, let layers = (network as? Sequential<Element>)?.layers,
      let linear = layers.first as? Linear<Element>, let bias = linear.bias
    else { return nil }
    return LinearParameters(
      weights: linear.weight.tensor.scalars.map(\.doubleValue),
      biases: bias.tensor.scalars.map(\.doubleValue))
  }
}

/// The coefficients of one output of a linear model.
public struct TabularCoefficients: Sendable, Hashable {
  /// The class whose logit it is; nil for numbers.
  public let name: String?
  /// The output where all inputs are 0.
  public let intercept: Double
  /// What one unit more of each input adds.
  public let values: [Double]
}

/// Weights `[outputs, inputs]` and biases `[outputs]` in Double.
struct LinearParameters {
  let weights: [Double]
  let biases: [Double]

  /// The outputs for `rows` (nil: all), each the sum of its products in the order of the inputs.
  func outputs(of encoded: EncodedRows, rows: [Int]?, count: Int) -> [Double] {
    let (width, outputCount) = (encoded.width, biases.count)
    let blockRowCount = 1024
    let blocks = ParallelResults<[Double]>(count: (count + blockRowCount - 1) / blockRowCount)
    inParallel(blocks.count) { block in
      let range = (block * blockRowCount)..<min((block + 1) * blockRowCount, count)
      let values = rows.map { encoded.values(Array($0[range])) } ?? encoded.values(range)
      var outputs: [Double] = []
      outputs.reserveCapacity(range.count * outputCount)
      for row in 0..<range.count {
        for output in 0..<outputCount {
          var sum = biases[output]
          for input in 0..<width {
            sum += weights[output * width + input] * values[row * width + input]
          }
          outputs.append(sum)
        }
      }
      blocks.set(block, outputs)
    }
    return Array(blocks.all.joined())
  }
}
