import TestSupport
import Testing

struct ReportCommandTests {
  private static func fitted(_ more: [String] = [], in folder: TemporaryFolder) throws -> CommandRun
  {
    try folder.write(MessyTable.text, to: "messy.csv")
    return try CommandRun(
      ["fit", "messy.csv", "--model", "linear", "--drop", "id", "--drop", "unit"] + MessyTable.price
        + more, in: folder)
  }

  @Test func aFitWritesItsPage() throws {
    let folder = try TemporaryFolder()
    var run = try Self.fitted(["--report", "a page.html", "--json"], in: folder)
    #expect(run.exitCode == 0, "\(run.error)")
    let html = try folder.text("a page.html")
    let test = try #require(try FitReport(run.output).parts["test"])
    #expect(PageNumbers(html).numbers["test rmse"] == test.rmse)
    #expect(PageNumbers(html).numbers["test mae"] == test.mae)
    #expect(html.contains("--report &#39;a page.html&#39; --json</pre>"))
    #expect(html.contains("<pre>mltrain fit messy.csv --model linear --drop id"))
    // The same table again, with another model: the linear one is beside it.
    run = try Self.fitted(
      ["--model", "mlp", "--quality", "fast", "--epochs", "2", "--report", "b.html"], in: folder)
    #expect(PageNumbers(try folder.text("b.html")).numbers["test linear rmse"] == test.rmse)
  }

  @Test func aPageOnStandardOutputIsAlone() throws {
    let folder = try TemporaryFolder()
    let run = try Self.fitted(["--report", "-", "--quiet"], in: folder)
    #expect(run.exitCode == 0 && run.output.hasPrefix("<!DOCTYPE html>"))
    #expect(run.output.hasSuffix("</html>\n") && run.error.contains("\nmodel: messy.safetensors ("))
    #expect(folder.names == ["messy.csv", "messy.safetensors"])
  }

  @Test func aModelIsReportedLater() throws {
    let folder = try TemporaryFolder()
    #expect(try Self.fitted(in: folder).exitCode == 0)
    var run = try CommandRun(["report", "messy.safetensors", "messy.csv"], in: folder)
    #expect(run.exitCode == 0 && run.output == "report: messy.html\n", "\(run.error)")
    let html = try folder.text("messy.html")
    let evaluated = try CommandRun(
      ["evaluate", "messy.safetensors", "messy.csv", "--json"], in: folder)
    guard case .object(let metrics)? = try jsonObject(evaluated.output)["metrics"] else {
      Issue.record("no metrics: \(evaluated.output)")
      return
    }
    for name in ["rmse", "mae", "r2"] {
      let number = try #require(PageNumbers(html).numbers["table \(name)"])
      #expect(metrics[name] == .number(number), "\(name)")
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
      (
        ["--report", "a.svg", "--plot", "./a.svg"],
        "./a.svg: the plot would replace the other results"
      ),
      (
        ["--tensorboard", "messy.safetensors"],
        "messy.safetensors: the folder for TensorBoard would replace the model"
      ),
      (["--report", "none/a.html"], "none/a.html: cannot be written: No such file or directory"),
    ] {
      let run = try Self.fitted(arguments, in: folder)
      #expect(run.exitCode == 1 && run.error == "mltrain: \(message)\n")
    }
    let usage = try Self.fitted(["--plot", "a.pdf"], in: folder)
    #expect(
      usage.exitCode == 64
        && usage.error.contains("--plot a.pdf: a plot's file ends in .svg or .png."))
    #expect(try folder.text("messy.csv") == MessyTable.text)
    #expect(folder.names == ["messy.csv", "messy.safetensors"])
  }

  @Test func aPageThatCannotBeWrittenLosesNothing() throws {
    let folder = try TemporaryFolder()
    let run = try Self.fitted(["--report", "/dev/full", "--log", "log"], in: folder)
    #expect(run.exitCode == 1)
    #expect(run.error.hasSuffix("mltrain: /dev/full: cannot be written: No space left on device\n"))
    #expect(
      run.output.hasSuffix(
        "model: messy.safetensors (linear, 13 inputs)\n"
          + "look: mltrain report messy.safetensors messy.csv\n"), "\(run.output)")
    #expect(folder.names == ["log", "messy.csv", "messy.safetensors"])
    let events = try folder.text("log").split(separator: "\n").suffix(2).map {
      try jsonObject(String($0))["event"]
    }
    #expect(events == ["result", "failed"])
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
    // A linear model has none, which is told in any case: the file is missing.
    for quiet in [[], ["--quiet"]] {
      run = try Self.fitted(["--plot", "b.svg"] + quiet, in: folder)
      #expect(run.exitCode == 0 && !folder.names.contains("b.svg"))
      #expect(
        run.error.contains(
          "warning: no plot is written: a linear model that is solved has no errors by epoch\n"))
    }
    #expect(run.error.split(separator: "\n").count == 1, "\(run.error)")
  }

  @Test func theErrorsOfNetworksThatAreNotTheModelAreDrawn() throws {
    let folder = try TemporaryFolder()
    let lines = (0..<80).map { "\($0 * 7 % 80),\(3 * ($0 * 7 % 80) + $0 % 3)" }
    try folder.write((["x,y"] + lines).joined(separator: "\n") + "\n", to: "line.csv")
    for (arguments, title) in [
      (["--quality", "fast"], "Errors by epoch of the networks, which were not kept"),
      (
        ["--quality", "best", "--trials", "1"], "Errors by epoch of the best networks of the search"
      ),
    ] {
      let run = try CommandRun(
        [
          "fit", "line.csv", "--target", "y", "--epochs", "2", "--plot", "a.svg", "--report",
          "a.html", "--quiet",
        ] + arguments, in: folder)
      #expect(run.exitCode == 0 && run.error == "", "\(run.error)")
      #expect(try folder.text("a.svg").contains("<title>\(title)</title>"))
      #expect(try folder.text("a.html").contains("<title>\(title)</title>"))
    }
  }

  @Test func theTableOfTheTrainingIsKnown() throws {
    let folder = try TemporaryFolder()
    #expect(try Self.fitted(in: folder).exitCode == 0)
    try folder.write(MessyTable.text, to: "copy.csv")
    for name in ["messy.csv", "copy.csv"] {
      let run = try CommandRun(["report", "messy.safetensors", name, "-o", "-"], in: folder)
      #expect(run.output.contains(" rows of \(name), from "), "\(name)")
      #expect(run.output.contains(" of which it has learnt, half of the predictions"), "\(name)")
    }
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
    let error = try #require(PageNumbers(html).numbers["test \(other) rmse"])
    #expect(error > 0 && error != PageNumbers(html).numbers["test rmse"])
    #expect(html.contains("<th>candidate</th>"))
  }
}
