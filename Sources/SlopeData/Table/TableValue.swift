/// A type of which a table's column can hold values: Int, Double, Bool, String or `DateTime`.
public protocol TableValue: Sendable, Hashable {
  /// The storage of cells; what is nil, or cannot be stored, is a missing cell.
  static func _store(_ cells: [Self?]) -> _ColumnStorage
  /// Reads the value of a row that has one; nil if the column's kind has no such values.
  static func _reader(of column: Column) -> ((Int) -> Self)?
}

/// The values and missing cells of a column.
public struct _ColumnStorage {
  let values: ColumnValues
  let validity: Validity
}

extension TableValue {
  static func columnValues(_ cells: [Self?]) -> (ColumnValues, Validity) {
    let storage = _store(cells)
    return (storage.values, storage.validity)
  }

  static func reader(of column: Column) -> ((Int) -> Self)? { _reader(of: column) }

  /// The validity of cells that are values, and for which `isStorable` holds.
  fileprivate static func validity(
    _ cells: [Self?], _ isStorable: (Self) -> Bool = { _ in true }
  ) -> Validity {
    Validity(count: cells.count) { cells[$0].map(isStorable) ?? false }
  }
}

extension Int: TableValue {
  /// The storage of integers.
  public static func _store(_ cells: [Int?]) -> _ColumnStorage {
    _ColumnStorage(values: .integers(cells.map { $0 ?? 0 }), validity: validity(cells))
  }

  /// Reads integers.
  public static func _reader(of column: Column) -> ((Int) -> Int)? {
    guard case .integers(let all) = column.values else { return nil }
    return { all[$0] }
  }
}

extension Double: TableValue {
  /// The storage of numbers.
  public static func _store(_ cells: [Double?]) -> _ColumnStorage {
    _ColumnStorage(
      values: .numbers(cells.map { $0.flatMap { $0.isFinite ? $0 : nil } ?? 0 }),
      validity: validity(cells, \.isFinite))
  }

  /// Reads numbers; integers are rounded.
  public static func _reader(of column: Column) -> ((Int) -> Double)? {
    switch column.values {
    case .numbers(let all): { all[$0] }
    case .integers(let all): { Double(all[$0]) }
    default: nil
    }
  }
}

extension Bool: TableValue {
  /// The storage of booleans.
  public static func _store(_ cells: [Bool?]) -> _ColumnStorage {
    _ColumnStorage(values: .booleans(cells.map { $0 ?? false }), validity: validity(cells))
  }

  /// Reads booleans.
  public static func _reader(of column: Column) -> ((Int) -> Bool)? {
    guard case .booleans(let all) = column.values else { return nil }
    return { all[$0] }
  }
}

extension DateTime: TableValue {
  /// The storage of dates.
  public static func _store(_ cells: [DateTime?]) -> _ColumnStorage {
    _ColumnStorage(
      values: .dates(cells.map { $0?.microsecondsSince1970 ?? 0 }), validity: validity(cells))
  }

  /// Reads dates.
  public static func _reader(of column: Column) -> ((Int) -> DateTime)? {
    guard case .dates(let all) = column.values else { return nil }
    return { DateTime(microsecondsSince1970: all[$0]) }
  }
}

extension String: TableValue {
  /// The storage of texts, whose distinct values are stored once.
  public static func _store(_ cells: [String?]) -> _ColumnStorage {
    var levels: [String] = []
    var codes: [String: Int32] = [:]
    let stored = cells.map { cell -> Int32 in
      guard let cell else { return 0 }
      if let code = codes[cell] { return code }
      let code = Int32(levels.count)
      levels.append(cell)
      codes[cell] = code
      return code
    }
    let validity = validity(cells)
    let isCategory = ColumnKind.isCategory(
      levelCount: levels.count, cellCount: cells.count - validity.missingCount)
    return _ColumnStorage(
      values: .texts(codes: stored, levels: levels, isCategory: isCategory), validity: validity)
  }

  /// Reads the text of a cell of any kind.
  public static func _reader(of column: Column) -> ((Int) -> String)? {
    { column.text(ofRow: $0) ?? "" }
  }
}
