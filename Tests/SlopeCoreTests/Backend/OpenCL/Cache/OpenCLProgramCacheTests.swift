#if OpenCL
  import Glibc
  import TestSupport
  import Testing

  @testable import SlopeCore

  @Suite struct OpenCLProgramCacheTests {
    private let folder: TemporaryFolder
    private let cache: OpenCLProgramCache

    init() throws {
      folder = try TemporaryFolder()
      cache = OpenCLProgramCache(folder: folder.path + "/a/b", capacity: 1000)
    }

    private let key = Array("key".utf8)

    private func read(_ key: [UInt8]) -> [UInt8]? { cache.read(key) { $0 } }

    private func names() -> [String] { folderEntries(cache.folder).sorted() }

    /// Replaces the bytes of a file.
    private func change(_ path: String, _ change: (inout [UInt8]) -> Void) throws {
      let file = try #require(fopen(path, "r+"))
      defer { fclose(file) }
      var bytes = [UInt8](repeating: 0, count: 100_000)
      bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
      change(&bytes)
      #expect(ftruncate(fileno(file), 0) == 0)
      rewind(file)
      #expect(fwrite(bytes, 1, bytes.count, file) == bytes.count)
    }

    // MARK: Files

    @Test func whatIsWrittenIsReadUnderItsKeyAlone() {
      #expect(read(key) == nil)
      cache.write([1, 2, 3], under: key)
      #expect(read(key) == [1, 2, 3] && read(Array("kex".utf8)) == nil)
      cache.write([4], under: key)
      #expect(read(key) == [4] && names().count == 1)
      cache.write([], under: [1])
      #expect(read([1]) == nil)
    }

    @Test func damagedFilesAreThrownAway() throws {
      let changes: [(inout [UInt8]) -> Void] = [
        { $0[0] ^= 1 }, { $0[8] ^= 1 }, { $0[16] ^= 1 }, { $0[24] ^= 1 },
        { $0[$0.count - 1] ^= 0x80 }, { $0.removeLast() }, { $0.append(0) }, { $0 = [] },
        { $0.removeLast($0.count - 20) },
      ]
      for (index, change) in changes.enumerated() {
        cache.write([1, 2, 3], under: key)
        try self.change(cache.path(of: key), change)
        #expect(read(key) == nil, "change \(index)")
        #expect(names() == [], "change \(index)")
      }
    }

    @Test func whatTheDriverDoesNotTakeIsThrownAway() {
      cache.write([1], under: key)
      #expect(cache.read(key) { _ in Int?.none } == nil)
      #expect(names() == [])
    }

    @Test func aFileOrFolderOthersCouldWriteIsNotLookedAt() {
      cache.write([1], under: key)
      let path = cache.path(of: key)
      #expect(chmod(path, 0o620) == 0 && read(key) == nil)
      #expect(chmod(path, 0o600) == 0 && read(key) == [1])
      #expect(chmod(cache.folder, 0o777) == 0 && read(key) == nil)
      cache.write([2], under: key)
      #expect(chmod(cache.folder, 0o700) == 0 && read(key) == [1])
      let elsewhere = path + "x"
      #expect(rename(path, elsewhere) == 0 && symlink(elsewhere, path) == 0 && read(key) == nil)
    }

    @Test func theFolderIsForTheUserAlone() {
      cache.write([1], under: key)
      var status = stat()
      #expect(stat(cache.folder, &status) == 0 && status.st_mode & 0o777 == 0o700)
      #expect(stat(cache.path(of: key), &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test func theOldestGoFirst() {
      let program = [UInt8](repeating: 7, count: 300)
      for number in UInt8(0)..<3 {
        cache.write(program, under: [number])
        var times = [
          timeval(tv_sec: 1000 + Int(number), tv_usec: 0),
          timeval(tv_sec: 1000 + Int(number), tv_usec: 0),
        ]
        utimes(cache.path(of: [number]), &times)
      }
      // Reading makes the first the most recent.
      #expect(read([0]) == program)
      cache.write(program, under: [3])
      #expect(read([1]) == nil && read([0]) == program && read([2]) == program)
      #expect(read([3]) == program)
    }

    @Test func filesOfOtherProgramsDoNotCount() {
      cache.write([UInt8](repeating: 7, count: 300), under: key)
      let other = cache.folder + "/other"
      let file = fopen(other, "w")
      fputs(String(repeating: "x", count: 2000), file)
      fclose(file)
      cache.write([1], under: [1])
      #expect(read(key)?.count == 300 && read([1]) == [1] && access(other, F_OK) == 0)
    }

    @Test func withoutAPlaceNothingHappens() {
      let nowhere = OpenCLProgramCache(folder: "/proc/nowhere", capacity: 100)
      nowhere.write([1], under: key)
      #expect(nowhere.read(key) { $0 } == nil)
    }

    // MARK: Devices

    private func result(_ backend: OpenCLBackend) -> [Float] {
      withDevice(Device(backend)) { (Tensor<Float>([1, 2]) * 3 + 1).exp().scalars }
    }

    @Test func aSecondStartBuildsNothing() throws {
      let description = try #require(try Device.gpu.backend as? OpenCLBackend).device
      let large = OpenCLProgramCache(folder: cache.folder, capacity: 1 << 26)
      let first = try OpenCLBackend(description, cache: large)
      let expected = result(first)
      let built = first.deviceStatistics.builds
      #expect(built > 0)
      let second = try OpenCLBackend(description, cache: large)
      #expect(result(second) == expected && second.deviceStatistics.builds == 0)
      // Every file is damaged: built again, and stored again.
      for name in names() { try change(cache.folder + "/" + name) { $0[$0.count / 2] ^= 1 } }
      let third = try OpenCLBackend(description, cache: large)
      #expect(result(third) == expected && third.deviceStatistics.builds == built)
      let fourth = try OpenCLBackend(description, cache: large)
      #expect(result(fourth) == expected && fourth.deviceStatistics.builds == 0)
    }

    @Test func manyWritersLeaveWholeFiles() async {
      let cache = OpenCLProgramCache(folder: cache.folder, capacity: 1 << 20)
      let key = key
      let wrong = await withTaskGroup(of: Int.self) { group in
        for task in UInt8(0)..<8 {
          group.addTask {
            var wrong = 0
            for _ in 0..<20 {
              cache.write([UInt8](repeating: task, count: 5000), under: key)
              let found = cache.read(key) { $0 }
              if let found, found.count != 5000 || Set(found).count != 1 { wrong += 1 }
            }
            return wrong
          }
        }
        return await group.reduce(0, +)
      }
      #expect(wrong == 0)
    }
  }
#endif
