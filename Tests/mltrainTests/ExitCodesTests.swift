import Glibc
import TestSupport
import Testing

/// The exit codes of `mltrain help exit-codes`, each of which is provoked.
@Suite struct ExitCodesTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      "size,amount\n" + (0..<30).map { "\($0 * $0 % 17),\(3 * $0)\n" }.joined(), to: "a.csv")
  }

  /// The codes and what the page says of them, until the next one.
  private func page() throws -> [(code: Int32, text: String)] {
    var codes: [(code: Int32, text: String)] = []
    let lines = try CommandRun(["help", "exit-codes"], in: folder).output.split(separator: "\n")
    for line in lines where line.hasPrefix("  ") {
      let words = line.split(separator: " ")
      if let code = Int32(words[0]), !line.hasPrefix("   ") {
        codes.append((code, words.dropFirst().joined(separator: " ")))
      } else {
        codes[codes.count - 1].text += " " + words.joined(separator: " ")
      }
    }
    return codes
  }

  @Test func thePageHasTheCodesThatThereAre() throws {
    let page = try page()
    #expect(page.map(\.code) == [0, 1, 64, 129, 130, 143])
    for (code, name) in [(129, "SIGHUP"), (130, "SIGINT"), (143, "SIGTERM")] as [(Int32, String)] {
      #expect(page.contains { $0.code == code && $0.text.contains("stopped by \(name)") })
    }
  }

  private static let done = [["describe", "a.csv"], ["help", "data"], ["--version"], []]
  private static let failed = [
    ["describe", "none.csv"], ["inspect", "a.csv"], ["ops", "conv9d"],
    ["fit", "a.csv", "--target", "none", "--model", "linear"],
    ["fit", "a.csv", "--target", "amount", "--config", "none.toml"],
    ["fit", "a.csv", "--target", "amount", "--device", "opencl:77:0"],
  ]
  private static let misused = [
    ["fit", "a.csv"], ["quantum"], ["help", "quantum"], ["fit", "--quantum"],
    ["fit", "a.csv", "--target", "amount", "--epochs", "0"],
    ["fit", "a.csv", "--target", "amount", "--metric", "none"],
  ]

  @Test(arguments: done) func whatIsDoneEndsWith0(arguments: [String]) throws {
    try expect(arguments, endWith: 0)
  }

  @Test(arguments: failed) func whatFailsEndsWith1(arguments: [String]) throws {
    try expect(arguments, endWith: 1)
  }

  @Test(arguments: misused) func wrongUsageEndsWith64(arguments: [String]) throws {
    try expect(arguments, endWith: 64)
  }

  private func expect(_ arguments: [String], endWith code: Int32) throws {
    let run = try CommandRun(arguments, in: folder)
    #expect(run.exitCode == code, "\(arguments): \(run.error)")
    switch code {
    case 0: #expect(!run.output.isEmpty && run.error.isEmpty)
    case 1:
      #expect(run.output.isEmpty && run.error.hasPrefix("mltrain: "))
      #expect(run.error.split(separator: "\n").count == 1 && run.error.hasSuffix("\n"))
    default:
      #expect(run.output.isEmpty && run.error.hasPrefix("Error: "))
      #expect(run.error.contains("\nUsage: mltrain "))
    }
    #expect(folder.names == ["a.csv"])
  }

  @Test(arguments: zip([SIGHUP, SIGINT, SIGTERM], [Int32(129), 130, 143]))
  func aSignalEndsATrainingWithItsCode(signal: Int32, code: Int32) throws {
    let fit = [
      CommandRun.executable(), "fit", folder.file("a.csv"), "--target", "amount", "--model",
      "linear",
      "--epochs", "100000000", "--patience", "0", "--device", "cpu", "--checkpoint-every", "1steps",
      "-o", folder.file("model"), "--quiet",
    ]
    var pointers: [UnsafeMutablePointer<CChar>?] = fit.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var process = pid_t()
    try #require(posix_spawn(&process, fit[0], nil, nil, &pointers, environ) == 0)
    var waited = 0
    while access(folder.file("model.run/training-01"), F_OK) != 0, waited < 60_000 {
      usleep(1000)
      waited += 1
    }
    #expect(kill(process, signal) == 0)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    #expect(status & 0x7F == 0 && status >> 8 & 0xFF == code)
  }
}
