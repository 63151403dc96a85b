extension Table {
  /// Writes the table as a CSV file with a header, whole or not at all.
  ///
  /// Fields are separated by commas and quoted where they must be; lines end in LF. Numbers are the
  /// shortest texts that read back as the same value, missing cells are empty, and texts that would be
  /// read as missing cells, or number by number as numbers, are written as they are: reading the file
  /// gives the same table unless a column of text looks like one of numbers.
  ///
  /// - Parameter path: the path of the file; a file that is there is replaced.
  /// - Throws: `FileError` if it cannot be written; an older file then stays as it was.
  public func write(csv path: String) throws {
    let file = try AtomicFile(path: path)
    try write { try file.write($0) }
    try file.commit()
  }

  /// The text of the CSV file that `write(csv:)` writes.
  public var csvText: String {
    var text = ""
    write { text += $0 }
    return text
  }

  /// Calls `put` with the file's text, some rows at a time.
  package func write(_ put: (String) throws -> Void) rethrows {
    try put(columnNames.map(\.csvField).joined(separator: ",") + "\n")
    var text = ""
    for row in 0..<rowCount {
      appendCSV(row, to: &text)
      text += "\n"
      if text.utf8.count > 1 << 16 {
        try put(text)
        text = ""
      }
    }
    try put(text)
  }

  /// Appends the cells of a row, with commas between them.
  package func appendCSV(_ row: Int, to text: inout String) {
    for (index, column) in columns.enumerated() {
      if index > 0 { text += "," }
      if let cell = column.text(ofRow: row) {
        text += cell.csvField
      } else if columnCount == 1 {
        // An empty line would end a file of one column differently in some readers.
        text += "NA"
      }
    }
  }
}

extension String {
  /// This text as a field of a CSV file: in quotes if it needs them.
  package var csvField: String {
    let special = unicodeScalars.contains { ",;\t|\"\n\r".unicodeScalars.contains($0) }
    // At the start of a file a byte order mark would not be read as part of the text.
    let isBlank =
      first?.isWhitespace ?? true || last?.isWhitespace ?? true
      || unicodeScalars.first == "\u{FEFF}"
    guard special || isBlank else { return self }
    var result = "\""
    for scalar in unicodeScalars {
      if scalar == "\"" { result += "\"" }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
}
