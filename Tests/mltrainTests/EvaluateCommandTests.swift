import TestSupport
import Testing

@Suite struct EvaluateCommandTests {
  /// The rows of a part of the messy table, in a file of that name.
  private func write(_ part: String, _ folder: TemporaryFolder) throws -> String {
    let lines = MessyTable.text.split(separator: "\n")
    let rows = lines.dropFirst().filter { $0.contains(",\(part),") }
    try folder.write(([lines[0]] + rows).joined(separator: "\n"), to: "\(part).csv")
    return "\(part).csv"
  }

  @Test(
    arguments: [MessyTable.price, MessyTable.grade],
    [
      [], ["--dtype", "float64"], ["--hidden", "4", "--epochs", "3"], ["--scaling", "robust"],
      ["--model", "mlp", "--epochs", "2"],
      ["--model", "mlp", "--quality", "fast", "--epochs", "3", "--dtype", "float64"],
    ])
  func evaluationGivesTheNumbersOfTheFitToTheLastDigit(
    target: [String], options: [String]
  ) throws {
    let (folder, fit) = try MessyTable.fit(target + options + ["--json"])
    #expect(fit.exitCode == 0, "\(fit.error)")
    let parts = try #require(try jsonObject(fit.output)["parts"])
    for part in ["train", "validation", "test"] {
      let run = try CommandRun(
        ["evaluate", "model", try write(part, folder), "--json"], in: folder)
      #expect(run.exitCode == 0, "\(run.error)")
      #expect(try jsonObject(run.output)["metrics"] == parts[part], "\(part)")
    }
  }

  @Test func theObjectSaysWhatWasEvaluated() throws {
    let (folder, _) = try MessyTable.fit(MessyTable.price)
    let run = try CommandRun(["evaluate", "model", "messy.csv", "--json"], in: folder)
    let report = try jsonObject(run.output)
    #expect(report["rows"] == 114 && report["droppedRows"] == 6)
    #expect(report["target"] == "price" && report["task"] == "regression")
    #expect(report["model"] == "model" && report["classes"] == [])
    #expect(report["metrics"]?["rows"] == 114 && report["metrics"]?["mse"]?.number != nil)
  }

  @Test func theTableHasScoresAndConfusion() throws {
    let (folder, _) = try MessyTable.fit(MessyTable.grade)
    let run = try CommandRun(["evaluate", "model", "messy.csv"], in: folder)
    let lines = run.output.split(separator: "\n")
    #expect(lines[0] == "messy.csv: 120 rows with \"grade\"")
    #expect(lines[1].hasPrefix("part  rows  accuracy") && lines[2].hasPrefix("file   120"))
    #expect(lines[3].hasPrefix("true \\ predicted") && lines[3].hasSuffix("mid"))
    #expect(lines.dropFirst(4).map { $0.prefix { $0 != " " } } == ["high", "low", "mid"])
    #expect(run.error.isEmpty)
  }

  @Test func targetsAreReadAsTheyWereTrained() throws {
    let folder = try TemporaryFolder()
    let labels = ["1.0", "2.00", "03"]
    let rows = (0..<60).map { "\($0 * $0 % 31).5,\(labels[$0 % 3]),\($0 % 2 == 0)\n" }
    try folder.write("x,label,flag\n" + rows.joined(), to: "a.csv")
    for fit in [
      ["--target", "label", "--categorical", "label"], ["--target", "flag"],
      ["--target", "flag", "--task", "regress"],
    ] {
      let run = try CommandRun(
        ["fit", "a.csv", "-o", "model", "--split", "1,0,0", "--json"] + fit, in: folder)
      #expect(run.exitCode == 0, "\(run.error)")
      let evaluation = try CommandRun(["evaluate", "model", "a.csv", "--json"], in: folder)
      #expect(evaluation.exitCode == 0, "\(evaluation.error)")
      #expect(
        try jsonObject(evaluation.output)["metrics"] == jsonObject(run.output)["parts"]?["train"])
    }
  }

  @Test func whatTheReaderFoundIsSaidUnlessQuiet() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<60).map { "\($0 * $0 % 31).5,\(["red", "blue"][$0 % 2]),\($0).25\n" }
    try folder.write("x,colour,y\n" + rows.joined(), to: "a.csv")
    let fit = try CommandRun(
      ["fit", "a.csv", "--model", "linear", "--target", "y", "-o", "m"], in: folder)
    #expect(fit.exitCode == 0, "\(fit.error)")
    try folder.write("x;colour;y\n1;red;1\n2;green;2\n3;green;3\n", to: "new.csv")
    let run = try CommandRun(["evaluate", "m", "new.csv"], in: folder)
    let warnings = run.error.split(separator: "\n")
    #expect(warnings.count == 2 && run.exitCode == 0, "\(run.error)")
    #expect(warnings[0].hasPrefix("warning: new.csv: columns are separated by \";\""))
    #expect(warnings[1].hasPrefix("warning: new.csv: column \"colour\": 2 cells have levels"))
    let quiet = try CommandRun(["evaluate", "m", "new.csv", "--quiet"], in: folder)
    #expect(quiet.error.isEmpty && quiet.output == run.output)
  }

  @Test func weightsCount() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<60).map { "\($0 * $0 % 31).5,\(1 + $0 % 3),\($0).25\n" }
    try folder.write("x,w,y\n" + rows.joined(), to: "a.csv")
    let fit = try CommandRun(
      [
        "fit", "a.csv", "--model", "linear", "--target", "y", "--weight", "w", "--split", "1,0,0",
        "-o", "m", "--json",
      ],
      in: folder)
    #expect(try FitReport(fit.output).features == ["x"])
    let scores = try jsonObject(fit.output)["parts"]?["train"]
    let evaluate = ["evaluate", "m", "a.csv", "--json"]
    let weighted = try CommandRun(evaluate + ["--weight", "w"], in: folder)
    #expect(try jsonObject(weighted.output)["metrics"] == scores)
    #expect(try jsonObject(CommandRun(evaluate, in: folder).output)["metrics"] != scores)
  }

  @Test func faultsAreNamed() throws {
    let (folder, _) = try MessyTable.fit(MessyTable.grade)
    let lines = MessyTable.text.split(separator: "\n").map(String.init)
    try folder.write(
      lines[0] + "\n" + lines[1].replacing("low", with: "huge") + "\n", to: "new.csv")
    try folder.write(
      lines.map { $0.split(separator: ",").dropLast().joined(separator: ",") }.joined(
        separator: "\n"), to: "none.csv")
    try folder.write(
      lines[0] + "\n" + lines[1].replacing("low", with: "NA") + "\n", to: "empty.csv")
    for (file, message) in [
      (
        "new.csv",
        "new.csv:2: column \"grade\": \"huge\" is no class of the model (\"high\", \"low\""
      ),
      ("none.csv", "none.csv: no column is named \"grade\""),
      ("empty.csv", "empty.csv: no row has a target, \"grade\""),
      ("lost.csv", "lost.csv: cannot be opened"),
    ] {
      let run = try CommandRun(["evaluate", "model", file], in: folder)
      #expect(run.exitCode == 1 && run.output.isEmpty)
      #expect(run.error.hasPrefix("mltrain: \(message)"), "\(run.error)")
    }
    for arguments in [["evaluate"], ["evaluate", "model"], ["evaluate", "model", "a", "b"]] {
      #expect(try CommandRun(arguments, in: folder).exitCode == 64)
    }
  }

  @Test(arguments: [(12, true), (13, false)])
  func theConfusionOfManyClassesIsNotShown(classes: Int, isShown: Bool) throws {
    let folder = try TemporaryFolder()
    let rows = (0..<(4 * classes)).map { "\($0 * $0 % 31).5,c\($0 % classes)\n" }
    try folder.write("x,y\n" + rows.joined(), to: "a.csv")
    let fit = try CommandRun(
      [
        "fit", "a.csv", "--model", "linear", "--target", "y", "--split", "1,0,0", "-o", "m",
        "--quiet",
      ], in: folder)
    #expect(fit.exitCode == 0, "\(fit.error)")
    let run = try CommandRun(["evaluate", "m", "a.csv"], in: folder)
    #expect(run.exitCode == 0 && run.output.contains("true \\ predicted") == isShown)
  }
}
