import FoundationEssentials
import Glibc
import TestSupport
import Testing

@Suite struct PredictCommandTests {
  private static let rows = (0..<40).map { (3 * $0, $0 * $0 % 11) }
  private static let training =
    "a,b,\"y, \"\"out\"\"\"\n" + rows.map { "\($0.0),\($0.1),\(2 * $0.0 - $0.1)\n" }.joined()

  /// A folder with a trained `model` and its report.
  private func trained(_ dtype: String) throws -> (folder: TemporaryFolder, report: FitReport) {
    let folder = try TemporaryFolder()
    try folder.write(Self.training, to: "train.csv")
    let run = try CommandRun(
      [
        "fit", "train.csv", "--model", "linear", "--target", "y, \"out\"", "--dtype", dtype,
        "--output", "model",
        "--json",
      ], in: folder)
    #expect(run.exitCode == 0, "\(run.error)")
    return (folder, try FitReport(run.output))
  }

  @Test(arguments: ["float32", "float64"])
  func oneRowForEachInOrderAndColumnsByName(dtype: String) throws {
    let (folder, report) = try trained(dtype)
    let coefficients = try #require(report.coefficients)
    // Another order, a column of anything, no target, a blank line.
    try folder.write("b,note,a\n3,x,10\n\n4,,20\n5,7,0.5\n", to: "new.csv")
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
      // Shortest: the text of the number itself, which is a Double for either type.
      #expect("\(value)" == line)
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
        "fit", "train.csv", "--model", "linear", "--target", "y, \"out\"", "--hidden", "6,5",
        "--activation", "tanh",
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
    let model = try folder.read("model")
    try folder.write(Array(model.dropLast(1)), to: "cut")
    try folder.write(model + [0], to: "long")
    for (arguments, message, code): ([String], String, Int32) in [
      (["model", "lacking.csv"], "lacking.csv: no column is named \"b\"", 1),
      (["model", "text.csv"], "text.csv:2: column \"b\": \"x\" is not", 1),
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
    try folder.write("x,\(name)\n1,2.5\n2,4\n3,6\n", to: "a.csv")
    let fit = try CommandRun(
      [
        "fit", "a.csv", "--model", "linear", "--target", name, "--output", "model", "--epochs", "1",
      ], in: folder)
    #expect(fit.exitCode == 0 && !fit.output.contains("\u{1B}"))
    let plain = try CommandRun(["predict", "model", "a.csv"], in: folder)
    // A tab can separate fields.
    #expect(plain.output.hasPrefix("\"\(name)\"\n"))
    #expect(try CommandRun(["predict", "model", "a.csv", "-o", "out"], in: folder).exitCode == 0)
    #expect(try folder.text("out") == plain.output)
  }

  // MARK: Rows and columns

  @Test func classesHaveOneProbabilityEach() throws {
    let (folder, _) = try MessyTable.fit(MessyTable.grade)
    let run = try CommandRun(["predict", "model", "messy.csv"], in: folder)
    let lines = run.output.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(
      lines[0] == ["grade", "probability of high", "probability of low", "probability of mid"])
    #expect(lines.count == 121)
    for line in lines.dropFirst() {
      let probabilities = line.dropFirst().compactMap { Double($0) }
      #expect(probabilities.count == 3 && abs(probabilities.reduce(0, +) - 1) < 1e-12)
      let best = try #require(probabilities.firstIndex(of: probabilities.max() ?? 0))
      #expect(line[0] == ["high", "low", "mid"][best])
    }
  }

  @Test func appendedPredictionsKeepTheInputsColumns() throws {
    let (folder, _) = try MessyTable.fit(MessyTable.grade)
    let run = try CommandRun(["predict", "model", "messy.csv", "--append"], in: folder)
    let input = MessyTable.text.split(separator: "\n").map(String.init)
    let lines = run.output.split(separator: "\n").map(String.init)
    let alone = try CommandRun(["predict", "model", "messy.csv"], in: folder).output
      .split(separator: "\n").map(String.init)
    #expect(lines[0] == input[0] + ",predicted grade" + alone[0].dropFirst("grade".count))
    for row in 1...120 {
      #expect(lines[row] == input[row] + "," + alone[row])
    }
    // A second time the names are taken.
    try folder.write(run.output, to: "twice.csv")
    let twice = try CommandRun(["predict", "model", "twice.csv", "--append"], in: folder).output
    #expect(
      twice.prefix { $0 != "\n" }.hasSuffix(
        ",predicted grade',probability of high',"
          + "probability of low',probability of mid'"))
  }

  @Test func appendedColumnsThatTheModelDoesNotReadMayHoldAnything() throws {
    let (folder, _) = try trained("float64")
    try folder.write("a,b,note,id\n3,1,inf,1\n6,4,word,1e999\n9,9,1,2\n", to: "new.csv")
    for arguments in [[], ["--json"]] {
      let run = try CommandRun(["predict", "model", "new.csv", "--append"] + arguments, in: folder)
      #expect(run.exitCode == 0, "\(run.error)")
    }
    let run = try CommandRun(["predict", "model", "new.csv", "--append"], in: folder)
    let lines = run.output.split(separator: "\n")
    #expect(lines[0] == "a,b,note,id,\"y, \"\"out\"\"\"")
    #expect(lines[1].hasPrefix("3,1,inf,1,") && lines[2].hasPrefix("6,4,word,1e999,"))
  }

  @Test func aMinusIsStandardOutput() throws {
    let (folder, _) = try trained("float64")
    let plain = try CommandRun(["predict", "model", "-"], in: folder, input: Self.training)
    let named = try CommandRun(
      ["predict", "model", "-", "--output", "-", "--append"], in: folder, input: Self.training)
    #expect(named.exitCode == 0 && plain.exitCode == 0, "\(named.error)")
    for (line, one) in zip(named.output.split(separator: "\n"), plain.output.split(separator: "\n"))
      .dropFirst()
    { #expect(line.hasSuffix("," + one)) }
    // A file that is called so is no standard input.
    try folder.write("another\nfile\n", to: "-")
    let again = try CommandRun(
      ["predict", "model", "-", "--append"], in: folder, input: Self.training)
    #expect(again.exitCode == 0 && again.output == named.output)
    let fit = try CommandRun(
      ["fit", "train.csv", "--model", "linear", "--target", "a", "--output", "-"], in: folder)
    #expect(fit.exitCode == 0 && fit.output.contains("slope.schema"))
    #expect(try folder.text("-") == "another\nfile\n")
  }

  @Test func aCellThatIsNoNumberGetsAdviceThatHolds() throws {
    let (folder, _) = try trained("float64")
    for (cell, advice) in [
      ("word", "\"word\" is not a number; --missing=word counts it as missing"),
      (
        "\"1,5\"",
        "\"1,5\" is not a number; --missing=\"1,5\" counts it as missing, "
          + "--decimal comma reads the comma as a decimal point"
      ),
    ] {
      try folder.write("a,b\n1,2\n\(cell),3\n", to: "new.csv")
      let run = try CommandRun(["predict", "model", "new.csv"], in: folder)
      #expect(run.exitCode == 1 && run.error.hasSuffix(": \(advice)\n"), "\(run.error)")
    }
  }

  @Test func theObjectHasPredictionsAndProbabilities() throws {
    let (folder, _) = try MessyTable.fit(MessyTable.grade)
    let object = try jsonObject(
      try CommandRun(["predict", "model", "messy.csv", "--json"], in: folder).output)
    #expect(object["rows"] == 120 && object["target"] == "grade")
    #expect(object["task"] == "classification" && object["classes"] == ["high", "low", "mid"])
    #expect(object["predictions"]?.elements.count == 120)
    let probabilities = try #require(object["probabilities"]?.elements)
    #expect(probabilities.count == 120 && probabilities.allSatisfy { $0.elements.count == 3 })
    let (numbers, _) = try MessyTable.fit(MessyTable.price)
    let price = try jsonObject(
      try CommandRun(["predict", "model", "messy.csv", "--json"], in: numbers).output)
    let text = try CommandRun(["predict", "model", "messy.csv"], in: numbers).output
    #expect(
      price["predictions"]?.elements.compactMap(\.number)
        == text.split(separator: "\n").dropFirst().compactMap { Double($0) })
    #expect(price["probabilities"] == nil && price["task"] == "regression")
  }

  @Test(arguments: [[], ["--hidden", "4", "--epochs", "3"]])
  func theOrderOfRowsAndColumnsChangesNoPrediction(options: [String]) throws {
    let (folder, _) = try MessyTable.fit(MessyTable.grade + options)
    let lines = MessyTable.text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let order = (0..<120).map { 1 + $0 * 7 % 120 }
    let shuffled = ([0] + order).map { lines[$0].reversed().joined(separator: ",") + "\n" }
    try folder.write(shuffled.joined(), to: "shuffled.csv")
    let expected = try CommandRun(["predict", "model", "messy.csv"], in: folder).output
      .split(separator: "\n")
    let found = try CommandRun(["predict", "model", "shuffled.csv"], in: folder).output
      .split(separator: "\n")
    #expect(found.count == 121 && Array(found.dropFirst()) == order.map { expected[$0] })
  }

  @Test func aBlankLineOfOneColumnIsAMissingCell() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<40).map { "\($0 % 9 == 4 ? "" : "\($0 * $0 % 31).5"),\($0 * $0 % 31)\n" }
    try folder.write("x,y\n" + rows.joined(), to: "a.csv")
    #expect(
      try CommandRun(["fit", "a.csv", "--model", "linear", "--target", "y", "-o", "m"], in: folder)
        .exitCode == 0)
    try folder.write("x\n1.5\n\n2.5\n\n", to: "one.csv")
    try folder.write("x\n1.5\nNA\n2.5\n?\n", to: "words.csv")
    let one = try CommandRun(["predict", "m", "one.csv"], in: folder).output
    #expect(one.split(separator: "\n").count == 5)
    #expect(try CommandRun(["predict", "m", "words.csv"], in: folder).output == one)
    try folder.write("x,z\n1.5,1\n\n2.5,2\n", to: "two.csv")
    let two = try CommandRun(["predict", "m", "two.csv"], in: folder).output.split(separator: "\n")
    #expect(two == [0, 1, 3].map { one.split(separator: "\n")[$0] })
  }

  @Test func levelsThatTheModelDoesNotKnowAreCounted() throws {
    let (folder, _) = try MessyTable.fit(MessyTable.price)
    try folder.write(MessyTable.text.replacing("loft", with: "castle"), to: "new.csv")
    let run = try CommandRun(["predict", "model", "new.csv"], in: folder)
    let count = MessyTable.text.split(separator: "\n").count { $0.contains("loft") }
    #expect(run.exitCode == 0 && run.output.split(separator: "\n").count == 121)
    #expect(
      run.error
        == "warning: new.csv: column \"kind\": \(count) cells have levels that no training row has\n"
    )
    #expect(try CommandRun(["predict", "model", "new.csv", "--quiet"], in: folder).error.isEmpty)
  }

  @Test func columnsAreReadAsTheKindsOfTheTraining() throws {
    let (folder, _) = try MessyTable.fit(MessyTable.price)
    let header = "day,kind,size,open\n"
    for (row, message) in [
      ("2024-01-05,flat,big,true", "new.csv:2: column \"size\": \"big\" is not a number"),
      ("soon,flat,20,true", "new.csv:2: column \"day\": \"soon\" is not a date"),
      ("2024-01-05,flat,20,yes", "new.csv: column \"open\" holds categories, but true and false"),
    ] {
      try folder.write(header + row + "\n", to: "new.csv")
      let run = try CommandRun(["predict", "model", "new.csv"], in: folder)
      #expect(run.exitCode == 1 && run.output.isEmpty)
      #expect(run.error.hasPrefix("mltrain: \(message)"), "\(run.error)")
    }
    // Numbers may be levels, and cells may be missing.
    for row in ["2024-01-05,7,20,true", "NA,,?,null"] {
      try folder.write(header + row + "\n", to: "new.csv")
      #expect(try CommandRun(["predict", "model", "new.csv"], in: folder).exitCode == 0)
    }
  }

  @Test func modelsOfOtherVersionsPredictOrAreRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write("x,z\n0,0\n1,1\n2,4\n", to: "new.csv")
    let path = packageFile("Tests/Fixtures/tabular-1-linear.safetensors")
    let run = try CommandRun(["predict", path, "new.csv"], in: folder)
    let values = run.output.split(separator: "\n").dropFirst().compactMap { Double($0) }
    #expect(zip(values, [-8.907922, -5.0043483, -1.139762]).allSatisfy { abs($0 - $1) < 1e-5 })
    #expect(values.count == 3)
    var bytes = try readFile(path)
    let place = try #require(
      bytes.indices.first { bytes[$0...].starts(with: Array("tabular 1".utf8)) })
    bytes[place + 8] = UInt8(ascii: "9")
    try folder.write(bytes, to: "later")
    let refused = try CommandRun(["predict", "later", "new.csv"], in: folder)
    #expect(refused.exitCode == 1 && refused.output.isEmpty)
    #expect(
      refused.error.hasPrefix(
        "mltrain: later: a model of format \"tabular 9\", which this version ("))
  }
}
