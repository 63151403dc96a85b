import Glibc
import TestSupport
import Testing

@testable import SlopeCore

@Suite struct FolderEntriesTests {
  @Test func namesOfAllLengthsAreListed() throws {
    let folder = try TemporaryFolder()
    #expect(folderEntries(folder.path) == [])
    // More than fits into one buffer of the system; short records are at its very end.
    var names: [String] = []
    for number in 0..<3000 { names.append("\(number)") }
    for count in 100...255 { names.append(String(repeating: "n", count: count)) }
    names += [".hidden", "...", "ü"]
    for name in names { try folder.write([], to: name) }
    #expect(folderEntries(folder.path).sorted() == names.sorted())
  }

  @Test func whatIsNoFolderHasNone() throws {
    let folder = try TemporaryFolder()
    #expect(folderEntries(folder.path + "/none") == [])
    let file = try folder.write("x", to: "file")
    #expect(folderEntries(file) == [])
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0 && folderEntries(folder.file("pipe")) == [])
  }
}
