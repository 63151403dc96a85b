import Slope

/// The result of `mltrain fit`, as a table for people or as a JSON object for programs.
struct FitSummary<Element: FloatingElement> {
  /// The figures of the table, which has been freed by then.
  struct Source {
    let name: String
    let rowCount: Int
    let columnCount: Int

    init(_ table: Table) {
      name = table.source
      rowCount = table.rowCount
      columnCount = table.sourceColumnCount
    }
  }

  let source: Source
  let fit: TabularFit<Element>
  let seed: UInt64
  let epochs: Int
  let modelPath: String
  let device: Device

  private var schema: TabularSchema { fit.model.schema }

  // MARK: For programs

  /// One JSON object; names are stable, undefined values are null.
  var json: JSON {
    var members: [(String, JSON)] = [
      ("rows", .integer(source.rowCount)),
      ("columns", .integer(source.columnCount)),
      ("features", .array(schema.features.map { .string($0.name) })),
      ("target", .string(schema.target.name)),
      // The reader refuses a file with missing values.
      ("droppedRows", .integer(0)),
      ("missingCells", .integer(0)),
      ("seed", .unsigned(seed)),
      ("device", .string("\(device)")),
      ("dtype", .string(Element.dtype.name)),
      ("epochs", .integer(epochs)),
      ("seconds", .number(fit.seconds)),
      ("samplesPerSecond", .number(fit.samplesPerSecond)),
      ("model", .string(modelPath)),
    ]
    if let coefficients = fit.model.coefficients {
      // Names from the file can be any text: they are values, never keys.
      let features = zip(schema.features, coefficients.features).map { feature, value in
        JSON.object([("name", .string(feature.name)), ("value", .number(value))])
      }
      members.append(
        (
          "coefficients",
          .object([
            ("intercept", .number(coefficients.intercept)), ("features", .array(features)),
          ])
        ))
    }
    let parts = TablePart.allCases.map { part -> (String, JSON) in
      let scores = fit.scores[part]
      return (
        part.rawValue,
        .object([
          ("rows", .integer(scores?.rowCount ?? 0)),
          ("mse", .number(scores?.meanSquaredError)),
          ("rmse", .number(scores?.rootMeanSquaredError)),
          ("mae", .number(scores?.meanAbsoluteError)),
          ("r2", .number(scores?.rSquared)),
          ("baselineMse", .number(scores?.baselineMeanSquaredError)),
        ])
      )
    }
    members.append(("parts", .object(parts)))
    return .object(members)
  }

  // MARK: For people

  /// The scores, the coefficients of a linear model, and the path of the model.
  var text: String {
    let kind =
      schema.hidden.isEmpty
      ? "linear"
      : "hidden layers \(schema.hidden.map(String.init).joined(separator: ", ")), "
        + schema.activation.rawValue
    var text =
      "\(source.name): \(source.rowCount) rows; \(schema.target.name) from "
      + "\(schema.features.count == 1 ? schema.features[0].name : "\(schema.features.count) columns")"
      + " (\(kind))"
    text = text.withControlsEscaped + "\n\n" + scoreTable.text
    if let coefficients = fit.model.coefficients {
      var rows = [["coefficient", "value"], ["intercept", coefficients.intercept.shortened]]
      for (feature, value) in zip(schema.features, coefficients.features) {
        rows.append([feature.name.withControlsEscaped, value.shortened])
      }
      text += "\n" + AlignedTable(rows: rows).text
    }
    return text + "\nmodel: \(modelPath.withControlsEscaped)\n"
  }

  private var scoreTable: AlignedTable {
    var rows = [["part", "rows", "MSE", "RMSE", "MAE", "R²", "baseline MSE"]]
    for part in TablePart.allCases {
      guard let scores = fit.scores[part] else { continue }
      rows.append([
        "\(part)", "\(scores.rowCount)", scores.meanSquaredError.shortened,
        scores.rootMeanSquaredError.shortened, scores.meanAbsoluteError.shortened,
        scores.rSquared.shortened, scores.baselineMeanSquaredError.shortened,
      ])
    }
    return AlignedTable(rows: rows)
  }
}
