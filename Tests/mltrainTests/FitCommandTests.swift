import SlopeData
import TestSupport
import Testing

@Suite struct FitCommandTests {
  /// Column x is no counter, which would be left out.
  private static let line =
    "x,z,y\n"
    + (0..<50).map { "\(3 * $0),\($0 * $0 % 7),\(9 * $0 + 4 + $0 * $0 % 7)\n" }.joined()

  // MARK: What it prints

  @Test func jsonIsOneObjectWithTheNamedKeysInOrder() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.line, to: "line.csv")
    let run = try CommandRun(
      [
        "fit", "line.csv", "--model", "linear", "--target", "y", "--json", "--dtype", "float64",
        "--seed", "7",
      ],
      in: folder, environment: ["SLOPE_DEVICE=cpu"])
    #expect(run.exitCode == 0, "\(run.error)")
    #expect(run.output.hasSuffix("}\n") && run.output.split(separator: "\n").count == 1)
    let report = try FitReport(run.output)
    #expect(report.rows == 50 && report.columns == 3)
    #expect(report.features == ["x", "z"] && report.target == "y")
    #expect(report.droppedRows == 0 && report.missingCells == 0)
    #expect(report.seed == 7 && report.device == "cpu" && report.dtype == "float64")
    #expect(report.epochs >= 1 && report.seconds > 0 && report.samplesPerSecond > 0)
    #expect(report.task == "regression" && report.bestEpoch == nil)
    #expect(report.model == "line.safetensors")
    #expect(Set(report.parts.keys) == ["train", "validation", "test"])
    #expect(report.parts.mapValues(\.rows) == ["train": 30, "validation": 10, "test": 10])
    let coefficients = try #require(report.coefficients)
    #expect(coefficients.features.map(\.name) == ["x", "z"])
    #expect(abs(coefficients.intercept - 4) < 1e-9)
    #expect(abs(coefficients["x"] - 3) < 1e-11)
    #expect(abs(coefficients["z"] - 1) < 1e-10)
    let test = try #require(report.parts["test"])
    let (mse, rmse) = (try #require(test.mse), try #require(test.rmse))
    #expect(abs(rmse - mse.squareRoot()) < 1e-15 && rmse < 1e-9)
    #expect(try #require(test.mae) <= rmse)
    #expect(try #require(test.r2) > 0.999)
    #expect(try #require(test.baselineMse) > 100)
    let keys = [
      "rows", "columns", "features", "target", "droppedRows", "missingCells", "seed", "device",
      "dtype", "epochs", "seconds", "samplesPerSecond", "model", "schema", "coefficients", "parts",
    ]
    let places = keys.compactMap { run.output.range(of: "\"\($0)\":")?.lowerBound }
    #expect(places.count == keys.count && places == places.sorted())
    #expect(places.first == run.output.index(after: run.output.startIndex))
  }

  @Test func aFeatureMayBeCalledIntercept() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "intercept,y\n" + (0..<40).map { "\($0).5,\(6 - 2 * $0)\n" }.joined(), to: "a.csv")
    let run = try CommandRun(
      ["fit", "a.csv", "--model", "linear", "--target", "y", "--json", "--dtype", "float64"],
      in: folder)
    let coefficients = try #require(try FitReport(run.output).coefficients)
    #expect(abs(coefficients.intercept - 7) < 1e-9)
    #expect(abs(coefficients["intercept"] + 2) < 1e-10)
    #expect(run.output.contains(#""features":[{"name":"intercept","value":-"#))
  }

  @Test func theTableNamesPartsAndBaseline() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.line, to: "line.csv")
    let run = try CommandRun(["fit", "line.csv", "--model", "linear", "--target", "y"], in: folder)
    #expect(run.exitCode == 0)
    let lines = run.output.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("part") && $0.hasSuffix("baseline MSE") })
    for part in ["training", "validation", "test", "intercept", "x", "z", "model: line"] {
      #expect(lines.contains { $0.hasPrefix(part) }, "\(part)")
    }
    let table = lines.filter { line in
      ["part", "training", "validation", "test"].contains { line.hasPrefix($0) }
    }
    #expect(Set(table.map(\.count)).count == 1, "aligned")
    #expect(run.error.hasPrefix("epoch 2 of 2: training RMSE "), "\(run.error)")
    #expect(run.error.contains(", validation "))
    #expect(!run.error.contains("\r") && !run.error.contains("\u{1B}"))
    #expect(folder.names == ["line.csv", "line.safetensors"])
  }

  @Test func progressIsTenPlainLinesWithTheValidationErrorAndTheBestEpoch() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.line, to: "line.csv")
    let run = try CommandRun(
      [
        "fit", "line.csv", "--model", "linear", "--target", "y", "--epochs", "200", "--patience",
        "0",
      ], in: folder)
    let lines = run.error.split(separator: "\n")
    #expect(lines.count == 10 && lines.last?.hasPrefix("epoch 200 of 200: training RMSE ") == true)
    #expect(lines.allSatisfy { $0.contains(", validation ") && $0.contains(" (best at ") })
    #expect(!run.error.contains("\r") && !run.error.contains("\u{1B}"))
  }

  @Test func aFeatureThatCountsRowsIsLeftOutWithAWarning() throws {
    let folder = try TemporaryFolder()
    try folder.write("id," + Self.line.replacingLines { "\($0)," }, to: "a.csv")
    let fit = ["fit", "a.csv", "--model", "linear", "--target", "y", "--json"]
    let run = try CommandRun(fit, in: folder)
    #expect(try FitReport(run.output).features == ["x", "z"])
    #expect(run.error.contains("warning: a.csv: columns that tell rows apart (--keep NAME keeps"))
    let kept = try CommandRun(fit + ["--keep", "id"], in: folder)
    #expect(try FitReport(kept.output).features == ["id", "x", "z"])
    #expect(!kept.error.contains("warning"))
  }

  @Test func quietSaysNothing() throws {
    let folder = try TemporaryFolder()
    try folder.write("x,,y\n1,2,3.5\n2,3,4\n4,5,7\n", to: "a.csv")
    let arguments = ["fit", "a.csv", "--model", "linear", "--target", "y"]
    #expect(try CommandRun(arguments, in: folder).error.contains("warning: a.csv: column 2 has no"))
    #expect(try CommandRun(arguments + ["--quiet"], in: folder).error.isEmpty)
  }

  @Test func theSameSeedGivesTheSameBytes() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.line, to: "line.csv")
    for (name, seed) in [("a", "1"), ("b", "1"), ("c", "2")] {
      let run = try CommandRun(
        [
          "fit", "line.csv", "--model", "linear", "--target", "y", "--output", name, "--seed", seed,
          "--epochs", "5",
        ],
        in: folder)
      #expect(run.exitCode == 0)
    }
    #expect(try folder.read("a") == folder.read("b"))
    #expect(try folder.read("a") != folder.read("c"))
  }

  // MARK: Options

  @Test func theSplitColumnDecidesAndIsNoFeature() throws {
    let folder = try TemporaryFolder()
    let parts = ["train", "test", "train", "validation"]
    let rows = (0..<40).map { "\(3 * $0),\(parts[$0 % 4]),\(2 * $0)\n" }.joined()
    try folder.write("x,part,y\n" + rows, to: "a.csv")
    let run = try CommandRun(
      ["fit", "a.csv", "--model", "linear", "--target", "y", "--split-column", "part", "--json"],
      in: folder)
    let report = try FitReport(run.output)
    #expect(report.features == ["x"] && report.columns == 3)
    #expect(report.parts.mapValues(\.rows) == ["train": 20, "validation": 10, "test": 10])
  }

  @Test func partsWithoutRowsAreNull() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.line, to: "a.csv")
    let run = try CommandRun(
      ["fit", "a.csv", "--model", "linear", "--target", "y", "--split", "1,0,0", "--json"],
      in: folder)
    let report = try FitReport(run.output)
    #expect(report.parts["train"]?.rows == 50)
    let test = try #require(report.parts["test"])
    #expect(test.rows == 0 && test.mse == nil && test.r2 == nil && test.baselineMse == nil)
    #expect(
      run.output.contains(
        #""test":{"rows":0,"mse":null,"rmse":null,"mae":null,"r2":null,"baselineMse":null}"#))
  }

  @Test func hiddenLayersHaveNoCoefficients() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.line, to: "a.csv")
    for arguments in [
      ["--activation", "tanh"], ["--activation", "sigmoid", "--optimizer", "adam"],
      ["--batch-size", "all", "--momentum", "0.5", "--learning-rate", "0.01"],
      ["--optimizer", "rmsprop", "--momentum", "0.5"], ["--optimizer", "adagrad"],
      ["--optimizer", "adamw"],
    ] {
      let run = try CommandRun(
        [
          "fit", "a.csv", "--model", "linear", "--target", "y", "--hidden", "8,4", "--json",
          "--epochs", "3",
        ]
          + arguments, in: folder)
      #expect(run.exitCode == 0, "\(run.error)")
      let report = try FitReport(run.output)
      #expect(report.coefficients == nil && report.epochs == 3)
      let activation = arguments[0] == "--activation" ? arguments[1] : "relu"
      let model = String(decoding: try folder.read("a.safetensors"), as: UTF8.self)
      #expect(model.contains("\"\(activation)\"") || model.contains("\\\"\(activation)\\\""))
    }
  }

  @Test func standardInputIsRead() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(
      ["fit", "-", "--model", "linear", "--target", "y", "--json"], in: folder, input: Self.line)
    #expect(run.exitCode == 0)
    #expect(try FitReport(run.output).model == "model.safetensors")
    #expect(folder.names == ["model.safetensors"])
  }

  @Test func aConstantTargetIsRefused() throws {
    try expectFailure(
      ["fit", "a.csv", "--model", "linear", "--target", "y", "--quiet"],
      "a.csv: the target \"y\" has one value, \"0.1\": there is nothing to learn",
      files: ["a.csv": "x,y\n" + (0..<30).map { "\($0),0.1\n" }.joined()])
  }

  // MARK: Failures

  private func expectFailure(
    _ arguments: [String], _ message: String, exitCode: Int32 = 1,
    files: KeyValuePairs<String, String> = [:], more: [String] = [], fileLimit: Int? = nil
  ) throws {
    let folder = try TemporaryFolder()
    for (name, text) in files { try folder.write(text, to: name) }
    let before = folder.names
    // An OpenCL driver also writes files, which would exceed the limit.
    let run = try CommandRun(
      arguments + more, in: folder, fileLimit: fileLimit,
      environment: fileLimit == nil ? [] : ["SLOPE_DEVICE=cpu"])
    #expect(run.exitCode == exitCode, "\(arguments): \(run.error)")
    #expect(run.output.isEmpty)
    #expect(run.error.contains(message), "\(run.error)")
    #expect(folder.names == before, "no model, no temporary file")
    if exitCode == 1 {
      let last = run.error.split(separator: "\n").last ?? ""
      #expect(last.hasPrefix("mltrain: ") && run.error.hasSuffix("\n"))
    }
  }

  @Test func dataAtFaultEndsWithOne() throws {
    let fit = ["fit", "a.csv", "--model", "linear", "--target", "y", "--quiet"]
    try expectFailure(fit, "mltrain: a.csv: cannot be opened: No such file")
    try expectFailure(
      fit,
      "mltrain: a.csv:12: column \"x\": \"oops\" is not a number, as the other cells are; "
        + "--missing=oops counts it as missing, --categorical x reads the column as words",
      files: ["a.csv": "x,y\n" + (0..<10).map { "\($0),2\n" }.joined() + "oops,3\n"])
    try expectFailure(
      fit, "a.csv:2: column \"x\": \"1,5\" is not a number; if the comma is its decimal point, say",
      files: ["a.csv": "x;y\n1,5;2\n2,5;3\n"])
    try expectFailure(
      fit, "no column is named \"y\"; the columns are \"x\", \"z\"",
      files: ["a.csv": "x,z\n1,2\n3,4\n"])
    try expectFailure(
      fit, "there is no column to predict from", files: ["a.csv": "y\n1.5\n2\n3\n"])
    try expectFailure(fit, "2 columns are named \"y\"", files: ["a.csv": "x,y,y\n1,2,3\n"])
    try expectFailure(
      fit, "class \"c\" of the target \"y\" has 1 row, which is in no training part",
      files: ["a.csv": "x,y,p\n1,a,train\n2,b,train\n3,c,test\n"],
      more: ["--split-column", "p"])
    let split = fit + ["--split-column", "p"]
    try expectFailure(
      split, "a.csv:3: column \"p\": \"Test\" where train, validation or test is expected",
      files: ["a.csv": "x,p,y\n1,train,3\n1,Test,4\n"])
    try expectFailure(
      split, "a.csv:2: column \"p\": nothing where train",
      files: ["a.csv": "x,p,y\n1,,3\n2,train,4\n"])
    try expectFailure(
      split, "no rows to train on", files: ["a.csv": "x,p,y\n1,test,3.5\n1,validation,4\n"])
    try expectFailure(split, "no column is named \"p\"", files: ["a.csv": "x,y\n1,3\n"])
  }

  @Test func aLossThatStopsBeingFiniteNamesEpochAndRate() throws {
    let arguments = [
      "fit", "a.csv", "--model", "linear", "--target", "y", "--learning-rate", "1e200", "--dtype",
      "float64",
    ]
    try expectFailure(
      arguments, "try a smaller learning rate, for example 1e+199", files: ["a.csv": Self.line])
    try expectFailure(
      arguments, "mltrain: the loss stopped being finite in epoch ", files: ["a.csv": Self.line])
  }

  @Test func helpNamesTheDefaults() throws {
    let run = try CommandRun(["fit", "--help"], in: TemporaryFolder())
    #expect(run.exitCode == 0)
    #expect(run.output.contains("Rows in a step, or all (default: 32)."))
  }

  @Test func wrongUsageEndsWith64() throws {
    let fit = ["fit", "a.csv", "--model", "linear", "--target", "y"]
    for arguments in [
      ["fit"], ["fit", "a.csv"], ["fat"], ["--bogus"], fit + ["--epochs", "0"],
      fit + ["--epochs", "x"], fit + ["--batch-size", "0"], fit + ["--batch-size", "some"],
      fit + ["--hidden", "0"], fit + ["--hidden", "8,,8"], fit + ["--hidden", "99999999999"],
      fit + ["--split", "0.5,0.5"], fit + ["--split", "0.5,0.5,0.5"], fit + ["--split", "0,1,0"],
      fit + ["--split", "1.5,-0.5,0"], fit + ["--split", "1,0,0", "--split-column", "p"],
      fit + ["--learning-rate", "0"], fit + ["--learning-rate", "nan"],
      fit + ["--learning-rate", "inf"], fit + ["--momentum", "1"], fit + ["--seed", "-1"],
      fit + ["--optimizer", "adam", "--momentum", "0.9"], fit + ["--optimizer", "rms"],
      fit + ["--optimizer", "adagrad", "--momentum", "0"], fit + ["--model", "tree"],
      fit + ["--task", "guess"], fit + ["--class-weight", "p"], fit + ["--class-weight", "p=0"],
      fit + ["--class-weight", "p=nan"], fit + ["--class-weight", "p=inf"],
      fit + ["--class-weight", "balanced", "--class-weight", "p=2"], fit + ["--patience", "-1"],
      fit + ["--max-levels", "1"], fit + ["--scaling", "log"], fit + ["--delimiter", "x"],
      fit + ["--decimal", "dot"], fit + ["--group", "g", "--time", "t"],
      fit + ["--group", "g", "--split-column", "p"], fit + ["--time", "t", "--split-column", "p"],
      fit + ["--categorical", "x", "--numeric", "x"], fit + ["--date", "x", "--numeric", "x"],
      fit + ["--dtype", "float16"], fit + ["--activation", "gelu"], fit + ["extra"],
      fit + ["--metric", "best"], fit + ["--metric", "logLoss"],
      fit + ["--quality", "good"], fit + ["--model", "mlp", "--quality", "better"],
      fit + ["--model", "mlp", "--hidden", "8"], fit + ["--model", "mlp", "--batch-size", "8"],
      fit + ["--model", "mlp", "--learning-rate", "1"],
      fit + ["--model", "mlp", "--momentum", "0.5"],
      fit + ["--model", "mlp", "--optimizer", "adam"],
    ] {
      try expectFailure(arguments, "", exitCode: 64, files: ["a.csv": Self.line])
    }
  }

  @Test func numbersAreNamedAsTheyWereTyped() throws {
    for rate in ["1e-400", "1e400", "-0", "nan"] {
      try expectFailure(
        ["fit", "a.csv", "--model", "linear", "--target", "y", "--learning-rate=\(rate)"],
        "--learning-rate \(rate): not a positive number", exitCode: 64, files: ["a.csv": Self.line])
    }
  }

  @Test func aModelThatCannotBeWrittenIsAnError() throws {
    let fit = ["fit", "a.csv", "--model", "linear", "--target", "y", "--quiet", "--output"]
    let files: KeyValuePairs = ["a.csv": Self.line]
    try expectFailure(fit + ["none/model"], "none/model: cannot be written: No such", files: files)
    try expectFailure(fit + ["/dev/full"], "/dev/full: cannot be written: No space", files: files)
    try expectFailure(fit + ["a.csv"], "would replace the file", files: files)
    guard CommandRun.canLimitFiles else { return }
    // As on a full disk: the model exceeds the 1024 bytes that a file may have.
    try expectFailure(
      fit + ["model", "--hidden", "100,100"], "model: cannot be written: File too large",
      files: files, fileLimit: 1024)
  }

  @Test func anOldModelSurvivesAFailedTraining() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.line, to: "a.csv")
    try folder.write("old", to: "a.safetensors")
    let fit = ["fit", "a.csv", "--model", "linear", "--target", "y"]
    #expect(try CommandRun(fit + ["--learning-rate", "1e9"], in: folder).exitCode == 1)
    #expect(try folder.text("a.safetensors") == "old")
    if CommandRun.canLimitFiles {
      #expect(
        try CommandRun(
          fit + ["--hidden", "100,100"], in: folder, fileLimit: 1024,
          environment: ["SLOPE_DEVICE=cpu"]
        ).exitCode == 1)
      #expect(try folder.text("a.safetensors") == "old")
    }
    #expect(try CommandRun(fit, in: folder).exitCode == 0)
    #expect(try folder.text("a.safetensors") != "old")
  }
}

extension String {
  /// The lines, each but the first behind what `text` makes of its number.
  fileprivate func replacingLines(_ text: (Int) -> String) -> String {
    split(separator: "\n").enumerated()
      .map { ($0 == 0 ? "" : text($0)) + $1 + "\n" }.joined()
  }

  /// The first position of `text`.
  fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
