internal import CKernels

extension Generator {
  /// `count` Floats in `from..<to`: the low 24 bits of one word each, scaled with one rounding.
  package func uniformFloat(count: Int, from: Float = 0, to: Float = 1) -> [Float] {
    drawn(count) { fillUniform($0, from: from, to: to) }
  }

  /// `count` Doubles in `from..<to`: the low 53 bits of two words each, scaled with one rounding.
  package func uniformDouble(count: Int, from: Double = 0, to: Double = 1) -> [Double] {
    drawn(count) { fillUniform($0, from: from, to: to) }
  }

  /// `count` numbers in `from..<to` for a 16-bit type with `bits` significant bits: 11 for Float16,
  /// 8 for BFloat16.
  ///
  /// They are Floats rounded to the type; one that rounds up to `to` becomes `from`.
  package func uniformHalfBits(
    count: Int, bits: Int, from: Float = 0, to: Float = 1
  ) -> [Float] {
    drawn(count) { fillUniform($0, bits: bits, from: from, to: to) }
  }

  /// The factors of dropout: 0 with `probability`, otherwise 1 ÷ (1 − `probability`).
  package func dropoutMask(probability: Double, count: Int) -> [Float] {
    drawn(count) { fillDropoutMask($0, probability: probability) }
  }
}

// MARK: Into existing memory

extension Generator {
  func fillUniform(_ memory: UnsafeMutableBufferPointer<Float>, from: Float, to: Float) {
    withRandom(memory) { slope_random_uniform_float($0, $1, $2, from, to) }
  }

  func fillUniform(_ memory: UnsafeMutableBufferPointer<Double>, from: Double, to: Double) {
    withRandom(memory) { slope_random_uniform_double($0, $1, $2, from, to) }
  }

  func fillUniform(
    _ memory: UnsafeMutableBufferPointer<Float>, bits: Int, from: Float, to: Float
  ) {
    withRandom(memory) { slope_random_uniform_short($0, $1, $2, Int32(bits), from, to) }
  }

  func fillDropoutMask(_ memory: UnsafeMutableBufferPointer<Float>, probability: Double) {
    withRandom(memory) {
      slope_random_mask($0, $1, $2, 1 - probability, 1 / Float(1 - probability))
    }
  }

  /// Calls `draw` with the stream and the memory, if there is any.
  func withRandom<Number>(
    _ memory: UnsafeMutableBufferPointer<Number>,
    _ draw: (OpaquePointer, UnsafeMutablePointer<Number>, Int64) -> Void
  ) {
    guard let base = memory.baseAddress, memory.count > 0 else { return }
    stream.withLock { draw($0.engine.random, base, Int64(memory.count)) }
  }

  /// An array whose elements `fill` writes.
  func drawn<Number>(
    _ count: Int, _ fill: (UnsafeMutableBufferPointer<Number>) -> Void
  ) -> [Number] {
    Array(unsafeUninitializedCapacity: count) { memory, initializedCount in
      fill(UnsafeMutableBufferPointer(rebasing: memory[..<count]))
      initializedCount = count
    }
  }
}
