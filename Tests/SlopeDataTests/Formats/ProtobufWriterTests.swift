import Testing

@testable import SlopeData

struct ProtobufWriterTests {
  private static func written(_ write: (inout ProtobufWriter) -> Void) -> [UInt8] {
    var writer = ProtobufWriter()
    write(&writer)
    return writer.bytes
  }

  @Test func fieldsAreThoseOfTheEncoding() {
    // The examples of the page "Encoding".
    #expect(Self.written { $0.add(150, as: 1) } == [0x08, 0x96, 0x01])
    #expect(
      Self.written { $0.add("testing", as: 2) } == [0x12, 0x07] + Array("testing".utf8))
    #expect(
      Self.written { $0.add(as: 3) { $0.add(150, as: 1) } } == [0x1A, 0x03, 0x08, 0x96, 0x01])
    #expect(Self.written { $0.add(0, as: 1) } == [0x08, 0])
    #expect(Self.written { $0.add(127, as: 1) } == [0x08, 0x7F])
    #expect(Self.written { $0.add(128, as: 1) } == [0x08, 0x80, 0x01])
    // A negative number has ten bytes; a large number of a field has two.
    #expect(
      Self.written { $0.add(-2, as: 1) } == [0x08, 0xFE] + [UInt8](repeating: 0xFF, count: 8) + [1])
    #expect(Self.written { $0.add(1, as: 16) } == [0x80, 0x01, 1])
  }

  @Test func numbersAreLittleEndian() {
    #expect(Self.written { $0.add(Float(1), as: 2) } == [0x15, 0, 0, 0x80, 0x3F])
    #expect(Self.written { $0.add(-2.0, as: 1) } == [0x09, 0, 0, 0, 0, 0, 0, 0, 0xC0])
    #expect(
      Self.written { $0.add([1.0, -2], as: 6) } == [
        0x32, 16, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0,
      ])
    #expect(Self.written { $0.add([UInt8](), as: 1) } == [0x0A, 0])
    #expect(
      Self.written { $0.add([UInt8](repeating: 7, count: 200), as: 1) }.prefix(4) == [
        0x0A, 0xC8, 1, 7,
      ])
  }
}
