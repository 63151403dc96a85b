package import SlopeCore

/// How a column is shifted and scaled on its way into a tensor: `(value − mean) / deviation`.
package struct ColumnScale: Hashable, Sendable {
  package var mean: Double
  package var deviation: Double

  package init(mean: Double, deviation: Double) {
    self.mean = mean
    self.deviation = deviation
  }

  /// Leaves every value as it is.
  package static let identity = ColumnScale(mean: 0, deviation: 1)
}

extension Table {
  /// The scaled values of `columns` in `rows` (nil: all), row-major, computed in Double and rounded
  /// once.
  ///
  /// Throws `TableError` for a value that `Element` cannot hold.
  package func scalars<Element: FloatingElement>(
    columns: [Int], rows: [Int]? = nil, scales: [ColumnScale], as element: Element.Type
  ) throws -> [Element] {
    let count = (rows?.count ?? rowCount) * columns.count
    return try [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      // Unspecialised, a conversion is two calls a value: the two common types have their own loop.
      if Element.self == Float.self {
        try buffer.withMemoryRebound(to: Float.self) {
          try write(columns, rows, scales, to: $0, { Float($0) }, \.isFinite)
        }
      } else if Element.self == Double.self {
        try buffer.withMemoryRebound(to: Double.self) {
          try write(columns, rows, scales, to: $0, { $0 }, \.isFinite)
        }
      } else {
        try write(
          columns, rows, scales, to: buffer, { Element(clamping: $0) }, \.doubleValue.isFinite)
      }
      initialized = count
    }
  }

  @inline(__always)
  private func write<T>(
    _ columns: [Int], _ rows: [Int]?, _ scales: [ColumnScale],
    to buffer: UnsafeMutableBufferPointer<T>,
    _ convert: (Double) -> T, _ isFinite: (T) -> Bool
  ) throws {
    var next = 0
    func append(_ index: Int, _ row: UnsafeBufferPointer<Double>) throws {
      for (column, scale) in zip(columns, scales) {
        let value = convert((row[column] - scale.mean) / scale.deviation)
        // Scaled, a value may fit that would not fit alone; it is refused all the same.
        guard isFinite(value), isFinite(convert(row[column])) else {
          throw TableError(
            "\(place(ofRow: index)): column \(columnNames[column].quotedForMessage): "
              + "\(row[column]) is beyond the range of \(T.self)")
        }
        buffer.initializeElement(at: next, to: value)
        next += 1
      }
    }
    if let rows {
      for index in rows { try withRow(index) { try append(index, $0) } }
    } else {
      try forEachRow(append)
    }
  }
}
