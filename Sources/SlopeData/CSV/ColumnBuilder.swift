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
  /// The same by the bytes of the words, of which several may be equal strings.
  private var knownWords = slope_word_numbers_create()
  /// About the bytes that the words take, their places included.
  private(set) var wordByteCount = 0

  init(name: String, index: Int) {
    self.name = name
    self.index = index
  }

  deinit { slope_word_numbers_free(knownWords) }

  /// Appends the cells of a piece of the file that begins on `line`.
  func append(_ chunk: CellChunk, line: Int) {
    let cells = chunk.columns[index]
    var numbers = chunk.wordNumbers(ofColumn: index, in: knownWords)
    for place in numbers.indices where numbers[place] < 0 {
      let word = chunk.text(ofWord: place, inColumn: index) ?? ""
      let number = numberOfWord[word] ?? Int32(words.count)
      if number == words.count {
        numberOfWord[word] = number
        words.append(word)
        wordLines.append(line + chunk.line(ofWord: place, inColumn: index))
        // Arrays and hash tables that are half empty, and the text where it is long.
        wordByteCount += 192 + (word.utf8.count > 15 ? 32 + 2 * word.utf8.count : 0)
      }
      chunk.setNumber(number, ofWord: place, inColumn: index, in: knownWords)
      numbers[place] = number
    }
    for tag in tagCounts.indices { tagCounts[tag] += cells.tagCounts[tag] }
    pieces.append(cells)
    numbersOfWords.append(numbers)
    wordByteCount += 4 * numbers.count
    count += cells.rowCount
  }

  func count(of tag: Tag) -> Int { tagCounts[Int(tag.rawValue)] }

  /// The number of cells that are one of some integers or other numbers.
  func count(ofIntegers integers: Set<Int>, numbers: Set<Double>) -> Int {
    guard !(integers.isEmpty && numbers.isEmpty) else { return 0 }
    var count = 0
    forEachCell { _, tag, value, _ in
      switch tag {
      case .integer: if integers.contains(Int(bitPattern: UInt(value))) { count += 1 }
      case .number: if numbers.contains(Double(bitPattern: value)) { count += 1 }
      default: break
      }
    }
    return count
  }

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

  /// Copies the values of pieces whose cells all have `tag`, and calls `body` for the cells of others.
  @inline(__always)
  private func forEachPiece<Value>(
    allOf tag: Tag, copyingTo buffer: UnsafeMutableBufferPointer<Value>,
    _ body: (Int, Tag, UInt64) -> Void
  ) {
    var row = 0
    for cells in pieces {
      guard let values = cells.values, let tags = cells.tags else { continue }
      if cells.tagCounts[Int(tag.rawValue)] == cells.rowCount {
        UnsafeMutableRawBufferPointer(buffer).baseAddress?
          .advanced(by: row * MemoryLayout<UInt64>.stride)
          .copyMemory(from: values, byteCount: cells.rowCount * MemoryLayout<UInt64>.stride)
      } else {
        for offset in 0..<cells.rowCount {
          body(row + offset, Tag(rawValue: tags[offset]) ?? .missing, values[offset])
        }
      }
      row += cells.rowCount
    }
  }

  // MARK: Values

  /// Numbers; words and `missing` numbers are missing cells.
  ///
  /// Gives back the memory of the cells.
  func takeNumbers(missing: Set<Double> = []) -> (values: [Double], validity: Validity) {
    let values = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      forEachPiece(allOf: .number, copyingTo: buffer) { row, tag, value in
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
  func takeIntegers(missing: Set<Int> = []) -> (values: [Int], validity: Validity) {
    let values = [Int](unsafeUninitializedCapacity: count) { buffer, initialized in
      forEachPiece(allOf: .integer, copyingTo: buffer) { row, tag, value in
        buffer[row] = tag == .integer ? Int(bitPattern: UInt(value)) : 0
      }
      initialized = count
    }
    defer { release() }
    let validity = validity(isEvery: [.integer], also: missing.isEmpty) {
      missing.isEmpty || !missing.contains(values[$0])
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
    let ofWords = values.map { $0 ?? filler }
    let isPresent = values.map { $0 != nil }
    var missing = 0
    var flags = [Bool](repeating: false, count: count)
    let result = [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      guard let start = buffer.baseAddress else { return }
      forEachCell { row, tag, value, numbers in
        guard tag == .word || tag == .padded else {
          (start + row).initialize(to: filler)
          missing += 1
          return
        }
        let word = Int(numbers[Int(value)])
        (start + row).initialize(to: ofWords[word])
        flags[row] = isPresent[word]
        if !isPresent[word] { missing += 1 }
      }
      initialized = count
    }
    release()
    return (result, missing == 0 ? Validity(count: count) : Validity(count: count) { flags[$0] })
  }

  private func release() {
    pieces = []
    numbersOfWords = []
    numberOfWord = [:]
    slope_word_numbers_free(knownWords)
    knownWords = nil
    // The pieces of several columns lie side by side: without this, columns and cells would both be
    // in memory when the last column is made.
    if count > 1_000_000 { slope_return_freed_memory() }
  }
}
