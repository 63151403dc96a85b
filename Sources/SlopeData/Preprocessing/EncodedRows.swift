import SlopeCore

/// The inputs of a model for the rows of a table, computed when they are asked for.
package struct EncodedRows: Sendable {
  private let columns: [ColumnEncoder]
  private let table: Table
  /// The number of inputs of a row.
  package let width: Int

  init(columns: [ColumnEncoder], width: Int, table: Table) {
    self.columns = columns
    self.width = width
    self.table = table
  }

  /// The number of rows.
  package var count: Int { table.rowCount }

  /// The inputs of some consecutive rows, row-major.
  package func values(_ rows: Range<Int>) -> [Double] { encoded(rows) }

  /// The inputs of some rows, row-major.
  package func values(_ rows: [Int]) -> [Double] { encoded(rows) }

  /// The inputs of `rows` (nil: all) as a tensor `[rows, inputs]` on the default device.
  ///
  /// Throws `TableError` for an input that `Element` cannot hold.
  package func tensor<Element: FloatingElement>(
    rows: [Int]?, as element: Element.Type = Element.self
  ) throws -> Tensor<Element> {
    let count = rows?.count ?? count
    let blockRowCount = 1024
    let faults = ParallelResults<TableError>(count: (count + blockRowCount - 1) / blockRowCount)
    let tensor = Tensor<Element>([count, width], on: .default) { memory in
      inParallel(faults.count) { block in
        let first = block * blockRowCount
        let range = first..<min(first + blockRowCount, count)
        let values = rows.map { encoded(Array($0[range])) } ?? encoded(range)
        var hasFault = false
        for index in values.indices {
          let element = Element.rounding(values[index])
          memory[first * width + index] = element
          guard !element.isFiniteElement, !hasFault else { continue }
          hasFault = true
          let row = first + index / width
          faults.set(block, fault(rows?[row] ?? row, values[index], "\(Element.self)"))
        }
      }
    }
    if let fault = faults.all.first { throw fault }
    return tensor
  }

  private func encoded(_ rows: some RandomAccessCollection<Int>) -> [Double] {
    var values = [Double](repeating: 0, count: rows.count * width)
    values.withUnsafeMutableBufferPointer { buffer in
      var output = 0
      for column in columns {
        column.write(rows, to: buffer, at: output, width: width)
        output += column.outputCount
      }
    }
    return values
  }

  /// The error about an input that the element type cannot hold.
  private func fault(_ row: Int, _ value: Double, _ type: String) -> TableError {
    TableError(
      "\(table.place(ofRow: row)): the input \(value) is beyond the range of \(type)")
  }
}

/// The inputs that are made of one column.
package struct ColumnInputs: Sendable {
  /// Their places among the inputs of all columns.
  package let places: Range<Int>
  /// Row-major, `[rows, places.count]`.
  package let values: [Double]
}

/// Makes the inputs of one column of a table.
struct ColumnEncoder: Sendable {
  let outputCount: Int
  private let encoding: ColumnEncoding
  private let column: Column
  /// The numbers of the cells, of a column of numbers or booleans.
  private let numbers: NumberReader?
  /// For each of the column's levels the place of its input, −1 for none.
  private let placeOfLevel: [Int32]
  /// The place of a level that the training rows do not have, −1 for none.
  private let placeOfOther: Int32
  private let unseen: Set<Int>

  /// An encoder for the column that `report` names.
  ///
  /// Throws `TableError` if the table has no such column, if its cells are of another kind, and for a
  /// missing number that nothing replaces.
  init(_ encoding: ColumnEncoding, _ report: ColumnReport, _ table: Table) throws {
    self.encoding = encoding
    outputCount = encoding.outputCount
    var column = try table.column(report.name)
    let isEmpty = column.missingCount == column.count
    func retyped(_ expected: String) -> TableError {
      TableError(
        "\(table.source): column \(report.name.quotedForMessage) holds \(column.kind.plural), but "
          + "\(expected) in the rows that the model was fitted to")
    }
    var numbers = NumberReader(column)
    var placeOfLevel: [Int32] = []
    var placeOfOther: Int32 = -1
    var unseen: Set<Int> = []
    switch encoding {
    case .number(let encoding, _):
      // The file of booleans may say 0 and 1.
      let isOfKind =
        report.kind == .boolean
        ? column.kind == .boolean || column.isBinary
        : column.kind.isNumeric
      guard isOfKind || isEmpty else { throw retyped(report.kind.plural) }
      if numbers == nil {
        numbers = NumberReader(
          Column(
            report.name, .numbers(Array(repeating: 0, count: column.count)), column.validity))
      }
      if encoding.fill == nil, column.missingCount > 0,
        let row = (0..<column.count).first(where: { !column.validity[$0] })
      {
        throw TableError(
          "\(table.place(ofRow: row)): column \(report.name.quotedForMessage): the value is missing"
        )
      }
    case .date:
      guard column.kind == .date || isEmpty else { throw retyped("dates") }
      if column.kind != .date {
        column = Column(
          report.name, .dates(Array(repeating: 0, count: column.count)), column.validity)
      }
    case .presence: break
    case .levels(let encoding):
      column = column.asTexts
      let places = Dictionary(
        uniqueKeysWithValues: encoding.levels.enumerated().map { ($1, Int32($0)) })
      placeOfOther = encoding.hasRest ? Int32(encoding.levels.count) : -1
      let rest = Set(report.levels)
      placeOfLevel = column.levels.enumerated().map { index, level in
        if let place = places[level] { return place }
        if !rest.contains(level) { unseen.insert(index) }
        return placeOfOther
      }
    }
    self.column = column
    self.numbers = numbers
    self.placeOfLevel = placeOfLevel
    self.placeOfOther = placeOfOther
    self.unseen = unseen
  }

  /// Whether the level of a row's cell, which is not missing, has no input of its own.
  func isUnseen(_ row: Int) -> Bool {
    guard case .texts(let codes, _, _) = column.values else { return false }
    return unseen.contains(Int(codes[row]))
  }

  /// Writes the inputs of `rows` to `buffer`, at `output` in each row of `width` inputs.
  func write(
    _ rows: some RandomAccessCollection<Int>, to buffer: UnsafeMutableBufferPointer<Double>,
    at output: Int, width: Int
  ) {
    var place = output
    switch encoding {
    case .number(let encoding, let flag):
      guard let numbers else { return }
      let fill = encoding.fill ?? 0
      for row in rows {
        buffer[place] = encoding(numbers[row, fill])
        if flag { buffer[place + 1] = column.validity[row] ? 0 : 1 }
        place += width
      }
    case .presence:
      for row in rows {
        buffer[place] = column.validity[row] ? 0 : 1
        place += width
      }
    case .levels(let encoding):
      guard case .texts(let codes, _, _) = column.values else { return }
      for row in rows {
        let level: Int32
        if column.validity[row] {
          level = placeOfLevel[Int(codes[row])]
        } else {
          level = encoding.hasMissing ? Int32(encoding.count - 1) : placeOfOther
        }
        if encoding.isCode {
          buffer[place] = Double(level)
        } else if level >= 0 {
          buffer[place + Int(level)] = 1
        }
        place += width
      }
    case .date(let parts, let encodings, let flag):
      guard case .dates(let all) = column.values else { return }
      for row in rows {
        let isValid = column.validity[row]
        let date = DateTime(microsecondsSince1970: all[row])
        for index in parts.indices {
          let number = isValid ? parts[index](date) : encodings[index].fill ?? 0
          buffer[place + index] = encodings[index](number)
        }
        if flag { buffer[place + parts.count] = isValid ? 0 : 1 }
        place += width
      }
    }
  }
}

extension Column {
  /// Whether the cells are numbers, 0 or 1 all of them.
  fileprivate var isBinary: Bool {
    guard kind.isNumeric, let reader = NumberReader(self) else { return false }
    return (0..<count).allSatisfy { [0, 1].contains(reader[$0, 0]) }
  }

  /// The column with its cells as texts.
  fileprivate var asTexts: Column {
    if case .texts = values { return self }
    return Column(name, (0..<count).map { text(ofRow: $0) })
  }
}
