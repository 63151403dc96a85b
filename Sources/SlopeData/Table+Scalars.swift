package import SlopeCore

/// How a column is standardised when it becomes part of a tensor: `(value − mean) / deviation`.
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

/// Columns of a table and their scales, which become one tensor.
package struct ScaledColumns: Sendable {
  package var columns: [Int]
  package var scales: [ColumnScale]

  package init(columns: [Int], scales: [ColumnScale]) {
    self.columns = columns
    self.scales = scales
  }

  /// Writes the scaled values of `row` to `output`, computed in Double and rounded once.
  ///
  /// Returns the first column whose value, scaled or not, `Element` cannot hold.
  @inline(__always)
  fileprivate func write<Element: FloatingElement>(
    _ row: UnsafeBufferPointer<Double>, to output: UnsafeMutablePointer<Element>
  ) -> Int? {
    // Unspecialised, a conversion is two calls per value: the two common types have their own
    // loops.
    if Element.self == Float.self {
      return output.withMemoryRebound(to: Float.self, capacity: columns.count) {
        write(row, to: $0, { Float($0) }, \.isFinite)
      }
    }
    if Element.self == Double.self {
      return output.withMemoryRebound(to: Double.self, capacity: columns.count) {
        write(row, to: $0, { $0 }, \.isFinite)
      }
    }
    return write(row, to: output, { Element(clamping: $0) }, \.doubleValue.isFinite)
  }

  @inline(__always)
  private func write<T>(
    _ row: UnsafeBufferPointer<Double>, to output: UnsafeMutablePointer<T>,
    _ convert: (Double) -> T, _ isFinite: (T) -> Bool
  ) -> Int? {
    for index in columns.indices {
      let column = columns[index]
      let scale = scales[index]
      let value = convert((row[column] - scale.mean) / scale.deviation)
      // A value that only fits after scaling is refused too.
      guard isFinite(value), isFinite(convert(row[column])) else { return column }
      (output + index).initialize(to: value)
    }
    return nil
  }
}

extension Table {
  /// The scaled values in `rows` (nil: all), row-major.
  ///
  /// Throws `TableError` for a value that `Element` cannot hold.
  package func scalars<Element: FloatingElement>(
    _ selection: ScaledColumns, rows: Range<Int>? = nil, as element: Element.Type
  ) throws -> [Element] {
    let rows = rows ?? 0..<rowCount
    let width = selection.columns.count
    return try [Element](unsafeUninitializedCapacity: rows.count * width) { buffer, count in
      guard let start = buffer.baseAddress else { return }
      for index in rows {
        try withRow(index) { row in
          if let column = selection.write(row, to: start + count) {
            throw unfit(row[column], column: column, row: index, for: Element.self)
          }
        }
        count += width
      }
    }
  }

  /// The scaled values of two selections of all rows, row-major; the table has no rows afterwards.
  ///
  /// Each chunk of rows is freed when it has been read, if no copy of the table holds it, so that
  /// the values are never all in memory as Double and as `Element`.
  ///
  /// Throws `TableError` for a value that `Element` cannot hold.
  package mutating func takeScalars<Element: FloatingElement>(
    _ first: ScaledColumns, _ second: ScaledColumns, as element: Element.Type
  ) throws -> (first: [Element], second: [Element]) {
    var remaining = takeChunks()
    // The next chunk to read is the last.
    remaining.reverse()
    let total = remaining.reduce(0) { $0 + $1.rowCount }
    let (width, otherWidth) = (first.columns.count, second.columns.count)
    var others: [Element] = []
    let values = try [Element](unsafeUninitializedCapacity: total * width) { buffer, count in
      others = try [Element](unsafeUninitializedCapacity: total * otherWidth) { other, otherCount in
        guard let start = buffer.baseAddress, let otherStart = other.baseAddress else { return }
        var index = 0
        while let chunk = remaining.popLast() {
          for row in 0..<chunk.rowCount {
            try chunk.withRow(row) { values in
              if let column = first.write(values, to: start + count)
                ?? second.write(values, to: otherStart + otherCount)
              {
                throw unfit(values[column], column: column, row: index, for: Element.self)
              }
            }
            count += width
            otherCount += otherWidth
            index += 1
          }
        }
      }
    }
    return (values, others)
  }

  private func unfit<Element: FloatingElement>(
    _ value: Double, column: Int, row: Int, for element: Element.Type
  ) -> TableError {
    let isTooLarge = !Element(clamping: value).doubleValue.isFinite
    return TableError(
      "\(place(ofRow: row)): column \(columnNames[column].quotedForMessage): "
        + "\(value) is "
        + (isTooLarge
          ? "beyond the range of \(Element.self)"
          : "too far from the other values: standardised, it is beyond the range of "
            + "\(Element.self)"))
  }
}
