import FoundationEssentials
import Glibc
import TestSupport
import Testing

@Suite struct PredictCommandTests {
  private static let rows = (0..<40).map { ($0, $0 * $0 % 11) }
  private static let training =
    "a,b,\"y, \"\"out\"\"\"\n" + rows.map { "\($0.0),\($0.1),\(2 * $0.0 - $0.1)\n" }.joined()

  /// A folder with a trained `model` and its report.
  private func trained(_ dtype: String) throws -> (folder: TemporaryFolder, report: FitReport) {
    let folder = try TemporaryFolder()
    try folder.write(Self.training, to: "train.csv")
    let run = try CommandRun(
      [
        "fit", "train.csv", "--target", "y, \"out\"", "--dtype", dtype, "--output", "model",
        "--json",
      ], in: folder)
    #expect(run.exitCode == 0, "\(run.error)")
    return (folder, try FitReport(run.output))
  }

  @Test(arguments: ["float32", "float64"])
  func oneRowForEachInOrderAndColumnsByName(dtype: String) throws {
    let (folder, report) = try trained(dtype)
    let coefficients = try #require(report.coefficients)
    // Another order, a column of text, no target.
    try folder.write("b,note,a\n3,x,10\n\n4,,20\n5,\"z\",0.5\n", to: "new.csv")
    let run = try CommandRun(["predict", "model", "new.csv"], in: folder)
    #expect(run.exitCode == 0, "\(run.error)")
    #expect(run.error.isEmpty)
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.first == "\"y, \"\"out\"\"\"")
    #expect(lines.count == 5 && lines.last == "")
    for (line, (a, b)) in zip(lines.dropFirst(), [(10.0, 3.0), (20, 4), (0.5, 5)]) {
      let expected =
        coefficients.intercept + a * coefficients["a"] + b * coefficients["b"]
      let value = try #require(Double(line))
      #expect(abs(value - expected) < (dtype == "float32" ? 1e-4 : 1e-12))
      // Shortest: the text of the number itself.
      if dtype == "float32" {
        #expect(Float(line).map { "\($0)" } == String(line))
      } else {
        #expect("\(value)" == line)
      }
    }
  }

  @Test func predictionsFitTheReportedScores() throws {
    let (folder, report) = try trained("float64")
    let run = try CommandRun(
      ["predict", "model", "-", "--output", "out.csv"], in: folder, input: Self.training)
    #expect(run.exitCode == 0 && run.output.isEmpty)
    let predictions = try folder.text("out.csv").split(separator: "\n").dropFirst()
      .compactMap { Double($0) }
    #expect(predictions.count == Self.rows.count)
    let squares = zip(predictions, Self.rows).map { prediction, row in
      let error = prediction - Double(2 * row.0 - row.1)
      return error * error
    }
    let expected = report.parts.values.reduce(0) { $0 + Double($1.rows) * ($1.mse ?? 0) }
    #expect(abs(squares.reduce(0, +) / expected - 1) < 1e-9)
  }

  @Test func manyRowsArePredictedInOrder() throws {
    let (folder, _) = try trained("float64")
    let text = "a,b\n" + (0..<10_000).map { "\($0),0\n" }.joined()
    let run = try CommandRun(["predict", "model", "-"], in: folder, input: text)
    let values = run.output.split(separator: "\n").dropFirst().compactMap { Double($0) }
    #expect(values.count == 10_000)
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func aModelWithHiddenLayersPredicts() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.training, to: "train.csv")
    let fit = try CommandRun(
      [
        "fit", "train.csv", "--target", "y, \"out\"", "--hidden", "6,5", "--activation", "tanh",
        "--split", "1,0,0", "--dtype", "float64", "--output", "model", "--json",
      ], in: folder)
    let mse = try #require(try FitReport(fit.output).parts["train"]?.mse)
    let run = try CommandRun(["predict", "model", "train.csv"], in: folder)
    let values = run.output.split(separator: "\n").dropFirst().compactMap { Double($0) }
    let squares = zip(values, Self.rows).map { value, row in
      (value - Double(2 * row.0 - row.1)) * (value - Double(2 * row.0 - row.1))
    }
    #expect(abs(squares.reduce(0, +) / Double(values.count) / mse - 1) < 1e-9)
  }

  @Test func faultsAreNamed() throws {
    let (folder, _) = try trained("float32")
    try folder.write("a,c\n1,2\n", to: "lacking.csv")
    try folder.write("a,b\n1,x\n", to: "text.csv")
    try folder.write("a,b\n1,1e300\n", to: "large.csv")
    let model = try folder.read("model")
    try folder.write(Array(model.dropLast(1)), to: "cut")
    try folder.write(model + [0], to: "long")
    for (arguments, message, code): ([String], String, Int32) in [
      (["model", "lacking.csv"], "lacking.csv: no column is named \"b\"", 1),
      (["model", "text.csv"], "text.csv:2: column \"b\": \"x\" is not", 1),
      (
        ["model", "large.csv"], "large.csv:2: column \"b\": 1e+300 is beyond the range of Float", 1
      ),
      (["none", "text.csv"], "none: cannot be opened", 1),
      (["train.csv", "text.csv"], "train.csv: not a safetensors file", 1),
      (["cut", "train.csv"], "cut: the file is cut", 1),
      (["long", "train.csv"], "long: more bytes", 1),
      (["model", "train.csv", "--output", "/dev/full"], "/dev/full: cannot be written", 1),
      (["model"], "", 64), ([], "", 64),
    ] {
      let run = try CommandRun(["predict"] + arguments, in: folder)
      #expect(run.exitCode == code, "\(arguments)")
      #expect(run.error.contains(message), "\(run.error)")
      #expect(run.output.isEmpty)
    }
    #expect(try CommandRun(["predict", "--help"], in: folder).exitCode == 0)
  }

  @Test func inputAndModelAreNotReplaced() throws {
    let (folder, _) = try trained("float32")
    let (model, rows) = (try folder.read("model"), try folder.read("train.csv"))
    #expect(link(folder.file("train.csv"), folder.file("hard.csv")) == 0)
    #expect(symlink("model", folder.file("soft")) == 0)
    let before = folder.names
    for (output, message) in [
      ("train.csv", "the predictions would replace the file they are made from"),
      ("./hard.csv", "the predictions would replace the file they are made from"),
      ("model", "the predictions would replace the model"),
      ("soft", "the predictions would replace the model"),
    ] {
      let run = try CommandRun(["predict", "model", "train.csv", "-o", output], in: folder)
      #expect(run.exitCode == 1 && run.output.isEmpty)
      #expect(run.error == "mltrain: \(output): \(message)\n")
    }
    let run = try CommandRun(
      ["predict", "model", "-", "-o", "train.csv"], in: folder, streams: "<train.csv")
    #expect(run.exitCode == 1 && run.error.contains("would replace the file"))
    #expect(try folder.read("model") == model && folder.read("train.csv") == rows)
    #expect(folder.names == before)
  }

  @Test func aNameWithControlsStaysAsItIsInAFile() throws {
    let folder = try TemporaryFolder()
    let name = "y\u{1B}[31m\tz"
    try folder.write("x,\(name)\n1,2\n2,4\n3,6\n", to: "a.csv")
    let fit = try CommandRun(
      ["fit", "a.csv", "--target", name, "--output", "model", "--epochs", "1"], in: folder)
    #expect(fit.exitCode == 0 && !fit.output.contains("\u{1B}"))
    let plain = try CommandRun(["predict", "model", "a.csv"], in: folder)
    #expect(plain.output.hasPrefix("\(name)\n"))
    #expect(try CommandRun(["predict", "model", "a.csv", "-o", "out"], in: folder).exitCode == 0)
    #expect(try folder.text("out") == plain.output)
  }
}
