import SlopeData
import SlopePlot
import SlopeTabular

extension TabularReport {
  private static let shownImportances = 20
  private static let shownColumns = 200
  private static let worstCount = 10
  private static let worstColumns = 6

  var errorName: String { schema.task.isClassification ? "log loss" : "RMSE" }

  // MARK: What matters

  var importanceSection: String {
    let shown = importances.prefix(Self.shownImportances)
    guard !shown.isEmpty else { return "" }
    var chart = BarChart(
      title: "Permutation importance", valueTitle: "growth of the \(errorName)",
      names: shown.map(\.column.withControlsEscaped), values: shown.map(\.mean),
      spreads: shown.map(\.range))
    chart.width = 920
    var text =
      "By how much the \(errorName) grows if the cells of a column change places among "
      + "\(importanceRowCount.grouped) of these rows: the mean of \(Self.repeatCount) orders, and a line from the "
      + "least to the largest. Columns that say the same share their importance."
    if importances.count > shown.count {
      text +=
        " The \(shown.count) most important of \(importances.count.grouped) columns are shown."
    }
    var content = HTML.charts([chart.element], areWide: true) + HTML.paragraph(text, class: "soft")
    if !dependences.isEmpty {
      let what =
        schema.task.isClassification
        ? "The mean probability" : "The mean prediction"
      content +=
        HTML.charts(dependences.map { $0.element(schema) })
        + HTML.paragraph(
          "\(what) if all rows had the same value in a column, and kept their other cells.",
          class: "soft") + shownClassesText("probabilities")
    }
    return HTML.section("What the columns tell", content)
  }

  // MARK: Columns

  var columnSection: String {
    let places = Dictionary(
      importances.enumerated().map { ($0.element.column, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    let order = columns.indices.sorted {
      let (left, right) = (
        places[columns[$0].report.name] ?? .max, places[columns[$1].report.name] ?? .max
      )
      return (left, $0) < (right, $1)
    }
    let largest = importances.map { abs($0.mean) }.max() ?? 0
    let lines = order.prefix(Self.shownColumns).map { index -> [String] in
      let (sketch, report) = (columns[index], columns[index].report)
      let importance = places[report.name].map { importances[$0].mean }
      return [
        HTML.shortened(report.name), HTML.shortened(report.summary, to: 60), sketch.picture,
        sketch.missing > 0 ? Self.percent(sketch.missing) : "",
        HTML.shortened(report.outcome, to: 60),
        importance.map { HTML.number($0, ofAtMost: largest) } ?? "",
      ]
    }
    var content = HTML.table(
      ["column", "kind", "distribution", "missing", "becomes", "importance"], lines,
      text: [0, 1, 2, 4])
    content += HTML.paragraph(
      "Distributions of numbers end at the 1st and 99th percentile where the others are far away, which "
        + "the outermost bars count too; of texts the bars are the commonest ones.", class: "soft")
    if columns.count > lines.count {
      content += HTML.paragraph(
        "The first \(lines.count) of \(columns.count.grouped) columns are shown.", class: "soft")
    }
    return HTML.section("Columns", content)
  }

  // MARK: The worst

  var worstSection: String? {
    let worst = rows.worst(Self.worstCount)
    guard !worst.isEmpty else { return nil }
    let isClassification = schema.task.isClassification
    let shown = importances.prefix(Self.worstColumns).map(\.column)
    let classes = schema.task.classes
    let errors = rows.errors
    let (predicted, areWrong) = (rows.predictions.classIndices, rows.areWrong)
    let lines = worst.map { row -> [String] in
      let place = rows.table.place(ofRow: row)
      let line =
        place.hasPrefix(rows.table.source + ":")
        ? String(place.dropFirst(rows.table.source.count + 1)) : place
      let values =
        isClassification
        ? [
          HTML.shortened(classes[rows.truth.classes[row]]), HTML.shortened(classes[predicted[row]]),
          HTML.number(1 - errors[row]), areWrong[row] ? "wrong" : "right",
        ]
        : [
          HTML.number(rows.truth.numbers[row], beside: errors[row]),
          HTML.number(rows.predictions.numbers[row], beside: errors[row]),
          HTML.number(rows.truth.numbers[row] - rows.predictions.numbers[row]),
        ]
      let cells = shown.map { name in
        HTML.shortened((try? rows.table.column(name))?.text(ofRow: row) ?? "", to: 24)
      }
      return [HTML.escaped(line)] + values + cells
    }
    let head =
      isClassification
      ? ["line", "true", "predicted", "probability of the true", "it is"]
      : ["line", "actual", "predicted", "residual"]
    return HTML.section(
      "The largest errors",
      HTML.table(
        head + shown.map { $0.cut(to: 24) }, lines, text: isClassification ? [0, 1, 2, 4] : [0])
        + (isClassification ? wrongText(worst.count { areWrong[$0] }, of: worst.count) : "")
    )
  }

  /// How many of the rows that are listed are predicted wrong, and which they are.
  private func wrongText(_ shown: Int, of count: Int) -> String {
    let all = rows.areWrong.count { $0 }
    var text =
      all == 0
      ? "No row is predicted wrong."
      : all > shown
        ? "Of \(all.grouped) rows that are predicted wrong, the \(shown) with the least probability of "
          + "the true class."
        : all == 1 ? "1 row is predicted wrong." : "\(all) rows are predicted wrong."
    if count > shown {
      text += " The others are right, with the least probability of the true class."
    }
    return HTML.paragraph(text, class: "soft")
  }
}

extension PartialDependence {
  /// The dependence as a chart.
  fileprivate func element(_ schema: TabularSchema) -> String {
    let name = column.label(40)
    let what =
      schema.task.isClassification ? "probability" : "predicted \(schema.target.label(32))"
    let series = curves.map { (name: $0.name?.label(24), values: $0.means) }
    if levels.isEmpty {
      var chart = Chart(title: name)
      chart.x.title = name
      chart.x.kind = areTimes ? .time : .number
      chart.y.title = what
      for curve in series {
        chart.add(.linePoints, named: curve.name, x: numbers, y: curve.values)
      }
      return chart.sized(500, 320).element
    }
    // A dot for each level, of several classes one of each.
    var chart = BarChart(
      title: name, valueTitle: what, names: levels.map(\.withControlsEscaped),
      dots: series)
    chart.width = 500
    return chart.element
  }
}
