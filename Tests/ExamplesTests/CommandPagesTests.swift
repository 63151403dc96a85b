import Foundation
import Testing

/// The blocks of text in which a page shows `$ mltrain …` hold what the command prints.
///
/// A block has lines of a shell after `$ `, each with its output below; the blocks of a page run in
/// order and in one folder, which has the datasets. A block of TOML whose first line is a comment with
/// a file's name is that file. tools/command-pages corrects the pages.
@Suite struct CommandPagesTests {
  private static let pages = ["README.md", "docs/mltrain.md", "docs/messy-table.md"]

  @Test(arguments: pages) func commandsPrintWhatIsShown(page: String) throws {
    let text = try lines(of: page).joined(separator: "\n")
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("page-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createSymbolicLink(
      at: folder.appendingPathComponent("datasets"),
      withDestinationURL: repository.appendingPathComponent("datasets"))

    var count = 0
    for block in text.matches(of: #/(?ms)^```(text|toml)\n(.*?)^```$/#) {
      if block.1 == "toml", let name = block.2.firstMatch(of: #/^# (\S+\.toml)\n/#) {
        try Data(block.2.utf8).write(to: folder.appendingPathComponent(String(name.1)))
      } else if block.1 == "text", block.2.hasPrefix("$ "), block.2.contains("mltrain") {
        for command in block.2.matches(of: #/(?m)^\$ (.*)\n((?:(?!\$ ).*\n)*)/#) {
          let printed = try CommandPagesTests.output(of: String(command.1), in: folder)
          let shown = command.2.split(separator: "\n", omittingEmptySubsequences: false)
          #expect(
            ShownOutput(lines: shown.map(String.init))
              .agrees(with: printed),
            "\(page): \(command.1)\n\(printed)")
          count += 1
        }
      }
    }
    #expect(count >= (page == "docs/messy-table.md" ? 8 : 1), "\(page) shows commands")
  }

  /// What a line of a shell prints, on both streams; `swift build` is not run again.
  private static func output(of line: String, in folder: URL) throws -> String {
    guard !line.hasPrefix("swift ") else { return "" }
    let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      .deletingLastPathComponent().path
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", line.replacing(".build/release/mltrain", with: "mltrain"),
    ]
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging([
      "PATH": products + ":/usr/bin:/bin", "SLOPE_DEVICE": "cpu",
    ]) { $1 }
    process.standardInput = FileHandle.nullDevice
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
