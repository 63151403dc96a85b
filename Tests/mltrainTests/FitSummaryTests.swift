import TestSupport
import Testing

@Suite struct FitSummaryTests {
  private static func fit(
    _ text: String, _ arguments: [String] = [], file: String = "a.csv"
  ) throws -> (folder: TemporaryFolder, run: CommandRun) {
    let folder = try TemporaryFolder()
    try folder.write(text, to: file)
    let run = try CommandRun(
      ["fit", file, "--model", "linear", "--target", "y"] + arguments, in: folder)
    #expect(run.exitCode == 0, "\(run.error)")
    return (folder, run)
  }

  private static let line = "x,y\n" + (0..<40).map { "\($0 * $0 % 31).5,\($0).25\n" }.joined()

  // MARK: Text

  @Test(arguments: [(30, true), (31, false)])
  func coefficientsOfAtMostThirtyInputsAreShown(inputs: Int, areShown: Bool) throws {
    let names = (0..<inputs).map { "x\($0)" }.joined(separator: ",")
    let rows = (0..<40).map { row in
      (0..<inputs).map { "\(row * row * ($0 + 2) % 37).5" }.joined(separator: ",")
        + ",\(row).25\n"
    }
    let (_, run) = try Self.fit("\(names),y\n" + rows.joined())
    #expect(run.output.contains("linear, \(inputs) inputs"), "\(run.output)")
    #expect(run.output.contains("intercept") == areShown)
  }

  @Test(arguments: [
    (6, "c0: 17 %, c1: 17 %, c2: 17 %, c3: 17 %, c4: 17 %, c5: 17 %"),
    (7, "c0: 14 %, c1: 14 %, c2: 14 %, c3: 14 %, c4: 14 %, c5: 14 %, …"),
  ])
  func sixClassesAreNamed(classes: Int, shares: String) throws {
    let rows = (0..<(6 * classes)).map { "\($0 * $0 % 31).5,c\($0 % classes)\n" }
    let (_, run) = try Self.fit("x,y\n" + rows.joined(), ["--split", "1,0,0"])
    let first = run.output.prefix { $0 != "\n" }
    #expect(first == "a.csv: \(6 * classes) rows; \"y\" has \(classes) classes (\(shares))")
  }

  @Test func oneInputIsNotPlural() throws {
    let output = try Self.fit(Self.line).run.output
    #expect(
      output.hasSuffix(
        "\nmodel: a.safetensors (linear, 1 input)\nlook: mltrain report a.safetensors a.csv\n"),
      "\(output)")
  }

  @Test func whatIsNoFileIsNotLookedAt() throws {
    let folder = try TemporaryFolder()
    let fit = ["fit", "-", "--target", "y", "--model", "linear", "--split", "1,0,0", "--quiet"]
    let run = try CommandRun(fit + ["-o", "it's a model"], in: folder, input: Self.line)
    #expect(run.output.hasSuffix("\nmodel: it's a model (linear, 1 input)\n"), "\(run.output)")
    try folder.write(Self.line, to: "-a.csv")
    let quoted = try CommandRun(
      fit.map { $0 == "-" ? "./-a.csv" : $0 } + ["-o", "it's a model"], in: folder)
    #expect(
      quoted.output.hasSuffix("\nlook: mltrain report 'it'\\''s a model' ./-a.csv\n"),
      "\(quoted.output)")
  }

  // MARK: Progress

  // Every tenth of the epochs, at least each, and the last.
  @Test(arguments: [(5, 5), (19, 19), (20, 10), (25, 13)])
  func progressIsShownTenTimesAndAtTheEnd(epochs: Int, count: Int) throws {
    let (_, run) = try Self.fit(Self.line, ["--epochs", "\(epochs)", "--patience", "0"])
    let lines = run.error.split(separator: "\n").filter { $0.hasPrefix("epoch ") }
    #expect(lines.count == count, "\(run.error)")
    #expect(lines.last?.hasPrefix("epoch \(epochs) of \(epochs): ") == true)
  }

  // MARK: Names

  @Test(arguments: [
    ("a.b.csv", "a.b.safetensors"), ("rows", "rows.safetensors"), (".csv", "model.safetensors"),
  ])
  func aModelIsNamedAsItsTable(file: String, model: String) throws {
    let (folder, _) = try Self.fit(Self.line, ["--quiet"], file: file)
    #expect(folder.names.sorted() == [file, model].sorted())
  }

  @Test(arguments: [
    ("mse", "MSE"), ("mae", "MAE"), ("median-ae", "median AE"), ("max-error", "max error"),
    ("mape", "MAPE"), ("r2", "R²"),
  ])
  func metricsOfNumbersHaveTheirArguments(argument: String, name: String) throws {
    let (_, run) = try MessyTable.fit(MessyTable.price + ["--metric", argument])
    #expect(run.exitCode == 0 && run.error.contains(", validation \(name) "), "\(run.error)")
  }

  @Test(arguments: [
    ("accuracy", "accuracy"), ("balanced-accuracy", "balanced accuracy"),
    ("precision", "precision"), ("recall", "recall"), ("f1", "F1"), ("auc", "AUC"),
    ("pr-auc", "PR-AUC"), ("brier", "Brier"), ("ece", "ECE"),
  ])
  func metricsOfClassesHaveTheirArguments(argument: String, name: String) throws {
    let (_, run) = try MessyTable.fit(MessyTable.grade + ["--metric", argument])
    #expect(run.exitCode == 0 && run.error.contains(", validation \(name) "), "\(run.error)")
  }

  // MARK: Wrong usage

  @Test(arguments: [
    ["--hidden", "1048576"], ["--momentum=-0.1"], ["--max-levels", "0"], ["--split", "1,0"],
    ["--split", "0.5,0.25,0.26"], ["--batch-size=-1"], ["--tuning-seconds=-1"],
    ["--class-weight", "=x"], ["--time", "inf"],
  ])
  func whatIsNoValueIsWrongUsage(arguments: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.line, to: "a.csv")
    let run = try CommandRun(["fit", "a.csv", "--target", "y"] + arguments, in: folder)
    #expect(run.exitCode == 64 && run.output.isEmpty, "\(run.error)")
    #expect(folder.names == ["a.csv"])
  }
}
