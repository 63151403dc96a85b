import Glibc

/// The output of a process, and how it ended.
struct ChildProcess {
  private(set) var output: [UInt8] = []
  /// The beginning of its standard error; the rest is not needed.
  private var complaint: [UInt8] = []
  /// Whether it was killed because it did not end in time.
  private(set) var isOverdue = false
  /// The status of `waitpid`.
  private var status: Int32 = 0

  /// Why the process could not be started.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Starts this program with other arguments, and waits for its end.
  ///
  /// - Parameters:
  ///   - arguments: the arguments.
  ///   - seconds: the time after which the process is killed.
  /// - Throws: `Failure` if the process cannot be started.
  init(_ arguments: [String], seconds: Double?) throws {
    let (outputPipe, errorPipe) = (try Pipe(), try Pipe())
    let process = try Self.spawn(arguments, outputPipe.writing, errorPipe.writing)
    close(outputPipe.writing)
    close(errorPipe.writing)
    defer {
      close(outputPipe.reading)
      close(errorPipe.reading)
    }
    let deadline = seconds.map { ContinuousClock.now + .seconds($0) }
    var files = [outputPipe.reading, errorPipe.reading]
    while files[0] >= 0 {
      // poll ignores a negative descriptor.
      var events = files.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
      _ = poll(&events, 2, Self.milliseconds(until: deadline))
      for index in events.indices where events[index].revents != 0 {
        let bytes = Self.read(files[index])
        if bytes.isEmpty { files[index] = -1 }
        if index == 0 { output += bytes } else { complaint += bytes.prefix(4096 - complaint.count) }
      }
      if let deadline, files[0] >= 0, ContinuousClock.now >= deadline {
        isOverdue = true
        kill(process, SIGKILL)
      }
    }
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
  }

  /// `signal 11` or `exit code 1`.
  var end: String {
    let signal = status & 0x7F
    return signal == 0 ? "exit code \(status >> 8 & 0xFF)" : "signal \(signal)"
  }

  /// The first line on standard error, if any.
  var firstComplaint: String? {
    String(decoding: complaint, as: UTF8.self).split(separator: "\n").first.map(String.init)
  }

  private struct Pipe {
    let reading, writing: Int32

    init() throws {
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { throw Failure(description: "no pipe") }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      (reading, writing) = (ends[0], ends[1])
    }
  }

  /// The timeout for `poll`: at least a tenth of a second, at most a minute; −1, which waits
  /// without limit, if there is no deadline.
  private static func milliseconds(until deadline: ContinuousClock.Instant?) -> Int32 {
    guard let deadline else { return -1 }
    return Int32(
      min(max(ContinuousClock.now.duration(to: deadline) / .milliseconds(1), 100), 60_000))
  }

  private static func spawn(
    _ arguments: [String], _ output: Int32, _ errors: Int32
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
    let words = (["conformance"] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process = pid_t()
    let code = posix_spawn(&process, "/proc/self/exe", &actions, nil, words, environ)
    guard code == 0 else {
      throw Failure(description: "a second process cannot be started (error \(code))")
    }
    return process
  }

  /// The bytes that can be read; empty at the end.
  private static func read(_ file: Int32) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    var count = Glibc.read(file, &bytes, bytes.count)
    while count < 0, errno == EINTR { count = Glibc.read(file, &bytes, bytes.count) }
    return Array(bytes.prefix(max(count, 0)))
  }
}
