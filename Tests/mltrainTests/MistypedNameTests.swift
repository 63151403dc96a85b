import TestSupport
import Testing

/// Names on a command line that are none: what is said, and what was probably meant.
@Suite struct MistypedNameTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      "size,kind,day,amount\n"
        + (0..<30).map { "\($0 * $0 % 17),\(["a", "b"][$0 % 2]),2024-01-\($0 + 10),\(3 * $0)\n" }
        .joined(), to: "table.csv")
  }

  private func refused(_ arguments: [String]) throws -> [Substring] {
    let run = try CommandRun(arguments, in: folder)
    #expect(run.exitCode == 64 && run.output.isEmpty, "\(arguments): \(run.output)\(run.error)")
    return run.error.split(separator: "\n")
  }

  // MARK: Commands

  @Test(arguments: [
    ("fitt", "fit"), ("trian", "fit"), ("train", "fit"), ("Predict", "predict"),
    ("predcit", "predict"), ("evalute", "evaluate"), ("test", "evaluate"), ("descrbe", "describe"),
    ("show", "inspect"), ("resmue", "resume"), ("device", "devices"), ("fi", "fit"),
    ("hlep", "help"), ("eval", "evaluate"),
  ])
  func aMistypedCommandIsGuessed(name: String, nearest: String) throws {
    let lines = try refused([name, "a.csv", "--target", "x"])
    #expect(lines.first == "Error: Unknown command '\(name)'. Did you mean '\(nearest)'?")
    #expect(
      lines.dropFirst() == [
        "Usage: mltrain <subcommand>", "  See 'mltrain --help' for more information.",
      ])
  }

  @Test func aCommandThatIsLikeNoneIsNamed() throws {
    #expect(try refused(["quantum\u{1B}"]).first == "Error: Unknown command 'quantum\\u{1B}'")
    #expect(try refused(["tune-workr"]).first?.contains("tune-worker") == false)
  }

  @Test func whatIsNoCommandIsNotTakenForOne() throws {
    #expect(try refused(["--quantum"]).first == "Error: Unknown option '--quantum'")
    #expect(try refused(["help", "fit", "--quantum"]).first == "Error: Unknown option '--quantum'")
  }

  // MARK: Options

  @Test(arguments: [
    ("fit", "--eposh", "--epochs"), ("fit", "--eposh=3", "--epochs"),
    ("fit", "--tagret", "--target"),
    ("fit", "--no-target-lgo", "--no-target-log"),
    ("fit", "--checkpoint-evry", "--checkpoint-every"),
    ("predict", "--apend", "--append"), ("evaluate", "--wieght", "--weight"),
    ("inspect", "--jsn", "--json"), ("describe", "--Numeric", "--numeric"),
    ("resume", "--hepl", "--help"), ("ops", "--vresion", "--version"),
    ("fit", "--categ", "--categorical"),
  ])
  func aMistypedOptionIsGuessedBeforeAnythingIsMissed(
    command: String, option: String, nearest: String
  ) throws {
    let name = option.prefix { $0 != "=" }
    let lines = try refused([command, option, "3"])
    #expect(lines.first == "Error: Unknown option '\(name)'. Did you mean '\(nearest)'?")
    #expect(lines.dropFirst().first?.hasPrefix("Usage: mltrain \(command) ") == true, "\(lines)")
    #expect(lines.last == "  See 'mltrain \(command) --help' for more information.")
    #expect(lines.count == 3)
  }

  @Test(arguments: [("--versoin", "--version"), ("--hepl", "--help"), ("--v", "--version")])
  func aMistypedOptionOfTheProgramIsGuessed(option: String, nearest: String) throws {
    let lines = try refused([option])
    #expect(lines.first == "Error: Unknown option '\(option)'. Did you mean '\(nearest)'?")
    #expect(lines.dropFirst().first == "Usage: mltrain <subcommand>")
  }

  @Test func anOptionThatIsLikeNoneIsNamed() throws {
    #expect(
      try refused(["fit", "a.csv", "--target", "x", "--quantum"]).first
        == "Error: Unknown option '--quantum'")
  }

  @Test(arguments: [
    ("--metric", "acuracy", "'accuracy'? The values are: rmse, mse, mae, "),
    ("--quality", "bets", "'best'? The values are: "), ("--decimal", "comm", "'comma'? The values"),
  ])
  func aMistypedValueIsGuessed(option: String, value: String, guess: String) throws {
    let lines = try refused(["fit", "a.csv", "--target", "x", option, value])
    #expect(
      lines.first?.hasPrefix("Error: The value '\(value)' is invalid for '\(option) ") == true
        && lines.first?.contains("'. Did you mean " + guess) == true, "\(lines)")
    #expect(!lines.contains { $0.hasPrefix("  - ") } && lines.count <= 4, "\(lines)")
    #expect(lines.last == "  See 'mltrain fit --help' for more information.")
  }

  @Test func aValueThatIsLikeNoneIsNamed() throws {
    let lines = try refused(["fit", "a.csv", "--target", "x", "--decimal", "quantum"])
    #expect(
      lines.first?.hasSuffix("'--decimal <decimal>'. The values are: point, comma") == true,
      "\(lines)")
  }

  @Test func whatIsNoOptionIsNotTakenForOne() throws {
    // After the terminator all words are values, and a value may follow an equals sign.
    #expect(
      try refused(["fit", "--target=--eposh", "--", "--eposh", "b.csv"]).first
        == "Error: Unexpected argument 'b.csv'")
    #expect(try refused(["fit"]).first == "Error: Missing expected argument '<file>'")
    #expect(
      try refused(["fit", "a.csv", "--tuning-seconds", "1"]).first
        == "Error: Missing expected argument '--target <column>'")
    // The first of several mistakes is the one that is reported.
    #expect(
      try refused(["fit", "--eposh", "1", "--tagret", "x"]).first
        == "Error: Unknown option '--eposh'. Did you mean '--epochs'?")
  }

  // MARK: Columns

  @Test(arguments: [
    "--features", "--drop", "--keep", "--categorical", "--numeric", "--date", "--split-column",
    "--group", "--time", "--weight",
  ])
  func aMistypedColumnIsGuessedInEveryOption(option: String) throws {
    let run = try CommandRun(
      ["fit", "table.csv", "--target", "amount", "--model", "linear", option, "sieze"], in: folder)
    #expect(run.exitCode == 1 && run.output.isEmpty)
    #expect(
      run.error.hasPrefix(
        "mltrain: table.csv: no column is named \"sieze\", did you mean \"size\"? The columns are "),
      "\(run.error)")
  }

  @Test func aMistypedTargetOrWeightIsGuessed() throws {
    let target = try CommandRun(
      ["fit", "table.csv", "--target", "amuont", "--model", "linear"], in: folder)
    #expect(target.exitCode == 1 && target.error.contains("did you mean \"amount\"?"))
    let fit = ["fit", "table.csv", "--target", "amount", "--model", "linear", "-o", "model"]
    #expect(try CommandRun(fit, in: folder).exitCode == 0)
    for (arguments, nearest) in [
      (["evaluate", "model", "table.csv", "--weight", "szie"], "size"),
      (["describe", "table.csv", "--categorical", "kidn"], "kind"),
    ] {
      let run = try CommandRun(arguments, in: folder)
      #expect(
        run.exitCode == 1 && run.error.contains("did you mean \"\(nearest)\"?"), "\(run.error)")
    }
  }
}
