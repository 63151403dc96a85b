import Glibc
import Synchronization

/// The temporary files that processes which were killed left in a folder.
enum StaleFiles {
  private static let prefix = ".slope-"
  private static let suffix = ".tmp"
  /// The folders that this process has looked at.
  private static let known = Mutex<Set<String>>([])

  /// A name for a temporary file that no other one has.
  static var newName: String {
    let tag = String(UInt64.random(in: 0 ... .max), radix: 36)
    return "\(prefix)\(getpid())-\(tag)\(suffix)"
  }

  /// Marks an open file as one that a process is writing, until it is closed.
  static func lock(_ descriptor: Int32) { flock(descriptor, LOCK_EX | LOCK_NB) }

  /// Removes temporary files of processes that have ended, once for each folder.
  ///
  /// Removed is only a regular file of the same user whose name has the number of no living process, and
  /// that no process, also of another machine or container, has locked.
  static func remove(from folder: String) {
    guard known.withLock({ $0.insert(folder).inserted }) else { return }
    for name in folderNames(folder) ?? [] {
      if let process = process(of: name), kill(process, 0) != 0, errno == ESRCH {
        removeUnlocked(folder + name)
      }
    }
  }

  /// The process that made a file, by its name; nil for other files.
  private static func process(of name: String) -> pid_t? {
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return nil }
    let parts = name.dropFirst(prefix.count).dropLast(suffix.count).split(
      separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let process = pid_t(parts[0]), process > 0 else { return nil }
    return process
  }

  private static func removeUnlocked(_ path: String) {
    let descriptor = open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_uid == geteuid(), flock(descriptor, LOCK_EX | LOCK_NB) == 0
    else { return }
    unlink(path)
  }
}
