import Foundation
import FoundationXML
import Slope
import TestSupport
import Testing

@testable import SlopeReport

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

  // MARK: Classes

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
  }

  // MARK: Other rows

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
