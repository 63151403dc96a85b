#if OpenCL
  import Glibc

  /// Built programs in a folder of the user, so that a second start builds nothing.
  ///
  /// A file holds the whole key (source, options, device, driver) and a checksum: given a damaged
  /// program, some drivers stop the process and others do not notice. While a driver reads a
  /// program, a marker file next to it names the process, so that a program which crashed a process
  /// is discarded at the next start.
  package struct OpenCLProgramCache: Sendable {
    private let files: PrivateFolder
    /// The most bytes of all files together; the oldest are removed first.
    package let capacity: Int

    private static let magic = Array("SLOPECL1".utf8)
    private static let suffix = ".program"
    private static let markerSuffix = ".loading"
    /// Larger than any program that a driver has given so far.
    private static let largestFile = 1 << 28

    /// `$XDG_CACHE_HOME/slope/opencl`, else `~/.cache/slope/opencl`; nil if there is neither.
    package static let standard: OpenCLProgramCache? = PrivateFolder.cache("opencl").map {
      OpenCLProgramCache($0, capacity: 256 << 20)
    }

    package init(folder: String, capacity: Int) {
      self.init(PrivateFolder(folder), capacity: capacity)
    }

    private init(_ files: PrivateFolder, capacity: Int) {
      self.files = files
      self.capacity = capacity
    }

    package var folder: String { files.path }

    // MARK: Names

    /// The file of a key.
    package func path(of key: [UInt8]) -> String { files.path(of: name(of: key)) }

    private func name(of key: [UInt8]) -> String {
      // Two hashes; a collision is detected by comparing the key itself.
      let first = Self.checksum(key, start: 0xcbf2_9ce4_8422_2325)
      let second = Self.checksum(key, start: 0x9e37_79b9_7f4a_7c15)
      return Self.hex(first) + Self.hex(second) + Self.suffix
    }

    private static func hex(_ number: UInt64) -> String {
      let digits = String(number, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// FNV-1a (Fowler, Noll, Vo): detects damage, not malice; the folder belongs to the user.
    private static func checksum(_ bytes: some Sequence<UInt8>, start: UInt64) -> UInt64 {
      var sum = start
      for byte in bytes { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3 }
      return sum
    }

    // MARK: Reading

    /// The program kept under a key, as `load` makes it; nil if there is none.
    ///
    /// Nil also if the file is damaged or the driver refused the program, which is then removed.
    package func read<Program>(_ key: [UInt8], load: ([UInt8]) -> Program?) -> Program? {
      let name = name(of: key)
      guard let payload = payload(name, key), mark(name) else { return nil }
      let program = load(payload)
      files.remove(name + Self.markerSuffix)
      if program == nil { files.remove(name) } else { utimes(files.path(of: name), nil) }
      return program
    }

    /// Creates the marker; false if that fails or if there is one already.
    ///
    /// A program whose marker names a running process is left alone; otherwise both are removed,
    /// since the program may have crashed that process.
    private func mark(_ name: String) -> Bool {
      let marker = name + Self.markerSuffix
      let process = ProcessIdentity(getpid())?.text ?? ""
      if let isMarked = files.makeNew(marker, Array(process.utf8)) { return isMarked }
      let left = files.read(marker, atMost: 256).map { String(decoding: $0, as: UTF8.self) }
      if let left, ProcessIdentity.isRunning(left) { return false }
      files.remove(name)
      files.remove(marker)
      return false
    }

    private func payload(_ name: String, _ key: [UInt8]) -> [UInt8]? {
      guard let bytes = files.read(name, atMost: Self.largestFile) else { return nil }
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
        files.remove(name)
        return nil
      }
      guard bytes[head..<head + key.count].elementsEqual(key) else { return nil }
      return Array(bytes[(head + key.count)...])
    }

    // MARK: Writing

    /// Keeps a program under a key; if that fails, only time is lost.
    package func write(_ program: [UInt8], under key: [UInt8]) {
      guard !program.isEmpty, program.count < Self.largestFile / 2 else { return }
      let body = key + program
      var bytes = Self.magic
      for number in [
        UInt64(key.count), Self.checksum(body, start: 0xcbf2_9ce4_8422_2325),
      ] {
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
      }
      bytes += body
      do { try files.write(bytes, to: name(of: key), isLasting: false) } catch { return }
      trim()
    }

    /// Removes the least recently used programs until the rest fits, and old markers without a
    /// program.
    private func trim() {
      let all = files.files()
      let now = time(nil)
      let names = Set(all.map(\.name))
      for file in all where file.name.hasSuffix(Self.markerSuffix) && now - file.time > 3600 {
        let program = String(file.name.dropLast(Self.markerSuffix.count))
        if !names.contains(program) { files.remove(file.name) }
      }
      let programs = all.filter { $0.name.hasSuffix(Self.suffix) }
      var total = programs.reduce(0) { $0 + $1.byteCount }
      for file in programs.sorted(by: { $0.time < $1.time }) where total > capacity {
        files.remove(file.name)
        total -= file.byteCount
      }
    }
  }
#endif
