internal import CKernels

extension Generator {
  /// `count` integers in `low..<high`: one word modulo the range each, or two for ranges of 2²⁸ and
  /// more.
  ///
  /// The range may be as wide as `Int64` allows. Precondition: `low < high`.
  package func integers(from low: Int64, to high: Int64, count: Int) -> [Int64] {
    precondition(low < high, "integers: the range \(low)..<\(high) is empty")
    return drawn(count) { fillIntegers($0, from: low, to: high) }
  }

  /// The integers `0..<n` in random order.
  ///
  /// The shuffle of Fisher and Yates from the front, with one word for each position but the last.
  package func permutation(_ n: Int) -> [Int64] {
    drawn(max(n, 0)) { fillPermutation($0) }
  }

  /// Consumes the words of `permutation(n)` without computing it.
  package func skipPermutation(_ n: Int) {
    stream.withLock { $0.engine.skip(max(n - 1, 0) * Generator.wordsPerPlace(n)) }
  }

  /// From this length on, a 32-bit word would favour low remainders by more than 5 %.
  private static func wordsPerPlace(_ n: Int) -> Int { n >= Int(UInt32.max / 20) ? 2 : 1 }
}

// MARK: Into existing memory

extension Generator {
  /// Precondition: `low < high`.
  func fillIntegers(
    _ memory: UnsafeMutableBufferPointer<Int64>, from low: Int64, to high: Int64
  ) {
    withRandom(memory) {
      slope_random_integers($0, $1, $2, low, UInt64(bitPattern: high &- low))
    }
  }

  func fillPermutation(_ memory: UnsafeMutableBufferPointer<Int64>) {
    let isWide = Generator.wordsPerPlace(memory.count) == 2
    withRandom(memory) { slope_random_permutation($0, $1, $2, isWide) }
  }
}
