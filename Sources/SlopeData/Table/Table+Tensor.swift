public import SlopeCore

/// What becomes of missing cells in a tensor.
public enum MissingCells: Sendable, Hashable {
  /// A missing cell is an error that names its row.
  case refused
  /// A missing cell is this number.
  case fill(Double)
}

extension Table {
  /// The named columns as a tensor, `[rows, columns]`, also for a single column.
  ///
  /// ```swift
  /// let table = Table([Column("a", [1, nil]), Column("b", [true, false])])
  /// print(try table.tensor("a", "b", missing: .fill(-1)))
  /// // tensor([[ 1.,  1.],
  /// //         [-1.,  0.]])
  /// ```
  ///
  /// Each number is rounded once to `Element`; booleans are 0 and 1. The tensor is on the default
  /// device.
  ///
  /// - Parameters:
  ///   - names: the names of columns of numbers or booleans, in the order of the tensor's columns.
  ///   - missing: what becomes of missing cells.
  ///   - element: the element type of the tensor.
  /// - Returns: a tensor of copies.
  /// - Throws: `TableError` for an unknown or ambiguous name, for a column of another kind, for a
  ///   missing cell unless `missing` says what it becomes, for a value beyond the range of `Element`,
  ///   and if no column is named.
  public func tensor<Element: FloatingElement>(
    _ names: String..., missing: MissingCells = .refused, as element: Element.Type = Float.self
  ) throws -> Tensor<Element> {
    try tensor(names, missing: missing, as: element)
  }

  /// All but the named columns as a tensor, `[rows, columns]`.
  ///
  /// - Parameters:
  ///   - names: the names of the columns that are left out.
  ///   - missing: what becomes of missing cells.
  ///   - element: the element type of the tensor.
  /// - Returns: a tensor of copies.
  /// - Throws: `TableError` as `tensor(_:missing:as:)`.
  public func tensor<Element: FloatingElement>(
    except names: String..., missing: MissingCells = .refused,
    as element: Element.Type = Float.self
  ) throws -> Tensor<Element> {
    try drop(names).allColumns(missing, as: element)
  }

  /// The columns of a list of names as a tensor, `[rows, columns]`.
  ///
  /// - Parameters:
  ///   - names: the names of columns of numbers or booleans, in the order of the tensor's columns.
  ///   - missing: what becomes of missing cells.
  ///   - element: the element type of the tensor.
  /// - Returns: a tensor of copies.
  /// - Throws: `TableError` as `tensor(_:missing:as:)`.
  public func tensor<Element: FloatingElement>(
    _ names: [String], missing: MissingCells = .refused, as element: Element.Type = Float.self
  ) throws -> Tensor<Element> {
    try replacing(names.map(column)).allColumns(missing, as: element)
  }

  private func allColumns<Element: FloatingElement>(
    _ missing: MissingCells, as element: Element.Type
  ) throws -> Tensor<Element> {
    guard !columns.isEmpty else { throw TableError("\(source): a tensor of no columns") }
    let readers = try columns.map { column in
      guard let reader = NumberReader(column) else {
        throw TableError(
          "\(source): column \(column.name.quotedForMessage) holds \(column.kind.plural), not numbers"
        )
      }
      if missing == .refused, column.missingCount > 0,
        let row = (0..<rowCount).first(where: { !column.validity[$0] })
      {
        throw TableError(
          "\(place(ofRow: row)): column \(column.name.quotedForMessage): the value is missing; say "
            + "what it becomes (missing: .fill(0))")
      }
      return reader
    }
    let filler: Double = if case .fill(let number) = missing { number } else { 0 }
    let blockCount = (rowCount + Self.blockRowCount - 1) / Self.blockRowCount
    let faults = ParallelResults<NumberReader.Place>(count: blockCount)
    let tensor = Tensor<Element>([rowCount, columns.count], on: .default) { memory in
      inParallel(blockCount) { block in
        let first = block * Self.blockRowCount
        let rows = first..<min(first + Self.blockRowCount, rowCount)
        // The two common types have loops of their own.
        let fault =
          if let floats = memory as? UnsafeMutableBufferPointer<Float> {
            NumberReader.write(rows, of: readers, filler, to: floats)
          } else if let doubles = memory as? UnsafeMutableBufferPointer<Double> {
            NumberReader.write(rows, of: readers, filler, to: doubles)
          } else {
            NumberReader.write(rows, of: readers, filler, to: memory)
          }
        if let fault { faults.set(block, fault) }
      }
    }
    if let (row, column) = faults.all.first {
      throw TableError(
        "\(place(ofRow: row)): column \(columns[column].name.quotedForMessage): "
          + "\(readers[column][row, filler]) is beyond the range of \(Element.self)")
    }
    return tensor
  }

  private static var blockRowCount: Int { 1024 }

  /// The codes of the levels of the column called `name`, and the levels.
  ///
  /// Codes are the places of the cells' texts in the list of levels, which is in the order of the
  /// first cells. Numbers, booleans and dates are levels by their text. The tensor is on the default
  /// device.
  ///
  /// - Parameter name: the name of a column.
  /// - Returns: the codes, `[rows]`, and the levels.
  /// - Throws: `TableError` for an unknown or ambiguous name, and for a missing cell.
  public func codes(_ name: String) throws -> (indices: Tensor<Int>, names: [String]) {
    let (codes, levels) = try levelCodes(name)
    return (Tensor(codes, on: .default), levels)
  }

  /// The cells of the column called `name` as class indices, and the classes' names.
  ///
  /// Classes are in ascending order: numbers by value, text by its characters, false before true. So
  /// the indices do not depend on the order of the rows. Only classes that occur in the table count.
  ///
  /// ```swift
  /// let table = Table([Column("species", ["b", "a", "b"])])
  /// let (indices, names) = try table.classes("species")
  /// print(indices, names)
  /// // tensor([1, 0, 1]) ["a", "b"]
  /// ```
  ///
  /// - Parameter name: the name of a column.
  /// - Returns: the class indices, `[rows]`, and the names.
  /// - Throws: `TableError` for an unknown or ambiguous name, and for a missing cell.
  public func classes(_ name: String) throws -> (indices: Tensor<Int>, names: [String]) {
    let column = try column(name)
    try refuseMissing(column)
    // By value: 0 and −0 are one class of two texts.
    let keys = column.sortKeys
    let classes = Set(keys.compactMap { $0 }).sorted()
    let place = Dictionary(uniqueKeysWithValues: zip(classes, classes.indices))
    let indices = keys.map { $0.flatMap { place[$0] } ?? 0 }
    return (Tensor(indices, on: .default), column.sortedLevels(in: nil))
  }

  private func levelCodes(_ name: String) throws -> ([Int], [String]) {
    let column = try column(name)
    try refuseMissing(column)
    if case .texts(let codes, let levels, _) = column.values {
      return (codes.map(Int.init), levels)
    }
    var levels: [String] = []
    var places: [String: Int] = [:]
    let codes = (0..<rowCount).map { row in
      let text = column.text(ofRow: row) ?? ""
      if let place = places[text] { return place }
      places[text] = levels.count
      levels.append(text)
      return levels.count - 1
    }
    return (codes, levels)
  }

  private func refuseMissing(_ column: Column) throws {
    guard column.missingCount > 0, let row = (0..<rowCount).first(where: { !column.validity[$0] })
    else { return }
    throw TableError(
      "\(place(ofRow: row)): column \(column.name.quotedForMessage): the value is missing")
  }
}

extension Column {
  /// The texts of the values in `rows` (nil: all) in ascending order of the values, each once.
  package func sortedLevels(in rows: [Int]?) -> [String] {
    let keys = sortKeys
    var rowOfKey: [Int: Int] = [:]
    for row in rows ?? Array(0..<count) {
      if let key = keys[row], rowOfKey[key] == nil { rowOfKey[key] = row }
    }
    return rowOfKey.sorted { $0.key < $1.key }.compactMap { text(ofRow: $0.value) }
  }
}

/// Reads the cells of a column of numbers or booleans as Double.
package struct NumberReader {
  private enum Values {
    case integers([Int])
    case numbers([Double])
    case booleans([Bool])
  }

  private let values: Values
  private let validity: Validity

  /// Nil for a column of another kind.
  package init?(_ column: Column) {
    switch column.values {
    case .integers(let all): values = .integers(all)
    case .numbers(let all): values = .numbers(all)
    case .booleans(let all): values = .booleans(all)
    case .dates, .texts: return nil
    }
    validity = column.validity
  }

  /// The number of a row, or `filler` if it is missing.
  @inline(__always)
  package subscript(row: Int, filler: Double) -> Double {
    guard validity[row] else { return filler }
    switch values {
    case .integers(let all): return Double(all[row])
    case .numbers(let all): return all[row]
    case .booleans(let all): return all[row] ? 1 : 0
    }
  }

  /// An element of a tensor that is made of several columns.
  typealias Place = (row: Int, column: Int)

  /// Writes `rows` of several columns, row by row; the first element that is not finite.
  @inline(__always)
  static func write<Element: FloatingElement>(
    _ rows: Range<Int>, of readers: [NumberReader], _ filler: Double,
    to memory: UnsafeMutableBufferPointer<Element>
  ) -> Place? {
    var fault: Place?
    for (column, reader) in readers.enumerated() {
      let row = reader.write(rows, filler, to: memory, at: column, width: readers.count)
      if let row, row < fault?.row ?? .max { fault = (row, column) }
    }
    return fault
  }

  /// Writes `rows` to every `width`-th element; the first row whose element is not finite.
  @inline(__always)
  private func write<Element: FloatingElement>(
    _ rows: Range<Int>, _ filler: Double, to memory: UnsafeMutableBufferPointer<Element>,
    at column: Int, width: Int
  ) -> Int? {
    let filler = Element.rounding(filler)
    var isFinite = true
    @inline(__always) func write(_ number: (Int) -> Double) {
      if validity.missingCount == 0 {
        for row in rows {
          let element = Element.rounding(number(row))
          memory[row * width + column] = element
          isFinite = isFinite && element.isFiniteElement
        }
      } else {
        for row in rows {
          let element = validity[row] ? Element.rounding(number(row)) : filler
          memory[row * width + column] = element
          isFinite = isFinite && element.isFiniteElement
        }
      }
    }
    switch values {
    case .integers(let all): all.withUnsafeBufferPointer { all in write { Double(all[$0]) } }
    case .numbers(let all): all.withUnsafeBufferPointer { all in write { all[$0] } }
    case .booleans(let all): all.withUnsafeBufferPointer { all in write { all[$0] ? 1 : 0 } }
    }
    return isFinite ? nil : rows.first { !memory[$0 * width + column].isFiniteElement }
  }
}

extension FloatingElement {
  /// The nearest element to `number`.
  ///
  /// Unspecialised, a conversion is two calls: the two common types have their own.
  @inline(__always)
  package static func rounding(_ number: Double) -> Self {
    if Self.self == Float.self { return unsafeBitCast(Float(number), to: Self.self) }
    if Self.self == Double.self { return unsafeBitCast(number, to: Self.self) }
    return Self(clamping: number)
  }

  /// Whether the element is a finite number.
  @inline(__always)
  package var isFiniteElement: Bool {
    if Self.self == Float.self { return unsafeBitCast(self, to: Float.self).isFinite }
    if Self.self == Double.self { return unsafeBitCast(self, to: Double.self).isFinite }
    return doubleValue.isFinite
  }
}
