import Foundation
import FoundationXML
import Slope
import SlopeData
import TestSupport
import Testing

@testable import SlopeReport
@testable import SlopeTabular

struct TabularReportTests {
  // MARK: Tables

  /// y is 3·x and a little of z, w says nothing, and c is a category that adds 10 for b.
  static let numbers: Table = {
    let x = (0..<120).map { Double($0 * 7 % 120) }
    let z = (0..<120).map { Double($0 * 11 % 17) }
    let w = (0..<120).map { Double($0 * 5 % 13) }
    let c = (0..<120).map { $0 % 3 == 0 ? "b" : "a" }
    let y = (0..<120).map { row -> Double in
      let category = c[row] == "b" ? 10.0 : 0
      return 3 * x[row] + z[row] / 4 + category + sin(Double(row))
    }
    return Table([
      Column("x", x), Column("z", z), Column("w", w), Column("c", c), Column("y", y),
    ])
  }()

  /// Classes by x, with some noise.
  static func classes(_ names: [String]) -> Table {
    let x = (0..<150).map { Double($0 * 7 % 150) }
    let noise = (0..<150).map { Double($0 * 11 % 23) }
    let labels = (0..<150).map { row in
      names[min(Int((x[row] + 2 * noise[row]) * Double(names.count) / 195), names.count - 1)]
    }
    return Table([Column("x", x), Column("noise", noise), Column("kind", labels)])
  }

  static func report(_ table: Table, _ target: String) throws -> (TabularFit<Float>, TabularReport)
  {
    var options = TabularOptions(target: target)
    options.model = .linear
    let fit = try TabularModel<Float>.fit(table, options)
    return (fit, try TabularReport(fit, table: table))
  }

  /// Whether a page is well formed, without what HTML leaves open.
  static func isWellFormed(_ html: String) -> Bool {
    let text = html.replacingOccurrences(of: "<!DOCTYPE html>", with: "")
      .replacingOccurrences(of: #"<meta ([^>]*)>"#, with: "<meta $1/>", options: .regularExpression)
    return XMLParser(data: Data(text.utf8)).parse()
  }

  /// The numbers that a page has under a name.
  static func number(_ name: String, of html: String) -> Double? {
    guard let end = html.range(of: "\" data-name=\"\(name)\">") else { return nil }
    let before = html[..<end.lowerBound]
    guard let start = before.range(of: "value=\"", options: .backwards) else { return nil }
    return Double(before[start.upperBound...])
  }

  static func headings(of html: String) -> [String] {
    html.components(separatedBy: "<h2>").dropFirst().map {
      $0.components(separatedBy: "</h2>")[0]
    }
  }

  // MARK: Numbers

  @Test func whatLiesBeyondTheBarsIsCounted() throws {
    let y = (0..<400).map { row -> Double in
      let far: Double = row % 50 == 7 ? 1e6 : 0
      return Double(row * 7 % 400) + sin(Double(row)) + far * (row % 100 == 7 ? 1 : -1)
    }
    let table = Table([Column("x", (0..<400).map { Double($0 * 7 % 400) }), Column("y", y)])
    var options = TabularOptions(target: "y")
    options.model = .linear
    options.split = .fractions(training: 1, validation: 0, test: 0)
    let fit = try TabularModel<Float>.fit(table, options)
    let report = try TabularReport(fit, table: table)
    let residuals = zip(report.rows.truth.numbers, report.rows.predictions.numbers).map { $0 - $1 }
    let histogram = try #require(Histogram(residuals, binCount: 30))
    if histogram.beyond > 0 {
      #expect(
        report.html.contains(
          "The outermost bars of the residuals also count \(histogram.beyond) residuals below "))
    } else {
      Issue.record("no residual lies beyond")
    }
    #expect(!(try Self.report(Self.numbers, "y").1.html.contains("The outermost bars of the res")))
  }

  @Test func aPageOfNumbers() throws {
    let (fit, report) = try Self.report(Self.numbers, "y")
    let html = report.html
    #expect(Self.isWellFormed(html))
    #expect(html.utf8.count < 200_000)
    #expect(!html.contains("http") && !html.contains("<script"))
    #expect(
      Self.headings(of: html) == [
        "How good it is", "Predictions", "What the columns tell", "Columns", "The largest errors",
        "To do it again",
      ])
    for title in [
      "Predicted and actual", "Residuals: actual − predicted", "How often residuals occur",
      "Absolute errors that a part of the rows does not exceed", "Permutation importance",
    ] {
      #expect(html.contains(">\(title)</title>"), "\(title)")
    }
    // The scores are those of the fit.
    let test = try #require(fit.scores[.test])
    #expect(report.scores == test)
    #expect(Self.number("test rmse", of: html) == test.rootMeanSquaredError)
    #expect(Self.number("test mae", of: html) == test.meanAbsoluteError)
    #expect(Self.number("test r2", of: html) == test.rSquared)
    #expect(Self.number("train rmse", of: html) == fit.scores[.training]?.rootMeanSquaredError)
    #expect(
      Self.number("validation rmse", of: html) == fit.scores[.validation]?.rootMeanSquaredError)
    #expect(Self.number("baseline rmse", of: html) == test.baselineMeanSquaredError?.squareRoot())
    // The baseline's other scores are defined as well: those of the training rows' mean.
    let truth = report.rows.truth.numbers
    let mean = fit.model.schema.baseline[0]
    let error = truth.reduce(0) { $0 + abs($1 - mean) } / Double(truth.count)
    let own = truth.reduce(0, +) / Double(truth.count)
    let spread = truth.reduce(0) { $0 + ($1 - own) * ($1 - own) }
    let wrong = truth.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    #expect(abs((Self.number("baseline mae", of: html) ?? 0) - error) < 1e-9)
    #expect(abs((Self.number("baseline r2", of: html) ?? 1) - (1 - wrong / spread)) < 1e-9)
    #expect(html.contains("<th class=\"n\">mean absolute error</th>"))
  }

  @Test func theVerdictIsASentence() throws {
    let (fit, report) = try Self.report(Self.numbers, "y")
    let test = try #require(fit.scores[.test])
    let rmse = try #require(test.rootMeanSquaredError)
    let share = 1 - rmse / (test.baselineMeanSquaredError ?? 0).squareRoot()
    let median = try #require(report.rows.numberMetrics?.medianAbsoluteError)
    #expect(
      report.verdict
        == "On 24 rows of the test part, which the model has not learnt from, half of the predictions are "
        + "off by at most \(median.figures), and the RMSE is \(rmse.figures): "
        + "\(TabularReport.percent(share)) less than always predicting the mean.")
    #expect(report.html.contains("<p class=\"verdict\">\(HTML.escaped(report.verdict))</p>"))
  }

  @Test(
    arguments: [
      (0.5, "50 %"), (0.123, "12 %"), (0.0567, "5.7 %"), (1, "100 %"), (0, "0 %"), (.nan, "–"),
      (-0.031, "-3.1 %"), (12.341, "1234 %"), (0.997, "99.7 %"), (0.99996, "99.9 %"),
    ] as [(Double, String)])
  func percentsAreShort(_ part: Double, _ text: String) {
    #expect(TabularReport.percent(part) == text)
  }

  @Test func theColumnsAreInTheOrderOfWhatTheyTell() throws {
    let (_, report) = try Self.report(Self.numbers, "y")
    #expect(report.importances.map(\.column).prefix(2) == ["x", "c"])
    #expect(Set(report.importances.map(\.column)) == ["x", "z", "w", "c"])
    let x = try #require(report.importances.first)
    // Rows that change places are 3·x apart: the error grows by about the deviation of y·√2.
    #expect(x.mean > 80 && x.mean < 250)
    #expect(x.range.lowerBound < x.mean && x.mean < x.range.upperBound)
    let w = try #require(report.importances.first { $0.column == "w" })
    #expect(abs(w.mean) < 1)
    // The same in each report.
    #expect(try Self.report(Self.numbers, "y").1.importances == report.importances)
  }

  @Test func theDependencesFollowTheModel() throws {
    let (_, report) = try Self.report(Self.numbers, "y")
    let x = try #require(report.dependences.first)
    #expect(x.column == "x" && x.levels.isEmpty && x.numbers.count == 16)
    let means = try #require(x.curves.first?.means)
    #expect(x.curves.count == 1 && x.curves[0].name == nil)
    // A line of slope 3.
    for (index, mean) in means.enumerated() {
      #expect(abs(mean - means[0] - 3 * (x.numbers[index] - x.numbers[0])) < 0.6)
    }
    let c = try #require(report.dependences.first { $0.column == "c" })
    #expect(Set(c.levels) == ["a", "b"] && c.numbers.isEmpty)
    let difference =
      c.curves[0].means[c.levels.firstIndex(of: "b")!]
      - c.curves[0].means[c.levels.firstIndex(of: "a")!]
    #expect(abs(difference - 10) < 1)
    #expect(report.dependences.count <= 4)
  }

  @Test func theWorstRowsAreListed() throws {
    let (_, report) = try Self.report(Self.numbers, "y")
    let errors = report.rows.errors
    let worst = report.rows.worst(10)
    #expect(worst.count == 10 && errors[worst[0]] == errors.max())
    #expect(worst.map { errors[$0] } == errors.sorted(by: >).prefix(10).map { $0 })
    let html = try #require(report.worstSection)
    let row = worst[0]
    #expect(html.contains(HTML.number(report.rows.truth.numbers[row])))
    #expect(html.contains(HTML.number(report.rows.predictions.numbers[row])))
    #expect(html.components(separatedBy: "<tr>").count == 12)
  }

  // MARK: Columns

  @Test func datesHaveDependences() throws {
    let first = try #require(DateTime("2019-12-25"))
    let days = (0..<120).map { $0 * 7 % 120 }
    let dates = days.map {
      DateTime(microsecondsSince1970: first.microsecondsSince1970 + $0 * 86_400_000_000)
    }
    let table = Table([
      Column("day", dates), Column("y", days.map { 2 * Double($0) + sin(Double($0)) }),
    ])
    let (_, report) = try Self.report(table, "y")
    let day = try #require(report.dependences.first)
    #expect(day.areTimes && day.numbers.count == 16 && day.levels.isEmpty)
    // Days without a time, from the twentieth of those that are judged on.
    #expect(day.numbers.allSatisfy { $0.truncatingRemainder(dividingBy: 86_400) == 0 })
    let cells = try report.rows.table.column("day").cells(as: DateTime.self).compactMap { $0 }
    let known = cells.map { Double($0.microsecondsSince1970) / 86_400e6 }
    #expect(day.numbers[0] == (Quantiles(known)?[0.05].rounded() ?? 0) * 86_400)
    #expect(day.numbers[15] == (Quantiles(known)?[0.95].rounded() ?? 0) * 86_400)
    let means = try #require(day.curves.first?.means)
    let slope = (means[15] - means[0]) / (day.numbers[15] - day.numbers[0])
    #expect(abs(slope * 86_400 - 2) < 0.1)
    #expect(report.html.contains(">2020-02</text>"))
  }

  @Test func momentsHaveDependences() throws {
    let first = try #require(DateTime("2020-01-01T06:30"))
    let hours = (0..<120).map { $0 * 7 % 120 }
    let moments = hours.map {
      DateTime(microsecondsSince1970: first.microsecondsSince1970 + $0 * 3_600_000_000)
    }
    let table = Table([
      Column("when", moments), Column("y", hours.map { 2 * Double($0) + sin(Double($0)) }),
    ])
    let (_, report) = try Self.report(table, "y")
    let when = try #require(report.dependences.first)
    #expect(when.areTimes && when.numbers.count == 16)
    let cells = try report.rows.table.column("when").cells(as: DateTime.self).compactMap { $0 }
    let known = cells.map { Double($0.microsecondsSince1970) / 1e6 }
    #expect(abs(when.numbers[0] - (Quantiles(known)?[0.05] ?? 0)) <= 0.5)
    #expect(when.numbers.allSatisfy { $0.truncatingRemainder(dividingBy: 86_400) != 0 })
  }

  @Test func aCategoryHasADotForEachClass() throws {
    let letters = (0..<150).map { ["p", "q", "r"][$0 * 7 % 3] }
    let labels = (0..<150).map { ["p": "x", "q": "y", "r": "z"][letters[$0]] ?? "" }
    let table = Table([
      Column("letter", letters), Column("noise", (0..<150).map { Double($0 * 11 % 23) }),
      Column("kind", labels),
    ])
    let (_, report) = try Self.report(table, "kind")
    let html = report.html
    let chart = try #require(
      html.components(separatedBy: "<figure>").first { $0.contains("<title>letter</title>") })
    // Three of the legend, and one of each class for each level.
    #expect(chart.components(separatedBy: "stroke-linecap").count == 1 + 3 + 9)
    #expect(chart.contains(">x</text>") && chart.contains(">probability</text>"))
  }

  @Test(
    arguments: [
      (0.51234, 0.51234, "0.5123"), (-1.36e-5, 0.51234, "0"), (0.0123, 0.51234, "0.0123"),
      (12.34, 99.9, "12.34"), (99.9, 99.9, "99.90"), (3, 1234.5, "3"), (1e-9, 1e-9, "1e-09"),
      (-0.25, 1, "-0.250"),
    ] as [(Double, Double, String)])
  func numbersBesideLargerOnesAreShort(_ number: Double, _ largest: Double, _ text: String) {
    #expect(
      HTML.number(number, ofAtMost: largest) == "<data value=\"\(number)\">\(text)</data>")
  }

  @Test func longTextsEndInASign() {
    #expect("abcdef".cut(to: 6) == "abcdef" && "abcdefg".cut(to: 6) == "abcde…")
    #expect("a\u{1B}bc".label(4) == "a\u{1B}bc".withControlsEscaped)
    let name = String(repeating: "n", count: 50)
    let x = (0..<60).map { Double($0 * 7 % 60) }
    let labels = (0..<60).map { $0 * 7 % 60 < 30 ? name : "other" }
    let table = Table([Column(name + "x", x), Column("kind", labels)])
    let html = (try? Self.report(table, "kind").1.html) ?? ""
    // In the axis' title, the table of confusions, the list of the worst, and the legend.
    for length in [19, 23, 39] {
      #expect(html.contains(">\(name.prefix(length))…"), "\(length)")
      #expect(!html.contains(">\(name.prefix(length + 1))<"), "\(length)")
    }
  }

  // MARK: Classes

  @Test func wrongClassesAreTheWorst() throws {
    let (_, report) = try Self.report(Self.classes(["a", "b", "c"]), "kind")
    let (errors, areWrong) = (report.rows.errors, report.rows.areWrong)
    let predicted = report.rows.predictions.classIndices
    #expect(areWrong == zip(predicted, report.rows.truth.classes).map { $0 != $1 })
    let (all, wrongCount) = (report.rows.worst(1000), areWrong.count { $0 })
    #expect(wrongCount > 0 && wrongCount < areWrong.count)
    #expect(all.prefix(wrongCount).allSatisfy { areWrong[$0] })
    for part in [all.prefix(wrongCount), all.dropFirst(wrongCount)] {
      #expect(part.map { errors[$0] } == part.map { errors[$0] }.sorted(by: >))
    }
    let html = try #require(report.worstSection)
    let shown = min(wrongCount, 10)
    #expect(html.components(separatedBy: "<td>wrong</td>").count == 1 + shown)
    #expect(html.components(separatedBy: "<td>right</td>").count == 1 + 10 - shown)
    #expect(html.contains("The others are right, ") == (shown < 10))
  }

  @Test func aLineSaysHowManyAreWrong() throws {
    func text(_ wrong: Int) throws -> String {
      // Rows far from the border between the classes, some of which have the other one's name.
      let x = (0..<200).map { Double($0 < 100 ? $0 : $0 + 400) }
      let parts = (0..<200).map { $0 % 100 < 60 ? "train" : "test" }
      let labels = (0..<200).map { row in
        (row < 100) != (row % 100 >= 60 && row % 100 < 60 + wrong / 2) ? "a" : "b"
      }
      var options = TabularOptions(target: "kind")
      options.model = .linear
      options.split = .column("part")
      let table = Table([Column("x", x), Column("part", parts), Column("kind", labels)])
      let fit = try TabularModel<Float>.fit(table, options)
      return try TabularReport(fit, table: table).worstSection ?? ""
    }
    #expect(try text(0).contains("No row is predicted wrong. The others are right, with"))
    #expect(try text(4).contains("4 rows are predicted wrong. The others are right, with"))
    #expect(
      try text(24).contains(
        "Of 24 rows that are predicted wrong, the 10 with the least probability of the true class.</p>"
      ))
  }

  @Test func aPageOfTwoClasses() throws {
    let (fit, report) = try Self.report(Self.classes(["no", "yes"]), "kind")
    let html = report.html
    #expect(Self.isWellFormed(html))
    for title in [
      "ROC: how many are found at which cost", "Precision and recall",
      "Calibration: are probabilities what they say?", "How sure it is of the true class",
    ] {
      #expect(html.contains(">\(title)</title>"), "\(title)")
    }
    let test = try #require(fit.scores[.test])
    #expect(Self.number("test accuracy", of: html) == test.accuracy)
    #expect(Self.number("test balancedAccuracy", of: html) == test.balancedAccuracy)
    #expect(Self.number("test logLoss", of: html) == test.logLoss)
    #expect(Self.number("test auc", of: html) == test.areaUnderCurve)
    #expect(Self.number("baseline accuracy", of: html) == test.baselineAccuracy)
    #expect(Self.number("baseline logLoss", of: html) == test.baselineLogLoss)
    #expect(Self.number("baseline balancedAccuracy", of: html) == 0.5)
    #expect(Self.number("baseline auc", of: html) == 0.5)
    #expect(!html.contains("classes.</p>") || !html.contains("The curves are of"))
    // The table of thresholds: at 0.5 it is the predicted class.
    #expect(html.contains("If a row is called &quot;yes&quot; from this probability on:"))
    let line = try #require(
      html.components(separatedBy: "<tr>").first { $0.hasPrefix("<td>0.5</td>") })
    #expect(line.contains(">\(test.accuracy!.figures)</data></td></tr>"))
    // Calibration and curves are the second class's.
    #expect(html.contains("mean probability of yes") && html.contains("yes, AUC "))
    #expect(!html.contains("no, AUC "))
  }

  @Test func aPageOfThreeClasses() throws {
    let (_, report) = try Self.report(Self.classes(["a", "b", "c"]), "kind")
    let html = report.html
    #expect(Self.isWellFormed(html))
    for name in ["a", "b", "c"] { #expect(html.contains("\(name), AUC ")) }
    #expect(html.contains("mean probability of the predicted class"))
    #expect(!html.contains("from this probability on"))
    #expect(
      report.verdict.contains(" of the predicted classes are right (always the commonest class: "))
    // Each true class has a line of the table of confusions, whose counts are the test rows'.
    let table = try #require(
      html.components(separatedBy: "<table class=\"heat\">").last?.components(
        separatedBy: "</table>")[0])
    let counts = table.components(separatedBy: "</span>").dropLast().compactMap {
      $0.components(separatedBy: ">").last.flatMap { Double($0) }
    }
    #expect(counts.count == 9 && counts.reduce(0, +) == Double(report.rows.count))
    // On strong colours alone the text has that of the page.
    for cell in table.components(separatedBy: "<span").dropFirst() {
      let part = try #require(cell.components(separatedBy: "--mark),").last?.prefix(4))
      #expect(cell.hasPrefix(" class=\"on\"") == ((Double(part) ?? 0) > 0.45), "\(cell)")
    }
    #expect(table.contains("class=\"on\"") && table.contains("<span style"))
    #expect(!html.contains("The curves are of"))
    #expect(report.dependences.first?.curves.map(\.name) == ["a", "b", "c"])
  }

  @Test func manyClassesHaveTheCommonestMistakes() throws {
    let names = (0..<24).map { "class \(UnicodeScalar(UInt8(65 + $0)))" }
    let x = (0..<480).map { Double($0 / 20) + 0.9 * sin(Double($0)) }
    let table = Table([
      Column("x", x), Column("kind", (0..<480).map { names[$0 / 20] }),
    ])
    let (_, report) = try Self.report(table, "kind")
    let html = report.html
    #expect(Self.isWellFormed(html) && html.contains("The commonest mistakes:"))
    #expect(!html.contains("class=\"heat\""))
    // Five curves, and dependences of five classes.
    #expect(html.components(separatedBy: ", AUC ").count == 6)
    #expect(report.dependences.first?.curves.count == 5)
    #expect(html.contains("<p class=\"soft\">The curves are of the 5 commonest of 24 classes.</p>"))
    #expect(html.contains("The probabilities are of the 5 commonest of 24 classes."))
  }

  // MARK: The fit

  private static func automatic(
    _ table: Table, _ target: String, _ change: (inout TabularOptions) -> Void = { _ in }
  ) throws -> (TabularFit<Float>, TabularReport) {
    var options = TabularOptions(target: target)
    (options.quality, options.networkEpochs) = (.fast, 2)
    change(&options)
    let fit = try TabularModel<Float>.fit(table, options)
    return (fit, try TabularReport(fit, table: table))
  }

  @Test func theLinearModelIsBesideEveryNetwork() throws {
    for change in [
      { $0.model = .mlp }, { ($0.hidden, $0.epochs) = ([3], 2) },
      { ($0.quality, $0.trials) = (.best, 1) },
    ] as [(inout TabularOptions) -> Void] {
      let (fit, report) = try Self.automatic(Self.numbers, "y", change)
      let html = report.html
      let other = try #require(fit.model.schema.training?.alternative)
      #expect(other.model == .linear)
      let error = try #require(Self.number("test linear rmse", of: html))
      #expect(error > 0 && error == other.scores["test"]?.rootMeanSquaredError)
      #expect(html.contains("<td>test, by the linear model</td>"))
      #expect(report.verdict.hasSuffix(" the linear model."))
      // Of other rows the page says whose scores these are.
      let later = try TabularReport(fit.model, on: Self.numbers.head(50))
      #expect(Self.number("test linear rmse", of: later.html) == error)
      #expect(later.html.contains("<td>test, of the fit, by the linear model</td>"))
      let own = try #require(fit.scores[.test]?.rootMeanSquaredError)
      let comparison = TabularReport.comparison(own, error)
      #expect(
        later.html.contains(
          "The file of the model has no parameters of the linear model, only the scores in the fit: on its "
            + "test rows, the RMSE of the model that was kept was \(comparison) that of the linear model."
        ))
      #expect(!later.verdict.contains("linear") && !html.contains("The file of the model"))
    }
  }

  @Test func theNumberThatChoseHasItsName() throws {
    let (fit, report) = try Self.automatic(Self.classes(["a", "b", "c"]), "kind")
    let html = report.html
    #expect(html.contains("<th class=\"n\">validation log loss with one error more</th>"))
    #expect(
      html.contains("Models are chosen by the validation log loss with one error more. It is"))
    for candidate in fit.candidates {
      #expect(html.contains(HTML.number(candidate.validationScore)))
    }
    #expect(html.contains(">validation log loss with one error more</text>"))
    let numbers = try Self.automatic(Self.numbers, "y").1.html
    #expect(numbers.contains("<th class=\"n\">validation RMSE</th>"))
    #expect(numbers.contains("Models are chosen by the validation RMSE.</p>"))
    #expect(!numbers.contains("one error more"))
  }

  @Test func betterByLessThanAStandardErrorIsSaid() throws {
    var (fit, report) = try Self.automatic(Self.numbers, "y")
    #expect(!report.html.contains("not better by a standard error"))
    var schema = fit.model.schema
    for index in 0..<2 where schema.training?.candidates?[index].isChosen == false {
      schema.training?.candidates?[index].validationScore = 0
    }
    report = try TabularReport(fit.model.with(schema), on: Self.numbers)
    #expect(report.html.contains("<td>not better by a standard error</td>"))
  }

  @Test func networksThatWereNotKeptHaveTheirCurve() throws {
    let (fit, report) = try Self.automatic(Self.numbers, "y")
    #expect(fit.candidates.map(\.isChosen) == [true, false])
    #expect(
      report.html.contains("<title>Errors by epoch of the networks, which were not kept</title>"))
    #expect(report.html.contains("these are the networks that were fitted too.</p>"))
    #expect(!report.html.contains("<title>Errors by epoch</title>"))
    let best = try Self.automatic(Self.numbers, "y") { ($0.quality, $0.trials) = (.best, 1) }.1.html
    #expect(best.contains("<title>Errors by epoch of the best networks of the search</title>"))
    #expect(best.contains("these are the networks, one for each of 8 folds, with the best"))
    #expect(best.contains("Each row validates models of 8 folds that have not learnt from it;"))
    #expect(best.contains("<td>weight ") && !best.contains("not better by"))
    let again = try Self.automatic(Self.numbers, "y") { ($0.model, $0.refits) = (.mlp, true) }.1
      .html
    #expect(again.contains("<title>Errors by epoch</title>"))
    #expect(
      again.contains("<title>Errors by epoch of the fit to the training rows alone</title>"))
  }

  @Test func itCanBeDoneAgain() throws {
    let (fit, report) = try Self.report(Self.numbers, "y")
    let html = report.html
    let checksum = try #require(fit.model.schema.training?.checksum)
    #expect(html.contains("<td>checksum of their cells</td><td>\(checksum)</td>"))
    for name in ["Slope", "device", "processor", "loops", "products", "memory", "operating system"]
    {
      #expect(html.components(separatedBy: "<td>\(name)</td><td>").count == 2, "\(name)")
    }
    #expect(html.contains(" GiB</td>") && html.contains("<td>products</td><td>OpenBLAS "))
    #expect(html.contains("<th>made by</th>") && !html.contains("trained by"))
    var schema = fit.model.schema
    schema.training?.version = "0.0.9"
    let later = try TabularReport(fit.model.with(schema), on: Self.numbers).html
    #expect(later.contains("<td>trained by</td><td>Slope 0.0.9</td>"))
    #expect(later.contains("<th>this page, not the model, was made by</th>"))
    #expect(Machine.systemName(in: "A=1\nPRETTY_NAME=\"An OS 3\"\nB=2\n") == "An OS 3")
    #expect(
      Machine.systemName(in: "NAME=x") == nil && Machine.systemName(in: "PRETTY_NAME=") == nil)
  }

  @Test func paperHasTwoColumnsOfCharts() {
    let print = ReportStyle.rules.components(separatedBy: "@media print{")[1]
    for rule in [
      ".charts{grid-template-columns:1fr 1fr;", ".charts.wide{grid-template-columns:1fr}",
      "print-color-adjust:exact", "tr,figure,pre,.verdict,.charts.wide{page-break-inside:avoid;",
    ] { #expect(print.contains(rule)) }
  }

  // MARK: Other rows

  @Test func theTableOfTheTrainingIsKnown() throws {
    let (fit, _) = try Self.report(Self.numbers, "y")
    let flattered = "rows from which the model has learnt flatter it here."
    var report = try TabularReport(fit.model, on: Self.numbers)
    #expect(report.rows.learnt == .certain(72))
    #expect(
      report.verdict.hasPrefix("On 120 rows of table, from 72 of which it has learnt, "))
    #expect(report.html.contains(flattered))
    // The same cells elsewhere, and beside columns that the model does not read.
    let wide = Self.numbers.adding(Column("more", (0..<120).map { Double($0) }))
    #expect(try TabularReport(fit.model, on: wide).rows.learnt == .certain(72))
    // Other cells under the same name, in as many rows.
    let shifted = Self.numbers.taking(Array((0..<120).reversed()))
    report = try TabularReport(fit.model, on: shifted)
    #expect(report.rows.learnt == .likely(72))
    #expect(report.verdict.contains(", from 72 of which it has probably learnt, "))
    #expect(report.html.contains("of the training, though not all of its cells: rows from"))
    #expect(!report.html.contains(flattered))
    // A model of an earlier version has no checksum.
    var schema = fit.model.schema
    schema.training?.checksum = nil
    report = try TabularReport(fit.model.with(schema), on: Self.numbers)
    #expect(report.rows.learnt == .likely(72))
    #expect(report.html.contains("of the one of the training: rows from which the model"))
    schema.training?.source = "elsewhere/other.csv"
    #expect(
      try TabularReport(fit.model.with(schema), on: Self.numbers).rows.learnt == .unknown)
    // Folders do not matter, the number of rows does.
    schema.training?.source = "elsewhere/" + Self.numbers.source
    #expect(
      try TabularReport(fit.model.with(schema), on: Self.numbers).rows.learnt == .likely(72))
    report = try TabularReport(fit.model, on: Self.numbers.head(119))
    #expect(report.rows.learnt == .unknown && report.verdict.hasPrefix("On 119 rows of table, "))
    #expect(!report.html.contains("flatter"))
    // Of the parts of a fit it is known.
    #expect(try Self.report(Self.numbers, "y").1.rows.learnt == .unknown)
  }

  @Test func aModelIsReportedOnAnyRows() throws {
    let (fit, _) = try Self.report(Self.numbers, "y")
    let table = Self.numbers.head(30)
    var report = try TabularReport(fit.model, on: table)
    #expect(report.scores == (try fit.model.evaluate(table)))
    #expect(report.rows.part == nil && report.rows.count == 30)
    report.command = "mltrain report a <b>"
    report.warnings = ["1 < 2 & 3"]
    let html = report.html
    #expect(Self.isWellFormed(html))
    #expect(Self.number("table rmse", of: html) == report.scores.rootMeanSquaredError)
    #expect(Self.number("test rmse", of: html) == fit.scores[.test]?.rootMeanSquaredError)
    #expect(html.contains("test, of the fit") && html.contains("this table"))
    #expect(html.contains("<pre>mltrain report a &lt;b&gt;</pre>"))
    #expect(html.contains("<li>1 &lt; 2 &amp; 3</li>"))
    #expect(Self.headings(of: html).contains("Worth a look"))
  }

  @Test func rowsCountWhatTheirWeightsSay() throws {
    let (fit, _) = try Self.report(Self.numbers, "y")
    let weights = (0..<120).map { $0 < 60 ? 0.0 : 2 }
    let table = Self.numbers.adding(Column("weight", weights))
    let report = try TabularReport(fit.model, on: table, weights: "weight")
    let half = try fit.model.evaluate(table.taking(Array(60..<120)))
    let (error, expected) = (report.scores.rootMeanSquaredError, half.rootMeanSquaredError)
    #expect(abs(try #require(error) - (try #require(expected))) < 1e-12)
  }

  @Test func oddNamesAreText() throws {
    // A combining mark makes one character with what it follows, a prepending letter with what follows it.
    let odd = "<img src=x> & \"'\u{1B}[2J <\u{301} &\u{301} \u{D4E}<img> \u{FFFE}"
    let x = (0..<60).map { Double($0 * 7 % 60) }
    let levels = (0..<60).map { $0 % 2 == 0 ? "<b>" : "a&b" }
    let y = (0..<60).map { row -> Double in 2 * x[row] + Double(row % 2) }
    let table = Table([
      Column(odd, x), Column("</title><script>", levels), Column("y<", y),
    ])
    let (_, report) = try Self.report(table, "y<")
    #expect(Self.isWellFormed(report.html))
    #expect(!report.html.contains("<img") && !report.html.contains("<script"))
    #expect(!report.html.contains("\u{1B}"))
  }

  @Test func aPageIsWrittenWhole() throws {
    let folder = try TemporaryFolder()
    let (_, report) = try Self.report(Self.numbers, "y")
    try report.write(to: folder.file("a.html"))
    #expect(try folder.text("a.html") == report.html)
    #expect(throws: FileError.self) { try report.write(to: folder.file("none/a.html")) }
  }

  @Test func aFitWithoutTestRowsIsJudgedByOthers() throws {
    var options = TabularOptions(target: "y")
    options.model = .linear
    options.split = .fractions(training: 0.5, validation: 0.5, test: 0)
    var fit = try TabularModel<Float>.fit(Self.numbers, options)
    var report = try TabularReport(fit, table: Self.numbers)
    #expect(report.rows.part == .validation && report.scores == fit.scores[.validation])
    #expect(report.warnings == fit.warnings)
    options.split = .fractions(training: 1, validation: 0, test: 0)
    fit = try TabularModel<Float>.fit(Self.numbers, options)
    report = try TabularReport(fit, table: Self.numbers)
    #expect(report.rows.part == .training && report.rows.count == 120)
    #expect(report.verdict.hasPrefix("On 120 rows that the model has learnt from, "))
  }
}
