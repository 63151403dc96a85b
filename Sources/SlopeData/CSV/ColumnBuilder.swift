import CNumberParsing
import Glibc

/// The cells of one column of a file, piece by piece, until all are there and their kind is known.
///
/// Used by one thread at a time; different columns by different threads.
final class ColumnBuilder: @unchecked Sendable {
  /// What a cell holds, see `slope_cell_tag`.
  enum Tag: UInt8, CaseIterable {
    case missing, integer, number, word, padded
  }

  let name: String
  /// The place of the column in the file.
  let index: Int
  /// The number of cells.
  private(set) var count = 0
  /// The distinct words, in the order of their first cells, and the lines of those.
  private(set) var words: [String] = []
  private(set) var wordLines: [Int] = []

  private var tagCounts = [Int](repeating: 0, count: Tag.allCases.count)
  private var pieces: [CellChunk.Cells] = []
  /// For each piece the number in `words` of each of its words.
  private var numbersOfWords: [[Int32]] = []
  private var numberOfWord: [String: Int32] = [:]

  init(name: String, index: Int) {
    self.name = name
    self.index = index
  }

  /// Appends the cells of a piece of the file that begins on `line`.
  func append(_ chunk: CellChunk, line: Int) {
    let cells = chunk.columns[index]
    var numbers: [Int32] = []
    numbers.reserveCapacity(cells.words.count)
    for (word, wordLine) in zip(cells.words, cells.wordLines) {
      let number = numberOfWord[word] ?? Int32(words.count)
      if number == words.count {
        numberOfWord[word] = number
        words.append(word)
        wordLines.append(line + wordLine)
      }
      numbers.append(number)
    }
    for tag in tagCounts.indices { tagCounts[tag] += cells.tagCounts[tag] }
    pieces.append(cells)
    numbersOfWords.append(numbers)
    count += cells.rowCount
  }

  func count(of tag: Tag) -> Int { tagCounts[Int(tag.rawValue)] }

  /// The number of cells that hold each of the words.
  func wordCounts() -> [Int] {
    var counts = [Int](repeating: 0, count: words.count)
    forEachCell { _, tag, value, numbers in
      if tag == .word || tag == .padded { counts[Int(numbers[Int(value)])] += 1 }
    }
    return counts
  }

  /// Calls `body` with row, tag and value of each cell, and the numbers of the piece's words.
  @inline(__always)
  private func forEachCell(_ body: (Int, Tag, UInt64, [Int32]) -> Void) {
    var row = 0
    for (cells, numbers) in zip(pieces, numbersOfWords) {
      guard let values = cells.values, let tags = cells.tags else { continue }
      for offset in 0..<cells.rowCount {
        body(row, Tag(rawValue: tags[offset]) ?? .missing, values[offset], numbers)
        row += 1
      }
    }
  }

  // MARK: Values

  /// Numbers; words and `missing` numbers are missing cells.
  ///
  /// Gives back the memory of the cells.
  func takeNumbers(missing: Set<Double> = []) -> (values: [Double], validity: Validity) {
    let values = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      forEachCell { row, tag, value, _ in
        buffer[row] =
          switch tag {
          case .integer: Double(Int(bitPattern: UInt(value)))
          case .number: Double(bitPattern: value)
          default: 0
          }
      }
      initialized = count
    }
    defer { release() }
    let validity = validity(isEvery: [.integer, .number], also: missing.isEmpty) {
      missing.isEmpty || !missing.contains(values[$0])
    }
    return (values, validity)
  }

  /// Integers; words and `missing` numbers are missing cells.
  ///
  /// Gives back the memory of the cells.
  func takeIntegers(missing: Set<Double> = []) -> (values: [Int], validity: Validity) {
    let values = [Int](unsafeUninitializedCapacity: count) { buffer, initialized in
      forEachCell { row, tag, value, _ in
        buffer[row] = tag == .integer ? Int(bitPattern: UInt(value)) : 0
      }
      initialized = count
    }
    defer { release() }
    let validity = validity(isEvery: [.integer], also: missing.isEmpty) {
      missing.isEmpty || !missing.contains(Double(values[$0]))
    }
    return (values, validity)
  }

  /// The cells whose tag is one of `tags`, and for which `isValid` holds.
  private func validity(
    isEvery tags: Set<Tag>, also isAlwaysValid: Bool, _ isValid: (Int) -> Bool
  ) -> Validity {
    let others = Tag.allCases.filter { !tags.contains($0) }
    if isAlwaysValid, others.allSatisfy({ count(of: $0) == 0 }) { return Validity(count: count) }
    let isOfTag = Tag.allCases.map(tags.contains)
    var flags = [Bool](repeating: false, count: count)
    forEachCell { row, tag, _, _ in flags[row] = isOfTag[Int(tag.rawValue)] && isValid(row) }
    return Validity(count: count) { flags[$0] }
  }

  /// For each row what `values` has for its word; cells without a word, or nil, are missing.
  ///
  /// Gives back the memory of the cells.
  func takeValues<Value>(
    ofWords values: [Value?], else filler: Value
  ) -> (values: [Value], validity: Validity) {
    var flags = [Bool](repeating: false, count: count)
    let result = [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      guard let start = buffer.baseAddress else { return }
      forEachCell { row, tag, word, numbers in
        let value = tag == .word || tag == .padded ? values[Int(numbers[Int(word)])] : nil
        flags[row] = value != nil
        (start + row).initialize(to: value ?? filler)
      }
      initialized = count
    }
    release()
    return (result, Validity(count: count) { flags[$0] })
  }

  private func release() {
    pieces = []
    numbersOfWords = []
    numberOfWord = [:]
  }
}
