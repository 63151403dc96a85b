import Foundation

/// The root of the repository, in which examples run.
let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

/// The lines of a file of the repository.
func lines(of path: String) throws -> [String] {
  let text = try String(contentsOf: repository.appendingPathComponent(path), encoding: .utf8)
  return text.components(separatedBy: "\n")
}

/// The outcome of running a built example.
struct ExampleRun {
  let exitCode: Int32
  let lines: [String]
  let error: String

  init(
    _ name: String, _ arguments: String..., folder: URL = repository
  ) throws {
    let process = Process()
    // The examples are next to the executable that runs the tests.
    let runner = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.executableURL = runner.deletingLastPathComponent().appendingPathComponent(name)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment
      .merging(["SLOPE_DEVICE": "cpu"]) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    error = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    exitCode = process.terminationStatus
    lines = text.components(separatedBy: "\n")
  }
}
