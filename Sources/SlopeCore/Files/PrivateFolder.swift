#if OpenCL
  import Glibc
  import Synchronization

  /// A folder that belongs to the user, with files that appear complete or not at all.
  ///
  /// Files and folders that others could have written are ignored, and so is anything but a regular
  /// file: no read waits for a pipe or device.
  package struct PrivateFolder: Sendable {
    package let path: String
    /// The folder that must exist before; those below it are created.
    private let base: String

    private static let counter = Atomic<UInt64>(0)

    package init(_ path: String) { self.init(path, below: "/") }

    private init(_ path: String, below base: String) {
      self.path = path
      self.base = base
    }

    /// A folder below `$XDG_CACHE_HOME/slope`, else below `~/.cache/slope`; nil if neither is set.
    ///
    /// Neither a missing home folder nor the parent of XDG_CACHE_HOME is created.
    package static func cache(_ name: String) -> PrivateFolder? {
      func variable(_ name: String) -> Substring? {
        guard let value = getenv(name).map({ String(cString: $0) }), value.hasPrefix("/") else {
          return nil
        }
        return value.dropLast(value.reversed().prefix { $0 == "/" }.count)
      }
      if let caches = variable("XDG_CACHE_HOME") {
        let parent = caches.prefix(upTo: caches.lastIndex(of: "/") ?? caches.startIndex)
        return PrivateFolder("\(caches)/slope/\(name)", below: "\(parent)/")
      }
      return variable("HOME").map {
        PrivateFolder("\($0)/.cache/slope/\(name)", below: "\($0)/")
      }
    }

    /// The path of a file.
    func path(of name: String) -> String { "\(path)/\(name)" }

    // MARK: Reading

    /// The bytes of a file; nil unless it has at most `limit` bytes and only the user can write it.
    package func read(_ name: String, atMost limit: Int) -> [UInt8]? {
      guard isOurs else { return nil }
      let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
      let file = open(path(of: name), flags)
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

    /// The regular files that only the user can write.
    func files() -> [(name: String, byteCount: Int, time: Int)] {
      guard isOurs else { return [] }
      return folderEntries(path).compactMap { name in
        var status = stat()
        guard lstat(path(of: name), &status) == 0, isOurs(status, S_IFREG) else { return nil }
        return (name, Int(status.st_size), status.st_mtim.tv_sec)
      }
    }

    // MARK: Writing

    /// Writes a file in one step: if the process ends in between, the older file remains.
    ///
    /// `isLasting` says whether it must survive a loss of power. Throws if the file cannot be
    /// written.
    package func write(
      _ bytes: [UInt8], to name: String, isLasting: Bool = true
    ) throws(PrivateFolderError) {
      try make()
      removeLeftovers()
      let target = path(of: name)
      var temporary = path(of: temporaryName(name))
      var code = create(temporary, bytes, isLasting: isLasting)
      // Process numbers repeat, in containers at each start.
      for _ in 0..<100 where code == EEXIST {
        temporary = path(of: temporaryName(name))
        code = create(temporary, bytes, isLasting: isLasting)
      }
      guard code == 0 else { throw PrivateFolderError(target, code) }
      if rename(temporary, target) == 0 { return }
      code = errno
      // A folder of that name would block any file.
      if code == EISDIR || code == ENOTEMPTY || code == EEXIST {
        remove(name)
        if rename(temporary, target) == 0 { return }
      }
      unlink(temporary)
      throw PrivateFolderError(target, code)
    }

    /// Creates a complete file if there is none of its name: true if it did, false if that failed.
    ///
    /// Nil if a file of that name exists.
    func makeNew(_ name: String, _ bytes: [UInt8]) -> Bool? {
      let temporary = path(of: temporaryName(name))
      guard create(temporary, bytes, isLasting: false) == 0 else { return false }
      defer { unlink(temporary) }
      if link(temporary, path(of: name)) == 0 { return true }
      if errno == EEXIST { return nil }
      // On a file system without links it is complete an instant later.
      let code = create(path(of: name), bytes, isLasting: false)
      return code == EEXIST ? nil : code == 0
    }

    /// Removes a file or folder.
    func remove(_ name: String) {
      let path = path(of: name)
      if unlink(path) == 0 || errno == ENOENT || rmdir(path) == 0 { return }
      // A folder that is not empty is only renamed: its contents are not ours.
      _ = rename(path, self.path(of: temporaryName(name)))
    }

    private func temporaryName(_ name: String) -> String {
      let number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
      return "\(name).\(getpid()).\(number).tmp"
    }

    /// Creates a new file with all the bytes, or none; the error code, or 0.
    private func create(_ path: String, _ bytes: [UInt8], isLasting: Bool) -> Int32 {
      let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
      guard file >= 0 else { return errno }
      let isWhole = writeAll(bytes, file) && (!isLasting || fsync(file) == 0)
      var code = isWhole ? 0 : errno
      if close(file) != 0, isWhole { code = errno }
      if code != 0 { unlink(path) }
      return code
    }

    private func writeAll(_ bytes: [UInt8], _ file: Int32) -> Bool {
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

    /// Creates the folder and those above it up to `base`, for the user alone.
    private func make() throws(PrivateFolderError) {
      var status = stat()
      guard stat(base, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
        throw PrivateFolderError(path, "there is no folder \(base)")
      }
      var part = base
      for name in path.dropFirst(base.count).split(separator: "/") {
        part += name
        mkdir(part, 0o700)
        part += "/"
      }
      let code = errno
      guard lstat(path, &status) == 0 else { throw PrivateFolderError(path, code) }
      guard isOurs(status, S_IFDIR) else {
        throw PrivateFolderError(path, "it is not a folder that the user alone can write")
      }
    }

    /// Removes files that ended processes left incomplete.
    private func removeLeftovers() {
      let now = time(nil)
      for file in files() where file.name.hasSuffix(".tmp") && now - file.time > 3600 {
        unlink(path(of: file.name))
      }
    }

    private var isOurs: Bool {
      var status = stat()
      return lstat(path, &status) == 0 && isOurs(status, S_IFDIR)
    }

    private func isOurs(_ status: stat, _ kind: mode_t) -> Bool {
      status.st_mode & S_IFMT == kind && status.st_uid == geteuid() && status.st_mode & 0o022 == 0
    }
  }

  /// Why a file cannot be written.
  package struct PrivateFolderError: Error, CustomStringConvertible {
    package let description: String

    init(_ path: String, _ reason: String) { description = "\(path): cannot be written: \(reason)" }

    init(_ path: String, _ code: Int32) {
      self.init(path, strerror(code).map { String(cString: $0) } ?? "error \(code)")
    }
  }
#endif
