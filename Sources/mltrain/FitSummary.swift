import Slope
import SlopeData
import SlopeTabular

/// The result of `mltrain fit`, as tables for people or as a JSON object for programs.
struct FitSummary<Element: FloatingElement> {
  let table: Table
  let fit: TabularFit<Element>
  let modelPath: String
  let device: Device

  private var schema: TabularSchema { fit.model.schema }

  // MARK: For programs

  /// One JSON object; names are stable, undefined values are null.
  var json: JSON {
    var members: [(String, JSON)] = [
      ("rows", .integer(table.rowCount)),
      ("columns", .integer(table.sourceColumnCount)),
      ("features", .array(schema.features.map { .string($0) })),
      ("target", .string(schema.target)),
      ("task", .string(schema.task.name)),
      ("targetLogarithm", .boolean(schema.targetIsLogarithm == true)),
      ("droppedRows", .integer(fit.droppedRowCount)),
      ("missingCells", .integer(fit.missingCellCount)),
      ("seed", .unsigned(schema.training?.seed ?? 0)),
      ("device", .string("\(device)")),
      ("dtype", .string(Element.dtype.name)),
      ("epochs", .integer(schema.training?.epochs ?? 0)),
      ("bestEpoch", (schema.training?.bestEpoch).map(JSON.integer) ?? .null),
      ("metric", .string(fit.metric.argument)),
      ("refitted", .boolean(schema.training?.isRefitted ?? false)),
      ("folds", (schema.training?.folds).map(JSON.integer) ?? .null),
      ("candidates", schema.training.candidatesJSON),
      ("seconds", .number(fit.seconds)),
      ("samplesPerSecond", .number(fit.samplesPerSecond)),
      ("model", .string(modelPath)),
      ("schema", schema.columnsJSON),
    ]
    if schema.task.isClassification {
      members.append(("classes", .array(schema.task.classes.map { .string($0) })))
    }
    if let coefficients = fit.model.coefficientsJSON {
      members.append(("coefficients", coefficients))
    }
    members.append(
      (
        "parts",
        .object(
          TablePart.allCases.map { part in
            (part.rawValue, fit.scores[part].map { $0.json(schema.task) } ?? .null)
          })
      ))
    return .object(members)
  }

  // MARK: For people

  /// The columns, the scores, the coefficients of a small linear model, and the path of the model.
  var text: String {
    var text = "\(table.source): \(table.rowCount.grouped) rows; ".withControlsEscaped
    text += schema.taskText + "\n\n"
    text += FittedPipeline.table(of: schema.pipeline.columns) + "\n\n"
    text += TabularScores.table(fit.scores, schema.task)
    if schema.pipeline.outputCount <= 30, let coefficients = fit.model.coefficients {
      text += "\n" + coefficientTable(coefficients)
    }
    if let kept = schema.training?.keptText { text += "\n\(kept)" }
    text += "\nmodel: \(modelPath.withControlsEscaped) (\(schema.layersText))\n"
    guard isRegularFile(modelPath), isRegularFile(table.source) else { return text }
    let words = [modelPath, table.source].map(\.quotedForShell.withControlsEscaped)
    return text + "look: mltrain report \(words.joined(separator: " "))\n"
  }

  private func coefficientTable(_ coefficients: [TabularCoefficients]) -> String {
    var rows = [["coefficient"] + coefficients.map { ($0.name ?? "value").shownCell }]
    rows.append(["intercept"] + coefficients.map(\.intercept.shortened))
    for (index, name) in schema.pipeline.outputNames.enumerated() {
      rows.append([name.shownCell] + coefficients.map { $0.values[index].shortened })
    }
    return AlignedTable(rows: rows).text
  }
}

extension TabularTraining {
  /// Which of several models was kept, and by what; nil where there was only one.
  var keptText: String? {
    guard let metric, let name = choiceName else { return nil }
    if let folds, let candidates {
      let kept = candidates.filter(\.isChosen)
      let best = candidates.filter { !$0.validationScore.isNaN }.min {
        metric.isBetter($0.validationScore, than: $1.validationScore)
      }
      let linear = candidates.filter { $0.model == .linear }.min {
        metric.isBetter($0.validationScore, than: $1.validationScore)
      }
      let others = [best.map { ("best of them", $0) }, linear.map { ("linear model", $0) }]
        .compactMap { $0 }
        .map { "\($0.0): \($0.1.validationScore.figures)" }
      return "kept: a weighted mean of \(kept.count) of \(candidates.count) models "
        + "(validation \(name) of the \(others.joined(separator: ", of the "))); each row "
        + "validates models of \(folds) folds that have not learnt from it"
    }
    guard let candidates, let kept = candidates.first(where: \.isChosen) else {
      return nil
    }
    let others = candidates.filter { !$0.isChosen }.map {
      let isBetter = metric.isBetter($0.validationScore, than: kept.validationScore)
      return "\($0.model.title): \($0.validationScore.figures)"
        + (isBetter ? ", not better by a standard error" : "")
    }
    return "kept: \(kept.model.title), whose validation \(name) is "
      + "\(kept.validationScore.figures) (\(others.joined(separator: ", ")))"
  }
}

extension TabularTraining? {
  /// The models that were fitted, with the scores that chose among them; null where there was only one.
  var candidatesJSON: JSON {
    guard let candidates = self?.candidates else { return .null }
    return .array(
      candidates.map {
        .object([
          ("model", .string($0.model.rawValue)),
          ("validationScore", .number($0.validationScore)),
          ("kept", .boolean($0.isChosen)),
          ("weight", .number($0.weight)),
          ("network", ($0.network?.rawValue).map { .string($0) } ?? .null),
        ])
      })
  }
}

extension TabularOptions.Model {
  /// The kind in words.
  fileprivate var title: String {
    switch self {
    case .automatic: "automatic"
    case .linear: "linear model"
    case .mlp: "networks"
    }
  }
}

extension PredictionTask {
  /// The name in JSON: `regression` or `classification`.
  var name: String { isClassification ? "classification" : "regression" }
}

extension TabularSchema {
  /// What is predicted, with the frequencies of classes.
  var taskText: String {
    let name = target.quotedForMessage
    guard task.isClassification else {
      return "\(name) is predicted as a number"
        + (targetIsLogarithm == true ? ", by its logarithm" : "")
    }
    let shares = zip(task.classes, baseline).prefix(6).map { name, share in
      "\(name.shownCell): \((100 * share).rounded().shortened) %"
    }
    let more = task.classes.count > 6 ? ", …" : ""
    return "\(name) has \(task.classes.count) classes (\(shares.joined(separator: ", "))\(more))"
  }

  /// The layers in a few words.
  var layersText: String {
    let count = pipeline.outputCount
    let inputs = count == 1 ? "1 input" : "\(count) inputs"
    if let ensemble {
      let networks = ensemble.reduce(0) { $0 + ($1.schema.realMLP?.members ?? 0) }
      let tabM = ensemble.reduce(0) { $0 + ($1.schema.tabM?.ensembles ?? 0) }
      let linear = ensemble.count { !$0.schema.isForTables }
      let parts = [
        (networks, "networks"), (tabM, "TabM"),
        (linear, linear == 1 ? "linear model" : "linear models"),
      ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
      return "\(inputs), a weighted mean of "
        + (parts.dropLast(2) + [parts.suffix(2).joined(separator: " and ")])
        .joined(separator: ", ")
    }
    if let tabM {
      return "\(inputs), \(tabM.ensembles) TabM of \(tabM.members) members, hidden layers "
        + tabM.hidden.map(String.init).joined(separator: ", ") + ", relu"
    }
    if let realMLP {
      let networks = realMLP.members == 1 ? "a network" : "\(realMLP.members) networks"
      return "\(inputs), \(networks) of hidden layers "
        + realMLP.hidden.map(String.init).joined(separator: ", ") + ", "
        + realMLP.activation.rawValue
    }
    guard !hidden.isEmpty else { return "linear, \(inputs)" }
    return "\(inputs), hidden layers \(hidden.map(String.init).joined(separator: ", ")), "
      + activation.rawValue
  }

  /// What each column is and becomes.
  var columnsJSON: JSON {
    .array(
      pipeline.columns.map { column in
        .object([
          ("name", .string(column.name)),
          ("kind", .string(column.kind.rawValue)),
          ("missing", .integer(column.missingCount)),
          (
            "levels",
            column.kind.isText || column.kind == .boolean
              ? .array(column.levels.map { .string($0) }) : .null
          ),
          ("range", column.range.map { .array($0.map { .number($0) }) } ?? .null),
          ("becomes", .array(column.outputNames.map { .string($0) })),
          ("leftOut", column.omission.map { .string($0.rawValue) } ?? .null),
        ])
      })
  }
}

extension TabularModel {
  /// The coefficients of a linear model; of each class where there are more than two.
  var coefficientsJSON: JSON? {
    guard let coefficients else { return nil }
    // Names from the file can be any text: they are values, never keys.
    let objects = coefficients.map { output -> JSON in
      let features = zip(schema.pipeline.outputNames, output.values).map { name, value in
        JSON.object([("name", .string(name)), ("value", .number(value))])
      }
      var members: [(String, JSON)] = [
        ("intercept", .number(output.intercept)), ("features", .array(features)),
      ]
      if let name = output.name { members.insert(("class", .string(name)), at: 0) }
      return .object(members)
    }
    return objects.count == 1 ? objects[0] : .array(objects)
  }
}

extension TabularScores {
  /// The scores under stable names; what is undefined is null.
  func json(_ task: PredictionTask) -> JSON {
    var members: [(String, JSON)] = [("rows", .integer(rowCount))]
    if task.isClassification {
      // The scores of numbers stay, as what is undefined.
      members += ["mse", "rmse", "mae", "r2", "baselineMse"].map { ($0, .null) }
      members += [
        ("accuracy", .number(accuracy)),
        ("balancedAccuracy", .number(balancedAccuracy)),
        ("logLoss", .number(logLoss)),
        ("auc", .number(areaUnderCurve)),
        (
          "confusion",
          confusion.map { .array($0.map { .array($0.map { .number($0) }) }) } ?? .null
        ),
        ("baselineAccuracy", .number(baselineAccuracy)),
        ("baselineLogLoss", .number(baselineLogLoss)),
      ]
    } else {
      members += [
        ("mse", .number(meanSquaredError)),
        ("rmse", .number(rootMeanSquaredError)),
        ("mae", .number(meanAbsoluteError)),
        ("r2", .number(rSquared)),
        ("baselineMse", .number(baselineMeanSquaredError)),
      ]
    }
    return .object(members)
  }
}
