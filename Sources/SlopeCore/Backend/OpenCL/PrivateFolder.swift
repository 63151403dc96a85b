#if OpenCL
  import Glibc
  import Synchronization

  /// A folder of the user's own, with files that appear whole or not at all.
  ///
  /// A file or folder that others could have written is not looked at.
  package struct PrivateFolder: Sendable {
    package let path: String

    private static let counter = Atomic<UInt64>(0)

    package init(_ path: String) { self.path = path }

    /// A folder below `$XDG_CACHE_HOME/slope`, else below `~/.cache/slope`; nil where there is no such
    /// place.
    package static func cache(_ name: String) -> PrivateFolder? {
      func variable(_ name: String) -> String? {
        guard let value = getenv(name).map({ String(cString: $0) }), value.hasPrefix("/") else {
          return nil
        }
        return value
      }
      let base = variable("XDG_CACHE_HOME") ?? variable("HOME").map { $0 + "/.cache" }
      return base.map { PrivateFolder("\($0)/slope/\(name)") }
    }

    /// The bytes of a file; nil where there is none of at most so many bytes that is the user's alone.
    package func read(_ name: String, atMost limit: Int) -> [UInt8]? {
      guard isOurs(path) else { return nil }
      let file = open("\(path)/\(name)", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
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

    /// Puts a file there in one step: a process that ends in the middle leaves the older one.
    package func write(_ bytes: [UInt8], to name: String) throws(PrivateFolderError) {
      try make()
      removeLeftovers()
      let target = "\(path)/\(name)"
      let number = Self.counter.wrappingAdd(1, ordering: .relaxed).newValue
      let temporary = "\(target).\(getpid()).\(number).tmp"
      let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
      guard file >= 0 else { throw PrivateFolderError(target, errno) }
      let isWhole = writeAll(bytes, file) && fsync(file) == 0
      let code = errno
      guard close(file) == 0, isWhole else {
        unlink(temporary)
        throw PrivateFolderError(target, isWhole ? errno : code)
      }
      guard rename(temporary, target) == 0 else {
        defer { unlink(temporary) }
        throw PrivateFolderError(target, errno)
      }
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

    /// Makes the folder and those above it, for the user alone.
    private func make() throws(PrivateFolderError) {
      var part = ""
      for name in path.split(separator: "/") {
        part += "/" + name
        mkdir(part, 0o700)
      }
      let code = errno
      var status = stat()
      guard lstat(path, &status) == 0 else { throw PrivateFolderError(path, code) }
      guard isOurs(status, S_IFDIR) else {
        throw PrivateFolderError(path, "it is not a folder that the user alone can write")
      }
    }

    /// Removes what processes that are no more left half written.
    private func removeLeftovers() {
      guard let directory = opendir(path) else { return }
      defer { closedir(directory) }
      while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) {
          String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        var status = stat()
        guard name.hasSuffix(".tmp"), lstat("\(path)/\(name)", &status) == 0,
          isOurs(status, S_IFREG), time(nil) - status.st_mtim.tv_sec > 3600
        else { continue }
        unlink("\(path)/\(name)")
      }
    }

    private func isOurs(_ path: String) -> Bool {
      var status = stat()
      return lstat(path, &status) == 0 && isOurs(status, S_IFDIR)
    }

    private func isOurs(_ status: stat, _ kind: mode_t) -> Bool {
      status.st_mode & S_IFMT == kind && status.st_uid == geteuid() && status.st_mode & 0o022 == 0
    }
  }

  /// Why a file cannot be kept.
  package struct PrivateFolderError: Error, CustomStringConvertible {
    package let description: String

    init(_ path: String, _ reason: String) { description = "\(path): cannot be written: \(reason)" }

    init(_ path: String, _ code: Int32) {
      self.init(path, strerror(code).map { String(cString: $0) } ?? "error \(code)")
    }
  }
#endif
