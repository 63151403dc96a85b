import Foundation
import Testing

/// The files and links that the documents name exist.
@Suite struct DocsTests {
  @Test(arguments: ["docs/walkthrough.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
  func everyFileThatAPageNamesExists(page: String) throws {
    let text = try lines(of: page).joined(separator: " ")
    let paths = text.matches(of: #/`((?:Sources|Tests|kernels|tools|docs|Examples)/[^`*… ]+)`/#)
    for match in paths {
      let path = repository.appendingPathComponent(String(match.1)).path
      #expect(FileManager.default.fileExists(atPath: path), "\(match.1)")
    }
    #expect(paths.count > (page == "docs/walkthrough.md" ? 30 : 0))
  }

  /// Files that ARCHITECTURE.md names without a folder.
  @Test func everyFileOfTheArchitectureExists() throws {
    let text = try lines(of: "ARCHITECTURE.md").joined(separator: " ")
    var names: Set = ["Package.swift"]
    for folder in ["Sources", "Tests", "kernels"] {
      let files = FileManager.default.enumerator(
        atPath: repository.appendingPathComponent(folder).path)
      while let path = files?.nextObject() as? String {
        names.insert(String(path.split(separator: "/").last ?? ""))
      }
    }
    let named = text.matches(of: #/[(, ]([A-Z][A-Za-z+]+\.swift)/#).map { String($0.1) }
    #expect(named.count > 15)
    for name in named { #expect(names.contains(name), "\(name)") }
  }

  @Test(arguments: [
    "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "docs/from-pytorch.md",
    "docs/walkthrough.md", "docs/glossary.md", "docs/opencl.md", "docs/mltrain.md",
    "docs/messy-table.md", "docs/networks-for-tables.md", "CHANGELOG.md", "SECURITY.md",
  ])
  func everyLinkLeadsSomewhere(page: String) throws {
    let text = try lines(of: page).joined(separator: "\n")
    let folder = repository.appendingPathComponent(page).deletingLastPathComponent()
    for match in text.matches(of: #/\]\(([^)#]+)(?:#[^)]*)?\)/#) where !match.1.contains("://") {
      let path = folder.appendingPathComponent(String(match.1)).path
      #expect(FileManager.default.fileExists(atPath: path), "\(match.1)")
    }
  }
}
