import Foundation

/// One file of top-level code, which is compiled and, where the documents show output, run: one
/// program of a document, or several programs, each in a scope.
struct DocumentScript {
  /// What the tests call it.
  let name: String
  let programs: [DocumentProgram]

  /// The scripts of documents.
  ///
  /// Comments of one module that declare at most variables are one script, since compiling and
  /// linking a script takes half a second.
  static func scripts(of pages: [DocumentPage]) -> [DocumentScript] {
    var scripts: [DocumentScript] = []
    var together: [String: [DocumentProgram]] = [:]
    for page in pages {
      for program in DocumentProgram.programs(of: page) {
        if page.isComment, !program.blocks.contains(where: \.declaresMoreThanVariables) {
          let module = page.path.split(separator: "/").prefix(2).joined(separator: "/")
          together[module + (program.showsOutput ? ", with output" : ""), default: []]
            .append(program)
        } else {
          scripts.append(DocumentScript(name: program.name, programs: [program]))
        }
      }
    }
    return scripts
      + together.sorted { $0.key < $1.key }.map { DocumentScript(name: $0.key, programs: $0.value) }
  }

  /// Whether it is a manifest of a package.
  var isManifest: Bool { programs.contains { $0.imports.contains("import PackageDescription") } }

  var showsOutput: Bool { programs.contains(where: \.showsOutput) }

  /// The text to compile.
  ///
  /// It prints a line `separator` after each block.
  func source(separator: String) -> String {
    let imports = Set(programs.flatMap(\.imports)).union(isManifest ? [] : ["import Slope"])
    let bodies = programs.map { program in
      let lines = program.body(separator: separator)
      return programs.count == 1 ? lines : ["do {"] + lines + ["}"]
    }
    return (imports.sorted() + bodies.flatMap { $0 }).joined(separator: "\n") + "\n"
  }

  /// The blocks whose output differs from what their documents show.
  ///
  /// `all` has what each block printed, and what came after the last block. Of a script that
  /// stopped early, the last is its error.
  func differences(from all: [String]) -> [String] {
    let blocks = programs.flatMap { program in program.blocks.map { (program.path, $0) } }
    let needed = (blocks.lastIndex { $0.1.output != nil } ?? -1) + 1
    return zip(blocks, all).prefix(needed).enumerated().compactMap { index, element in
      let ((path, block), printed) = element
      let isWhole = index < all.count - 1
      if isWhole, block.output?.agrees(with: printed) ?? true { return nil }
      return "\(path):\(block.firstLine): prints\n\(printed)"
    }
  }
}
