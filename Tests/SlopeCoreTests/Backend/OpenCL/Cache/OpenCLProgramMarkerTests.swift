#if OpenCL
  import Glibc
  import TestSupport
  import Testing

  @testable import SlopeCore

  /// The marker next to a stored program while a driver reads it.
  @Suite struct OpenCLProgramMarkerTests {
    private let folder: TemporaryFolder
    private let cache: OpenCLProgramCache
    private let key = Array("key".utf8)
    private var marker: String { cache.path(of: key) + ".loading" }

    init() throws {
      folder = try TemporaryFolder()
      cache = OpenCLProgramCache(folder: folder.path + "/cache", capacity: 1000)
      cache.write([1], under: key)
    }

    private func read() -> [UInt8]? { cache.read(key) { $0 } }

    private func names() -> [String] { folderEntries(cache.folder) }

    private func put(_ text: String) throws {
      let file = try #require(fopen(marker, "w"))
      fputs(text, file)
      fclose(file)
    }

    /// The marker's text while this process reads the program.
    private func ownText() throws -> String {
      var text: [UInt8]?
      _ = cache.read(key) { program in
        text = try? readFile(marker)
        return program
      }
      return String(decoding: try #require(text), as: UTF8.self)
    }

    /// Whether the program is removed with the marker, and another is stored in its place and read.
    private func isStale(_ name: String) {
      #expect(read() == nil, "\(name)")
      #expect(names().allSatisfy { $0.hasSuffix(".tmp") }, "\(name)")
      cache.write([2], under: key)
      #expect(read() == [2], "\(name)")
      cache.write([1], under: key)
    }

    @Test func itNamesTheProcessItsStartAndTheMachines() throws {
      let parts = try ownText().split(separator: " ").map(String.init)
      #expect(parts.count == 3 && parts[0] == "\(getpid())")
      let boot = try readFile("/proc/sys/kernel/random/boot_id").dropLast()
      #expect(parts.last == String(decoding: boot, as: UTF8.self))
      let status = String(decoding: try readFile("/proc/self/stat"), as: UTF8.self)
      let fields = status.split(separator: ")")[1].split(separator: " ")
      // Field 22 of all; the third after the name.
      #expect(parts[1] == fields[19])
      #expect(names().count == 1)
    }

    @Test func aProgramThatARunningProcessReadsIsLeftAlone() throws {
      let own = try ownText()
      var inner: [UInt8]?
      let outer = cache.read(key) { program -> [UInt8]? in
        inner = read()
        return program
      }
      #expect(outer == [1] && inner == nil)
      try put(own)
      #expect(read() == nil && names().count == 2)
      unlink(marker)
      #expect(read() == [1] && names().count == 1)
      // A marker of another process.
      let parent = try #require(ProcessIdentity(getppid())?.text)
      try put(parent)
      #expect(read() == nil && names().count == 2)
    }

    @Test func aMarkerOfNoRunningProcessGoesWithItsProgram() throws {
      let own = try ownText()
      let parts = own.split(separator: " ").map(String.init)
      let start = try #require(Int(parts[1]))
      let texts = [
        "no such process": "4194999 \(start) \(parts[2])",
        "another start": "\(parts[0]) \(start + 1) \(parts[2])",
        "another boot": "\(parts[0]) \(start) 00000000-0000-0000-0000-000000000000",
        "a number alone": "\(getpid())", "the first process alone": "1",
        "truncated": String(own.dropLast()), "no boot": "\(parts[0]) \(start)",
        "more": own + " 1", "a line": own + "\n", "a space before": " " + own, "empty": "",
        "a negative number": "-" + own, "no number": "x", "a nought": "0 \(start) \(parts[2])",
        "a number too large": "99999999999999999999 \(start) \(parts[2])",
        "huge": String(repeating: "1", count: 1 << 20),
      ]
      for (name, text) in texts {
        try put(text)
        isStale(name)
      }
      try put(own)
      #expect(chmod(marker, 0o666) == 0)
      isStale("others could have written it")
    }

    @Test func aMarkerThatIsNoFileGoesWithItsProgram() throws {
      let own = try ownText()
      let elsewhere = folder.file("elsewhere")
      try folder.write(own, to: "elsewhere")
      let kinds: [(String, () -> Int32)] = [
        ("a folder", { mkdir(marker, 0o700) }), ("a pipe", { mkfifo(marker, 0o600) }),
        ("a link", { symlink(elsewhere, marker) }),
        ("a link to itself", { symlink(marker, marker) }),
        (
          "a folder with something in it",
          { mkdir(marker, 0o700) | mkdir(marker + "/mine", 0o700) }
        ),
      ]
      for (name, make) in kinds {
        #expect(make() == 0, "\(name)")
        isStale(name)
      }
      #expect(try readFile(elsewhere) == Array(own.utf8))
      // What was in the folder is still there.
      let aside = try #require(names().first { $0.hasSuffix(".tmp") })
      #expect(folderEntries("\(cache.folder)/\(aside)") == ["mine"])
    }

    @Test func aProcessThatEndedAndIsStillListedRunsNoMore() throws {
      var process = pid_t()
      var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
      defer { free(arguments[0]) }
      #expect(posix_spawnp(&process, "true", nil, nil, &arguments, environ) == 0)
      // A process that has ended and is not reaped stays in the list of processes.
      var information = siginfo_t()
      #expect(waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) == 0)
      let status = String(decoding: try readFile("/proc/\(process)/stat"), as: UTF8.self)
      let start = status.split(separator: ")")[1].split(separator: " ")[19]
      let own = try ownText().split(separator: " ")
      try put("\(process) \(start) \(own[2])")
      isStale("ended")
      #expect(waitpid(process, nil, 0) == process)
    }

    @Test func aProcessThatADriverEndsLosesTheProgramOnce() async throws {
      await #expect(processExitsWith: .failure) { [path = cache.folder as String] in
        let cache = OpenCLProgramCache(folder: path, capacity: 1000)
        _ = cache.read(Array("key".utf8)) { _ -> [UInt8]? in exit(EXIT_FAILURE) }
      }
      #expect(names().count == 2)
      isStale("ended while it read")
    }

    @Test func oldMarkersWithoutAProgramAreSwept() throws {
      let old = cache.folder + "/gone.program.loading"
      let new = cache.folder + "/new.program.loading"
      for path in [old, new] { fclose(fopen(path, "w")) }
      var times = [timeval(tv_sec: 1000, tv_usec: 0), timeval(tv_sec: 1000, tv_usec: 0)]
      #expect(utimes(old, &times) == 0)
      cache.write([3], under: [3])
      #expect(access(old, F_OK) != 0 && access(new, F_OK) == 0)
    }

    /// Otherwise the program that crashed a process would be read again.
    @Test func oldMarkersOfProgramsStay() throws {
      try put("1 0 nothing")
      var times = [timeval(tv_sec: 1000, tv_usec: 0), timeval(tv_sec: 1000, tv_usec: 0)]
      #expect(utimes(marker, &times) == 0)
      cache.write([3], under: [3])
      #expect(access(marker, F_OK) == 0)
      #expect(read() == nil && access(marker, F_OK) != 0 && access(cache.path(of: key), F_OK) != 0)
    }
  }
#endif
