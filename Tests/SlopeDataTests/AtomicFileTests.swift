import Glibc
import TestSupport
import Testing

@testable import SlopeData

@Suite struct AtomicFileTests {
  @Test func theFileAppearsWhenItIsCommitted() throws {
    let folder = try TemporaryFolder()
    let file = try AtomicFile(path: folder.file("out"))
    try file.write("one ")
    try file.write([0x74, 0x77, 0x6F])
    #expect(!folder.names.contains("out"))
    try file.commit()
    #expect(folder.names == ["out"])
    #expect(try folder.read("out") == Array("one two".utf8))
  }

  @Test func anOlderFileStaysWholeUntilThen() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "out")
    do {
      let file = try AtomicFile(path: folder.file("out"))
      try file.write(String(repeating: "new", count: 100_000))
    }
    #expect(folder.names == ["out"], "the temporary file is removed")
    #expect(try folder.read("out") == Array("old".utf8))
    let file = try AtomicFile(path: folder.file("out"))
    try file.write("new")
    try file.commit()
    #expect(try folder.read("out") == Array("new".utf8))
  }

  @Test func aLargeFileIsWrittenWhole() throws {
    let folder = try TemporaryFolder()
    let bytes = (0..<300_001).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let file = try AtomicFile(path: folder.file("out"))
    for start in stride(from: 0, to: bytes.count, by: 1000) {
      try file.write(bytes[start..<min(start + 1000, bytes.count)])
    }
    try file.commit()
    #expect(try folder.read("out") == bytes)
  }

  @Test func aLinkIsFollowedAndModesAreKept() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "real")
    chmod(folder.file("real"), 0o640)
    #expect(symlink(folder.file("real"), folder.file("link")) == 0)
    let file = try AtomicFile(path: folder.file("link"))
    try file.write("new")
    try file.commit()
    #expect(folder.names == ["link", "real"])
    #expect(try folder.read("real") == Array("new".utf8))
    var status = stat()
    #expect(stat(folder.file("real"), &status) == 0)
    #expect(status.st_mode & 0o777 == 0o640)
  }

  @Test func aFullDeviceIsAnError() throws {
    let file = try AtomicFile(path: "/dev/full")
    try file.write("x")
    let error = try #require(throws: FileError.self) { try file.commit() }
    #expect(error.description.contains("/dev/full: cannot be written: No space left"))
  }

  @Test func aDeviceIsWrittenAndNotReplaced() throws {
    let file = try AtomicFile(path: "/dev/null")
    try file.write("x")
    try file.commit()
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test func aPlaceThatCannotBeWrittenIsAnError() throws {
    let folder = try TemporaryFolder()
    for path in ["", folder.path, folder.path + "/", folder.file("none/out"), "a\u{0}b"] {
      #expect(throws: FileError.self) { try AtomicFile(path: path) }
    }
  }
}
