/// What a use of a table keeps in memory in addition to it.
package struct TableUse: Sendable {
  /// The name of the use, for messages.
  let name: String?
  private let bytesPerValue: Int
  private let bytesPerRow: Int

  package init(_ name: String?, bytesPerValue: Int, bytesPerRow: Int) {
    self.name = name
    self.bytesPerValue = bytesPerValue
    self.bytesPerRow = bytesPerRow
  }

  /// The table alone.
  package static let nothing = TableUse(nil, bytesPerValue: 0, bytesPerRow: 0)

  /// The additional bytes for a row of `columnCount` columns.
  package func byteCount(columnCount: Int) -> Int { columnCount * bytesPerValue + bytesPerRow }
}
