import Glibc

/// A file that appears whole or not at all.
///
/// What is written goes to a file without a name in the same folder, or where the file system has no
/// such files to one with a temporary name; `commit()` syncs it to the disk and puts it into its place.
/// Until then, and if anything fails, a file that was there stays whole, and nothing is left of the new
/// one; only a process that is killed may leave one with a temporary name (`.slope-….tmp`), in the moment
/// of the renaming, or where the file system has no files without a name. Symbolic links are followed,
/// also to a place where there is no file yet.
///
/// A file on which another is mounted cannot be replaced: it is overwritten when the new one is whole.
/// A device, FIFO or descriptor (`/dev/stdout`) cannot be replaced so: it is opened once, when this is
/// made, and written to, behind what it has.
public final class AtomicFile {
  private let path: String
  /// Where the bytes go in the end.
  package let place: FilePlace
  /// What replaces the file; nil where the bytes go straight to their place.
  private let replacement: Replacement?
  /// Open while bytes can be written; a replacement is not begun before there are some.
  private var descriptor: Int32 = -1
  /// The name of a replacement that has one.
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

  /// Finds the place of `path`, and whether it can be written to.
  ///
  /// Opening a FIFO waits for its reader. Throws `FileError` if the place cannot be written to.
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
      if exists, access(destination, W_OK) != 0 { throw failure(errno) }
      if exists, !Self.isReplaceable(status, in: Self.folder(of: destination)) {
        throw failure(EPERM)
      }
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

  /// Whether a file of this name is replaced, or made.
  package var isReplaced: Bool { replacement != nil }

  /// Whether the bytes go to a terminal.
  package var isTerminal: Bool { descriptor >= 0 && isatty(descriptor) == 1 }

  /// Whether the bytes go where those of an open descriptor of the process go.
  package func goes(to other: Int32) -> Bool {
    var (own, others) = (stat(), stat())
    return replacement == nil && fstat(descriptor, &own) == 0 && fstat(other, &others) == 0
      && own.st_dev == others.st_dev && own.st_ino == others.st_ino
      && own.st_rdev == others.st_rdev
  }

  /// Appends `bytes`.
  ///
  /// Throws `FileError` if they cannot be written, for example because the disk is full.
  public func write(_ bytes: some Sequence<UInt8>) throws {
    // What is large already is not copied once more.
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

  /// Appends `text` in UTF-8.
  public func write(_ text: String) throws { try write(text.utf8) }

  /// Puts the file into its place. Nothing can be written afterwards.
  ///
  /// Throws `FileError`, and leaves an older file as it was, if that fails.
  public func commit() throws {
    try flush()
    guard let replacement else {
      // A device has nothing to sync; some say so with EINVAL.
      try close(descriptor)
      return
    }
    guard fsync(descriptor) == 0 else { throw abandoned("be written") }
    var isInPlace = false
    if replacement.isNameless {
      // Straight to its place where that is free: there is no moment with a temporary name.
      isInPlace =
        replacement.oldMode == nil && Self.link(descriptor, to: replacement.destination)
      if !isInPlace {
        let name = Self.temporaryName(in: Self.folder(of: replacement.destination))
        guard Self.link(descriptor, to: name) else { throw abandoned("be put into its place") }
        temporaryPath = name
      }
    }
    try close(descriptor)
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

  /// Opens what replaces the file, if that is not done.
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
    // Whatever the mask for new files says.
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

  /// Removes what was written so far, and says why.
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
  /// O_TMPFILE, which is no plain constant in C: a file without a name, gone when its process is.
  private static let nameless = 0o20_000_000 | O_DIRECTORY

  private static func opened(_ path: String, _ flags: Int32, _ mode: mode_t = 0) -> Int32 {
    var descriptor: Int32
    repeat {
      descriptor = open(path, flags | O_CLOEXEC, mode)
    } while descriptor < 0
      && errno == EINTR
    return descriptor
  }

  /// Whether files of `folder` can be made without a name; nil, with `errno` set, if none can be made.
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

  /// Whether a file of `folder` may be replaced: in a folder such as /tmp only by its owner.
  private static func isReplaceable(_ file: stat, in folder: String) -> Bool {
    var status = stat()
    guard stat(folder, &status) == 0, status.st_mode & mode_t(S_ISVTX) != 0 else { return true }
    let user = geteuid()
    return user == 0 || user == file.st_uid || user == status.st_uid
  }

  /// Puts the bytes of one file into another; false, with `errno` set, if that fails.
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

  /// Gives an open file without a name one, which must be free.
  private static func link(_ descriptor: Int32, to path: String) -> Bool {
    linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0
  }

  /// A new entry in a folder is safe only when the folder is on the disk too. Best effort: some
  /// file systems cannot do it.
  private func syncFolder(of path: String) {
    let descriptor = Self.opened(Self.folder(of: path), O_RDONLY | O_DIRECTORY)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    _ = Glibc.close(descriptor)
  }

  /// The part of an absolute path up to its last slash, with it.
  private static func folder(of path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? "./"
  }

  private static func temporaryName(in folder: String) -> String {
    let tag = String(UInt64.random(in: 0 ... .max), radix: 36)
    return "\(folder).slope-\(getpid())-\(tag).tmp"
  }
}
