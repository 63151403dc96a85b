extension Generator {
  /// `count` Floats in `from..<to`: the low 24 bits of one word each, scaled with one rounding.
  package func uniformFloat(count: Int, from: Float = 0, to: Float = 1) -> [Float] {
    var values = state.withLock { $0.uniformFloat(count: count) }
    if from != 0 || to != 1 {
      // Fused, as in PyTorch's build for AVX2: two roundings differ in every second value.
      for i in values.indices { values[i] = from.addingProduct(values[i], to - from) }
    }
    return values
  }

  /// `count` Doubles in `from..<to`: the low 53 bits of two words each, scaled with one rounding.
  package func uniformDouble(count: Int, from: Double = 0, to: Double = 1) -> [Double] {
    var values = state.withLock { $0.uniformDouble(count: count) }
    if from != 0 || to != 1 {
      for i in values.indices { values[i] = from.addingProduct(values[i], to - from) }
    }
    return values
  }

  /// `count` values in `from..<to` for a 16-bit type with `bits` significant bits, 11 for Float16
  /// and 8 for BFloat16: Floats rounded to the type, where what rounds up to `to` becomes `from`.
  package func uniformHalfBits(
    count: Int, bits: Int, from: Float = 0, to: Float = 1
  ) -> [Float] {
    let lowest = from.rounded(toSignificantBits: bits)
    let end = to.rounded(toSignificantBits: bits)
    var values = uniformFloat(count: count, from: from, to: to)
    for i in values.indices {
      let value = values[i].rounded(toSignificantBits: bits)
      values[i] = value == end ? lowest : value
    }
    return values
  }

  /// `count` draws that are true with `probability`.
  package func bernoulli(probability: Double, count: Int) -> [Bool] {
    uniformDouble(count: count).map { $0 < probability }
  }

  /// The factors of dropout: 0 with `probability`, otherwise 1 ÷ (1 − `probability`).
  package func dropoutMask(probability: Double, count: Int) -> [Float] {
    let scale = 1 / Float(1 - probability)
    return bernoulli(probability: 1 - probability, count: count).map { $0 ? scale : 0 }
  }
}

extension Generator.State {
  mutating func uniformFloat(count: Int) -> [Float] {
    let scale = 1 / Float(1 << 24)
    return Array(unsafeUninitializedCapacity: count) { values, initializedCount in
      // Below 2²⁴ the signed conversion is the same, and it is one instruction on every machine.
      engine.draw(count) { values[$0] = Float(Int32(bitPattern: $1 & 0xff_ffff)) * scale }
      initializedCount = count
    }
  }

  mutating func uniformDouble(count: Int) -> [Double] {
    let scale = 1 / Double(1 << 53)
    return Array(unsafeUninitializedCapacity: count) { values, initializedCount in
      for i in 0..<count {
        values[i] = Double(engine.next64() & ((1 << 53) - 1)) * scale
      }
      initializedCount = count
    }
  }
}

extension Float {
  /// The nearest value with `count` significant bits, ties to even (finite values).
  fileprivate func rounded(toSignificantBits count: Int) -> Float {
    let excess = UInt32(Self.significandBitCount + 1 - count)
    let half = UInt32(1) << (excess - 1)
    let isOdd = (bitPattern >> excess) & 1
    return Float(bitPattern: (bitPattern + half - 1 + isOdd) & ~(2 * half - 1))
  }
}
