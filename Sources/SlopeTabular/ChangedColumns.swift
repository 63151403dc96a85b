import SlopeCore
import SlopeData

/// Predictions for the rows of a table in which one column has other cells.
///
/// The inputs of all other columns are made once, and several changes are predicted together.
package struct ChangedColumns<Element: FloatingElement> {
  private let model: TabularModel<Element>
  private let rowCount: Int
  /// The inputs of the rows as they are, row-major.
  private let inputs: [Double]
  /// The outputs of a linear model for the rows as they are; nil of a network.
  private let linear: (parameters: LinearParameters, outputs: [Double])?
  /// The models of an ensemble, which make their inputs themselves, and what each counts.
  private let parts: (changed: [ChangedColumns], weights: [Double])?

  /// The rows of a table with the columns that the model reads.
  ///
  /// Throws `TableError` if the table lacks one.
  package init(_ model: TabularModel<Element>, _ table: Table) throws {
    self.model = model
    rowCount = table.rowCount
    if let ensemble = model.network as? TabularEnsemble<Element> {
      let changed = try ensemble.models.map { try ChangedColumns($0, table) }
      (parts, inputs, linear) = ((changed, ensemble.weights), [], nil)
      return
    }
    parts = nil
    let encoded = try model.schema.pipeline.encodedRows(of: table)
    inputs = encoded.values(0..<table.rowCount)
    linear = model.linearParameters.map {
      ($0, $0.outputs(of: encoded, rows: nil, count: table.rowCount))
    }
  }

  /// About the multiply-adds of predicting a row of which one column has changed.
  package static func multiplyAdds(of model: TabularModel<Element>) -> Double {
    if let ensemble = model.network as? TabularEnsemble<Element> {
      return ensemble.models.reduce(0) { $0 + multiplyAdds(of: $1) }
    }
    // To make an input, and to copy it, takes as long as some of them.
    guard model.linearParameters == nil else { return 100 }
    let schema = model.schema
    // The members of a TabM share most parameters, and each computes.
    return Double(schema.parameterCount ?? 0) * Double(schema.tabM?.members ?? 1)
      + 10 * Double(schema.pipeline.outputCount)
  }

  /// The predictions for the rows with other cells in a column, for each of some columns.
  ///
  /// - Parameter columns: columns of as many cells as there are rows, named as those that they replace.
  /// - Returns: predictions for all rows, for each column.
  /// - Throws: `TableError` for cells of another kind than the model's, `TabularError` for a prediction that
  ///   is not a number, and the failure of an operation.
  package func predictions(replacing columns: [Column]) throws -> [TabularPredictions] {
    let all = try checked { try unchecked(replacing: columns) }
    if let index = all.firstIndex(where: { $0.firstUndefinedRow != nil }) {
      throw TabularError.unusable(
        "with other cells in \(columns[index].name.quotedForMessage), a prediction is not a number")
    }
    return all
  }

  private func unchecked(replacing columns: [Column]) throws -> [TabularPredictions] {
    if let parts {
      let predictions = try parts.changed.map { try $0.unchecked(replacing: columns) }
      return columns.indices.compactMap { index in
        TabularPredictions.mean(of: predictions.map { $0[index] }, weights: parts.weights)
      }
    }
    let pipeline = model.schema.pipeline
    if let linear {
      return try columns.map { column in
        let change = try pipeline.inputs(of: column)
        return model.predictions(
          linear.parameters.outputs(linear.outputs, of: inputs, with: change))
      }
    }
    let changes = try columns.map { try pipeline.inputs(of: $0) }
    let count = changes.count * rowCount
    let outputs = model.outputs(count: count, width: pipeline.outputCount) { range in
      var values: [Double] = []
      values.reserveCapacity(range.count * pipeline.outputCount)
      for place in range {
        let row = place % rowCount
        append(row, of: changes[place / rowCount], to: &values, width: pipeline.outputCount)
      }
      return values
    }
    let length = rowCount * model.task.outputCount
    return changes.indices.map {
      model.predictions(Array(outputs[($0 * length)..<(($0 + 1) * length)]))
    }
  }

  /// Appends the inputs of a row, of which those of one column are others.
  private func append(
    _ row: Int, of change: ColumnInputs, to values: inout [Double], width: Int
  ) {
    let (start, places) = (row * width, change.places)
    values += inputs[start..<(start + places.lowerBound)]
    values += change.values[(row * places.count)..<((row + 1) * places.count)]
    values += inputs[(start + places.upperBound)..<(start + width)]
  }
}

extension LinearParameters {
  /// The outputs for rows of which one column's inputs are others, from those for the rows as they are.
  fileprivate func outputs(
    _ outputs: [Double], of inputs: [Double], with change: ColumnInputs
  ) -> [Double] {
    let (outputCount, places) = (biases.count, change.places)
    guard outputCount > 0, !places.isEmpty else { return outputs }
    let width = weights.count / outputCount
    var changed = outputs
    for index in changed.indices {
      let (row, output) = (index / outputCount, index % outputCount)
      for (place, input) in places.enumerated() {
        let difference = change.values[row * places.count + place] - inputs[row * width + input]
        changed[index] += weights[output * width + input] * difference
      }
    }
    return changed
  }
}
