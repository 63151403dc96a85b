import SlopeData
import SlopePlot
import SlopeTabular
import SlopeTraining

extension TabularReport {
  /// The text of the page.
  public var html: String {
    let title = "\(schema.target) of \(rows.table.source)"
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="generator" content="Slope \(HTML.escaped(SlopeVersion.number))">
      <title>\(HTML.escaped(title))</title>
      <style>\(ReportStyle.rules)</style></head>
      <body><main>
      <h1>\(HTML.escaped(title))</h1>
      \(HTML.paragraph(modelText, class: "soft"))\
      \(HTML.paragraph(verdict, class: "verdict"))\
      \(sections.joined())</main></body></html>

      """
  }

  private var sections: [String] {
    var sections = [HTML.section("How good it is", scoreTable)]
    if !warnings.isEmpty {
      sections.append(
        HTML.section(
          "Worth a look",
          "<ul>" + shownWarnings.map { "<li>\(HTML.shortened($0, to: 400))</li>" }.joined()
            + "</ul>\n"))
    }
    sections.append(schema.task.isClassification ? classSection : numberSection)
    if let training = trainingSection { sections.append(training) }
    sections += [importanceSection, columnSection]
    if let worst = worstSection { sections.append(worst) }
    sections.append(repeatSection)
    return sections
  }

  /// The first of the warnings.
  private var shownWarnings: [String] {
    let most = 50
    let more = warnings.count > most ? ["and \((warnings.count - most).grouped) more"] : []
    return warnings.prefix(most) + more
  }

  /// What the model is, in a line.
  private var modelText: String {
    let inputs = schema.pipeline.outputCount
    let columns = schema.features.count
    let read =
      "\(columns) \(columns == 1 ? "column" : "columns"), \(inputs) \(inputs == 1 ? "input" : "inputs")"
    let kind =
      if let ensemble = schema.ensemble {
        "a weighted mean of \(ensemble.count) models"
      } else if let shape = schema.realMLP {
        shape.members == 1 ? "a network for tables" : "\(shape.members) networks for tables"
      } else if let shape = schema.tabM {
        "\(shape.ensembles) TabM networks of \(shape.members) members"
      } else if schema.hidden.isEmpty {
        "a linear model"
      } else {
        "a network of hidden layers \(schema.hidden.map(String.init).joined(separator: ", "))"
      }
    let task =
      schema.task.isClassification
      ? "\(schema.task.classes.count) classes"
      : schema.targetIsLogarithm == true ? "a number, by its logarithm" : "a number"
    return "\(kind) that predicts \(task) from \(read)"
  }

  // MARK: The verdict

  /// What the model is worth, in a sentence.
  var verdict: String {
    let start = "On \(rows.title), "
    return start + (schema.task.isClassification ? classVerdict : numberVerdict)
  }

  private var numberVerdict: String {
    guard let error = scores.rootMeanSquaredError, let metrics = rows.numberMetrics else {
      return "its errors are beyond all numbers."
    }
    var text =
      "half of the predictions are off by at most \(metrics.medianAbsoluteError?.figures ?? "–")"
    text += ", and the RMSE is \(error.figures)"
    if let baseline = scores.baselineMeanSquaredError?.squareRoot() {
      text += ": \(Self.comparison(error, baseline)) always predicting the mean"
    }
    if let other = alternativeError {
      text += ", \(Self.comparison(error, other.error)) \(other.name)"
    }
    return text + "."
  }

  private var classVerdict: String {
    guard let accuracy = scores.accuracy, let loss = scores.logLoss else {
      return "no score is defined."
    }
    var text = "\(Self.percent(accuracy)) of the predicted classes are right"
    if let baseline = scores.baselineAccuracy {
      text += " (always the commonest class: \(Self.percent(baseline)))"
    }
    text += ", and the log loss is \(loss.figures)"
    if let baseline = scores.baselineLogLoss {
      text += ": \(Self.comparison(loss, baseline)) the classes' frequencies"
    }
    if let other = alternativeError {
      text += ", \(Self.comparison(loss, other.error)) \(other.name)"
    }
    return text + "."
  }

  /// The error of the other model that was fitted, on the judged part.
  private var alternativeError: (name: String, error: Double)? {
    guard rows.part != nil, let other = alternative, let error = other.scores?.scores.mainError
    else { return nil }
    return (other.name, error)
  }

  static func comparison(_ error: Double, _ other: Double) -> String {
    guard other > 0, error != other else { return error == other ? "the same as" : "more than" }
    let ratio = error / other
    return ratio < 1
      ? "\(percent(1 - ratio)) less than"
      : ratio < 10 ? "\(percent(ratio - 1)) more than" : "far more than"
  }

  static func percent(_ part: Double) -> String {
    let percent = 100 * part
    guard percent.isFinite, abs(percent) < 1e6 else { return "–" }
    // Near 0 and 100 with a digit more, and never all where it is not.
    let isNearAnEnd = percent < 10 || percent > 99 && percent < 100
    var rounded = isNearAnEnd ? (10 * percent).rounded() / 10 : percent.rounded()
    if percent < 100, rounded >= 100 { rounded = 99.9 }
    return "\(rounded.shortened) %"
  }

  // MARK: Scores

  private var scoreTable: String {
    let isClassification = schema.task.isClassification
    let head =
      ["rows", "count"]
      + (isClassification
        ? ["accuracy", "balanced accuracy", "log loss", "AUC"]
        : ["RMSE", "mean absolute error", "R²"])
    func line(_ name: String, _ key: String, _ scores: TabularScores) -> [String] {
      func cell(_ number: Double?, _ metric: String) -> String {
        HTML.number(number, name: "\(key) \(metric)")
      }
      return [HTML.escaped(name), scores.rowCount.grouped]
        + (isClassification
          ? [
            cell(scores.accuracy, "accuracy"), cell(scores.balancedAccuracy, "balancedAccuracy"),
            cell(scores.logLoss, "logLoss"), cell(scores.areaUnderCurve, "auc"),
          ]
          : [
            cell(scores.rootMeanSquaredError, "rmse"), cell(scores.meanAbsoluteError, "mae"),
            cell(scores.rSquared, "r2"),
          ])
    }
    var lines: [[String]] = []
    if rows.part == nil { lines.append(line("this table", "table", scores)) }
    for part in TablePart.allCases {
      guard let stored = schema.training?.scores[part.rawValue], stored.rowCount > 0 else {
        continue
      }
      lines.append(
        line(
          rows.part == nil ? "\(part.rawValue), of the fit" : part.rawValue, part.rawValue, stored))
    }
    if let other = alternative, let stored = other.scores {
      let name =
        "\(stored.part.rawValue)\(rows.part == nil ? ", of the fit" : ""), by \(other.name)"
      lines.append(line(name, "\(stored.part.rawValue) \(other.key)", stored.scores))
    }
    lines.append(line("the baseline, on the judged rows", "baseline", baseline))
    return HTML.table(head, lines)
      + HTML.paragraph(
        (isClassification
          ? "The baseline predicts the classes' frequencies in the training rows for each row."
          : "The baseline predicts the mean of the training rows for each row. Errors have the target's unit.")
          + fitText, class: "soft") + keptText
  }

  /// The model that was fitted too, with its scores on the judged part, or of another table on the part of
  /// the fit that judges best; nil where there was none.
  private var alternative:
    (name: String, key: String, scores: (part: TablePart, scores: TabularScores)?)?
  {
    guard let other = schema.training?.alternative else { return nil }
    let parts = rows.part.map { [$0] } ?? [.test, .validation, .training]
    let scores = parts.compactMap { part in other.scores[part.rawValue].map { (part, $0) } }
      .first { $0.1.rowCount > 0 }
    return (
      other.model == .linear ? "the linear model" : "networks for tables", other.model.rawValue,
      scores
    )
  }

  /// What a page about a table that was given with a model says of the scores of the fit.
  private var fitText: String {
    guard rows.part == nil else { return "" }
    var text = ""
    if let other = alternative, let stored = other.scores {
      text +=
        " The file of the model has no parameters of \(other.name), only the scores in the fit"
      let own = schema.training?.scores[stored.part.rawValue]?.mainError
      if let own, let error = stored.scores.mainError {
        text +=
          ": on its \(stored.part.rawValue) rows, the \(errorName) of the model that was kept was "
          + "\(Self.comparison(own, error)) that of \(other.name)"
      }
      text += "."
    }
    switch rows.learnt {
    case .unknown: break
    case .likely:
      text +=
        " The table has the name and the number of rows of the one of the training"
        + (schema.training?.checksum == nil ? "" : ", though not all of its cells")
        + ": rows from which the model has learnt are probably among them, and flatter it."
    case .certain:
      text +=
        " The table is the one of the training: rows from which the model has learnt flatter it here. What it "
        + "is worth on others, the scores of the test part of the fit say."
    }
    return text
  }

  /// By what the model was chosen.
  private var keptText: String {
    guard let training = schema.training, let candidates = training.candidates,
      let metric = training.metric, let choice = training.choiceName
    else { return "" }
    let kept = candidates.first(where: \.isChosen)
    let lines = candidates.sorted { $0.isChosen && !$1.isChosen }.prefix(10).map { candidate in
      let kind =
        candidate.network?.rawValue ?? (candidate.model == .linear ? "linear model" : "networks")
      var outcome = ""
      if candidate.isChosen {
        outcome = candidate.weight.map { "weight \(HTML.number($0))" } ?? "kept"
      } else if training.folds == nil,
        metric.isBetter(candidate.validationScore, than: kept?.validationScore ?? .nan)
      {
        outcome = "not better by a standard error"
      }
      return [HTML.escaped(kind), HTML.number(candidate.validationScore), outcome]
    }
    var text = "Models are chosen by the validation \(choice)."
    if metric == .logLoss {
      text +=
        " It is the log loss as it would be with one row more that is predicted wrong: of few rows without "
        + "errors the log loss itself favours the most confident model."
    }
    if let folds = training.folds {
      text +=
        " Each row validates models of \(folds) folds that have not learnt from it; the mean of those that "
        + "have a weight is kept."
    }
    if candidates.count > lines.count {
      text += " \(lines.count) of \(candidates.count.grouped) candidates are shown."
    }
    return HTML.table(["candidate", "validation \(choice)", ""], Array(lines), text: [0, 2])
      + HTML.paragraph(text, class: "soft")
  }

  // MARK: The training

  private var trainingSection: String? {
    guard let training = schema.training, let metric = training.metric else { return nil }
    var charts: [Chart] = []
    if let curve = training.curve {
      charts.append(curve.chart(metric: metric, bestEpoch: training.bestEpoch))
    }
    if let other = training.otherCurve { charts.append(other.chart(metric: metric)) }
    guard !charts.isEmpty else { return nil }
    return HTML.section(
      "Training",
      HTML.charts(charts.map { $0.sized(920, 300).element }, areWide: true)
        + (training.otherCurve.map { HTML.paragraph($0.text(training), class: "soft") } ?? ""))
  }

  // MARK: Again

  private var repeatSection: String {
    var lines: [[String]] = []
    if let training = schema.training {
      lines.append([
        "trained on",
        HTML.escaped("\(training.source), \(training.rowCount.grouped) rows with a target"),
      ])
      if let checksum = training.checksum {
        lines.append(["checksum of their cells", HTML.escaped(checksum)])
      }
      lines.append(["seed", "\(training.seed)"])
      lines.append([
        "epochs", "\(training.epochs)\(training.bestEpoch.map { ", the best is \($0)" } ?? "")",
      ])
      if training.version != SlopeVersion.number {
        lines.append(["trained by", HTML.escaped("Slope \(training.version)")])
      }
    }
    let parameters = schema.parameterCount.map { $0.grouped } ?? "–"
    lines.append(["parameters", parameters])
    let machine = environment.map { [HTML.escaped($0.name), HTML.escaped($0.text)] }
    let command = command.map { "<pre>\(HTML.escaped($0))</pre>\n" } ?? ""
    return HTML.section(
      "To do it again",
      command + HTML.table(["the model", ""], lines, text: [0, 1])
        + HTML.table(
          [rows.part == nil ? "this page, not the model, was made by" : "made by", ""], machine,
          text: [0, 1]))
  }
}

extension TabularCurve {
  /// The errors by epoch as a chart.
  package func chart(
    metric: Metric, bestEpoch: Int?, title: String = "Errors by epoch"
  ) -> Chart {
    let scores = validationScores.map { $0 ?? .nan }
    var curves = [
      LearningCurve(name: "training \(errorName)", numbers: trainingErrors.map { $0 ?? .nan })
    ]
    if scores.contains(where: { !$0.isNaN }) {
      curves.append(LearningCurve(name: "validation \(metric.choiceName)", numbers: scores))
    }
    return LearningCurve.chart(
      curves, title: title, yTitle: errorName == metric.shortName ? errorName : "error",
      bestEpoch: bestEpoch)
  }
}

extension TabularOtherCurve {
  /// The errors by epoch as a chart, whose title says whose they are.
  package func chart(metric: Metric) -> Chart {
    let title =
      switch origin {
      case .notKept: "Errors by epoch of the networks, which were not kept"
      case .bestNetworks: "Errors by epoch of the best networks of the search"
      case .beforeRefit: "Errors by epoch of the fit to the training rows alone"
      }
    return curve.chart(metric: metric, bestEpoch: bestEpoch, title: title)
  }

  /// Whose errors they are, in a sentence.
  fileprivate func text(_ training: TabularTraining) -> String {
    switch origin {
    case .notKept:
      return
        "The model is a linear one that was solved and has no epochs; these are the networks that "
        + "were fitted too."
    case .bestNetworks:
      let folds = training.folds.map { ", one for each of \($0) folds," } ?? ""
      return "The model is a mean; these are the networks\(folds) with the best validation score."
    case .beforeRefit:
      return
        "The first fit told the epochs; the model was then fitted again to training and validation "
        + "rows together."
    }
  }
}

extension Chart {
  /// The chart at another size.
  func sized(_ width: Double, _ height: Double) -> Chart {
    var chart = self
    (chart.width, chart.height) = (width, height)
    return chart
  }
}
