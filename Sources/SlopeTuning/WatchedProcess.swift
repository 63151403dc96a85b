import Glibc
import SlopeData

/// A process that answers lines with lines, and that may crash, hang or be ended without harm.
final class WatchedProcess {
  /// The outcome of a question.
  enum Answer {
    case line(String)
    /// The process has ended; how, and the last line that it printed.
    case ended(String)
    /// There was no answer in time; the process is still running.
    case silent
  }

  /// Why the process could not be started.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private let process: pid_t
  /// The socket for questions and answers.
  private let socket: Int32
  /// The socket for what the process, and the driver in it, print.
  private let chatter: Int32
  private var unread: [UInt8] = []
  private var lastWords: [UInt8] = []
  private var isQuiet = false
  private var isEnded = false

  /// Starts this program with other arguments.
  ///
  /// The standard input of the new process is a socket, for both questions and answers.
  init(_ arguments: [String]) throws {
    var ends: [Int32] = [-1, -1]
    var pipes: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0, socketpair(AF_UNIX, kind, 0, &pipes) == 0
    else {
      throw Failure(description: "no socket for a second process")
    }
    defer {
      close(ends[1])
      close(pipes[1])
    }
    (socket, chatter) = (ends[0], pipes[0])
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, pipes[1], STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, pipes[1], STDERR_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // The signals that this process leaves to one of its threads would never reach the new one.
    var blocked = sigset_t()
    sigemptyset(&blocked)
    posix_spawnattr_setsigmask(&attributes, &blocked)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let program = "/proc/self/exe"
    let words = CStrings(["mltrain"] + arguments)
    // Swift's own crash report takes seconds, and says nothing about a driver.
    let variables = CStrings(["SWIFT_BACKTRACE=enable=no"] + CStrings.environment)
    var process = pid_t()
    let code = posix_spawn(
      &process, program, &actions, &attributes, words.pointers, variables.pointers)
    self.process = process
    guard code == 0 else {
      isEnded = true
      throw Failure(description: "a second process cannot be started: \(systemMessage(code))")
    }
  }

  deinit {
    end()
    close(socket)
    close(chatter)
  }

  /// Asks, and waits for an answer for at most the given seconds.
  func ask(_ question: String, seconds: Double) -> Answer {
    guard !isEnded, send(question + "\n") else { return .ended(obituary()) }
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    while true {
      if let line = takeLine() { return .line(line) }
      let left = clock.now.duration(to: deadline)
      guard left > .zero else { return .silent }
      var events = [pollfd(fd: socket, events: Int16(POLLIN), revents: 0)]
      if !isQuiet { events.append(pollfd(fd: chatter, events: Int16(POLLIN), revents: 0)) }
      let milliseconds = min(left / .milliseconds(1), 60_000)
      _ = poll(&events, nfds_t(events.count), Int32(milliseconds.rounded(.up)))
      if events.count > 1, events[1].revents != 0 { listen() }
      if events[0].revents != 0 {
        guard let bytes = receive(socket), !bytes.isEmpty else { return .ended(obituary()) }
        unread += bytes
      }
    }
  }

  /// Kills the process.
  func end() {
    guard !isEnded else { return }
    isEnded = true
    kill(process, SIGKILL)
    _ = reaped()
  }

  /// The wait status of the process, if it ends within two seconds.
  private func reaped() -> Int32? {
    var status: Int32 = 0
    for _ in 0..<200 {
      let ended = waitpid(process, &status, WNOHANG)
      if ended == process { return status }
      if ended < 0, errno != EINTR { return nil }
      usleep(10_000)
    }
    return nil
  }

  private func listen() {
    guard let bytes = receive(chatter), !bytes.isEmpty else {
      isQuiet = true
      return
    }
    lastWords = (lastWords + bytes).suffix(4096)
  }

  private func takeLine() -> String? {
    guard let end = unread.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    defer { unread.removeFirst(end + 1) }
    return String(decoding: unread[..<end], as: UTF8.self)
  }

  private func receive(_ file: Int32) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    var count = read(file, &bytes, bytes.count)
    while count < 0, errno == EINTR { count = read(file, &bytes, bytes.count) }
    return count < 0 ? nil : Array(bytes.prefix(count))
  }

  private func send(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    var count = 0
    while count < bytes.count {
      let put = bytes.withUnsafeBytes {
        // No signal if the other end is closed.
        Glibc.send(
          socket, $0.baseAddress.map { $0 + count }, $0.count - count, Int32(MSG_NOSIGNAL))
      }
      if put < 0, errno == EINTR { continue }
      guard put > 0 else { return false }
      count += put
    }
    return true
  }

  /// How the process ended, whose end of the socket is closed, and the last line that it printed.
  private func obituary() -> String {
    guard !isEnded else { return "it has ended" }
    let status = reaped()
    if status == nil { end() }
    isEnded = true
    var end = "it closed its input"
    if let status {
      let signal = status & 0x7F
      end =
        signal == 0
        ? "it ended with exit code \(status >> 8 & 0xFF)"
        : "it was stopped by \(strsignal(signal).map { String(cString: $0) } ?? "signal \(signal)")"
    }
    while !isQuiet {
      var event = pollfd(fd: chatter, events: Int16(POLLIN), revents: 0)
      guard poll(&event, 1, 0) > 0 else { break }
      listen()
    }
    let lines = String(decoding: lastWords, as: UTF8.self).split(whereSeparator: \.isNewline)
    guard let last = lines.last(where: { !$0.allSatisfy(\.isWhitespace) }) else { return end }
    return "\(end): \(last.prefix(200))"
  }
}

/// Strings as an array for C, which ends with a null pointer.
private final class CStrings {
  let pointers: [UnsafeMutablePointer<CChar>?]

  init(_ texts: [String]) { pointers = texts.map { strdup($0) } + [nil] }

  deinit { for pointer in pointers { free(pointer) } }

  /// The environment of this process, as `NAME=value`.
  static var environment: [String] {
    var list: [String] = []
    var next = environ
    while let text = next.pointee {
      list.append(String(cString: text))
      next += 1
    }
    return list
  }
}
