import TestSupport
import Testing

/// `--config FILE`: keys are options, and options on the command line have priority.
@Suite struct ConfigFileTests {
  private static let rows = (0..<40).map {
    "\($0 % 7),\($0 % 5),\(["a", "b"][$0 % 2]),\($0 * 3 % 11)"
  }

  private func run(_ config: String, _ arguments: [String] = []) throws -> CommandRun {
    let folder = try TemporaryFolder()
    try folder.write("x,z,kind,y\n" + Self.rows.joined(separator: "\n") + "\n", to: "a.csv")
    try folder.write(config, to: "fit.toml")
    return try CommandRun(
      ["fit", "a.csv", "--model", "linear", "--config", "fit.toml", "--json", "--quiet"]
        + arguments, in: folder)
  }

  private func flags(_ arguments: [String]) throws -> CommandRun {
    let folder = try TemporaryFolder()
    try folder.write("x,z,kind,y\n" + Self.rows.joined(separator: "\n") + "\n", to: "a.csv")
    return try CommandRun(
      ["fit", "a.csv", "--model", "linear", "--json", "--quiet"] + arguments, in: folder)
  }

  /// The output without what differs from run to run.
  private func result(_ run: CommandRun) throws -> [JSONValue?] {
    let object = try jsonObject(run.output)
    return ["rows", "features", "target", "task", "seed", "epochs", "parts", "coefficients"].map {
      object[$0]
    }
  }

  @Test(arguments: ["-o", "--report", "--log"])
  func aFitDoesNotReplaceItsOptions(option: String) throws {
    let folder = try TemporaryFolder()
    let text = "target = \"y\"\nmodel = \"linear\"\nquiet = true\n"
    try folder.write(text, to: "c.toml")
    let rows = (0..<40).map { "\($0 * $0 % 31),\($0)\n" }
    try folder.write("x,y\n" + rows.joined(), to: "a.csv")
    let run = try CommandRun(
      ["fit", "a.csv", "--config", "c.toml", option, "./c.toml"], in: folder)
    #expect(run.exitCode == 1)
    #expect(run.error.hasSuffix(" the file of its options\n"), "\(run.error)")
    #expect(try folder.text("c.toml") == text)
  }

  @Test(arguments: [
    ("target = \"y\"", ["--target", "y"]),
    ("target = \"kind\"\nseed = 7", ["--target", "kind", "--seed", "7"]),
    (
      "target = \"y\"\ntask = \"regress\"\ndrop = [\"x\"]",
      ["--target", "y", "--task", "regress", "--drop", "x"]
    ),
    ("target = \"y\"\ndrop = \"x\"", ["--target", "y", "--drop", "x"]),
    (
      "target = \"y\"\nfeatures = [\"x\", \"kind\"]\ntask = \"regress\"",
      ["--target", "y", "--features", "x", "--features", "kind", "--task", "regress"]
    ),
    ("target = \"y\"\nsplit = [0.5, 0.25, 0.25]", ["--target", "y", "--split", "0.5,0.25,0.25"]),
    ("target = \"y\"\nsplit = \"0.5,0.25,0.25\"", ["--target", "y", "--split", "0.5,0.25,0.25"]),
    (
      "target = \"y\"\ntask = \"regress\"\nhidden = [4, 3]\nepochs = 3\nlearning-rate = 0.01",
      [
        "--target", "y", "--task", "regress", "--hidden", "4,3", "--epochs", "3", "--learning-rate",
        "0.01",
      ]
    ),
    ("target = \"kind\"\nquiet = true\nmissing = [\"3\"]", ["--target", "kind", "--missing", "3"]),
    ("target = \"kind\"\nquiet = false", ["--target", "kind"]),
  ])
  func aFileSaysWhatOptionsSay(config: String, arguments: [String]) throws {
    let (file, options) = (try run(config), try flags(arguments))
    #expect(file.exitCode == 0 && options.exitCode == 0, "\(file.error)\(options.error)")
    #expect(try result(file) == result(options))
  }

  @Test func optionsHavePriority() throws {
    let config = "target = \"y\"\nseed = 7\ndrop = [\"x\"]\ntask = \"regress\""
    #expect(
      try result(
        run(config, ["--target=kind", "--task", "classify", "--seed", "3", "--drop", "z"]))
        == result(flags(["--target", "kind", "--task", "classify", "--seed", "3", "--drop", "z"])))
  }

  @Test(arguments: [
    ("target = \"y\"\nnonsense = 1", "\"nonsense\": the command has no such option; it has "),
    (
      "target = \"y\"\nmax-level = 3",
      "\"max-level\": the command has no such option, did you mean \"max-levels\"? It has "
    ),
    ("target = \"y\"\nconfig = \"b.toml\"", "\"config\": the command has no such option"),
    ("target = \"y\"\nquiet = 1", "\"quiet\": true or false is expected"),
    ("target = \"y\"\nseed = true", "\"seed\": a text, a number or a list is expected"),
    ("target = \"y\"\ndrop = [true]", "\"drop\": a list of texts or numbers is expected"),
    ("target = \"y\"\n[drop]\na = 1", "\"drop\": a text, a number or a list is expected"),
    ("target = ", "fit.toml:1: not TOML: "),
    ("target = \"y\"\n\nseed = = 1", "fit.toml:3: not TOML: "),
    ("target = \"y\"\ntarget = \"x\"", "fit.toml:2: not TOML: "),
    ("a\u{0}b", "not text in UTF-8"),
    ("\"\\u001B[31m\" = 1", "\"\\u{1B}[31m\": the command has no such option"),
  ])
  func aFaultyFileIsRefusedInOneLine(config: String, message: String) throws {
    let run = try run(config)
    #expect(run.exitCode == 1 && run.output.isEmpty)
    #expect(
      run.error.hasPrefix("mltrain: fit.toml:") && run.error.contains(message), "\(run.error)")
    #expect(run.error.split(separator: "\n").count == 1 && !run.error.contains("\u{1B}"))
  }

  @Test func aValueThatIsNoneForItsOptionIsWrongUsage() throws {
    let run = try run("target = \"y\"\nsplit = [0.5, 0.6, 0.7]")
    #expect(run.exitCode == 64 && run.error.contains("--split"), "\(run.error)")
  }

  @Test func aFileThatIsNotThereIsNamed() throws {
    let folder = try TemporaryFolder()
    let run = try CommandRun(["fit", "a.csv", "--config=none.toml"], in: folder)
    #expect(run.exitCode == 1 && run.error.hasPrefix("mltrain: none.toml: cannot be opened"))
  }

  @Test func otherCommandsTakeItToo() throws {
    let folder = try TemporaryFolder()
    try folder.write("a;b\n1,5;x\n2,5;y\n", to: "a.csv")
    try folder.write("delimiter = \";\"\ndecimal = \"comma\"\njson = true\n", to: "c.toml")
    let run = try CommandRun(["describe", "a.csv", "--config", "c.toml"], in: folder)
    #expect(run.exitCode == 0, "\(run.error)")
    #expect(run.output.contains(#""name":"a","kind":"number""#))
  }
}
