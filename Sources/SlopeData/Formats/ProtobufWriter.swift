/// Writes a message in the binary format of Protocol Buffers.
///
/// A field is written even where its number is 0, so that readers of optional fields find it.
///
/// Source: Protocol Buffers, "Encoding", version 3 of the language.
package struct ProtobufWriter {
  /// The message so far.
  package private(set) var bytes: [UInt8] = []

  /// An empty message.
  package init() {}

  /// How the bytes after a field's number are read.
  private enum WireType: UInt64 {
    case varint = 0
    case fixed64 = 1
    case lengthDelimited = 2
    case fixed32 = 5
  }

  private mutating func begin(_ field: Int, _ type: WireType) {
    appendVarint(UInt64(truncatingIfNeeded: field) << 3 | type.rawValue)
  }

  private mutating func appendVarint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  private mutating func appendLittleEndian<Word: FixedWidthInteger>(_ word: Word) {
    withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Adds a field of the type int32, int64 or of an enumeration.
  package mutating func add(_ value: Int, as field: Int) {
    begin(field, .varint)
    appendVarint(UInt64(bitPattern: Int64(value)))
  }

  /// Adds a field of the type float.
  package mutating func add(_ value: Float, as field: Int) {
    begin(field, .fixed32)
    appendLittleEndian(value.bitPattern)
  }

  /// Adds a field of the type double.
  package mutating func add(_ value: Double, as field: Int) {
    begin(field, .fixed64)
    appendLittleEndian(value.bitPattern)
  }

  /// Adds a field of the type string.
  package mutating func add(_ text: String, as field: Int) { add(Array(text.utf8), as: field) }

  /// Adds a field of the type bytes.
  package mutating func add(_ content: [UInt8], as field: Int) {
    begin(field, .lengthDelimited)
    appendVarint(UInt64(content.count))
    bytes += content
  }

  /// Adds a field of the type `repeated double`, packed.
  package mutating func add(_ values: [Double], as field: Int) {
    begin(field, .lengthDelimited)
    appendVarint(UInt64(values.count) * 8)
    for value in values { appendLittleEndian(value.bitPattern) }
  }

  /// Adds a field that is a message.
  package mutating func add(as field: Int, _ write: (inout ProtobufWriter) -> Void) {
    var message = ProtobufWriter()
    write(&message)
    add(message.bytes, as: field)
  }
}
