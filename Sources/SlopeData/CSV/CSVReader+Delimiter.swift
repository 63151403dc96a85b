extension CSVReader {
  /// The delimiter that divides the first records into equally many fields, at least two.
  ///
  /// The comma if it does; else the one that makes the most fields. Where none divides all of them,
  /// one that divides the first and at least half of the others as it does. Nil if there is none: a
  /// file of one column. Where the comma is the decimal mark, it is only taken if nothing else divides.
  /// At most the first `recordCount` records that were read are looked at.
  func detectedDelimiter(commaIsDecimal: Bool = false, recordCount: Int = 20) -> UInt8? {
    let candidates = CSVOptions.delimiters.compactMap(\.asciiValue).compactMap { candidate in
      let counts = fieldCounts(candidate, recordCount)
      return counts.first.flatMap { first in
        first > 1
          ? (
            delimiter: candidate, count: first, agreeing: counts.count { $0 == first }, counts.count
          )
          : nil
      }
    }
    let consistent = candidates.filter { $0.agreeing == $0.3 }
    let likely = candidates.filter { 2 * ($0.agreeing - 1) >= $0.3 - 1 }
    for list in [consistent, likely] where !list.isEmpty {
      if list[0].delimiter == .comma, !commaIsDecimal { return .comma }
      let others = list.filter { $0.delimiter != .comma }
      return (others.isEmpty ? list : others).max { $0.count < $1.count }?.delimiter
    }
    return nil
  }

  /// The numbers of fields of the first records, if `delimiter` divides them.
  private func fieldCounts(_ delimiter: UInt8, _ recordCount: Int) -> [Int] {
    var counts: [Int] = []
    var index = start
    while index < end, counts.count < recordCount {
      guard
        let record = try? CSVRecord(
          buffer, from: index, to: end, isLast: isAtEnd, delimiter: delimiter)
      else { break }
      if !record.isBlankLine(from: index, in: buffer) { counts.append(record.fields.count) }
      index = record.end
    }
    return counts
  }
}
