/// A message of Protocol Buffers, read without knowing what its fields mean.
public struct ProtobufMessage: Sendable {
  /// What a field holds.
  public enum Value: Sendable {
    /// An integer.
    case varint(UInt64)
    /// Eight bytes, as the bits of a double.
    case fixed64(UInt64)
    /// A text, bytes, numbers in a row, or a message.
    case bytes([UInt8])
    /// Four bytes, as the bits of a float.
    case fixed32(UInt32)
  }

  /// Bytes that are no message.
  public struct Damage: Error {}

  /// The fields in the order of the message.
  public let fields: [(number: Int, value: Value)]

  /// Reads a message.
  public init(_ bytes: [UInt8]) throws {
    var place = 0
    func varint() throws -> UInt64 {
      var (value, shift): (UInt64, UInt64) = (0, 0)
      while true {
        guard place < bytes.count, shift < 64 else { throw Damage() }
        let byte = bytes[place]
        place += 1
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return value }
        shift += 7
      }
    }
    func take(_ count: Int) throws -> [UInt8] {
      guard count >= 0, count <= bytes.count - place else { throw Damage() }
      defer { place += count }
      return Array(bytes[place..<(place + count)])
    }
    func word(_ bytes: [UInt8]) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    var fields: [(number: Int, value: Value)] = []
    while place < bytes.count {
      let key = try varint()
      let value: Value
      switch key & 7 {
      case 0: value = .varint(try varint())
      case 1: value = .fixed64(word(try take(8)))
      case 2: value = .bytes(try take(Int(try varint())))
      case 5: value = .fixed32(UInt32(word(try take(4))))
      default: throw Damage()
      }
      fields.append((Int(key >> 3), value))
    }
    self.fields = fields
  }

  /// The integers of a field, in order.
  public func integers(_ number: Int) -> [Int] {
    fields.compactMap { field in
      guard field.number == number, case .varint(let value) = field.value else { return nil }
      return Int(truncatingIfNeeded: value)
    }
  }

  /// The bytes of a field, in order.
  public func bytes(_ number: Int) -> [[UInt8]] {
    fields.compactMap { field in
      guard field.number == number, case .bytes(let bytes) = field.value else { return nil }
      return bytes
    }
  }

  /// The texts of a field, in order.
  public func texts(_ number: Int) -> [String] {
    bytes(number).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The messages of a field, in order.
  public func messages(_ number: Int) throws -> [ProtobufMessage] {
    try bytes(number).map { try ProtobufMessage($0) }
  }

  /// The floats of a field, in order.
  public func floats(_ number: Int) -> [Float] {
    fields.compactMap { field in
      guard field.number == number, case .fixed32(let bits) = field.value else { return nil }
      return Float(bitPattern: bits)
    }
  }

  /// The doubles of a field, in order, also of one that holds several in a row.
  public func doubles(_ number: Int) -> [Double] {
    fields.flatMap { field -> [Double] in
      guard field.number == number else { return [] }
      switch field.value {
      case .fixed64(let bits): return [Double(bitPattern: bits)]
      case .bytes(let bytes):
        return stride(from: 0, to: bytes.count - 7, by: 8).map { start in
          let bits = bytes[start..<(start + 8)].reversed().reduce(UInt64(0)) {
            $0 << 8 | UInt64($1)
          }
          return Double(bitPattern: bits)
        }
      default: return []
      }
    }
  }
}
