import SlopeData
import SlopePlot
import SlopeTabular

extension TabularReport {
  private static let shownImportances = 20
  private static let shownColumns = 200
  private static let worstCount = 10
  private static let worstColumns = 6

  private var errorName: String { schema.task.isClassification ? "log loss" : "RMSE" }

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
          class: "soft")
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
    let lines = order.prefix(Self.shownColumns).map { index -> [String] in
      let (sketch, report) = (columns[index], columns[index].report)
      let importance = places[report.name].map { importances[$0].mean }
      return [
        HTML.shortened(report.name), HTML.shortened(report.summary, to: 60), sketch.picture,
        sketch.missing > 0 ? Self.percent(sketch.missing) : "",
        HTML.shortened(report.outcome, to: 60), importance.map { HTML.number($0) } ?? "",
      ]
    }
    var content = HTML.table(
      ["column", "kind", "distribution", "missing", "becomes", "importance"], lines,
      text: [0, 1, 2, 4])
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
    let predicted = rows.predictions.classIndices
    let lines = worst.map { row -> [String] in
      let place = rows.table.place(ofRow: row)
      let line =
        place.hasPrefix(rows.table.source + ":")
        ? String(place.dropFirst(rows.table.source.count + 1)) : place
      let values =
        isClassification
        ? [
          HTML.shortened(classes[rows.truth.classes[row]]), HTML.shortened(classes[predicted[row]]),
          HTML.number(1 - errors[row]),
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
      ? ["line", "true", "predicted", "probability of the true"]
      : ["line", "actual", "predicted", "residual"]
    return HTML.section(
      "The largest errors",
      HTML.table(
        head + shown.map { String($0.prefix(24)) }, lines, text: isClassification ? [0, 1, 2] : [0])
    )
  }
}

extension PartialDependence {
  /// The dependence as a chart.
  fileprivate func element(_ schema: TabularSchema) -> String {
    let name = String(column.prefix(40)).withControlsEscaped
    let target = String(schema.target.prefix(32)).withControlsEscaped
    let what = schema.task.isClassification ? "probability" : "predicted \(target)"
    if levels.isEmpty {
      var chart = Chart(title: name)
      chart.x.title = name
      chart.y.title = what
      for curve in curves {
        chart.add(
          .linePoints, named: curve.name.map { String($0.prefix(24)).withControlsEscaped },
          x: numbers,
          y: curve.means)
      }
      return chart.sized(500, 320).element
    }
    // Of several classes the commonest: one dot for each level.
    let curve = commonest < curves.count ? curves[commonest] : nil
    var chart = BarChart(
      title: name,
      valueTitle: curve?.name.map { "probability of \(String($0.prefix(24)).withControlsEscaped)" }
        ?? what, names: levels.map(\.withControlsEscaped), values: curve?.means ?? [])
    chart.startsAtZero = false
    chart.width = 500
    return chart.element
  }
}
