import Glibc

/// The outcome of running a built command.
package struct CommandRun: Sendable {
  package let exitCode: Int32
  package let output: String
  package let error: String

  #if THREAD_SANITIZER
    /// Whether the size of files can be limited; not with a sanitizer, whose own memory is a file.
    package static let canLimitFiles = false
  #else
    /// Whether the size of files can be limited.
    package static let canLimitFiles = true
  #endif

  /// Whether a process's addresses can be limited; not with a sanitizer, which needs terabytes.
  package static let canLimitAddresses =
    dlsym(nil, "__asan_init") == nil && dlsym(nil, "__tsan_init") == nil

  /// Runs a command, `mltrain` if no other is named.
  ///
  /// It runs with `arguments` in `folder`, with `input` on its standard input and `environment`
  /// (`NAME=value`) in addition to the present one. With `fileLimit` no file may grow beyond that
  /// many bytes, as on a full disk, and with `addressLimit` the process may not. `streams` are the
  /// shell's redirections, in place of those to what is read here.
  package init(
    _ arguments: [String], of command: String = "mltrain", in folder: TemporaryFolder,
    input: String = "", fileLimit: Int? = nil,
    addressLimit: Int? = nil, environment: [String] = [], streams: String = ""
  ) throws {
    try folder.write(input, to: ".stdin")
    let limit =
      (fileLimit.map { "ulimit -f \($0 / 1024); " } ?? "")
      + (addressLimit.map { "ulimit -v \($0 / 1024); " } ?? "")
    // The shell only changes folder and limits, and redirects.
    let script =
      "cd \"$1\" && shift && \(limit)exec \"$@\" <.stdin >.stdout 2>.stderr \(streams)"
    let words =
      ["sh", "-c", script, "sh", folder.path, "env"] + environment
      + [Self.executable(command)] + arguments
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    pointers.append(nil)
    defer { for pointer in pointers { free(pointer) } }
    var process = pid_t()
    guard posix_spawn(&process, "/bin/sh", nil, nil, pointers, environ) == 0 else {
      throw TemporaryFolder.Failure(what: "posix_spawn")
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    // Beyond 128: ended by a signal, as a shell reports it.
    exitCode = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
    output = try folder.text(".stdout")
    error = try folder.text(".stderr")
    for name in [".stdin", ".stdout", ".stderr"] { unlink(folder.file(name)) }
  }

  /// The built command, which is next to the executable that runs the tests.
  package static func executable(_ command: String = "mltrain") -> String {
    guard let path = realpath("/proc/self/exe", nil) else { return command }
    defer { free(path) }
    let runner = String(cString: path)
    return String(runner[...(runner.lastIndex(of: "/") ?? runner.startIndex)]) + command
  }
}
