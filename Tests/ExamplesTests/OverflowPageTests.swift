import Testing

/// The blocks of docs/overflow.md are Examples/Overflow.swift and its output.
///
/// tools/overflow-page corrects a page that differs.
@Suite struct OverflowPageTests {
  /// The page's section titles and its blocks of one language, without empty lines.
  private func page(_ language: String) throws -> [String] {
    var found: [String] = []
    var open: String?
    for line in try lines(of: "docs/overflow.md") {
      if line.hasPrefix("```") {
        open = open == nil ? String(line.dropFirst(3)) : nil
      } else if open == language || open == nil && line.hasPrefix("## ") {
        if !line.isEmpty { found.append(line) }
      }
    }
    return found
  }

  @Test func pageShowsWhatTheProgramPrints() throws {
    let run = try ExampleRun("Overflow")
    #expect(run.exitCode == 0 && run.lines.count > 100)
    #expect(try page("text") == run.lines.filter { !$0.isEmpty })
  }

  @Test func pageShowsTheWholeProgram() throws {
    var program: [String] = []
    var isInside = false
    let start = "    section(\""
    for line in try lines(of: "Examples/Overflow.swift") {
      if line.hasPrefix(start) {
        isInside = true
        program.append("## " + line.dropFirst(start.count).dropLast(2))
      } else if line == "  }" {
        isInside = false
      } else if isInside, !line.isEmpty {
        program.append(String(line.dropFirst(4)))
      }
    }
    #expect(program.count > 100)
    #expect(try page("swift") == program)
  }
}
