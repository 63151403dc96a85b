import Slope
import TestSupport
import Testing

@Suite struct DevicesCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(threads: String) throws -> CommandRun {
    try CommandRun(["devices"], in: folder, environment: ["SLOPE_NUM_THREADS=\(threads)"])
  }

  @Test(arguments: [("1", "1 thread\n"), ("3", "3 threads\n"), ("256", "256 threads\n")])
  func theEnvironmentChoosesTheThreads(value: String, expected: String) throws {
    let run = try run(threads: value)
    #expect(run.exitCode == 0 && run.error == "")
    #expect(run.output.hasPrefix("cpu  the processor, " + expected), "\(run.output)")
  }

  @Test(arguments: ["0", "-1", "257", "2.0", " 2", "2 ", "two", "99999999999999999999", "\u{1B}[m"])
  func anotherValueIsALineAndIsIgnored(value: String) throws {
    let usual = try run(threads: "")
    let run = try run(threads: value)
    #expect(usual.error == "" && run.exitCode == 0 && run.output == usual.output)
    let shown = value.replacing("\u{1B}", with: "?")
    let count = Device.cpuThreadCount
    #expect(
      run.error == "SLOPE_NUM_THREADS: '\(shown)' is no number from 1 to 256; using \(count) "
        + "thread\(count == 1 ? "" : "s")\n")
  }
}
