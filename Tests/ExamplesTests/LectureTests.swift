import Foundation
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

  @Test func elsewhereItSaysWhereItRuns() throws {
    let run = try ExampleRun("Lecture", folder: FileManager.default.temporaryDirectory)
    #expect(run.exitCode == 1)
    #expect(
      run.error
        == "Lecture: datasets/engel.csv: cannot be opened: No such file or directory; "
        + "run the lecture in the repository's folder\n")
    let other = try ExampleRun("Lecture", "none.csv", "x", "y")
    #expect(other.exitCode == 1)
    #expect(other.error == "Lecture: none.csv: cannot be opened: No such file or directory\n")
  }
}
