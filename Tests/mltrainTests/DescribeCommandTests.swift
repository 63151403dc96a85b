import TestSupport
import Testing

@Suite struct DescribeCommandTests {
  private static let text =
    "n,x,kind,flag,day,none\n1,0.5,b,true,2024-02-29,\n2,,a,false,2023-01-01,\n3,2.5,b,NA,NA,NA\n"

  private func run(_ arguments: [String] = [], text: String = text) throws -> CommandRun {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "a.csv")
    return try CommandRun(["describe", "a.csv"] + arguments, in: folder)
  }

  @Test func eachColumnHasALine() throws {
    let run = try run()
    #expect(run.exitCode == 0 && run.error.isEmpty, "\(run.error)")
    #expect(
      run.output == """
        a.csv: 3 rows × 6 columns

        column  kind      missing  distinct  values
        n       integer         0         3  1 … 1.5 … 2 … 2.5 … 3, mean 2
        x       number          1         2  0.5 … 1 … 1.5 … 2 … 2.5, mean 1.5
        kind    category        0         2  b 2, a 1
        flag    boolean         1         2  true 1, false 1
        day     date            1         2  2023-01-01 … 2024-02-29
        none    number          3         0  –

        """, "\(run.output)")
  }

  @Test func theObjectHasEachColumn() throws {
    let object = try jsonObject(try run(["--json"]).output)
    #expect(object["rows"] == 3 && object["columns"] == 6)
    let columns = try #require(object["schema"]?.elements)
    #expect(columns.compactMap { $0["name"] } == ["n", "x", "kind", "flag", "day", "none"])
    #expect(columns.compactMap { $0["missing"] } == [0, 1, 0, 1, 1, 3])
    #expect(columns.compactMap { $0["distinct"] } == [3, 2, 2, 2, 2, 0])
    #expect(columns[1]["quantiles"] == .array([0.5, 1, 1.5, 2, 2.5].map { .number($0) }))
    #expect(columns[1]["mean"] == .number(1.5) && columns[1]["deviation"] == .number(1))
    #expect(columns[1]["levels"] == .null && columns[2]["mean"] == .null)
    #expect(columns[2]["levels"]?.elements.map { $0["name"] } == ["b", "a"])
    #expect(columns[2]["levels"]?.elements.map { $0["count"] } == [2, 1])
    #expect(columns[4]["dates"] == ["2023-01-01", "2024-02-29"])
    #expect(columns[5]["quantiles"] == .null)
  }

  @Test func kindsAndFormsAreOptions() throws {
    #expect(try run(["--categorical", "n"]).output.contains("n       category"))
    let run = try run(["--json"], text: "a;b\n1;2\n3;4\n")
    #expect(try jsonObject(run.output)["columns"] == 2)
    #expect(run.error.hasPrefix("warning: a.csv: columns are separated by \";\", not by commas"))
    #expect(try self.run(["--quiet"], text: "a;b\n1;2\n3;4\n").error.isEmpty)
  }

  @Test func standardInputIsRead() throws {
    let run = try CommandRun(["describe", "-"], in: TemporaryFolder(), input: Self.text)
    #expect(run.exitCode == 0 && run.output.hasPrefix("standard input: 3 rows × 6 columns\n"))
  }

  @Test func faultsAreNamed() throws {
    let short = try run(text: "a,b\n1,2\n3\n")
    #expect(short.exitCode == 1 && short.output.isEmpty)
    #expect(short.error.hasPrefix("mltrain: a.csv:3: 1 field"), "\(short.error)")
    #expect(try run(["--numeric", "z"]).error.contains("no column is named \"z\""))
    #expect(try run(["--numeric", "n", "--date", "n"]).exitCode == 64)
    #expect(try CommandRun(["describe"], in: TemporaryFolder()).exitCode == 64)
  }

  @Test(arguments: [
    ("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("\\t", "\t"), ("bar", "|"), ("pipe", "|"),
    (",", ","), (";", ";"), ("|", "|"),
  ])
  func aDelimiterHasNames(name: String, delimiter: String) throws {
    let text = "a\(delimiter)b\n1\(delimiter)2\n"
    let run = try run(["--delimiter", name, "--json"], text: text)
    #expect(run.exitCode == 0 && run.error.isEmpty, "\(run.error)")
    #expect(try jsonObject(run.output)["columns"] == 2)
  }

  @Test(arguments: [",,", ";x", "space", ""])
  func otherDelimitersAreWrongUsage(name: String) throws {
    #expect(try run(["--delimiter", name]).exitCode == 64)
  }

  @Test func oneRowAndOneColumnAreNotPlural() throws {
    #expect(try run(text: "a\n1\n").output.hasPrefix("a.csv: 1 row × 1 column\n\n"))
  }
}
