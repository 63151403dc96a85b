/// A block of Swift in a document.
struct CodeBlock {
  /// Consecutive lines of the document.
  struct Piece {
    let line: Int
    var code: [String]
  }

  /// What the page does not show (`<!-- swift: … -->` before the block), then the block.
  private(set) var pieces: [Piece]
  /// What it prints: the block of text directly after it, or the comments on or below its
  /// statements.
  var output: ShownOutput?

  init(hidden: [Piece], firstLine: Int) {
    pieces = hidden + [Piece(line: firstLine, code: [])]
  }

  mutating func append(_ line: String) { pieces[pieces.count - 1].code.append(line) }

  /// The document's line on which it begins.
  var firstLine: Int { pieces[pieces.count - 1].line }

  private var lines: [String] { pieces.flatMap(\.code) }

  /// The comments on or directly below statements that print; nil if there are none.
  ///
  /// A `print` without a comment may print anything.
  var commentedOutput: ShownOutput? {
    var output = ShownOutput()
    var isOpen = false
    // Where the comments of the last output begin.
    var column: Int?
    func close() {
      if isOpen { output.lines.append("…") }
      isOpen = false
    }
    for line in lines {
      let comment = line.wholeMatch(of: #/(.*[)}] +| *)\/\/ ?(.*)/#)
      let isComment = comment?.1.allSatisfy { $0 == " " } ?? false
      if !isComment {
        column = nil
        if line.first.map({ !" )}".contains($0) }) ?? true { close() }
        if line.contains("print(") {
          close()
          isOpen = true
        }
      }
      if let comment, isOpen || comment.1.count == column {
        output.lines.append(String(comment.2))
        (isOpen, column) = (false, comment.1.count)
      }
    }
    close()
    return output.lines.allSatisfy { $0 == "…" } ? nil : output
  }

  var imports: [String] { lines.filter(isImport) }

  /// Whether it is a whole file: it imports what it uses.
  var isWholeFile: Bool {
    imports.contains { $0.hasSuffix(" Slope") || $0.hasSuffix(" PackageDescription") }
  }

  /// Whether it declares what Swift allows at file scope only.
  var needsFileScope: Bool {
    lines.contains { $0.firstMatch(of: #/^(?:@?\w+ )*(?:extension|protocol|operator) /#) != nil }
  }

  /// Whether it declares types, functions or extensions: inside a scope, types cannot use its
  /// variables, and extensions are not allowed.
  var declaresMoreThanVariables: Bool {
    let declaration =
      #/^(?:@?\w+ )*(?:func|struct|class|enum|actor|extension|protocol|operator|typealias) /#
    return lines.contains { $0.firstMatch(of: declaration) != nil }
  }

  /// The names that it declares at the outermost level.
  var names: Set<String> {
    let declaration =
      #/(?:@?\w+ )*(?:let|var|func|struct|class|enum|actor|typealias) (\(.*?\)|\w+)(.*)/#
    var names: Set<String> = []
    for line in lines {
      guard let match = line.wholeMatch(of: declaration) else { continue }
      names.formUnion(match.1.matches(of: #/\w+/#).map { String($0.0) })
      // let a = 1, b = 2
      names.formUnion(match.2.matches(of: #/, (\w+) = /#).map { String($0.1) })
    }
    return names
  }
}

/// Whether a line imports a module, at file scope.
func isImport(_ line: String) -> Bool {
  line.firstMatch(of: #/^(?:@\w+ )?import /#) != nil
}
