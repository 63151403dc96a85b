import Testing

@Suite struct LectureTests {
  @Test func descentTrainingAndGraphArePrinted() throws {
    let run = try ExampleRun("Lecture")
    #expect(run.exitCode == 0)
    #expect(run.lines.first == "Gradient descent by hand on f(x) = (x − 3)² + 1")
    let epochs = run.lines.compactMap { Int($0.prefix { $0 != " " }) }
    #expect(epochs == Array(0..<50))
    #expect(run.lines.contains("The graph of one loss") && run.lines.contains("digraph {"))
  }
}
