/// A number of 64 bits that tells bytes apart: XXH64 with the seed 0.
///
/// It finds damage, not forgery. Bytes are added in pieces of any size.
///
/// Source: Y. Collet, "xxHash fast digest algorithm", doc/xxhash_spec.md in the project xxHash.
package struct Checksum {
  private static let primes: (UInt64, UInt64, UInt64, UInt64, UInt64) = (
    0x9E37_79B1_85EB_CA87, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0x85EB_CA77_C2B2_AE63,
    0x27D4_EB2F_1656_67C5
  )

  private var lanes: SIMD4<UInt64>
  private var byteCount: UInt64 = 0
  /// Bytes that are not yet a stripe of 32.
  private var rest: [UInt8] = []

  /// The checksum of no bytes.
  package init() {
    let (first, second) = (Self.primes.0, Self.primes.1)
    lanes = SIMD4(first &+ second, second, 0, 0 &- first)
  }

  /// Adds bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    byteCount += UInt64(bytes.count)
    var start = 0
    if !rest.isEmpty {
      start = min(32 - rest.count, bytes.count)
      rest += bytes[..<start]
      guard rest.count == 32 else { return }
      rest.withUnsafeBytes { consume($0, at: 0) }
      rest.removeAll(keepingCapacity: true)
    }
    while bytes.count - start >= 32 {
      consume(bytes, at: start)
      start += 32
    }
    rest += bytes[start...]
  }

  /// Adds the bytes of a text in UTF-8.
  package mutating func update(_ text: String) {
    var text = text
    text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
  }

  private mutating func consume(_ bytes: UnsafeRawBufferPointer, at start: Int) {
    for lane in 0..<4 {
      let word = bytes.loadUnaligned(fromByteOffset: start + 8 * lane, as: UInt64.self).littleEndian
      lanes[lane] = Self.round(lanes[lane], word)
    }
  }

  private static func round(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    (lane &+ word &* primes.1).rotated(31) &* primes.0
  }

  /// The checksum of all bytes so far.
  package var value: UInt64 {
    let primes = Self.primes
    var hash: UInt64
    if byteCount < 32 {
      hash = primes.4
    } else {
      hash =
        lanes[0].rotated(1) &+ lanes[1].rotated(7) &+ lanes[2].rotated(12) &+ lanes[3].rotated(18)
      for lane in 0..<4 {
        hash = (hash ^ Self.round(0, lanes[lane])) &* primes.0 &+ primes.3
      }
    }
    hash &+= byteCount
    rest.withUnsafeBytes { bytes in
      var start = 0
      while bytes.count - start >= 8 {
        let word = bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self).littleEndian
        hash = (hash ^ Self.round(0, word)).rotated(27) &* primes.0 &+ primes.3
        start += 8
      }
      if bytes.count - start >= 4 {
        let word = bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self).littleEndian
        hash = (hash ^ UInt64(word) &* primes.0).rotated(23) &* primes.1 &+ primes.2
        start += 4
      }
      for byte in bytes[start...] {
        hash = (hash ^ UInt64(byte) &* primes.4).rotated(11) &* primes.0
      }
    }
    hash = (hash ^ hash >> 33) &* primes.1
    hash = (hash ^ hash >> 29) &* primes.2
    return hash ^ hash >> 32
  }

  /// The checksum as 16 hexadecimal digits.
  package var text: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension UInt64 {
  fileprivate func rotated(_ count: UInt64) -> UInt64 { self << count | self >> (64 - count) }
}
