import SlopeCore

extension Table {
  /// The columns of the given names, in their order.
  ///
  /// - Parameter names: names of columns; none twice.
  /// - Returns: a table that shares the columns' storage.
  /// - Throws: `TableError` for an unknown, ambiguous or repeated name.
  public func select(_ names: [String]) throws -> Table {
    let chosen = try names.map(columnIndex(of:))
    if let repeated = names.indices.first(where: { chosen[..<$0].contains(chosen[$0]) }) {
      throw TableError("\(source): column \(names[repeated].quotedForMessage) is selected twice")
    }
    return replacing(chosen.map { columns[$0] })
  }

  /// The columns of the given names, in their order.
  public func select(_ names: String...) throws -> Table { try select(names) }

  /// The table without the columns of the given names.
  ///
  /// - Parameter names: names of columns.
  /// - Returns: a table that shares the other columns' storage.
  /// - Throws: `TableError` for an unknown or ambiguous name.
  public func drop(_ names: [String]) throws -> Table {
    let dropped = Set(try names.map(columnIndex(of:)))
    return replacing(columns.indices.filter { !dropped.contains($0) }.map { columns[$0] })
  }

  /// The table without the columns of the given names.
  public func drop(_ names: String...) throws -> Table { try drop(names) }

  /// The table with a column more, or with one of its name replaced.
  ///
  /// Precondition: the column has as many cells as the table has rows. Otherwise it is a failure, and
  /// the table is returned as it is.
  ///
  /// - Parameter column: the column.
  /// - Returns: a table that shares the other columns' storage.
  public func adding(_ column: Column) -> Table {
    guard column.count == rowCount || columns.isEmpty else {
      reportFailure(
        operation: "adding",
        "column \(column.name.quotedForMessage) has \(column.count) cells, the table \(rowCount) rows"
      )
      return self
    }
    var all = columns
    if let place = all.firstIndex(where: { $0.name == column.name }) {
      all[place] = column
    } else {
      all.append(column)
    }
    return columns.isEmpty ? Table(all) : replacing(all)
  }

  /// The first rows, at most `count`.
  public func head(_ count: Int = 5) -> Table { taking(Array(0..<max(0, min(count, rowCount)))) }

  /// The rows whose cell in the column called `name` is not missing and fulfils a condition.
  ///
  /// ```swift
  /// let table = Table([Column("age", [34, nil, 51]), Column("name", ["a", "b", "c"])])
  /// print(try table.filter("age") { (age: Int) in age > 40 }["name", as: String.self])
  /// // [Optional("c")]
  /// ```
  ///
  /// - Parameters:
  ///   - name: the name of a column.
  ///   - isIncluded: the condition on the cell's value.
  /// - Returns: a table of copies.
  /// - Throws: `TableError` for an unknown or ambiguous name, and for a column that has no values of
  ///   the type; and what `isIncluded` throws.
  public func filter<Value: TableValue>(
    _ name: String, _ isIncluded: (Value) throws -> Bool
  ) throws -> Table {
    let cells = try self[name, as: Value.self]
    return taking(try cells.indices.filter { try cells[$0].map(isIncluded) ?? false })
  }

  /// The rows whose cells in the columns called `names` are all present.
  ///
  /// - Parameter names: names of columns; none for all columns.
  /// - Returns: a table of copies.
  /// - Throws: `TableError` for an unknown or ambiguous name.
  public func droppingMissing(_ names: String...) throws -> Table {
    let checked = names.isEmpty ? columns : try names.map(column)
    return taking((0..<rowCount).filter { row in checked.allSatisfy { $0.validity[row] } })
  }

  /// The rows in the order of the cells of some columns: by the first, where equal by the second ….
  ///
  /// Numbers, dates and booleans (false first) are sorted by value, text by its characters. Missing
  /// cells are last in either direction, and equal rows keep their order.
  ///
  /// - Parameters:
  ///   - names: names of columns.
  ///   - descending: whether large values are first.
  /// - Returns: a table of copies.
  /// - Throws: `TableError` for an unknown or ambiguous name.
  public func sorted(by names: String..., descending: Bool = false) throws -> Table {
    let keys = try names.map { try column($0).sortKeys }
    let order = (0..<rowCount).sorted { left, right in
      for key in keys where key[left] != key[right] {
        guard let a = key[left] else { return false }
        guard let b = key[right] else { return true }
        return descending ? a > b : a < b
      }
      return left < right
    }
    return taking(order)
  }
}

extension Column {
  /// For each row a number that orders the cells; nil where they are missing.
  package var sortKeys: [Int?] {
    let keys: [Int]
    switch values {
    case .integers(let all), .dates(let all): keys = all
    case .booleans(let all): keys = all.map { $0 ? 1 : 0 }
    case .numbers(let all): keys = all.map(\.orderedBits)
    case .texts(let codes, let levels, _):
      var rank = [Int](repeating: 0, count: levels.count)
      for (place, level) in levels.indices.sorted(by: { levels[$0] < levels[$1] }).enumerated() {
        rank[level] = place
      }
      keys = codes.map { rank.isEmpty ? 0 : rank[Int($0)] }
    }
    return keys.indices.map { validity[$0] ? keys[$0] : nil }
  }
}

extension Double {
  /// An integer that orders finite numbers as they are; both zeros are equal.
  fileprivate var orderedBits: Int {
    let bits = Int(bitPattern: UInt(bitPattern == 1 << 63 ? 0 : bitPattern))
    return bits >= 0 ? bits : ~(bits & .max)
  }
}
