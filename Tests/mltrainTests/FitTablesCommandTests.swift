import TestSupport
import Testing

/// `mltrain fit` on tables with words, dates, missing cells and classes.
@Suite struct FitTablesCommandTests {
  // MARK: The tables

  @Test func theColumnsAreShownWithWhatBecomesOfThem() throws {
    let (_, run) = try MessyTable.fit(MessyTable.price)
    #expect(run.exitCode == 0, "\(run.error)")
    let lines = run.output.split(separator: "\n").map(String.init)
    #expect(lines.first == #"messy.csv: 120 rows; "price" is predicted as a number"#)
    for (name, words) in [
      ("column", ["kind", "missing", "becomes"]),
      ("id", ["integer, ", "left out: tells rows apart (--keep id)"]),
      ("unit", ["category, 1 level", "left out: one value"]),
      ("day", ["date", "3 inputs"]), ("kind", ["category, 3 levels", "4 inputs"]),
      ("size", ["number, ", "1 input, 1 flag"]), ("open", ["boolean, 2 levels", "1 input"]),
      ("part", ["not a feature"]), ("price", ["not a feature"]),
      ("grade", ["left out: not a feature"]),
    ] {
      let line = lines.first { $0.hasPrefix(name + " ") } ?? ""
      for word in words { #expect(line.contains(word), "\(name): \(line)") }
    }
    #expect(
      lines.suffix(2) == [
        "model: model (linear, 10 inputs)", "look: mltrain report model messy.csv",
      ])
  }

  @Test func whatIsLeftOutIsWarnedOf() throws {
    let (_, run) = try MessyTable.fit(MessyTable.price)
    for warning in [
      "warning: messy.csv: columns of one value in the training rows are left out: \"unit\"\n",
      "warning: messy.csv: columns that tell rows apart (--keep NAME keeps one) in the training rows "
        + "are left out: \"id\"\n",
      "warning: messy.csv: 6 rows whose target \"price\" is missing are left out\n",
    ] {
      #expect(run.error.contains(warning), "\(run.error)")
    }
    #expect(try MessyTable.fit(MessyTable.price + ["--quiet"]).run.error.isEmpty)
  }

  @Test func classesAreShownWithTheirScores() throws {
    let (_, run) = try MessyTable.fit(MessyTable.grade)
    #expect(run.exitCode == 0, "\(run.error)")
    let lines = run.output.split(separator: "\n")
    #expect(lines.first?.hasPrefix("messy.csv: 120 rows; \"grade\" has 3 classes (high: ") == true)
    #expect(
      lines.contains {
        $0.hasPrefix("part ") && $0.contains("accuracy  balanced  log loss")
          && $0.hasSuffix("baseline accuracy  log loss")
      })
    #expect(lines.contains { $0.hasPrefix("coefficient ") && $0.contains("high") })
    #expect(run.error.contains(": training log loss ") && run.error.contains(", validation "))
  }

  @Test func fewWholeNumbersAreClassesAndSaidToBe() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "x,y\n" + (0..<60).map { "\($0 * $0 % 31).5,\($0 % 3)\n" }.joined(), to: "a.csv")
    let fit = ["fit", "a.csv", "--model", "linear", "--target", "y", "--json"]
    let run = try CommandRun(fit, in: folder)
    #expect(try jsonObject(run.output)["task"] == "classification")
    #expect(
      run.error.contains(
        "warning: a.csv: the target \"y\" has 3 distinct whole numbers, which are taken for classes; "
          + "--task regress predicts numbers\n"))
    let numbers = try CommandRun(fit + ["--task", "regress"], in: folder)
    #expect(try jsonObject(numbers.output)["task"] == "regression")
    #expect(!numbers.error.contains("warning"))
  }

  // MARK: JSON

  @Test func theSchemaListsEachColumn() throws {
    let (_, run) = try MessyTable.fit(MessyTable.price + ["--json"])
    let report = try FitReport(run.output)
    #expect(report.rows == 120 && report.droppedRows == 6 && report.columns == 9)
    #expect(
      report.schema.map(\.name) == [
        "id", "unit", "day", "kind", "size", "open", "part", "price", "grade",
      ])
    #expect(
      report.schema.map(\.kind) == [
        "integer", "category", "date", "category", "number", "boolean", "category", "number",
        "category",
      ])
    #expect(
      report.schema.map(\.leftOut) == [
        "identifier", "constant", nil, nil, nil, nil, "otherUse", "otherUse", "dropped",
      ])
    #expect(report.schema[3].levels == ["flat", "house", "loft"] && report.schema[4].levels == nil)
    #expect(
      report.schema[3].becomes == ["kind=flat", "kind=house", "kind=loft", "kind missing"])
    #expect(report.schema[4].becomes == ["size", "size missing"] && report.schema[0].becomes == [])
    #expect(report.schema[4].range?.count == 2 && report.schema[3].range == nil)
    #expect(report.schema[5].levels == ["false", "true"])
    #expect(report.schema[8].levels == ["high", "low", "mid"], "of columns that are left out too")
    #expect(report.schema[3].missing > 0 && report.schema[5].missing == 0)
    #expect(report.features == ["day", "kind", "size", "open"])
  }

  @Test func partsOfClassesHaveTheirScoresAndThoseOfNumbersAsNull() throws {
    let (_, run) = try MessyTable.fit(MessyTable.grade + ["--json"])
    let report = try jsonObject(run.output)
    #expect(report["classes"] == ["high", "low", "mid"] && report["task"] == "classification")
    let coefficients = try #require(report["coefficients"]?.elements)
    #expect(coefficients.compactMap { $0["class"] } == ["high", "low", "mid"])
    for (part, rows) in [("train", 72.0), ("validation", 24), ("test", 24)] {
      let scores = try #require(report["parts"]?[part])
      #expect(scores["rows"]?.number == rows)
      for name in [
        "accuracy", "balancedAccuracy", "logLoss", "auc", "baselineAccuracy", "baselineLogLoss",
      ] {
        #expect(scores[name]?.number != nil, "\(name)")
      }
      for name in ["mse", "rmse", "mae", "r2", "baselineMse"] { #expect(scores[name] == .null) }
      let confusion = try #require(scores["confusion"]?.elements)
      #expect(confusion.count == 3 && confusion.allSatisfy { $0.elements.count == 3 })
      let counts = confusion.flatMap { $0.elements.compactMap(\.number) }
      #expect(counts.reduce(0, +) == rows)
      let correct = (0..<3).reduce(0) { $0 + counts[4 * $1] }
      #expect(scores["accuracy"]?.number == correct / rows)
    }
  }

  @Test func classesWithoutRowsAreNull() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "x,y\n" + (0..<40).map { "\($0).5,\($0 % 2 == 0 ? "p" : "q")\n" }.joined(), to: "a.csv")
    let run = try CommandRun(
      ["fit", "a.csv", "--model", "linear", "--target", "y", "--split", "1,0,0", "--json"],
      in: folder)
    let test = try #require(try jsonObject(run.output)["parts"]?["test"])
    for name in [
      "accuracy", "balancedAccuracy", "logLoss", "auc", "baselineAccuracy", "baselineLogLoss",
    ] {
      #expect(test[name] == .null, "\(name)")
    }
    // Two classes have one output.
    #expect(try jsonObject(run.output)["coefficients"]?["class"] == "q")
  }

  // MARK: Options

  @Test func kindsAreOverruled() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "code,x,y\n" + (0..<60).map { "\(4 + $0 % 3),\($0 * $0 % 31).5,\($0).25\n" }.joined(),
      to: "a.csv")
    let fit = ["fit", "a.csv", "--model", "linear", "--target", "y", "--json"]
    let plain = try FitReport(try CommandRun(fit, in: folder).output)
    #expect(plain.schema[0].kind == "integer" && plain.schema[0].becomes == ["code"])
    let category = try FitReport(
      try CommandRun(fit + ["--categorical", "code"], in: folder).output)
    #expect(category.schema[0].becomes == ["code=4", "code=5", "code=6"])
    for option in ["--date", "--categorical", "--numeric", "--drop", "--keep", "--features"] {
      let run = try CommandRun(fit + [option, "none"], in: folder)
      #expect(run.exitCode == 1 && run.error.contains("no column is named \"none\""), "\(option)")
    }
    let date = try CommandRun(fit + ["--date", "x"], in: folder)
    #expect(date.exitCode == 1 && date.error.contains("column \"x\": "), "\(date.error)")
  }

  @Test func columnsThatAreNotNeededMayHoldAnything() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<60).map { "\($0 * $0 % 31).5,\($0 == 7 ? "oops" : "\($0)"),\($0).25\n" }
    try folder.write("x,mixed,y\n" + rows.joined(), to: "a.csv")
    let fit = ["fit", "a.csv", "--model", "linear", "--target", "y", "--json"]
    #expect(try CommandRun(fit, in: folder).exitCode == 1)
    for option in [["--drop", "mixed"], ["--features", "x"]] {
      let run = try CommandRun(fit + option, in: folder)
      #expect(run.exitCode == 0, "\(run.error)")
      let report = try FitReport(run.output)
      #expect(report.features == ["x"] && report.columns == 3)
    }
  }

  @Test func filesOfOtherFormsAreRead() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<40).map { ($0 * $0 % 31, $0 * 7 % 13) }
    for (text, options) in [
      (rows.map { "\($0),5;\($0 + $1),25\n" }.joined(), ["--decimal", "comma"]),
      (rows.map { "\($0).5\t\($0 + $1).25\n" }.joined(), []),
      (rows.map { "\($0).5|\($0 + $1).25\n" }.joined(), ["--delimiter", "bar"]),
      (rows.map { "\($0).5;\($0 + $1).25\n" }.joined(), ["--delimiter", ";"]),
    ] {
      try folder.write(text, to: "a.csv")
      let run = try CommandRun(
        ["fit", "a.csv", "--model", "linear", "--no-header", "--target", "column 2", "--json"]
          + options, in: folder)
      #expect(run.exitCode == 0, "\(run.error)")
      #expect(try FitReport(run.output).features == ["column 1"])
      #expect(try FitReport(run.output).rows == 40)
      #expect(run.error.contains("not by commas") == !options.contains("--delimiter"))
    }
  }

  @Test func moreWordsStandForMissingCells() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "x,y\n" + (0..<40).map { "\($0 == 9 ? "unknown" : "\($0 * $0 % 31).5"),\($0).25\n" }.joined(),
      to: "a.csv")
    let run = try CommandRun(
      ["fit", "a.csv", "--model", "linear", "--target", "y", "--missing", "unknown", "--json"],
      in: folder)
    #expect(try FitReport(run.output).missingCells == 1)
  }

  @Test func groupsAndTimesDivideTheRows() throws {
    let folder = try TemporaryFolder()
    try folder.write(MessyTable.text, to: "messy.csv")
    let fit = ["fit", "messy.csv", "--model", "linear", "--json"] + MessyTable.price
    let time = try FitReport(
      try CommandRun(fit + ["--time", "day", "--split", "0.5,0.25,0.25"], in: folder).output)
    // Half of the rows are of January; days stay together.
    #expect(time.parts.mapValues(\.rows) == ["train": 57, "validation": 30, "test": 27])
    #expect(!time.features.contains("day"))
    let group = try FitReport(try CommandRun(fit + ["--group", "day"], in: folder).output)
    #expect(group.parts.values.reduce(0) { $0 + $1.rows } == 114)
    #expect(!group.features.contains("day"))
  }

  @Test func weightsOfRowsAndClassesAreUsed() throws {
    let (_, plain) = try MessyTable.fit(MessyTable.grade + ["--json"])
    for option in [
      ["--class-weight", "balanced"], ["--class-weight", "low=3", "--class-weight", "mid=2"],
      ["--weight", "size", "--missing", "none", "--drop", "id"],
    ] {
      let (_, run) = try MessyTable.fit(MessyTable.grade + ["--json"] + option)
      if option[0] == "--weight" {
        #expect(run.exitCode == 1 && run.error.contains("the value is missing, which is no weight"))
      } else {
        #expect(run.exitCode == 0, "\(run.error)")
        #expect(
          try jsonObject(run.output)["coefficients"] != jsonObject(plain.output)["coefficients"])
      }
    }
    let (_, unknown) = try MessyTable.fit(MessyTable.grade + ["--class-weight", "lo=3"])
    #expect(
      unknown.exitCode == 1
        && unknown.error.hasSuffix(
          "mltrain: a weight for \"lo\", which is no class of the target \"grade\", did you mean "
            + "\"low\"? The classes are \"high\", \"low\", \"mid\"\n")
    )
  }

  @Test func patienceEndsANetwork() throws {
    let (_, run) = try MessyTable.fit(
      MessyTable.price + [
        "--hidden", "8", "--optimizer", "adam", "--learning-rate", "0.1", "--patience", "2",
        "--epochs", "500", "--json",
      ])
    let report = try FitReport(run.output)
    #expect(report.epochs == (report.bestEpoch ?? 0) + 2 && report.epochs < 500)
  }

  // MARK: Controls

  @Test func controlCodesNeverReachATerminal() throws {
    let folder = try TemporaryFolder()
    let odd = "\u{1B}[31m\u{9B}2J\u{7F}"
    let rows = (0..<40).map {
      "\($0 % 3 == 0 ? odd : "b"),\(odd)\($0 % 2),\($0 * $0 % 31).5,k\n"
    }
    try folder.write("\(odd)c,\(odd)y,x,\(odd)k\n" + rows.joined(), to: "a\u{1B}.csv")
    func expectPlain(_ arguments: [String], exitCode: Int32 = 0) throws {
      let run = try CommandRun(arguments, in: folder)
      #expect(run.exitCode == exitCode, "\(run.error)")
      for text in [run.output, run.error] {
        #expect(
          text.unicodeScalars.allSatisfy {
            $0 == "\n" || ($0.value >= 0x20 && !(0x7F...0x9F).contains($0.value))
          }, "\(arguments)")
      }
    }
    let fit = ["fit", "a\u{1B}.csv", "--model", "linear", "--output", "m\u{1B}", "--target"]
    try expectPlain(fit + ["\(odd)y"])
    try expectPlain(fit + ["\(odd)y", "--json"])
    try expectPlain(["inspect", "m\u{1B}"])
    try expectPlain(["inspect", "m\u{1B}", "--json"])
    try expectPlain(["evaluate", "m\u{1B}", "a\u{1B}.csv"])
    try expectPlain(["evaluate", "m\u{1B}", "a\u{1B}.csv", "--json"])
    try expectPlain(["predict", "m\u{1B}", "a\u{1B}.csv", "--json"])
    try expectPlain(["describe", "a\u{1B}.csv"])
    try expectPlain(["describe", "a\u{1B}.csv", "--json"])
    try expectPlain(fit + ["\(odd)z"], exitCode: 1)
    try expectPlain(fit + ["\(odd)y", "--class-weight", "\(odd)=2"], exitCode: 1)
  }
}
