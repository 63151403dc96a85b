/// The unique names of a table's columns, with warnings about those in the file.
struct TableHeader {
  private(set) var names: [String]
  /// Names that several columns have in the file, and the names that replace them.
  private(set) var ambiguous: [String: [String]] = [:]
  private(set) var warnings: [String] = []
  private(set) var indices: [String: Int] = [:]
  private var unnamed: Set<String> = []

  /// The spellings in the file, where columns of an ambiguous name are spelled differently.
  private var spellings: [String: [String]] = [:]

  /// Makes names unique.
  ///
  /// An unnamed column is called `column 3`, the columns of a name that occurs twice `x (column 1)`
  /// and `x (column 4)`. Names are compared as text: an é is the same letter whether it is encoded
  /// as one character or as an e and an accent.
  init(_ written: [String]) {
    let counts = Dictionary(written.map { ($0, 1) }, uniquingKeysWith: +)
    // Names that are already unique have priority over those made here.
    var taken = Set(counts.filter { $0.value == 1 && !$0.key.isEmpty }.keys)
    names = written
    for (index, name) in written.enumerated() where name.isEmpty || (counts[name] ?? 0) > 1 {
      var unique = name.isEmpty ? "column \(index + 1)" : "\(name) (column \(index + 1))"
      while !taken.insert(unique).inserted { unique += "'" }
      names[index] = unique
      if name.isEmpty {
        unnamed.insert(unique)
        warnings.append(
          "column \(index + 1) has no name and is called \(unique.quotedForMessage)")
      } else {
        ambiguous[name, default: []].append(unique)
        if !(spellings[name] ?? []).contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
          spellings[name, default: []].append(name)
        }
      }
    }
    for name in ambiguous.keys.sorted() {
      let list = (ambiguous[name] ?? []).map(\.quotedForMessage).joined(separator: ", ")
      warnings.append(
        "several columns are named \(name.quotedForMessage)\(spelling(of: name)); "
          + "they are called \(list)")
    }
    index()
  }

  /// The index of the column called `name`.
  ///
  /// Throws `TableError` if there is none, listing the names, or if the file has several.
  func index(of name: String, source: String) throws -> Int {
    if let index = indices[name] { return index }
    if let columns = ambiguous[name] {
      let list = columns.map(\.quotedForMessage).joined(separator: ", ")
      throw TableError(
        "\(source): "
          + (columns.count == 1
            ? "the column named \(name.quotedForMessage) is called \(list)"
            : "\(columns.count) columns are named \(name.quotedForMessage)"
              + "\(spelling(of: name)); say which, as \(list)"))
    }
    let shown = names.prefix(20).map(\.quotedForMessage).joined(separator: ", ")
    let more = names.count > 20 ? " and \(names.count - 20) more" : ""
    let nearest = names.nearest(to: name).map { ", did you mean \($0.quotedForMessage)? The" }
    throw TableError(
      "\(source): no column is named \(name.quotedForMessage)\(nearest ?? "; the") columns are "
        + shown + more)
  }

  /// The spellings of an ambiguous name, if there are several.
  private func spelling(of name: String) -> String {
    guard let all = spellings[name], all.count > 1 else { return "" }
    return " (written as " + all.map(\.quotedAsASCII).joined(separator: " and ")
      + ", which are the same text)"
  }

  /// Names that are unique.
  init(names: [String]) {
    self.names = names
    index()
  }

  /// Names for a file without a header: `column 1`, `column 2` ….
  init(unnamed count: Int) {
    self.init(names: (0..<count).map { "column \($0 + 1)" })
  }

  /// Keeps only the columns called `kept`.
  mutating func keep(_ kept: [String]) {
    names = kept
    ambiguous = ambiguous.mapValues { $0.filter(kept.contains) }.filter { !$0.value.isEmpty }
    index()
  }

  private mutating func index() {
    indices = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
  }

  /// Adds a warning.
  mutating func warn(_ text: String) { warnings.append(text) }

  /// Whether the column called `name` has no name in the file.
  func isUnnamed(_ name: String) -> Bool { unnamed.contains(name) }

  /// Adds a warning in place of that about the unnamed column called `name`.
  mutating func warn(_ text: String, instead name: String) {
    warnings.removeAll { $0.hasSuffix("has no name and is called \(name.quotedForMessage)") }
    warn(text)
  }
}
