/// The names of a table's columns: each unique, with what was odd about those in the file.
struct TableHeader {
  private(set) var names: [String]
  /// Names that several columns bear in the file, and what those are called instead.
  private(set) var ambiguous: [String: [String]] = [:]
  private(set) var warnings: [String] = []

  /// Makes names unique: an unnamed column is called `column 3`, the columns of a name that occurs
  /// twice `x (column 1)` and `x (column 4)`.
  init(_ written: [String]) {
    let counts = Dictionary(written.map { ($0, 1) }, uniquingKeysWith: +)
    // Names that are free of trouble keep priority over those made here.
    var taken = Set(counts.filter { $0.value == 1 && !$0.key.isEmpty }.keys)
    names = written
    for (index, name) in written.enumerated() where name.isEmpty || (counts[name] ?? 0) > 1 {
      var unique = name.isEmpty ? "column \(index + 1)" : "\(name) (column \(index + 1))"
      while !taken.insert(unique).inserted { unique += "'" }
      names[index] = unique
      if name.isEmpty {
        warnings.append(
          "column \(index + 1) has no name and is called \(unique.quotedForMessage)")
      } else {
        ambiguous[name, default: []].append(unique)
      }
    }
    for name in ambiguous.keys.sorted() {
      let list = (ambiguous[name] ?? []).map(\.quotedForMessage).joined(separator: ", ")
      warnings.append(
        "several columns are named \(name.quotedForMessage); they are called \(list)")
    }
  }

  /// Adds a warning.
  mutating func warn(_ text: String) { warnings.append(text) }
}
