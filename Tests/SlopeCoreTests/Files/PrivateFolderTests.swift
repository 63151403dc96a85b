#if OpenCL
  import Glibc
  import TestSupport
  import Testing

  @testable import SlopeCore

  @Suite struct PrivateFolderTests {
    private let temporary: TemporaryFolder
    private let folder: PrivateFolder

    init() throws {
      temporary = try TemporaryFolder()
      folder = PrivateFolder(temporary.path + "/a/b")
    }

    /// Creates something that is not a file of the user's, by its kind.
    static let kinds: [String: @Sendable (String) -> Int32] = [
      "a pipe": { mkfifo($0, 0o600) }, "a folder": { mkdir($0, 0o700) },
      "a link to itself": { symlink($0, $0) }, "a link to nothing": { symlink("/none", $0) },
      "a link to a device": { symlink("/dev/zero", $0) },
      "a folder with a file": { path in
        guard mkdir(path, 0o700) == 0, let file = fopen(path + "/x", "w") else { return -1 }
        return fclose(file)
      },
      "a socket": { path in
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8CString.prefix(MemoryLayout.size(ofValue: address.sun_path)))
        withUnsafeMutableBytes(of: &address.sun_path) { memory in
          bytes.withUnsafeBytes { memory.copyMemory(from: $0) }
        }
        let made = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(made) }
        return withUnsafePointer(to: &address) {
          $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(made, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
          }
        }
      },
    ]

    /// Anything of another kind is neither read nor waited for, and a file replaces it.
    @Test(arguments: kinds.keys.sorted()) func whatIsNoFileIsSkippedAndReplaced(
      _ kind: String
    ) throws {
      let make = try #require(Self.kinds[kind])
      try folder.write([1], to: "other")
      #expect(make(folder.path + "/name") == 0)
      #expect(folder.read("name", atMost: 100) == nil)
      #expect(folder.files().map(\.name) == ["other"])
      try folder.write([2], to: "name")
      #expect(folder.read("name", atMost: 100) == [2])
    }

    @Test(arguments: kinds.keys.sorted()) func aProgramThatIsNoFileIsBuiltAndKeptAgain(
      _ kind: String
    ) throws {
      let make = try #require(Self.kinds[kind])
      let cache = OpenCLProgramCache(folder: folder.path, capacity: 1000)
      cache.write([1], under: [9])
      unlink(cache.path(of: [9]))
      #expect(make(cache.path(of: [9])) == 0)
      #expect(cache.read([9], load: { $0 }) == nil)
      cache.write([2], under: [9])
      #expect(cache.read([9], load: { $0 }) == [2])
    }

    @Test(arguments: ["a pipe", "a link to itself", "a link to nothing"])
    func aPlaceThatIsNoFolderIsAnError(_ kind: String) throws {
      let make = try #require(Self.kinds[kind])
      #expect(make(temporary.path + "/a") == 0)
      #expect(folder.read("name", atMost: 100) == nil && folder.files().isEmpty)
      #expect(throws: PrivateFolderError.self) { try folder.write([1], to: "name") }
    }

    @Test func aFileMayHaveJustTheBytesAskedFor() throws {
      try folder.write([1, 2, 3], to: "name")
      #expect(folder.read("name", atMost: 3) == [1, 2, 3] && folder.read("name", atMost: 2) == nil)
    }

    @Test func whatAProcessOfTheSameNumberLeftIsNoObstacle() async {
      await #expect(processExitsWith: .success) { [path = folder.path as String] in
        let folder = PrivateFolder(path)
        try folder.write([1], to: "first")
        // Process numbers begin at 1, and in a container its own number repeats.
        for number in 0..<40 {
          let name = "\(path)/name.\(getpid()).\(number).tmp"
          fclose(fopen(name, "w"))
        }
        for number in UInt8(0)..<50 {
          try folder.write([number], to: "name")
          #expect(folder.read("name", atMost: 1) == [number])
        }
        #expect(folderEntries(path).count == 42)
      }
    }

    @Test func aNewFileIsMadeOnce() {
      #expect(folder.makeNew("name", [1]) == false)
      mkdir(temporary.path + "/a", 0o700)
      mkdir(folder.path, 0o700)
      #expect(folder.makeNew("name", [1]) == true && folder.makeNew("name", [2]) == nil)
      #expect(folder.read("name", atMost: 9) == [1])
    }

    // MARK: Where it is

    /// Writes a file to the folder of programs with these variables; returns the error.
    private func written(home: String?, caches: String?) async throws {
      await #expect(processExitsWith: .success) {
        [home = home as String?, caches = caches as String?] in
        unsetenv("HOME")
        unsetenv("XDG_CACHE_HOME")
        if let home { setenv("HOME", home, 1) }
        if let caches { setenv("XDG_CACHE_HOME", caches, 1) }
        let folder = try #require(PrivateFolder.cache("x"))
        do { try folder.write([1], to: "name") } catch { #expect("\(error)".contains("no folder")) }
        OpenCLProgramCache.standard?.write([1], under: [1])
      }
    }

    @Test func aHomeThatIsMissingIsNotMade() async throws {
      let home = temporary.path + "/home"
      try await written(home: home, caches: nil)
      #expect(temporary.names == [])
      mkdir(home, 0o700)
      try await written(home: home + "//", caches: nil)
      #expect(folderEntries(home) == [".cache"])
      #expect(folderEntries(home + "/.cache/slope").sorted() == ["opencl", "x"])
      #expect(folderEntries(home + "/.cache/slope/opencl").count == 1)
    }

    @Test func aFolderOfCachesIsMadeWhereItsOwnIsThere() async throws {
      try await written(home: temporary.path, caches: temporary.path + "/missing/caches/")
      #expect(temporary.names == [])
      try await written(home: temporary.path, caches: temporary.path + "/caches/")
      #expect(temporary.names == ["caches"])
      #expect(folderEntries(temporary.path + "/caches/slope").sorted() == ["opencl", "x"])
    }

    @Test func aHomeThatIsAFileStays() async throws {
      try temporary.write("x", to: "home")
      try await written(home: temporary.path + "/home", caches: nil)
      #expect(try temporary.text("home") == "x")
    }
  }
#endif
