import CNumberParsing

extension Column {
  /// The first cell that a column of its kind cannot hold.
  package struct CellFault: Error, Hashable {
    /// The row of the cell, from 0.
    package let row: Int
    /// The cell, and what is wrong with it.
    package let message: String

    /// A fault of the cell of a row.
    package init(row: Int, message: String) {
      self.row = row
      self.message = message
    }
  }

  /// A column of the cells that texts write, read as those of a quoted field of a CSV file.
  ///
  /// Nil, blanks and `CSVOptions.missingWords` are missing cells.
  ///
  /// - Parameters:
  ///   - name: the column's name.
  ///   - texts: the text of each cell.
  ///   - kind: what the cells are. Numbers may be 0 and 1 where they are true and false.
  /// - Throws: `CellFault` for the first text that writes no such value.
  package init(_ name: String, texts: [String?], as kind: ColumnKind) throws(CellFault) {
    let cells = texts.map { text in
      text.flatMap { $0.isBlank || CSVOptions.missingWords.contains($0) ? nil : $0 }
    }
    func values<Value>(_ value: (String) -> Value?, _ what: String) throws(CellFault) -> [Value?] {
      var values: [Value?] = []
      values.reserveCapacity(cells.count)
      for (row, cell) in cells.enumerated() {
        let found = cell.flatMap(value)
        if let cell, found == nil {
          throw CellFault(row: row, message: "\(cell.quotedForMessage) is \(what)")
        }
        values.append(found)
      }
      return values
    }
    switch kind {
    case .integer, .number:
      self.init(name, try values(\.finiteNumber, "not a finite number"))
    case .boolean:
      self.init(name, try values(\.truth, "neither true nor false"))
    case .date:
      self.init(name, try values({ DateTime($0) }, "not a date as 2024-02-29 or 2024/02/29"))
    case .category, .text: self.init(name, cells)
    }
  }

  /// A column of the cells that numbers write; NaN is a missing cell.
  ///
  /// - Parameters:
  ///   - name: the column's name.
  ///   - numbers: the number of each cell.
  ///   - kind: what the cells are. A number may be 0 or 1 for false or true, and the level of a category
  ///     that is written as the number, a whole one without a point. None is a date.
  /// - Throws: `CellFault` for the first number that is no such value.
  package init(_ name: String, numbers: [Double], as kind: ColumnKind) throws(CellFault) {
    for (row, number) in numbers.enumerated() where !number.isNaN {
      let fault: String? =
        switch kind {
        case .integer, .number: number.isFinite ? nil : "not finite"
        case .boolean: number == 0 || number == 1 ? nil : "neither 0 nor 1"
        case .date: "a number, not a date; dates are given as texts"
        case .category, .text: number.isFinite ? nil : "not finite"
        }
      if let fault { throw CellFault(row: row, message: "\(number.cellText) is \(fault)") }
    }
    switch kind {
    case .integer, .number: self.init(name, numbers.map { $0.isNaN ? nil : $0 })
    case .boolean: self.init(name, numbers.map { $0.isNaN ? nil : $0 == 1 })
    case .date: self.init(name, numbers.map { _ -> DateTime? in nil })
    case .category, .text: self.init(name, numbers.map { $0.isNaN ? nil : $0.cellText })
    }
  }
}

extension Table {
  /// Columns in memory that are the rows from `firstRow` of what `source` names in messages.
  ///
  /// The columns have equally many cells, and no two have the same name.
  package init(_ columns: [Column], source: String, firstRow: Int) {
    let rowCount = columns.first?.count ?? 0
    self.init(
      columns: columns, header: TableHeader(names: columns.map(\.name)), rowCount: rowCount,
      sourceRows: Array(firstRow..<(firstRow + rowCount)), source: source)
  }
}

extension String {
  /// Whether there is nothing but spaces and tabs.
  fileprivate var isBlank: Bool {
    utf8.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
  }

  /// The number that the text writes, perhaps between blanks.
  fileprivate var finiteNumber: Double? {
    func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    var text = self
    var value = 0.0
    let status = text.withUTF8 { bytes in
      let trimmed = bytes.drop(while: isBlank)
      let count =
        (trimmed.lastIndex { !isBlank($0) } ?? trimmed.startIndex - 1) + 1 - trimmed.startIndex
      return UnsafeRawPointer(bytes.baseAddress).map {
        slope_parse_number(
          $0.advanced(by: trimmed.startIndex).assumingMemoryBound(to: CChar.self), count, &value)
      }
    }
    return status == slope_number_ok ? value : nil
  }

  /// What `true` and `false`, in any case, and 1 and 0 say.
  fileprivate var truth: Bool? {
    switch lowercased() {
    case "true": true
    case "false": false
    default:
      switch finiteNumber {
      case 1: true
      case 0: false
      default: nil
      }
    }
  }
}
