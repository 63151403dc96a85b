import Glibc
import TestSupport
import Testing

/// `mltrain fit` whose standard error is a terminal.
struct ProgressTerminalTests {
  /// What a fit writes to a terminal of some columns, and its exit code.
  private static func shown(
    columns: UInt16, _ arguments: [String] = [], environment: [String] = ["TERM=xterm"],
    signalWhen isTime: ((String) -> Bool)? = nil
  ) throws -> (code: Int32, text: String) {
    let folder = try TemporaryFolder()
    try folder.write(MessyTable.text, to: "messy.csv")
    return try shown(
      fit + arguments, in: folder, columns: columns, environment: environment, signalWhen: isTime)
  }

  private static let fit =
    [
      "fit", "messy.csv", "--model", "mlp", "--quality", "fast", "--epochs", "200", "--drop", "id",
      "--drop", "unit",
    ] + MessyTable.price

  /// What the command writes to a terminal, and its exit code.
  private static func shown(
    _ arguments: [String], in folder: TemporaryFolder, columns: UInt16,
    environment: [String] = ["TERM=xterm"], signalWhen isTime: ((String) -> Bool)? = nil
  ) throws -> (code: Int32, text: String) {
    // TIOCSPTLCK and TIOCGPTN, whose macros Swift does not import: unlock the terminal, and its number.
    let master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (isLocked, number): (Int32, Int32) = (0, 0)
    guard master >= 0, ioctl(master, 0x4004_5431, &isLocked) == 0,
      ioctl(master, 0x8004_5430, &number) == 0
    else { throw TemporaryFolder.Failure(what: "/dev/ptmx") }
    defer { close(master) }
    let slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(slave, UInt(TIOCSWINSZ), &size)
    let script = "cd \"$1\" && shift && unset NO_COLOR && exec env \"$@\" >/dev/null 2>/dev/fd/9"
    let words =
      ["sh", "-c", script, "sh", folder.path] + environment + [CommandRun.executable()] + arguments
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, slave, 9)
    var process = pid_t()
    guard posix_spawn(&process, "/bin/sh", &actions, nil, &pointers, environ) == 0 else {
      throw TemporaryFolder.Failure(what: "posix_spawn")
    }
    close(slave)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    var isSignalled = false
    // The other end is closed when the process has ended; Linux says so with an error.
    while true {
      let count = read(master, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer.prefix(count)
      if !isSignalled, isTime?(String(decoding: bytes, as: UTF8.self)) == true {
        kill(process, SIGINT)
        isSignalled = true
      }
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return (status & 0x7F == 0 ? status >> 8 & 0xFF : 128, String(decoding: bytes, as: UTF8.self))
  }

  /// The lines that a terminal would be told to show, without what moves the cursor.
  private static func lines(_ text: String) -> [String] {
    var (plain, isEscape) = ("", false)
    for scalar in text.unicodeScalars {
      if scalar == "\u{1B}" { isEscape = true }
      if !isEscape { plain.unicodeScalars.append(scalar == "\r" ? "\n" : scalar) }
      if isEscape, scalar.properties.isAlphabetic { isEscape = false }
    }
    return plain.split(separator: "\n").map(String.init)
  }

  @Test(arguments: [UInt16(60), 100, 200]) func itsLinesFit(_ columns: UInt16) throws {
    let (code, text) = try Self.shown(columns: columns)
    #expect(code == 0)
    let lines = Self.lines(text).filter { !$0.hasPrefix("warning: ") }
    #expect(lines.allSatisfy { $0.count < columns }, "\(lines.max { $0.count < $1.count } ?? "")")
    #expect(lines.contains { $0.hasPrefix("epoch ") && $0.contains("█") && $0.contains(" %") })
    #expect(lines.contains { $0.hasPrefix("training RMSE    ") })
    #expect(lines.contains { $0.hasPrefix("validation RMSE  ") && $0.contains("best ") })
    #expect(lines.contains { $0.contains(" rows/s · ") && $0.contains("% of the peak") })
    #expect(text.hasSuffix("\r\n") && text.contains("\u{1B}[36m"))
    // Nothing of the terminal is changed that would have to be restored: no modes, no other screen.
    #expect(!text.contains("\u{1B}[?") && !text.contains("\u{1B}c"))
  }

  @Test func withoutColoursItHasNone() throws {
    let (code, text) = try Self.shown(columns: 80, environment: ["TERM=xterm", "NO_COLOR=1"])
    #expect(code == 0 && text.contains("\u{1B}[J"))
    #expect(!text.contains("m█") && !text.contains("\u{1B}[36m") && !text.contains("\u{1B}[2m"))
  }

  @Test func aTerminalWithoutACursorHasPlainLines() throws {
    for environment in [["TERM=dumb"], ["-u", "TERM"]] {
      let (code, text) = try Self.shown(columns: 80, environment: environment)
      #expect(code == 0 && !text.contains("\u{1B}"))
      #expect(text.contains("epoch 200 of 200: training RMSE ") || text.contains("epoch 20 of 200"))
    }
    let (code, text) = try Self.shown(columns: 80, ["--quiet"])
    #expect(code == 0 && text == "")
  }

  @Test func aStopLeavesTheLinesAndSaysHowToGoOn() throws {
    let (code, text) = try Self.shown(columns: 80, signalWhen: { $0.contains(" rows/s") })
    #expect(code == 130)
    #expect(text.hasSuffix("; go on with: mltrain resume messy.run\r\n"))
    let lines = Self.lines(text)
    #expect(lines.last?.hasPrefix("mltrain: stopped after step ") == true)
    // A training that has just begun has no speed yet; its bar stands above the last line all the same.
    #expect(lines.dropLast().suffix(4).contains { $0.contains("epoch ") && $0.contains(" %") })
  }

  @Test func aFitThatGoesOnShowsItsEarlierEpochs() throws {
    let folder = try TemporaryFolder()
    try folder.write(MessyTable.text, to: "messy.csv")
    let fit = Self.fit.map { $0 == "200" ? "600" : $0 }
    let stopped = try Self.shown(fit, in: folder, columns: 100) { text in
      Self.epochs(Self.lines(text)).contains { $0 >= 40 }
    }
    #expect(stopped.code == 130)
    let (code, text) = try Self.shown(["resume", "messy.run"], in: folder, columns: 100)
    #expect(code == 0)
    let lines = Self.lines(text)
    let first = try #require(lines.first { $0.hasPrefix("training RMSE") })
    #expect(first.filter { "▁▂▃▄▅▆▇█".contains($0) }.count == 30, "\(first)")
    let validation = try #require(lines.first { $0.hasPrefix("validation RMSE") })
    #expect(validation.contains("  best "), "\(validation)")
    // Neither the epochs nor the steps begin anew.
    let epochs = Self.epochs(lines)
    #expect(epochs.first ?? 0 >= 40 && epochs == epochs.sorted(), "\(epochs)")
  }

  /// The numbers of the epochs that lines show.
  private static func epochs(_ lines: [String]) -> [Int] {
    lines.filter { $0.hasPrefix("epoch ") }.compactMap {
      $0.dropFirst(6).split(separator: "/").first.flatMap { Int($0) }
    }
  }
}
