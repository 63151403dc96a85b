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
    state.withLock { $0.engine.skip(max(n - 1, 0) * Generator.wordsPerPlace(n)) }
  }

  /// From this length on, a 32-bit word would favour low remainders by more than 5 %.
  private static func wordsPerPlace(_ n: Int) -> Int { n >= Int(UInt32.max / 20) ? 2 : 1 }

  /// `count` indices of `weights`, none twice, each drawn with a probability in proportion to its
  /// weight among those that are left.
  ///
  /// They are the indices of the largest wᵢ ÷ eᵢ, where eᵢ is exponentially distributed. Source: P.
  /// S. Efraimidis and P. G. Spirakis, "Weighted random sampling with a reservoir", Information
  /// Processing Letters 97(5), 2006, doi:10.1016/j.ipl.2005.11.003. Precondition: there are at
  /// least `count` weights.
  package func multinomial(weights: [Float], count: Int) -> [Int64] {
    precondition(
      count <= weights.count, "multinomial: \(count) places of \(weights.count) weights")
    let uniforms = uniformDouble(count: weights.count)
    let keys = zip(weights, uniforms).map { $0 / Float(exponential($1)) }
    return keys.indices.sorted { keys[$0] > keys[$1] }.prefix(count).map(Int64.init)
  }
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
