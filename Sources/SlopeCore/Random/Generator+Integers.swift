extension Generator {
  /// `count` integers in `low..<high`: one word modulo the range each, or, for ranges of 2²⁸ and
  /// more, two.
  ///
  /// The range may be as wide as `Int64` allows. Precondition: `low < high`.
  package func integers(from low: Int64, to high: Int64, count: Int) -> [Int64] {
    precondition(low < high, "integers: the range \(low)..<\(high) is empty")
    let range = UInt64(bitPattern: high &- low)
    return state.withLock { state in
      Array(unsafeUninitializedCapacity: count) { values, initializedCount in
        if range >= 1 << 28 {
          for i in 0..<count {
            values[i] = low &+ Int64(bitPattern: state.engine.next64() % range)
          }
        } else {
          let range = UInt32(range)
          state.engine.draw(count) { values[$0] = low &+ Int64($1 % range) }
        }
        initializedCount = count
      }
    }
  }

  /// The numbers `0..<n` in random order: the shuffle of Fisher and Yates from the front, one word
  /// for each place but the last.
  package func permutation(_ n: Int) -> [Int64] {
    var order = (0..<Int64(max(n, 0))).map { $0 }
    guard n > 1 else { return order }
    state.withLock { state in
      order.withUnsafeMutableBufferPointer { order in
        if Generator.wordsPerPlace(n) == 2 {
          for i in 0..<(n - 1) {
            order.swapAt(i, i + Int(state.engine.next64() % UInt64(n - i)))
          }
        } else {
          state.engine.draw(n - 1) { i, word in
            order.swapAt(i, i + Int(word % UInt32(n - i)))
          }
        }
      }
    }
    return order
  }

  /// Draws what `permutation(n)` draws, without making it.
  package func skipPermutation(_ n: Int) {
    state.withLock { $0.engine.skip(max(n - 1, 0) * Generator.wordsPerPlace(n)) }
  }

  /// From some length on a 32-bit word would favour low remainders by more than 5 %.
  private static func wordsPerPlace(_ n: Int) -> Int { n >= Int(UInt32.max / 20) ? 2 : 1 }

  /// `count` places of `weights`, none twice, each drawn with a chance in proportion to its weight
  /// among those that are left.
  ///
  /// The places of the largest wᵢ ÷ eᵢ, eᵢ exponential. Source: P. S. Efraimidis and P. G. Spirakis,
  /// "Weighted random sampling with a reservoir", Information Processing Letters 97(5), 2006,
  /// doi:10.1016/j.ipl.2005.11.003. Precondition: at least `count` weights.
  package func multinomial(weights: [Float], count: Int) -> [Int64] {
    precondition(
      count <= weights.count, "multinomial: \(count) places of \(weights.count) weights")
    let uniforms = uniformDouble(count: weights.count)
    let keys = zip(weights, uniforms).map { $0 / Float(exponential($1)) }
    return keys.indices.sorted { keys[$0] > keys[$1] }.prefix(count).map(Int64.init)
  }
}
