/// A cyclic redundancy check of 32 bits, by the polynomial of a format.
///
/// Bytes are taken eight at a time, each by a table of its own.
///
/// Source: M. E. Kounavis and F. L. Berry, "Novel table lookup-based algorithms for high-performance CRC
/// generation", 2008.
package struct CyclicChecksum: Sendable {
  /// CRC-32 of zip files and of zlib, by the polynomial 0x04C11DB7.
  package static let zip = CyclicChecksum(reflected: 0xEDB8_8320)
  /// CRC-32C of TFRecord files, by Castagnoli's polynomial 0x1EDC6F41.
  package static let castagnoli = CyclicChecksum(reflected: 0x82F6_3B78)

  /// For each of eight places the remainders of all bytes.
  private let tables: [UInt32]

  /// A check by a polynomial whose lowest power is the highest bit.
  private init(reflected polynomial: UInt32) {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var rest = UInt32(byte)
      for _ in 0..<8 { rest = rest & 1 == 0 ? rest >> 1 : rest >> 1 ^ polynomial }
      tables[byte] = rest
    }
    for index in 256..<tables.count {
      let earlier = tables[index - 256]
      tables[index] = earlier >> 8 ^ tables[Int(earlier & 0xFF)]
    }
    self.tables = tables
  }

  /// The check of some bytes, or of these after others whose check is known.
  package func callAsFunction(_ bytes: [UInt8], after earlier: UInt32 = 0) -> UInt32 {
    bytes.withUnsafeBytes { check($0, after: earlier) }
  }

  private func check(_ bytes: UnsafeRawBufferPointer, after earlier: UInt32) -> UInt32 {
    tables.withUnsafeBufferPointer { tables in
      var check = ~earlier
      var place = 0
      while bytes.count - place >= 8 {
        let word =
          bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self).littleEndian ^ UInt64(check)
        check = 0
        for byte in 0..<8 {
          check ^= tables[(7 - byte) * 256 + Int(word >> UInt64(8 * byte) & 0xFF)]
        }
        place += 8
      }
      for byte in bytes[place...] {
        check = check >> 8 ^ tables[Int((check ^ UInt32(byte)) & 0xFF)]
      }
      return ~check
    }
  }
}
