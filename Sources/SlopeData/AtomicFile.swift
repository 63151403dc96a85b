import Glibc

/// A file that appears whole or not at all.
///
/// What is written goes to a temporary name in the same folder; `commit()` syncs it to the disk and
/// renames it to its place. Until then, and if anything fails, a file that was there stays whole.
/// A device, FIFO or socket cannot be replaced so and is written directly.
public final class AtomicFile {
  private let path: String
  /// Where the bytes go until they are committed; nil if they go to `path` itself.
  private var temporaryPath: String?
  /// The file that is replaced: `path` with symbolic links followed.
  private let destination: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private static let bufferByteCount = 1 << 16

  /// Opens a temporary file beside `path`.
  ///
  /// Throws `FileError` if the folder cannot be written to.
  public init(path: String) throws {
    self.path = path
    guard !path.isEmpty, !path.utf8.contains(0), path.utf8.last != UInt8(ascii: "/") else {
      throw FileError(file: path, message: "not the name of a file")
    }
    var status = stat()
    let exists = stat(path, &status) == 0
    if exists, status.st_mode & S_IFMT == S_IFDIR {
      throw FileError(file: path, message: "cannot be written: \(systemMessage(EISDIR))")
    }
    destination = exists ? Self.resolved(path) : path
    if exists, status.st_mode & S_IFMT != S_IFREG {
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
    } else {
      let mode = exists ? status.st_mode & 0o777 : 0o666
      let temporary = Self.temporaryName(for: destination)
      descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
      if descriptor >= 0 { temporaryPath = temporary }
    }
    guard descriptor >= 0 else { throw failure("be written") }
  }

  deinit { abandon() }

  /// Appends `bytes`.
  ///
  /// Throws `FileError` if they cannot be written, for example because the disk is full.
  public func write(_ bytes: some Sequence<UInt8>) throws {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferByteCount { try flush() }
  }

  /// Appends `text` in UTF-8.
  public func write(_ text: String) throws { try write(text.utf8) }

  /// Puts the file into its place. Nothing can be written afterwards.
  ///
  /// Throws `FileError`, and leaves an older file as it was, if that fails.
  public func commit() throws {
    try flush()
    guard let temporaryPath else {
      // A device has nothing to sync; some say so with EINVAL.
      try finish(close(descriptor) == 0)
      return
    }
    guard fsync(descriptor) == 0 else { throw failure("be written") }
    try finish(close(descriptor) == 0)
    guard rename(temporaryPath, destination) == 0 else {
      let error = failure("be put into its place")
      abandon()
      throw error
    }
    self.temporaryPath = nil
    syncFolder()
  }

  private func finish(_ succeeded: Bool) throws {
    descriptor = -1
    guard succeeded else { throw failure("be written") }
  }

  private func flush() throws {
    let isWhole = buffer.withUnsafeBytes { bytes in
      var written = 0
      while written < bytes.count {
        let count = Glibc.write(
          descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        written += count
      }
      return true
    }
    buffer.removeAll(keepingCapacity: true)
    if !isWhole {
      let error = failure("be written")
      abandon()
      throw error
    }
  }

  /// Removes what was written so far.
  private func abandon() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
    if let temporaryPath { unlink(temporaryPath) }
    temporaryPath = nil
  }

  private func failure(_ what: String) -> FileError {
    FileError(file: path, message: "cannot \(what): \(systemMessage(errno))")
  }

  /// A new entry in a folder is safe only when the folder is on the disk too. Best effort: some
  /// file systems cannot do it.
  private func syncFolder() {
    let folder = Self.folder(of: destination)
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }

  /// The part of `path` up to its last slash, with it.
  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }

  private static func resolved(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private static func temporaryName(for destination: String) -> String {
    let tag = String(UInt64.random(in: 0 ... .max), radix: 36)
    return "\(folder(of: destination)).slope-\(getpid())-\(tag).tmp"
  }
}
