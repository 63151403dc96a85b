/// One record of a CSV file, split into fields.
///
/// For the header and for the messages about faulty rows. It follows RFC 4180, with
/// LF, CR or CRLF as the end of a record.
struct CSVRecord {
  /// One field: the range of its text, without the quotes around it.
  struct Field: Equatable {
    var range: Range<Int>
    var isQuoted = false
    var hasDoubledQuotes = false
    /// The number of line ends between the start of the record and of this field.
    var lineOffset = 0
  }

  var fields: [Field] = []
  /// The index after the record's end of line.
  var end: Int
  /// The lines that the record spans: 1, and one for each line end inside quotes.
  var lineCount: Int

  /// Why bytes are not a record; `lineOffset` counts the line ends before the fault.
  enum Fault: Error, Equatable {
    /// The record's end is not in the bytes. `openQuote` is the line of a quote not yet closed.
    case incomplete(openQuote: Int?)
    /// A quote inside a field that does not begin with one.
    case bareQuote(field: Int, lineOffset: Int)
    /// Text after the closing quote of a field that began on line `lineOffset`.
    case textAfterQuote(field: Int, lineOffset: Int)
    /// More fields than allowed.
    case tooManyFields
  }

  /// Whether the record is a line without any character, which began at `start`.
  func isBlankLine(from start: Int, in bytes: [UInt8]) -> Bool {
    start < end && (bytes[start] == .lineFeed || bytes[start] == .carriageReturn)
  }

  /// Splits the record that begins at `start` in `bytes[..<limit]`.
  ///
  /// With `isLast` the limit is the end of the file, which also ends a record.
  init(
    _ bytes: [UInt8], from start: Int, to limit: Int, isLast: Bool, delimiter: UInt8 = .comma,
    maximumFieldCount: Int = .max
  ) throws(Fault) {
    var index = start
    var lines = 0
    while true {
      var field = Field(range: index..<index, lineOffset: lines)
      index = Self.skipBlanks(bytes, index, limit, delimiter)
      if index < limit, bytes[index] == .quote {
        field.isQuoted = true
        index += 1
        let textStart = index
        // To the closing quote; a doubled quote stands for one.
        while true {
          guard index < limit else { throw .incomplete(openQuote: field.lineOffset) }
          if bytes[index] == .quote {
            guard index + 1 < limit || isLast else { throw .incomplete(openQuote: nil) }
            guard index + 1 < limit, bytes[index + 1] == .quote else { break }
            field.hasDoubledQuotes = true
            index += 1
          } else if bytes[index] == .lineFeed {
            lines += 1
          } else if bytes[index] == .carriageReturn {
            guard index + 1 < limit else { throw .incomplete(openQuote: field.lineOffset) }
            if bytes[index + 1] != .lineFeed { lines += 1 }
          }
          index += 1
        }
        field.range = textStart..<index
        index = Self.skipBlanks(bytes, index + 1, limit, delimiter)
        if index < limit, !bytes[index].endsField(delimiter) {
          throw .textAfterQuote(field: fields.count, lineOffset: field.lineOffset)
        }
      } else {
        let textStart = index
        while index < limit, !bytes[index].endsField(delimiter) {
          if bytes[index] == .quote {
            throw .bareQuote(field: fields.count, lineOffset: lines)
          }
          index += 1
        }
        var textEnd = index
        while textEnd > textStart, bytes[textEnd - 1].isBlank(delimiter) { textEnd -= 1 }
        field.range = textStart..<textEnd
      }
      guard fields.count < maximumFieldCount else { throw .tooManyFields }
      fields.append(field)
      guard index < limit else {
        guard isLast else { throw .incomplete(openQuote: nil) }
        break
      }
      let separator = bytes[index]
      index += 1
      if separator == delimiter { continue }
      if separator == .carriageReturn {
        guard index < limit || isLast else { throw .incomplete(openQuote: nil) }
        if index < limit, bytes[index] == .lineFeed { index += 1 }
      }
      break
    }
    end = index
    lineCount = lines + 1
  }

  private static func skipBlanks(
    _ bytes: [UInt8], _ start: Int, _ limit: Int, _ delimiter: UInt8
  ) -> Int {
    var index = start
    while index < limit, bytes[index].isBlank(delimiter) { index += 1 }
    return index
  }
}

extension UInt8 {
  static let quote = UInt8(ascii: "\"")
  static let comma = UInt8(ascii: ",")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")

  /// A space, or a tab that is no delimiter: blanks around a field are not part of it.
  fileprivate func isBlank(_ delimiter: UInt8) -> Bool {
    self == UInt8(ascii: " ") || (self == UInt8(ascii: "\t") && self != delimiter)
  }

  fileprivate func endsField(_ delimiter: UInt8) -> Bool {
    self == delimiter || self == .lineFeed || self == .carriageReturn
  }
}
