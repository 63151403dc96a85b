import Glibc
import TestSupport
import Testing

/// `mltrain predict` on rows that are not in memory together, and on rows that arrive one by one.
@Suite(.serialized) struct PredictStreamTests {
  /// A folder with a `model` of two columns, y = 2 a − b.
  private func trained() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let rows = (0..<40).map { "\(3 * $0),\($0 * $0 % 11),\(6 * $0 - $0 * $0 % 11)\n" }
    try folder.write("a,b,y\n" + rows.joined(), to: "train.csv")
    let fit = try CommandRun(
      [
        "fit", "train.csv", "--model", "linear", "--target", "y", "--dtype", "float64", "-o",
        "model",
      ],
      in: folder)
    #expect(fit.exitCode == 0, "\(fit.error)")
    return folder
  }

  /// The predictions of single rows, each by a run of its own.
  private func alone(_ rows: [String], in folder: TemporaryFolder) throws -> [String] {
    try rows.map { row in
      let run = try CommandRun(["predict", "model", "-"], in: folder, input: "a,b\n\(row)\n")
      return String(run.output.split(separator: "\n")[1])
    }
  }

  @Test(arguments: [[], ["--append"]]) func memoryDoesNotGrowWithTheRows(
    options: [String]
  ) throws {
    let folder = try trained()
    // The output goes to a file that is a device: nothing of it is kept.
    let command = try LiveCommand(
      ["predict", "model", "-", "-o", "/dev/null"] + options, in: folder)
    let block = (0..<50_000).map { "\($0).25,\($0 % 7)\n" }.joined()
    command.write("a,b\n")
    for _ in 0..<12 { command.write(block) }
    let first = command.peakByteCount
    for _ in 0..<60 { command.write(block) }
    let last = command.peakByteCount
    let (code, error) = try command.finish()
    #expect(code == 0 && error.isEmpty, "\(error)")
    // 3,000,000 rows more would be 50 MB or more as a table.
    #expect(first > 0 && last - first < 12 << 20, "\(first >> 10) KiB, then \(last >> 10) KiB")
  }

  @Test func manyRoundsAreOneOutput() throws {
    let folder = try trained()
    let rows = (0..<120_000).map { "\($0).5,\($0 % 11)\(String(repeating: " ", count: $0 % 30))\n" }
    try folder.write("a,b\n" + rows.joined(), to: "many.csv")
    let run = try CommandRun(["predict", "model", "many.csv", "--append"], in: folder)
    let lines = run.output.split(separator: "\n")
    #expect(run.exitCode == 0 && lines.count == 120_001 && lines[0] == "a,b,y")
    let expected = try CommandRun(
      ["predict", "model", "-"], in: folder, input: "a,b\n" + rows.joined()
    )
    .output.split(separator: "\n")
    for row in stride(from: 1, through: 120_000, by: 1) where row % 997 == 0 || row > 119_990 {
      #expect(lines[row] == "\(row - 1).5,\((row - 1) % 11),\(expected[row])")
    }
    for row in [0, 60_000, 119_999] {
      #expect(try alone(["\(row).5,\(row % 11)"], in: folder) == [String(expected[row + 1])])
    }
    let object = try jsonObject(
      try CommandRun(["predict", "model", "many.csv", "--json"], in: folder).output)
    #expect(object["rows"] == 120_000 && object["predictions"]?.elements.count == 120_000)
    #expect(object["predictions"]?.elements[99_999].number == Double(expected[100_000]))
  }

  @Test func cellsOfAPipeAreAsTheyAreWritten() throws {
    let folder = try trained()
    // The kinds of columns that the model does not read need not be known.
    let text = "a,b,note\n3.50, 4 ,007\n+3.5,\"4\",\"x,y\"\n3.5e0,4.0,\n"
    let (alone, append) = (["predict", "model", "-"], ["predict", "model", "-", "--append"])
    let values = try CommandRun(alone, in: folder, input: text).output.split(separator: "\n")
    let run = try CommandRun(append, in: folder, input: text)
    #expect(run.exitCode == 0 && run.error.isEmpty && values.count == 4)
    #expect(
      run.output == """
        a,b,note,y
        3.50,4,007,\(values[1])
        +3.5,4,"x,y",\(values[2])
        3.5e0,4.0,,\(values[3])

        """)
    // So is a file, and so are rows that are answered one by one.
    try folder.write(text, to: "rows.csv")
    let file = try CommandRun(["predict", "model", "rows.csv", "--append"], in: folder)
    let followed = try CommandRun(append + ["--follow"], in: folder, input: text)
    #expect(file.output == run.output && followed.output == run.output)
  }

  @Test func anUnnamedLastColumnOfAPipeIsKept() throws {
    let folder = try trained()
    let text = "a,b,\n3,4,\n"
    let run = try CommandRun(["predict", "model", "-", "--append"], in: folder, input: text)
    #expect(run.exitCode == 0 && run.output.hasPrefix("a,b,column 3,y\n3,4,,"), "\(run.output)")
    try folder.write(text, to: "rows.csv")
    let file = try CommandRun(["predict", "model", "rows.csv", "--append"], in: folder)
    #expect(file.exitCode == 0 && file.output.hasPrefix("a,b,y\n3,4,"), "\(file.output)")
  }

  @Test func aFaultBehindManyRowsNamesItsLineAndLeavesTheOldFile() throws {
    let folder = try trained()
    let rows = String(repeating: "1.5,2\n", count: 700_000)
    try folder.write("a,b\n" + rows + "1.5,word\n", to: "bad.csv")
    try folder.write("old\n", to: "out")
    let run = try CommandRun(["predict", "model", "bad.csv", "-o", "out"], in: folder)
    #expect(run.exitCode == 1 && run.output.isEmpty)
    #expect(run.error.hasPrefix("mltrain: bad.csv:700002: column \"b\": \"word\" is not a number"))
    #expect(try folder.text("out") == "old\n")
    #expect(folder.names == ["bad.csv", "model", "out", "train.csv"])
    // Standard output keeps the rows before.
    let shown = try CommandRun(["predict", "model", "bad.csv"], in: folder)
    #expect(shown.exitCode == 1 && shown.error == run.error)
    let lines = shown.output.split(separator: "\n")
    #expect(lines.count > 1 && lines.count < 700_001 && shown.output.hasSuffix("\n"))
  }

  @Test func unknownLevelsAreCountedOverAllRounds() throws {
    let (folder, _) = try MessyTable.fit(MessyTable.price)
    let lines = MessyTable.text.split(separator: "\n")
    let rows = lines.dropFirst().joined(separator: "\n") + "\n"
    let many = "\(lines[0])\n" + String(repeating: rows, count: 600)
    let run = try CommandRun(
      ["predict", "model", "-", "-o", "out"], in: folder,
      input: many.replacing("loft", with: "castle"))
    let count = 600 * lines.count { $0.contains("loft") }
    #expect(run.exitCode == 0)
    let shown = String(String(count).reversed()).enumerated().reduce("") { text, digit in
      (digit.offset > 0 && digit.offset % 3 == 0 ? "\(digit.element)," : "\(digit.element)") + text
    }
    #expect(
      run.error
        == "warning: standard input: column \"kind\": \(shown) cells have levels that no training row "
        + "has\n")
  }

  // MARK: Row by row

  @Test func eachRowIsAnsweredBeforeTheNextIsWritten() throws {
    let folder = try trained()
    let rows = ["3,4", "100,7", "-2.5,0", "0,0"]
    let expected = try alone(rows, in: folder)
    let command = try LiveCommand(["predict", "model", "-", "--follow"], in: folder)
    command.write("a,b\n")
    #expect(command.readLine() == "y")
    for (row, answer) in zip(rows, expected) {
      command.write(row)
      #expect(command.isSilent(milliseconds: 50))
      command.write("\n")
      #expect(command.readLine() == answer)
    }
    // The end of the input ends a row.
    command.write("3,4")
    command.closeInput()
    #expect(command.readLine() == expected[0] && command.readLine() == nil)
    let (code, error) = try command.finish()
    #expect(code == 0 && error.isEmpty)
  }

  @Test func rowsThatCannotBeReadAreAnsweredEmpty() throws {
    let folder = try trained()
    let expected = try alone(["3,4"], in: folder)[0]
    for (options, empty, whole, header) in [
      ([], "NA", "NA", "y"), (["--append"], ",,", "x,4,", "a,b,y"),
    ] {
      let command = try LiveCommand(["predict", "model", "-", "--follow"] + options, in: folder)
      command.write("a,b\n")
      #expect(command.readLine() == header)
      for (row, answer) in [
        ("x,4\n", whole), ("3\n", empty), ("3,4,5\n", empty), ("3,4\"\n", empty),
        ("3,4\n", options.isEmpty ? expected : "3,4," + expected),
      ] {
        command.write(row)
        #expect(command.readLine() == answer, "\(row)")
      }
      let (code, error) = try command.finish()
      let lines = error.split(separator: "\n").map(String.init)
      #expect(code == 1 && lines.count == 5, "\(error)")
      let place = "warning: standard input:2: column \"a\": \"x\" is not a number"
      #expect(
        lines[0].hasPrefix(place)
          && lines[0].hasSuffix("; the row is answered without a prediction"))
      #expect(lines[4] == "mltrain: standard input: 4 of 5 rows were answered without a prediction")
    }
  }

  @Test func followedRowsAreThoseOfAFile() throws {
    let (folder, _) = try MessyTable.fit(MessyTable.grade)
    for options in [[], ["--append"]] {
      let whole = try CommandRun(["predict", "model", "messy.csv"] + options, in: folder)
      let run = try CommandRun(["predict", "model", "messy.csv", "--follow"] + options, in: folder)
      #expect(run.exitCode == 0 && run.output == whole.output && run.error == whole.error)
      let command = try LiveCommand(["predict", "model", "-", "--follow"] + options, in: folder)
      for (row, line) in zip(
        MessyTable.text.split(separator: "\n"), whole.output.split(separator: "\n"))
      {
        command.write("\(row)\n")
        #expect(command.readLine() == String(line))
      }
      #expect(try command.finish().exitCode == 0)
    }
  }

  @Test func aReaderThatEndsIsOneError() throws {
    let folder = try trained()
    let command = try LiveCommand(["predict", "model", "-", "--follow"], in: folder)
    command.write("a,b\n1,2\n")
    _ = (command.readLine(), command.readLine())
    command.closeOutput()
    command.write("3,4\n")
    let (code, error) = try command.finish()
    #expect(code == 1)
    #expect(error == "mltrain: standard output: cannot be written: Broken pipe\n")
  }

  @Test func aStreamWithoutRowsIsNoneOrAnError() throws {
    let folder = try trained()
    let follow = ["predict", "model", "-", "--follow"]
    let header = try CommandRun(follow, in: folder, input: "a,b\n")
    #expect(header.exitCode == 0 && header.output == "y\n" && header.error.isEmpty)
    let nothing = try CommandRun(follow, in: folder, input: "")
    #expect(nothing.exitCode == 1 && nothing.output.isEmpty)
    #expect(nothing.error == "mltrain: standard input: the file is empty: no header and no rows\n")
    let other = try CommandRun(follow, in: folder, input: "a,c\n1,2\n")
    #expect(other.exitCode == 1 && other.output.isEmpty && other.error.contains("named \"b\""))
    for options in [["--json"], ["--output", "out"]] {
      let run = try CommandRun(follow + options, in: folder, input: "a,b\n")
      #expect(run.exitCode == 64 && run.output.isEmpty && run.error.contains("--follow"))
    }
    let minus = try CommandRun(follow + ["--output", "-"], in: folder, input: "a,b\n1,2\n")
    #expect(minus.exitCode == 0 && minus.output.split(separator: "\n").count == 2)
  }
}
