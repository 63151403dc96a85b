internal import CKernels

/// PyTorch's stream of 32-bit words, from which kernels/cpu/random.c makes numbers.
///
/// For use by one thread at a time.
final class GeneratorEngine: @unchecked Sendable {
  let random: OpaquePointer

  init(seed: UInt32) { random = Self.existing(slope_random_create(seed)) }

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
}
