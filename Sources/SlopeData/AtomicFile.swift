import Glibc

/// A file that is written whole or not at all.
///
/// Bytes go to an unnamed file in the same folder, or to one with a temporary name if the file
/// system has no unnamed files; `commit()` syncs it to the disk and moves it to its path.
///
/// ```swift
/// let file = try AtomicFile(path: "scores.txt")
/// try file.write("0.83\n")
/// try file.commit()
/// ```
///
/// Before the commit, and if anything fails, an older file stays as it was and nothing is left of
/// the new one. Only a process that is killed may leave a file with a temporary name
/// (`.slope-….tmp`): during the renaming, or if the file system has no unnamed files. The next one that
/// writes to the folder removes it. Symbolic links are followed, also to a path where no file exists
/// yet.
///
/// A file without write permission is refused, also for root.
///
/// A file on which another is mounted cannot be replaced: it is overwritten when the new one is
/// complete. A device, FIFO or descriptor (`/dev/stdout`) cannot be replaced either: it is opened
/// once, by the initialiser, and bytes are appended to it.
public final class AtomicFile {
  private let path: String
  /// The final place of the bytes.
  package let place: FilePlace
  /// What replaces the file; nil if the bytes go directly to their place.
  private let replacement: Replacement?
  /// Open while bytes can be written; a replacement is opened with the first bytes.
  private var descriptor: Int32 = -1
  /// The temporary path of a replacement that has one.
  private var temporaryPath: String?
  private var isOver = false
  private var buffer: [UInt8] = []
  private static let bufferByteCount = 1 << 16

  private struct Replacement {
    let destination: String
    /// The mode of the file that is replaced; nil if there is none.
    let oldMode: mode_t?
    let isNameless: Bool

    var mode: mode_t { oldMode ?? 0o666 }
  }

  /// Finds the place of `path`, and checks that it can be written to.
  ///
  /// Opening a FIFO waits for its reader.
  ///
  /// - Parameter path: the path of the file.
  /// - Throws: `FileError` if the place cannot be written to.
  public init(path: String) throws {
    self.path = path
    func failure(_ number: Int32) -> FileError {
      FileError(file: path, message: "cannot be written: \(systemMessage(number))")
    }
    guard !path.isEmpty, !path.utf8.contains(0), path.utf8.last != UInt8(ascii: "/") else {
      throw FileError(file: path, message: "not the name of a file")
    }
    do {
      place = try FilePlace(following: path)
    } catch {
      throw failure(error.number)
    }
    switch place {
    case .descriptor(let number):
      replacement = nil
      let flags = fcntl(number, F_GETFL)
      guard flags >= 0, flags & O_ACCMODE != O_RDONLY else { throw failure(EBADF) }
      descriptor = fcntl(number, F_DUPFD_CLOEXEC, 3)
    case .kernelLink(let link):
      replacement = nil
      descriptor = Self.opened(link, O_WRONLY | O_APPEND)
    case .file(let destination):
      var status = stat()
      let exists = stat(destination, &status) == 0
      if exists, status.st_mode & S_IFMT == S_IFDIR { throw failure(EISDIR) }
      if exists, status.st_mode & S_IFMT != S_IFREG {
        replacement = nil
        descriptor = Self.opened(destination, O_WRONLY)
        break
      }
      // Root may write to any file, but one that nobody may write to is kept from it too.
      if exists, status.st_mode & 0o222 == 0 { throw failure(EACCES) }
      if exists, access(destination, W_OK) != 0 { throw failure(errno) }
      if exists, !Self.isReplaceable(status, in: Self.folder(of: destination)) {
        throw failure(EPERM)
      }
      StaleFiles.remove(from: Self.folder(of: destination))
      guard let isNameless = Self.probe(Self.folder(of: destination)) else {
        throw failure(errno)
      }
      replacement = Replacement(
        destination: destination, oldMode: exists ? status.st_mode & 0o777 : nil,
        isNameless: isNameless)
    }
    if replacement == nil, descriptor < 0 { throw failure(errno) }
  }

  deinit { abandon() }

  /// Whether a regular file is replaced or created.
  package var isReplaced: Bool { replacement != nil }

  /// Whether the bytes go to a terminal.
  package var isTerminal: Bool { descriptor >= 0 && isatty(descriptor) == 1 }

  /// Whether the bytes go to the same file as those of an open descriptor of the process.
  package func goes(to other: Int32) -> Bool {
    var (own, others) = (stat(), stat())
    return replacement == nil && fstat(descriptor, &own) == 0 && fstat(other, &others) == 0
      && own.st_dev == others.st_dev && own.st_ino == others.st_ino
      && own.st_rdev == others.st_rdev
  }

  /// Appends `bytes`, which are buffered.
  ///
  /// - Parameter bytes: the bytes to append.
  /// - Throws: `FileError` if bytes cannot be written, for example because the disk is full.
  public func write(_ bytes: some Sequence<UInt8>) throws {
    // Large arrays are not copied to the buffer.
    let isPut = try bytes.withContiguousStorageIfAvailable { bytes in
      guard bytes.count >= Self.bufferByteCount else { return false }
      try flush()
      try put(UnsafeRawBufferPointer(bytes))
      return true
    }
    guard isPut != true else { return }
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferByteCount { try flush() }
  }

  /// Appends `text` in UTF-8; throws as `write(_:)` of bytes does.
  public func write(_ text: String) throws { try write(text.utf8) }

  /// Syncs the file to the disk and moves it to its place.
  ///
  /// Nothing can be written afterwards.
  ///
  /// - Throws: `FileError` if that fails; an older file then stays as it was.
  public func commit() throws {
    try flush()
    guard let replacement else {
      // A device has nothing to sync; some answer with EINVAL.
      try close(descriptor)
      return
    }
    guard fsync(descriptor) == 0 else { throw abandoned("be written") }
    var isInPlace = false
    if replacement.isNameless {
      // If no file is there, the new one gets its path without a temporary name.
      isInPlace =
        replacement.oldMode == nil && Self.link(descriptor, to: replacement.destination)
      if !isInPlace {
        let name = Self.temporaryName(in: Self.folder(of: replacement.destination))
        guard Self.link(descriptor, to: name) else { throw abandoned("be put into its place") }
        temporaryPath = name
      }
    }
    // Closed, and with it unlocked, only when it has no temporary name any more.
    defer { abandon() }
    if !isInPlace, let temporaryPath {
      if rename(temporaryPath, replacement.destination) != 0 {
        guard errno == EBUSY, Self.overwrite(replacement.destination, with: temporaryPath) else {
          throw abandoned("be put into its place")
        }
        unlink(temporaryPath)
      }
      self.temporaryPath = nil
    }
    syncFolder(of: replacement.destination)
  }

  private func close(_ open: Int32) throws {
    descriptor = -1
    isOver = true
    guard Glibc.close(open) == 0 else { throw abandoned("be written") }
  }

  /// Opens the replacement if it is not open yet.
  private func begin() throws {
    guard !isOver else {
      throw FileError(file: path, message: "cannot be written: it is closed")
    }
    guard let replacement, descriptor < 0 else { return }
    let folder = Self.folder(of: replacement.destination)
    if replacement.isNameless {
      descriptor = Self.opened(folder, Self.nameless | O_WRONLY, replacement.mode)
    } else {
      let name = Self.temporaryName(in: folder)
      descriptor = Self.opened(name, O_WRONLY | O_CREAT | O_EXCL, replacement.mode)
      if descriptor >= 0 { temporaryPath = name }
    }
    guard descriptor >= 0 else { throw abandoned("be written") }
    StaleFiles.lock(descriptor)
    // Independent of the mask for new files.
    if let mode = replacement.oldMode { fchmod(descriptor, mode) }
  }

  private func flush() throws {
    try begin()
    defer { buffer.removeAll(keepingCapacity: true) }
    try buffer.withUnsafeBytes { try put($0) }
  }

  private func put(_ bytes: UnsafeRawBufferPointer) throws {
    guard writeWhole(bytes, to: descriptor) else { throw abandoned("be written") }
  }

  /// Removes what was written so far, and returns the error.
  private func abandoned(_ what: String) -> FileError {
    let error = FileError(file: path, message: "cannot \(what): \(systemMessage(errno))")
    abandon()
    return error
  }

  private func abandon() {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
    isOver = true
    if let temporaryPath { unlink(temporaryPath) }
    temporaryPath = nil
  }
}

extension AtomicFile {
  /// O_TMPFILE, whose macro Swift does not import: an unnamed file, which ends with its process.
  private static let nameless = 0o20_000_000 | O_DIRECTORY

  private static func opened(_ path: String, _ flags: Int32, _ mode: mode_t = 0) -> Int32 {
    var descriptor: Int32
    repeat {
      descriptor = open(path, flags | O_CLOEXEC, mode)
    } while descriptor < 0
      && errno == EINTR
    return descriptor
  }

  /// Whether `folder` can have unnamed files; nil, with `errno` set, if no file can be made in it.
  private static func probe(_ folder: String) -> Bool? {
    let name = temporaryName(in: folder)
    let descriptor = opened(folder, nameless | O_WRONLY, 0o600)
    if descriptor >= 0 {
      defer { _ = Glibc.close(descriptor) }
      if link(descriptor, to: name) {
        unlink(name)
        return true
      }
    }
    let named = opened(name, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    guard named >= 0 else { return nil }
    _ = Glibc.close(named)
    unlink(name)
    return false
  }

  /// Whether a file of `folder` may be replaced; in a folder such as /tmp only by its owner.
  private static func isReplaceable(_ file: stat, in folder: String) -> Bool {
    var status = stat()
    guard stat(folder, &status) == 0, status.st_mode & mode_t(S_ISVTX) != 0 else { return true }
    let user = geteuid()
    return user == 0 || user == file.st_uid || user == status.st_uid
  }

  /// Overwrites a file with the bytes of another; false, with `errno` set, if that fails.
  private static func overwrite(_ destination: String, with source: String) -> Bool {
    let from = opened(source, O_RDONLY)
    guard from >= 0 else { return false }
    defer { _ = Glibc.close(from) }
    let to = opened(destination, O_WRONLY | O_TRUNC)
    guard to >= 0 else { return false }
    var bytes = [UInt8](repeating: 0, count: bufferByteCount)
    var isDone = false
    while true {
      let count = read(from, &bytes, bytes.count)
      if count < 0, errno == EINTR { continue }
      isDone = count == 0
      guard count > 0, bytes.withUnsafeBytes({ writeWhole(.init(rebasing: $0[..<count]), to: to) })
      else { break }
    }
    isDone = isDone && fsync(to) == 0
    let number = errno
    isDone = Glibc.close(to) == 0 && isDone
    if !isDone { errno = number }
    return isDone
  }

  /// Gives an unnamed open file a path, where no file must be.
  private static func link(_ descriptor: Int32, to path: String) -> Bool {
    linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0
  }

  /// The part of an absolute path up to and including its last slash.
  private static func folder(of path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? "./"
  }

  private static func temporaryName(in folder: String) -> String {
    folder + StaleFiles.newName
  }
}
