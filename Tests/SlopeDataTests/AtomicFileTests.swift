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

  @Test func aFileThatNobodyMayWriteToIsRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "out")
    for mode: mode_t in [0o444, 0o400, 0o555] {
      chmod(folder.file("out"), mode)
      let error = #expect(throws: FileError.self) { try AtomicFile(path: folder.file("out")) }
      #expect(error?.message == "cannot be written: Permission denied")
    }
    #expect(try folder.text("out") == "old")
    // By its group or by others is enough for root, whom other permissions do not stop.
    chmod(folder.file("out"), 0o464)
    if geteuid() == 0 { _ = try AtomicFile(path: folder.file("out")) }
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

  @Test func linksLeadToAPlaceThatIsStillFree() throws {
    let folder = try TemporaryFolder()
    #expect(mkdir(folder.file("inner"), 0o700) == 0)
    #expect(symlink("inner/second", folder.file("first")) == 0)
    #expect(symlink("../target", folder.file("inner/second")) == 0)
    let file = try AtomicFile(path: folder.file("first"))
    try file.write("new")
    try file.commit()
    #expect(folder.names == ["first", "inner", "target"])
    #expect(try folder.text("target") == "new")
    #expect(symlink("loop", folder.file("loop")) == 0)
    let error = try #require(throws: FileError.self) { try AtomicFile(path: folder.file("loop")) }
    #expect(error.message.contains("symbolic links"))
  }

  @Test func nothingIsSeenOfAFileThatIsBeingWritten() throws {
    let folder = try TemporaryFolder()
    let file = try AtomicFile(path: folder.file("out"))
    #expect(folder.names.isEmpty, "before the first byte")
    try file.write([UInt8](repeating: 1, count: 1 << 20))
    // A file system without unnamed files shows the temporary one.
    #expect(folder.names.allSatisfy { $0.hasSuffix(".tmp") })
    try file.commit()
    #expect(folder.names == ["out"])
    #expect(throws: FileError.self, "it is closed") {
      try file.write([UInt8](repeating: 1, count: 1 << 20))
    }
    #expect(folder.names == ["out"])
    #expect(try folder.read("out").count == 1 << 20)
  }

  @Test func aModeIsKeptWhateverTheMaskSays() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "out")
    chmod(folder.file("out"), 0o666)
    let file = try AtomicFile(path: folder.file("out"))
    try file.write("new")
    try file.commit()
    var status = stat()
    #expect(stat(folder.file("out"), &status) == 0 && status.st_mode & 0o777 == 0o666)
  }

  @Test func aDescriptorIsWrittenToAndItsFileNotReplaced() throws {
    let folder = try TemporaryFolder()
    try folder.write("old ", to: "log")
    let descriptor = open(folder.file("log"), O_WRONLY | O_APPEND | O_CLOEXEC)
    for path in ["/dev/fd/\(descriptor)", "/proc/self/fd/\(descriptor)"] {
      let file = try AtomicFile(path: path)
      #expect(file.place == .descriptor(descriptor))
      try file.write("new ")
      try file.commit()
    }
    #expect(try folder.text("log") == "old new new ")
    #expect(folder.names == ["log"])
    // A link of the user's own is followed, too.
    #expect(symlink("/dev/fd/\(descriptor)", folder.file("link")) == 0)
    let file = try AtomicFile(path: folder.file("link"))
    try file.write("again")
    try file.commit()
    #expect(try folder.text("log") == "old new new again")
    close(descriptor)
    let reading = open(folder.file("log"), O_RDONLY | O_CLOEXEC)
    let error = try #require(throws: FileError.self) { try AtomicFile(path: "/dev/fd/\(reading)") }
    #expect(error.message == "cannot be written: Bad file descriptor")
    close(reading)
    #expect(throws: FileError.self) { try AtomicFile(path: "/dev/fd/\(reading)") }
  }

  @Test func aFIFOIsOpenedOnce() throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    // Both ends are open: opening for writing then does not wait.
    let reader = open(folder.file("pipe"), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    let file = try AtomicFile(path: folder.file("pipe"))
    try file.write("x")
    try file.commit()
    var bytes = [UInt8](repeating: 0, count: 8)
    #expect(read(reader, &bytes, 8) == 1)
    #expect(read(reader, &bytes, 8) == 0, "its only writer is gone")
    close(reader)
  }

  @Test func anInputIsKnownUnderEveryName() throws {
    let folder = try TemporaryFolder()
    let input = try folder.write("x", to: "in")
    try folder.write("x", to: "other")
    #expect(link(input, folder.file("hard")) == 0)
    #expect(symlink("in", folder.file("soft")) == 0)
    for name in [
      "in", "hard", "soft", "./in", "../\(folder.path.split(separator: "/").last ?? "")/in",
    ] {
      let error = try #require(throws: FileError.self) {
        try refuseToReplace(input, with: "no", at: folder.file(name))
      }
      #expect(error == FileError(file: folder.file(name), message: "no"))
    }
    for name in ["other", "none"] {
      try refuseToReplace(input, with: "no", at: folder.file(name))
    }
    // A device can be read and written.
    try refuseToReplace("/dev/null", with: "no", at: "/dev/null")
  }
}
