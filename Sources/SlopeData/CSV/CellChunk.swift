import CNumberParsing
import Glibc

/// The cells of some consecutive rows, parsed from a piece of a file.
///
/// Pieces are parsed on several threads at the same time; each is used by one.
final class CellChunk: @unchecked Sendable {
  /// The cells of one column, which may outlive those of the others.
  final class Cells: @unchecked Sendable {
    let rowCount: Int
    /// 64 bits for each row, see `slope_cell_tag`; nil for a column that is skipped.
    let values: UnsafeMutablePointer<UInt64>?
    let tags: UnsafeMutablePointer<UInt8>?
    /// The number of cells with each tag.
    let tagCounts: [Int]
    init(
      rowCount: Int, values: UnsafeMutablePointer<UInt64>?, tags: UnsafeMutablePointer<UInt8>?,
      tagCounts: [Int]
    ) {
      self.rowCount = rowCount
      self.values = values
      self.tags = tags
      self.tagCounts = tagCounts
    }

    deinit {
      free(values)
      free(tags)
    }
  }

  private let cells: OpaquePointer
  let rowCount: Int
  /// The bytes of the piece that are rows of the table; fewer than it has if one is faulty.
  let byteCount: Int
  let lineCount: Int
  /// Rows that are not on the line after the row before them, relative to the piece.
  let lineSteps: [(row: Int, line: Int)]
  private(set) var columns: [Cells] = []
  /// Whether a word is not text in UTF-8.
  private(set) var hasTextFault = false

  /// Parses a piece that begins and ends where a record does; nil without memory.
  init?(_ piece: UnsafeRawBufferPointer, _ format: slope_text_format, uses: [UInt8]) {
    guard
      let cells = slope_parse_cells(
        piece.baseAddress?.assumingMemoryBound(to: CChar.self), piece.count, format, uses,
        uses.count)
    else { return nil }
    self.cells = cells
    rowCount = slope_cells_row_count(cells)
    byteCount = slope_cells_byte_count(cells)
    lineCount = slope_cells_line_count(cells)
    var stepCount = 0
    let steps = slope_cells_line_steps(cells, &stepCount)
    lineSteps = (0..<stepCount).compactMap { index in
      steps.map { (row: $0[index].row, line: $0[index].line) }
    }
    columns = uses.indices.map { column in
      var tagCounts = [Int](repeating: 0, count: 5)
      tagCounts.withUnsafeMutableBufferPointer { counts in
        counts.withMemoryRebound(to: size_t.self) {
          guard let start = $0.baseAddress else { return }
          slope_cells_count_tags(cells, column, start)
        }
      }
      if slope_cells_has_other_bytes(cells, column) {
        for word in 0..<slope_cells_word_count(cells, column)
        where text(ofWord: word, inColumn: column) == nil {
          hasTextFault = true
        }
      }
      return Cells(
        rowCount: rowCount, values: slope_cells_take_values(cells, column),
        tags: slope_cells_take_tags(cells, column),
        tagCounts: tagCounts)
    }
  }

  deinit { slope_cells_free(cells) }

  // MARK: Words

  /// For each distinct word of a column, in the order of their first cells, its number in `numbers`;
  /// −1 where it has none.
  func wordNumbers(ofColumn column: Int, in numbers: OpaquePointer?) -> [Int32] {
    let count = slope_cells_word_count(cells, column)
    return [Int32](unsafeUninitializedCapacity: count) { buffer, initialized in
      guard let start = buffer.baseAddress else { return }
      slope_word_numbers_find(numbers, cells, column, start)
      initialized = count
    }
  }

  /// Gives a word that has none a number in `numbers`.
  func setNumber(
    _ number: Int32, ofWord word: Int, inColumn column: Int, in numbers: OpaquePointer?
  ) {
    slope_word_numbers_add(numbers, cells, column, word, number)
  }

  /// A distinct word of a column; nil if it is not text in UTF-8.
  func text(ofWord word: Int, inColumn column: Int) -> String? {
    let word = slope_cells_word(cells, column, word)
    let bytes = UnsafeRawBufferPointer(start: word.text, count: word.count)
    return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
  }

  /// The line of a word's first cell, relative to the piece.
  func line(ofWord word: Int, inColumn column: Int) -> Int {
    slope_cells_word(cells, column, word).first_line
  }
}
