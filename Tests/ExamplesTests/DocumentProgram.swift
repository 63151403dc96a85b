/// Consecutive blocks of a document: later ones use what earlier ones declare.
///
/// A block that declares a name again opens a scope, which ends with the program.
struct DocumentProgram {
  /// The document's file.
  let path: String
  private(set) var blocks: [CodeBlock] = []
  private var scopes: Set<Int> = []
  private var names: Set<String> = []

  private init(path: String) { self.path = path }

  /// The programs of a document.
  ///
  /// A block that is a whole file begins a new one.
  static func programs(of page: DocumentPage) -> [DocumentProgram] {
    var programs: [DocumentProgram] = []
    for block in page.blocks {
      let declaresAgain = !(programs.last?.names ?? []).isDisjoint(with: block.names)
      if programs.isEmpty || block.isWholeFile || declaresAgain && block.needsFileScope {
        programs.append(DocumentProgram(path: page.path))
      } else if declaresAgain {
        programs[programs.count - 1].scopes.insert(programs[programs.count - 1].blocks.count)
      }
      programs[programs.count - 1].names.formUnion(block.names)
      programs[programs.count - 1].blocks.append(block)
    }
    return programs
  }

  var name: String { "\(path):\(blocks.first?.firstLine ?? 1)" }

  var imports: Set<String> { Set(blocks.flatMap(\.imports)) }

  /// Whether the document shows what it prints.
  var showsOutput: Bool { blocks.contains { $0.output != nil } }

  /// The lines of the program without its imports.
  ///
  /// They print `separator` after each block. The compiler's messages name the document's lines.
  func body(separator: String) -> [String] {
    var lines: [String] = []
    for (index, block) in blocks.enumerated() {
      if scopes.contains(index) { lines.append("do {") }
      for piece in block.pieces {
        lines.append("#sourceLocation(file: \"\(path)\", line: \(piece.line))")
        lines += piece.code.map { isImport($0) ? "" : $0 }
        lines.append("#sourceLocation()")
      }
      if showsOutput { lines.append("print(\"\(separator)\")") }
    }
    return lines + scopes.map { _ in "}" }
  }
}
