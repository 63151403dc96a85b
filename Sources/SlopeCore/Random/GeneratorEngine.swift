/// The Mersenne Twister MT19937: 32-bit words with period 2^19937 − 1, produced 624 at a time.
///
/// Source: M. Matsumoto and T. Nishimura, "Mersenne Twister: a 623-dimensionally equidistributed
/// uniform pseudo-random number generator", ACM TOMACS 8(1), 1998, doi:10.1145/272991.272995,
/// with the initialiser of their 2002 revision, as PyTorch and NumPy use it.
struct GeneratorEngine: Sendable {
  static let blockSize = 624
  private static let offset = 397

  /// The recurrence's last 624 words.
  private var state: [UInt32]
  /// The same words tempered: what callers receive.
  private var outputs: [UInt32]
  private var position = GeneratorEngine.blockSize

  init(seed: UInt32) {
    state = Array(repeating: seed, count: Self.blockSize)
    outputs = Array(repeating: 0, count: Self.blockSize)
    for i in 1..<Self.blockSize {
      let previous = state[i - 1]
      state[i] = 1_812_433_253 &* (previous ^ (previous >> 30)) &+ UInt32(i)
    }
  }

  /// The next word of the stream.
  mutating func next32() -> UInt32 {
    if position == Self.blockSize { refill() }
    defer { position += 1 }
    return outputs[position]
  }

  /// The next two words of the stream, the first as the high half.
  mutating func next64() -> UInt64 {
    let high = next32()
    return UInt64(high) << 32 | UInt64(next32())
  }

  /// Calls `body(index, word)` for the next `count` words, in order.
  ///
  /// Whole blocks are handed over without a check per word, so that simple bodies vectorise.
  @inline(__always)
  mutating func draw(_ count: Int, _ body: (Int, UInt32) -> Void) {
    var done = 0
    while done < count {
      if position == Self.blockSize { refill() }
      let length = min(count - done, Self.blockSize - position)
      let start = position
      outputs.withUnsafeBufferPointer { words in
        for i in 0..<length { body(done &+ i, words[start &+ i]) }
      }
      position += length
      done += length
    }
  }

  /// Leaves out the next `count` words.
  mutating func skip(_ count: Int) {
    var left = count
    while left > Self.blockSize - position {
      left -= Self.blockSize - position
      refill()
    }
    position += left
  }

  private mutating func refill() {
    let size = Self.blockSize
    let offset = Self.offset
    state.withUnsafeMutableBufferPointer { words in
      // Three runs, because word i needs word i + 397, which wraps.
      for i in 0..<(size - offset) {
        words[i] = words[i + offset] ^ Self.twist(words[i], words[i + 1])
      }
      for i in (size - offset)..<(size - 1) {
        words[i] = words[i + offset - size] ^ Self.twist(words[i], words[i + 1])
      }
      words[size - 1] = words[offset - 1] ^ Self.twist(words[size - 1], words[0])
      outputs.withUnsafeMutableBufferPointer { tempered in
        for i in 0..<size { tempered[i] = Self.temper(words[i]) }
      }
    }
    position = 0
  }

  @inline(__always)
  private static func twist(_ word: UInt32, _ next: UInt32) -> UInt32 {
    let mixed = (word & 0x8000_0000) | (next & 0x7fff_ffff)
    return (mixed >> 1) ^ ((0 &- (next & 1)) & 0x9908_b0df)
  }

  @inline(__always)
  private static func temper(_ word: UInt32) -> UInt32 {
    var word = word
    word ^= word >> 11
    word ^= (word << 7) & 0x9d2c_5680
    word ^= (word << 15) & 0xefc6_0000
    return word ^ (word >> 18)
  }
}
