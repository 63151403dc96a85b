import Glibc
import TestSupport

/// A command that is written to and read from while it runs.
final class LiveCommand {
  private let process: pid_t
  private var input: Int32
  private let output: Int32
  private var buffer: [UInt8] = []
  private let folder: TemporaryFolder

  /// Starts `mltrain` in a folder, with standard error to the file `.live-error` of it.
  init(_ arguments: [String], in folder: TemporaryFolder) throws {
    self.folder = folder
    // FIFOs, since no process that another test starts meanwhile may have the other ends of pipes.
    for name in [".live-input", ".live-output"] {
      guard mkfifo(folder.file(name), 0o600) == 0 else {
        throw TemporaryFolder.Failure(what: "mkfifo")
      }
    }
    let script =
      "cd \"$1\" && shift && exec \"$@\" <.live-input >.live-output 2>.live-error"
    let words = ["sh", "-c", script, "sh", folder.path, CommandRun.executable()] + arguments
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    var started = pid_t()
    guard posix_spawn(&started, "/bin/sh", nil, nil, pointers, environ) == 0 else {
      throw TemporaryFolder.Failure(what: "posix_spawn")
    }
    process = started
    // Each waits for the process to open the other end.
    input = open(folder.file(".live-input"), O_WRONLY | O_CLOEXEC)
    output = open(folder.file(".live-output"), O_RDONLY | O_CLOEXEC)
  }

  deinit {
    closeInput()
    close(output)
    for name in [".live-input", ".live-output"] { unlink(folder.file(name)) }
  }

  /// Writes a text to standard input; false if nobody reads it.
  @discardableResult
  func write(_ text: String) -> Bool {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
      guard count > 0 else { return false }
      bytes = bytes.dropFirst(count)
    }
    return true
  }

  /// The next line of standard output, without its end; nil at the end or after a minute.
  func readLine() -> String? {
    while true {
      if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
        defer { buffer.removeSubrange(...end) }
        return String(decoding: buffer[..<end], as: UTF8.self)
      }
      var ready = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, 60_000) > 0 else { return nil }
      var block = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(output, &block, block.count)
      guard count > 0 else { return nil }
      buffer += block.prefix(count)
    }
  }

  /// Whether nothing can be read from standard output for a while.
  func isSilent(milliseconds: Int32) -> Bool {
    var ready = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    return buffer.isEmpty && poll(&ready, 1, milliseconds) == 0
  }

  /// The most bytes of memory that the process has had.
  var peakByteCount: Int {
    let lines = (try? readFile("/proc/\(process)/status")).map {
      String(decoding: $0, as: UTF8.self)
    }
    let line = lines?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0)
      << 10
  }

  /// Closes standard output, as a reader that has ended.
  func closeOutput() { dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), output) }

  /// Ends the process as `kill -9` does, and waits for its end.
  func kill() {
    Glibc.kill(process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
  }

  /// Ends standard input.
  func closeInput() {
    if input >= 0 { close(input) }
    input = -1
  }

  /// Ends standard input, and waits for the end of the process; what it wrote to standard error with it.
  func finish() throws -> (exitCode: Int32, error: String) {
    closeInput()
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    let code = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    return (code, try folder.text(".live-error"))
  }
}
