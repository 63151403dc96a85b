import Foundation

/// A document with examples: a file of Markdown, or one documentation comment of a source file.
struct DocumentPage {
  /// The file's path in the repository, as the compiler's messages name it.
  let path: String
  let isComment: Bool
  /// The blocks of Swift, in their order.
  let blocks: [CodeBlock]

  /// A page of Markdown.
  init(path: String, _ text: String) {
    self.init(path: path, text.components(separatedBy: "\n"), firstLine: 1, isComment: false)
  }

  private init(path: String, _ lines: [String], firstLine: Int, isComment: Bool) {
    self.path = path
    self.isComment = isComment
    blocks = DocumentPage.blocks(of: lines, firstLine: firstLine, isComment: isComment)
  }

  /// The documentation comments of a source file.
  static func comments(path: String, _ source: String) -> [DocumentPage] {
    var pages: [DocumentPage] = []
    var comment: [String] = []
    for (index, line) in (source + "\n").components(separatedBy: "\n").enumerated() {
      let text = line.drop { $0 == " " }
      if text.hasPrefix("///") {
        comment.append(String(text.dropFirst(text.hasPrefix("/// ") ? 4 : 3)))
      } else if !comment.isEmpty {
        defer { comment = [] }
        guard comment.contains(where: { $0.contains("```") }) else { continue }
        let firstLine = index + 1 - comment.count
        pages.append(DocumentPage(path: path, comment, firstLine: firstLine, isComment: true))
      }
    }
    return pages
  }

  /// All documents of the repository that have a block of Swift.
  static func all() throws -> [DocumentPage] {
    var pages: [DocumentPage] = []
    let files = FileManager.default.enumerator(
      at: repository, includingPropertiesForKeys: nil, options: .skipsHiddenFiles)
    while let file = files?.nextObject() as? URL {
      let path = String(file.path.dropFirst(repository.path.count + 1))
      let isSource = path.hasPrefix("Sources/") && path.hasSuffix(".swift")
      guard isSource || path.hasSuffix(".md") else { continue }
      let text = try String(contentsOf: file, encoding: .utf8)
      guard text.contains("```") else { continue }
      pages += isSource ? comments(path: path, text) : [DocumentPage(path: path, text)]
    }
    return pages.filter { !$0.blocks.isEmpty }.sorted { $0.path < $1.path }
  }

  /// The blocks of Swift in consecutive lines of a file.
  ///
  /// In a documentation comment, a fence that names no language is Swift.
  private static func blocks(
    of lines: [String], firstLine: Int, isComment: Bool
  ) -> [CodeBlock] {
    var blocks: [CodeBlock] = []
    var hidden: [CodeBlock.Piece] = []
    var fence: Fence?
    var isHidden = false
    // Whether nothing but empty lines followed the last block of Swift.
    var isDirectlyAfterSwift = false
    for (number, line) in zip(firstLine..., lines) {
      if let open = fence {
        if open.isClosed(by: line) {
          fence = nil
          isDirectlyAfterSwift = open.language == "swift"
          if isDirectlyAfterSwift {
            blocks[blocks.count - 1].output = blocks[blocks.count - 1].commentedOutput
          }
        } else if open.language == "swift" {
          blocks[blocks.count - 1].append(open.unindented(line))
        } else if open.isOutput {
          blocks[blocks.count - 1].output?.lines.append(open.unindented(line))
        }
      } else if isHidden {
        isHidden = !line.contains("-->")
        if isHidden { hidden[hidden.count - 1].code.append(line) }
      } else if var open = Fence(line) {
        if isComment, open.language.isEmpty { open.language = "swift" }
        if open.language == "swift" {
          blocks.append(CodeBlock(hidden: hidden, firstLine: number + 1))
          hidden = []
        } else if isDirectlyAfterSwift, ["text", ""].contains(open.language) {
          open.isOutput = true
          blocks[blocks.count - 1].output = ShownOutput()
        }
        fence = open
      } else if let match = line.wholeMatch(of: #/ *<!-- swift: (.*) -->/#) {
        hidden.append(.init(line: number, code: [String(match.1)]))
      } else if line.wholeMatch(of: #/ *<!-- swift/#) != nil {
        isHidden = true
        hidden.append(.init(line: number + 1, code: []))
      } else if !line.allSatisfy({ $0 == " " }) {
        isDirectlyAfterSwift = false
      }
    }
    return blocks
  }

  /// The line that opens a block.
  private struct Fence {
    let indent: Int
    let marks: Substring
    var language: String
    var isOutput = false

    init?(_ line: String) {
      guard let match = line.wholeMatch(of: #/( *)(```+|~~~+) *([A-Za-z0-9+-]*)[^`]*/#) else {
        return nil
      }
      (indent, marks, language) = (match.1.count, match.2, match.3.lowercased())
    }

    func isClosed(by line: String) -> Bool {
      let text = line.trimmingCharacters(in: .whitespaces)
      return text.hasPrefix(marks) && text.allSatisfy { $0 == marks.first }
    }

    func unindented(_ line: String) -> String {
      let spaces = line.prefix { $0 == " " }.count
      return String(line.dropFirst(min(spaces, indent)))
    }
  }
}
