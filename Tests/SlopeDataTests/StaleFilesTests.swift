import Glibc
import TestSupport
import Testing

@testable import SlopeData

/// Temporary files of processes that were killed.
struct StaleFilesTests {
  /// The number of a process that has ended.
  private static func endedProcess() throws -> pid_t {
    var process = pid_t()
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("true"), nil]
    defer { free(arguments[0]) }
    guard posix_spawn(&process, "/bin/true", nil, nil, &arguments, environ) == 0 else {
      throw TemporaryFolder.Failure(what: "posix_spawn")
    }
    waitpid(process, nil, 0)
    return process
  }

  @Test func theyAreRemovedByTheNextWrite() throws {
    let folder = try TemporaryFolder()
    let (ended, own) = (try Self.endedProcess(), getpid())
    let stale = ".slope-\(ended)-abc.tmp"
    let kept = [
      ".slope-\(own)-abc.tmp", ".slope-1-abc.tmp", ".slope-\(ended)-a-b.tmp", ".slope-\(ended).tmp",
      ".slope-\(ended)-abc.tmp.txt", "slope-\(ended)-abc.tmp", ".slope-x-abc.tmp", ".slope-0-a.tmp",
      ".slope--5-a.tmp", ".slope-\(ended)-locked.tmp",
    ]
    for name in kept + [stale] { try folder.write("x", to: name) }
    mkdir(folder.file(".slope-\(ended)-folder.tmp"), 0o777)
    symlink("kept.txt", folder.file(".slope-\(ended)-link.tmp"))
    try folder.write("x", to: "kept.txt")
    // Another machine may be writing it.
    let locked = open(folder.file(".slope-\(ended)-locked.tmp"), O_RDONLY)
    defer { close(locked) }
    StaleFiles.lock(locked)

    let file = try AtomicFile(path: folder.file("new.txt"))
    let left = [".slope-\(ended)-folder.tmp", ".slope-\(ended)-link.tmp", "kept.txt"]
    #expect(folder.names == (kept + left).sorted())
    // Once for a folder and process.
    try folder.write("x", to: stale)
    try file.write("new")
    try file.commit()
    _ = try AtomicFile(path: folder.file("other.txt"))
    #expect(folder.names.contains(stale))
    rmdir(folder.file(".slope-\(ended)-folder.tmp"))
  }

  @Test func aFileIsLockedUntilItIsInItsPlace() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "file")
    let file = try AtomicFile(path: folder.file("file"))
    try file.write("new")
    try file.commit()
    #expect(try folder.text("file") == "new")
    // The lock has gone with the descriptor.
    let descriptor = open(folder.file("file"), O_RDONLY)
    defer { close(descriptor) }
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    let again = #expect(throws: FileError.self) {
      try file.write("more")
      try file.commit()
    }
    #expect(again?.message == "cannot be written: it is closed")
  }
}
