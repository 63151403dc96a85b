internal import CKernels

/// A stream of 32-bit words, from which kernels/cpu/random.c makes numbers.
///
/// For use by one thread at a time.
final class GeneratorEngine: @unchecked Sendable {
  let random: OpaquePointer

  init(seed: UInt64, _ algorithm: Generator.Algorithm) {
    random = Self.existing(
      // PyTorch keeps all 64 bits of the seed but seeds its engine with the low half.
      algorithm == .philox
        ? slope_random_create_philox(seed) : slope_random_create(UInt32(truncatingIfNeeded: seed)))
  }

  /// A stream that continues from the same position.
  init(copying other: GeneratorEngine) {
    random = Self.existing(slope_random_copy(other.random))
  }

  deinit { slope_random_destroy(random) }

  /// Five kilobytes: if they cannot be allocated, neither can Swift's own objects.
  private static func existing(_ random: OpaquePointer?) -> OpaquePointer {
    guard let random else { preconditionFailure("no memory for a generator") }
    return random
  }

  /// The next word of the stream.
  func next32() -> UInt32 { slope_random_next(random) }

  /// The next two words of the stream, the first as the high half.
  func next64() -> UInt64 {
    let high = next32()
    return UInt64(high) << 32 | UInt64(next32())
  }

  /// Skips the next `count` words.
  func skip(_ count: Int) { slope_random_skip(random, Int64(count)) }

  /// The position of the next word: of Philox in the whole stream, else in `words`.
  var place: UInt64 { slope_random_place(random) }

  /// The 624 words of the Mersenne Twister's recurrence.
  var words: [UInt32] {
    Array(UnsafeBufferPointer(start: slope_random_state(random), count: Self.wordCount))
  }

  static let wordCount = 624

  /// Continues at a place; `words` are not used for Philox.
  func seek(_ words: [UInt32], _ place: UInt64) { slope_random_seek(random, words, place) }

  /// Takes whole blocks of Philox from the next one on, and returns the first.
  func takeBlocks(_ count: UInt64) -> UInt64 {
    let first = place / 4 &+ (place % 4 == 0 ? 0 : 1)
    seek([], (first &+ count) &* 4)
    return first
  }
}
