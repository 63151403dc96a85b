#if OpenCL
  import Glibc

  /// Built programs in a folder of the user's, so that a second start builds nothing.
  ///
  /// A file holds the whole key (source, options, device, driver) and a checksum: drivers stop the
  /// process, or take no notice, when they are given a damaged program. While a driver reads a program
  /// a marker lies beside it that says which process has it read, so that a program which crashed one
  /// is thrown away at the next start.
  package struct OpenCLProgramCache: Sendable {
    private let files: PrivateFolder
    /// The bytes that all files together may have; the oldest go first.
    package let capacity: Int

    private static let magic = Array("SLOPECL1".utf8)
    private static let suffix = ".program"
    private static let markerSuffix = ".loading"
    /// Larger than any program a driver gave so far.
    private static let largestFile = 1 << 28

    /// `$XDG_CACHE_HOME/slope/opencl`, else `~/.cache/slope/opencl`; nil where there is no such place.
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
      // Two numbers; a collision is found by comparing the key itself.
      let first = Self.checksum(key, start: 0xcbf2_9ce4_8422_2325)
      let second = Self.checksum(key, start: 0x9e37_79b9_7f4a_7c15)
      return Self.hex(first) + Self.hex(second) + Self.suffix
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
      let name = name(of: key)
      guard let payload = payload(name, key), mark(name) else { return nil }
      let program = load(payload)
      files.remove(name + Self.markerSuffix)
      if program == nil { files.remove(name) } else { utimes(files.path(of: name), nil) }
      return program
    }

    /// Puts the marker there. Where that process still runs which left one, the program is left alone;
    /// else the program goes with what is there, since it may have ended the process.
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

    /// Keeps a program under a key; where that cannot be done, nothing is lost but time.
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

    /// Removes the files that were not used for longest, until the rest fits; and markers without a
    /// program, for which nobody will look any more.
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
