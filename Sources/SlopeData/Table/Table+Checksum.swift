extension Table {
  /// What tells the cells of some columns, in their order, from those of other tables: 16 hexadecimal
  /// digits.
  ///
  /// Whole numbers count as the same as other numbers, and texts by their bytes, so that a table that is
  /// read again has the same one. It finds differences, not forgery.
  ///
  /// - Parameter names: the columns' names.
  /// - Returns: the checksum.
  /// - Throws: `TableError` for a column that does not exist.
  package func checksum(of names: [String]) throws -> String {
    var checksum = Checksum()
    for name in names {
      checksum.update(name)
      try column(name).cellBits.withUnsafeBytes { checksum.update($0) }
    }
    return checksum.text
  }
}

extension Column {
  /// Bits that tell each cell from others of the column; of missing cells those of NaN.
  fileprivate var cellBits: [UInt64] {
    func bits(_ cell: (Int) -> UInt64) -> [UInt64] {
      (0..<count).map { (validity[$0] ? cell($0) : Double.nan.bitPattern).littleEndian }
    }
    switch values {
    case .integers(let all): return bits { Double(all[$0]).bitPattern }
    case .numbers(let all): return bits { all[$0].bitPattern }
    case .booleans(let all): return bits { all[$0] ? 1 : 0 }
    case .dates(let all): return bits { UInt64(bitPattern: Int64(all[$0])) }
    case .texts(let codes, let levels, _):
      let levelBits = levels.map { level in
        var checksum = Checksum()
        checksum.update(level)
        return checksum.value
      }
      return bits { levelBits[Int(codes[$0])] }
    }
  }
}
