import Foundation
import TestSupport
import Testing

struct ReportCommandTests {
  /// The number that a page has under a name, with all its digits.
  private static func number(_ name: String, of html: String) -> Double? {
    guard let end = html.range(of: "\" data-name=\"\(name)\">") else { return nil }
    let before = html[..<end.lowerBound]
    guard let start = before.range(of: "value=\"", options: .backwards) else { return nil }
    return Double(before[start.upperBound...])
  }

  private static func fitted(_ more: [String] = [], in folder: TemporaryFolder) throws -> CommandRun
  {
    try folder.write(MessyTable.text, to: "messy.csv")
    return try CommandRun(
      ["fit", "messy.csv", "--model", "linear", "--drop", "id", "--drop", "unit"] + MessyTable.price
        + more, in: folder)
  }

  @Test func aFitWritesItsPage() throws {
    let folder = try TemporaryFolder()
    let run = try Self.fitted(["--report", "a page.html", "--json"], in: folder)
    #expect(run.exitCode == 0, "\(run.error)")
    let html = try folder.text("a page.html")
    let test = try #require(try FitReport(run.output).parts["test"])
    #expect(Self.number("test rmse", of: html) == test.rmse)
    #expect(Self.number("test mae", of: html) == test.mae)
    #expect(html.contains("--report &#39;a page.html&#39; --json</pre>"))
    #expect(html.contains("<pre>mltrain fit messy.csv --model linear --drop id"))
  }

  @Test func aModelIsReportedLater() throws {
    let folder = try TemporaryFolder()
    #expect(try Self.fitted(in: folder).exitCode == 0)
    var run = try CommandRun(["report", "messy.safetensors", "messy.csv"], in: folder)
    #expect(run.exitCode == 0 && run.output == "report: messy.html\n", "\(run.error)")
    let html = try folder.text("messy.html")
    let evaluated = try CommandRun(
      ["evaluate", "messy.safetensors", "messy.csv", "--json"], in: folder)
    let scores = try #require(
      try JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any])
    let metrics = try #require(scores["metrics"] as? [String: Any])
    for name in ["rmse", "mae", "r2"] {
      #expect(Self.number("table \(name)", of: html) == metrics[name] as? Double, "\(name)")
    }
    #expect(html.contains("<pre>mltrain report messy.safetensors messy.csv</pre>"))
    // To standard output, the page alone.
    run = try CommandRun(["report", "messy.safetensors", "messy.csv", "-o", "-"], in: folder)
    #expect(run.exitCode == 0 && run.output.hasPrefix("<!DOCTYPE html>"))
    #expect(run.output.hasSuffix("</html>\n"))
  }

  @Test func nothingThatIsReadIsReplaced() throws {
    let folder = try TemporaryFolder()
    #expect(try Self.fitted(in: folder).exitCode == 0)
    for (output, message) in [
      ("messy.csv", "the page would replace what it is about"),
      ("messy.safetensors", "the page would replace what it is about"),
    ] {
      let run = try CommandRun(
        ["report", "messy.safetensors", "messy.csv", "-o", output], in: folder)
      #expect(run.exitCode == 1 && run.error == "mltrain: \(output): \(message)\n")
    }
    for (arguments, message) in [
      (["--report", "messy.csv"], "messy.csv: the report would replace the file it is trained on"),
      (["--report", "messy.safetensors"], "messy.safetensors: the report would replace the model"),
      (["--plot", "messy.csv"], "messy.csv: the plot would replace the file it is trained on"),
      (
        ["--report", "a.svg", "--plot", "./a.svg"],
        "./a.svg: the plot would replace the other results"
      ),
      (["--plot", "a.pdf"], "a.pdf: a plot's file ends in .svg or .png"),
      (["--report", "none/a.html"], "none/a.html: cannot be written: No such file or directory"),
    ] {
      let run = try Self.fitted(arguments, in: folder)
      #expect(run.exitCode == 1 && run.error == "mltrain: \(message)\n")
    }
    #expect(try folder.text("messy.csv") == MessyTable.text)
    #expect(folder.names == ["messy.csv", "messy.safetensors"])
  }

  @Test func theErrorsByEpochAreDrawn() throws {
    let folder = try TemporaryFolder()
    var run = try Self.fitted(
      [
        "--model", "mlp", "--quality", "fast", "--epochs", "3", "--plot", "a.svg", "--report",
        "a.html",
      ],
      in: folder)
    #expect(run.exitCode == 0, "\(run.error)")
    let svg = try folder.text("a.svg")
    #expect(svg.contains("<title>Errors by epoch</title>") && svg.contains(">training RMSE</text>"))
    #expect(svg.contains(">validation RMSE</text>") && svg.contains(">epoch</text>"))
    #expect(svg.contains(">best: "))
    // The page has the same chart, also later: the model's file has the errors.
    #expect(try folder.text("a.html").contains("<h2>Training</h2>"))
    run = try CommandRun(["report", "messy.safetensors", "messy.csv", "-o", "b.html"], in: folder)
    #expect(run.exitCode == 0)
    #expect(try folder.text("b.html").contains("<title>Errors by epoch</title>"))
    // A linear model has none.
    run = try Self.fitted(["--plot", "b.svg"], in: folder)
    #expect(run.exitCode == 0 && !folder.names.contains("b.svg"))
    #expect(
      run.error.contains("warning: no plot is written: the model that was kept has no epochs\n"))
  }

  @Test func theLinearModelIsBesideNetworks() throws {
    let folder = try TemporaryFolder()
    try folder.write(MessyTable.text, to: "messy.csv")
    let run = try CommandRun(
      [
        "fit", "messy.csv", "--quality", "fast", "--epochs", "3", "--drop", "id", "--drop", "unit",
        "--report", "a.html", "--json",
      ] + MessyTable.price, in: folder)
    #expect(run.exitCode == 0, "\(run.error)")
    let html = try folder.text("a.html")
    let other = html.contains("test, by the linear model") ? "linear" : "mlp"
    #expect(html.contains(other == "linear" ? "the linear model" : "test, by networks for tables"))
    let error = try #require(Self.number("test \(other) rmse", of: html))
    #expect(error > 0 && error != Self.number("test rmse", of: html))
    #expect(html.contains("<th>candidate</th>"))
  }
}
