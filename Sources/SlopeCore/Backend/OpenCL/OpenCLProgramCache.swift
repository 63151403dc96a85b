#if OpenCL
  import Glibc
  import Synchronization

  /// Built programs in a folder of the user's, so that a second start builds nothing.
  ///
  /// A file holds the whole key (source, options, device, driver) and a checksum: drivers stop the
  /// process, or take no notice, when they are given a damaged program. A file or folder that others
  /// could have written is not looked at. While a driver reads a program a marker lies beside it, so
  /// that a program which crashed it once is thrown away at the next start.
  package struct OpenCLProgramCache: Sendable {
    package let folder: String
    /// The bytes that all files together may have; the oldest go first.
    package let capacity: Int

    private static let magic = Array("SLOPECL1".utf8)
    private static let suffix = ".program"
    private static let counter = Atomic<UInt64>(0)
    /// Larger than any program a driver gave so far.
    private static let largestFile = 1 << 28

    /// `$XDG_CACHE_HOME/slope/opencl`, else `~/.cache/slope/opencl`; nil where there is no such place.
    package static let standard: OpenCLProgramCache? = {
      func variable(_ name: String) -> String? {
        guard let value = getenv(name).map({ String(cString: $0) }), value.hasPrefix("/") else {
          return nil
        }
        return value
      }
      guard let base = variable("XDG_CACHE_HOME") ?? variable("HOME").map({ $0 + "/.cache" }) else {
        return nil
      }
      return OpenCLProgramCache(folder: base + "/slope/opencl", capacity: 256 << 20)
    }()

    package init(folder: String, capacity: Int) {
      self.folder = folder
      self.capacity = capacity
    }

    // MARK: Names

    /// The file of a key.
    package func path(of key: [UInt8]) -> String {
      // Two numbers; a collision is found by comparing the key itself.
      let first = Self.checksum(key, start: 0xcbf2_9ce4_8422_2325)
      let second = Self.checksum(key, start: 0x9e37_79b9_7f4a_7c15)
      return folder + "/" + Self.hex(first) + Self.hex(second) + Self.suffix
    }

    private static func hex(_ number: UInt64) -> String {
      let digits = String(number, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// FNV-1a (Fowler, Noll, Vo): tells damage, not malice; the folder is the user's own.
    private static func checksum(_ bytes: some Sequence<UInt8>, start: UInt64) -> UInt64 {
      var sum = start
      for byte in bytes { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3 }
      return sum
    }

    // MARK: Reading

    /// The program kept under a key, handed to `load`, which says whether the driver took it.
    ///
    /// Nil where there is none, where it is damaged, and where the driver did not take it.
    package func read<Program>(_ key: [UInt8], load: ([UInt8]) -> Program?) -> Program? {
      guard isOurs(folder, S_IFDIR) else { return nil }
      let path = path(of: key)
      guard let payload = payload(path, key) else { return nil }
      let marker = path + ".loading"
      guard mark(marker, path) else { return nil }
      let program = load(payload)
      unlink(marker)
      if program == nil { unlink(path) } else { utimes(path, nil) }
      return program
    }

    /// Puts the marker there. Where one is left by a process that is no more, the program that it
    /// could not load goes with it; where that process still lives, the cache is left alone.
    private func mark(_ marker: String, _ path: String) -> Bool {
      if let left = contents(marker, atMost: 32) {
        let process = pid_t(String(decoding: left, as: UTF8.self)) ?? 0
        if process > 0, kill(process, 0) == 0 || errno == EPERM { return false }
        unlink(path)
        unlink(marker)
        return false
      }
      let file = open(marker, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
      guard file >= 0 else { return false }
      defer { close(file) }
      return writeAll(file, Array("\(getpid())".utf8))
    }

    private func payload(_ path: String, _ key: [UInt8]) -> [UInt8]? {
      guard let bytes = contents(path, atMost: Self.largestFile) else { return nil }
      // magic, length of the key, checksum of what follows, key, program
      let head = Self.magic.count + 16
      func number(_ start: Int) -> UInt64 {
        bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      }
      guard bytes.count > head + key.count, Array(bytes.prefix(Self.magic.count)) == Self.magic,
        number(Self.magic.count) == UInt64(key.count),
        number(Self.magic.count + 8)
          == Self.checksum(bytes[head...], start: 0xcbf2_9ce4_8422_2325)
      else {
        unlink(path)
        return nil
      }
      guard bytes[head..<head + key.count].elementsEqual(key) else { return nil }
      return Array(bytes[(head + key.count)...])
    }

    /// A regular file of the user's that nobody else can write.
    private func contents(_ path: String, atMost limit: Int) -> [UInt8]? {
      let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
      guard file >= 0 else { return nil }
      defer { close(file) }
      var status = stat()
      guard fstat(file, &status) == 0, isOurs(status, S_IFREG), status.st_size <= limit else {
        return nil
      }
      var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
      var count = 0
      while count < bytes.count {
        let got = bytes.withUnsafeMutableBytes { memory in
          Glibc.read(file, memory.baseAddress.map { $0 + count }, memory.count - count)
        }
        if got < 0, errno == EINTR { continue }
        guard got > 0 else { return nil }
        count += got
      }
      return bytes
    }

    private func isOurs(_ path: String, _ kind: mode_t) -> Bool {
      var status = stat()
      return lstat(path, &status) == 0 && isOurs(status, kind)
    }

    private func isOurs(_ status: stat, _ kind: mode_t) -> Bool {
      status.st_mode & S_IFMT == kind && status.st_uid == geteuid() && status.st_mode & 0o022 == 0
    }

    // MARK: Writing

    /// Keeps a program under a key; where that cannot be done, nothing is lost but time.
    package func write(_ program: [UInt8], under key: [UInt8]) {
      guard !program.isEmpty, program.count < Self.largestFile / 2, makeFolder() else { return }
      let body = key + program
      var bytes = Self.magic
      for number in [
        UInt64(key.count), Self.checksum(body, start: 0xcbf2_9ce4_8422_2325),
      ] {
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
      }
      bytes += body
      let path = path(of: key)
      let number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
      let temporary = "\(path).\(getpid()).\(number).tmp"
      let file = open(
        temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
      guard file >= 0 else { return }
      let isWritten = writeAll(file, bytes)
      close(file)
      if !isWritten || rename(temporary, path) != 0 { unlink(temporary) }
      trim()
    }

    private func writeAll(_ file: Int32, _ bytes: [UInt8]) -> Bool {
      var count = 0
      while count < bytes.count {
        let put = bytes.withUnsafeBytes { memory in
          Glibc.write(file, memory.baseAddress.map { $0 + count }, memory.count - count)
        }
        if put < 0, errno == EINTR { continue }
        guard put > 0 else { return false }
        count += put
      }
      return true
    }

    /// Makes the folder and those above it, for the user alone.
    private func makeFolder() -> Bool {
      var path = ""
      for part in folder.split(separator: "/") {
        path += "/" + part
        mkdir(path, 0o700)
      }
      return isOurs(folder, S_IFDIR)
    }

    /// Removes the files that were not used for longest, until the rest fits; and what processes that
    /// are no more left half written.
    private func trim() {
      guard let directory = opendir(folder) else { return }
      defer { closedir(directory) }
      var files: [(path: String, byteCount: Int, time: Int)] = []
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        let path = folder + "/" + name
        var status = stat()
        guard lstat(path, &status) == 0, isOurs(status, S_IFREG) else { continue }
        if name.hasSuffix(Self.suffix) {
          files.append((path, Int(status.st_size), status.st_mtim.tv_sec))
        } else if name.hasSuffix(".tmp"), time(nil) - status.st_mtim.tv_sec > 3600 {
          unlink(path)
        }
      }
      var total = files.reduce(0) { $0 + $1.byteCount }
      for file in files.sorted(by: { $0.time < $1.time }) where total > capacity {
        unlink(file.path)
        total -= file.byteCount
      }
    }
  }
#endif
