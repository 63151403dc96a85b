import SlopeData

extension TabularSchema {
  /// A model card: what the model predicts from what, how it was trained, and how good it was, as Markdown.
  ///
  /// Model files have it under the metadata key `slope.card`. Source: M. Mitchell et al., "Model cards for
  /// model reporting", 2019, arXiv:1810.03993.
  public var card: String {
    let used = pipeline.columns.filter { $0.omission == nil }
    let columns = used.prefix(Self.cardColumnCount).map {
      "- \(Self.code($0.name)): \($0.summary), \($0.outcome)"
    }
    let more =
      used.count > columns.count ? ["- and \((used.count - columns.count).grouped) more"] : []
    var parts = [
      "# \(Self.code(target))", "\(cardKind), which predicts \(cardTask).",
      "## Inputs", (columns + more).joined(separator: "\n"),
    ]
    if let training {
      parts += [
        "## Training",
        "\(training.rowCount.grouped) rows of \(Self.code(training.source)); seed \(training.seed), "
          + "\(training.epochs.grouped) \(training.epochs == 1 ? "epoch" : "epochs")\(training.bestEpoch.map { ", of which \($0) was the best" } ?? ""); "
          + "Slope \(training.version.withControlsEscaped).",
        "## Scores", cardScores(training),
        "The baseline looks at no column. The scores hold for rows that are like those of the table.",
      ]
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static let cardColumnCount = 200

  private var cardTask: String {
    guard task.isClassification else {
      return targetIsLogarithm == true ? "a positive number, by its logarithm" : "a number"
    }
    let shown = task.classes.prefix(20).map(Self.code).joined(separator: ", ")
    return
      "one of \(task.classes.count.grouped) classes: \(shown)\(task.classes.count > 20 ? ", …" : "")"
  }

  private var cardKind: String {
    if let ensemble { return "A weighted mean of \(ensemble.count) models" }
    if let realMLP {
      return realMLP.members == 1 ? "A RealMLP" : "\(realMLP.members) RealMLP networks"
    }
    if let tabM { return "\(tabM.ensembles) TabM networks of \(tabM.members) members" }
    return hidden.isEmpty
      ? "A linear model"
      : "A network of hidden layers \(hidden.map(String.init).joined(separator: ", "))"
  }

  private func cardScores(_ training: TabularTraining) -> String {
    let names =
      task.isClassification
      ? ["accuracy", "log loss", "log loss of the baseline"]
      : ["RMSE", "R²", "RMSE of the baseline"]
    let lines = TablePart.allCases.compactMap { part -> String? in
      guard let scores = training.scores[part.rawValue], scores.rowCount > 0 else { return nil }
      let numbers =
        task.isClassification
        ? [scores.accuracy, scores.logLoss, scores.baselineLogLoss]
        : [
          scores.rootMeanSquaredError, scores.rSquared,
          scores.baselineMeanSquaredError?.squareRoot(),
        ]
      let cells = [part.rawValue, scores.rowCount.grouped] + numbers.map { $0?.figures ?? "–" }
      return "| " + cells.joined(separator: " | ") + " |"
    }
    let head = "| " + (["part", "rows"] + names).joined(separator: " | ") + " |"
    return ([head, "|---|" + String(repeating: "--:|", count: names.count + 1)] + lines)
      .joined(separator: "\n")
  }

  /// A text of a file as it is, in Markdown.
  private static func code(_ text: String) -> String {
    let text = text.withControlsEscaped
    // A mark of as many backticks as the text has at most, and one more.
    let runs = text.split(whereSeparator: { $0 != "`" }).map(\.count)
    let mark = String(repeating: "`", count: (runs.max() ?? 0) + 1)
    return runs.isEmpty ? mark + text + mark : mark + " " + text + " " + mark
  }
}
