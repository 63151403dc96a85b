import Glibc

// PyTorch has three recipes, chosen by count and type; each is a Box–Muller transform.
// G. E. P. Box and M. E. Muller, "A note on the generation of random normal deviates",
// Annals of Mathematical Statistics 29(2), 1958, doi:10.1214/aoms/1177706645.

extension Generator {
  /// `count` normal Floats. Fewer than 16 come one by one from Double pairs, whose second half is
  /// kept for the next call; 16 or more are transformed in blocks of Float uniforms.
  package func normalFloat(
    count: Int, mean: Double = 0, standardDeviation: Double = 1
  ) -> [Float] {
    normalFloat(
      count: count, uniformCount: count, mean: mean, standardDeviation: standardDeviation)
  }

  /// `count` normal Floats for a 16-bit type, to be rounded to it: as `normalFloat`, but places
  /// after the last whole block of 16 draw no uniforms of their own.
  package func normalHalf(
    count: Int, mean: Double = 0, standardDeviation: Double = 1
  ) -> [Float] {
    normalFloat(
      count: count, uniformCount: count - count % State.blockCount, mean: mean,
      standardDeviation: standardDeviation)
  }

  private func normalFloat(
    count: Int, uniformCount: Int, mean: Double, standardDeviation: Double
  ) -> [Float] {
    state.withLock { state in
      if count < State.blockCount {
        return state.normalSequence(count, mean, standardDeviation).map { Float($0) }
      }
      var values = state.uniformFloat(count: uniformCount)
      values.append(contentsOf: repeatElement(0, count: count - uniformCount))
      state.transformBlocks(
        &values, mean: Float(mean), standardDeviation: Float(standardDeviation),
        redraw: { $0.uniformFloat(count: $1) },
        radius: { (-2 * logf(1 - $0)).squareRoot() }, cosine: cosf, sine: sinf)
      return values
    }
  }

  /// `count` normal Doubles. Fewer than 16 come one by one from pairs, whose second half is kept
  /// for the next call; 16 or more are transformed in blocks.
  package func normalDouble(
    count: Int, mean: Double = 0, standardDeviation: Double = 1
  ) -> [Double] {
    state.withLock { state in
      if count < State.blockCount {
        return state.normalSequence(count, mean, standardDeviation)
      }
      var values = state.uniformDouble(count: count)
      state.transformBlocks(
        &values, mean: mean, standardDeviation: standardDeviation,
        redraw: { $0.uniformDouble(count: $1) },
        radius: { (-2 * log(1 - $0)).squareRoot() }, cosine: cos, sine: sin)
      return values
    }
  }
}

extension Generator.State {
  /// The places of one block: cosines in its first half, sines in its second.
  static let blockCount = 16

  fileprivate mutating func normalSequence(
    _ count: Int, _ mean: Double, _ standardDeviation: Double
  ) -> [Double] {
    (0..<count).map { _ in nextNormal() * standardDeviation + mean }
  }

  private mutating func nextNormal() -> Double {
    if let cached = cachedNormal {
      cachedNormal = nil
      return cached
    }
    let pair = uniformDouble(count: 2)
    let angle = 2 * Double.pi * pair[0]
    let radius = (-2 * log1p(-pair[1])).squareRoot()
    cachedNormal = radius * sin(angle)
    return radius * cos(angle)
  }

  /// Turns uniforms into normals, block by block. A last block that would be short gives way to
  /// 16 fresh uniforms in the last 16 places, which are transformed again.
  @inline(__always)
  fileprivate mutating func transformBlocks<T: BinaryFloatingPoint>(
    _ values: inout [T], mean: T, standardDeviation: T,
    redraw: (inout Self, Int) -> [T], radius: (T) -> T, cosine: (T) -> T, sine: (T) -> T
  ) {
    let half = Self.blockCount / 2
    // Not `2 * T.pi`: Swift rounds Float's π toward zero, C to nearest.
    let turn = T(2 * Double.pi)
    func transform(blockAt start: Int) {
      for i in start..<(start + half) {
        let length = radius(values[i])
        let angle = turn * values[i + half]
        values[i] = mean.addingProduct(length * cosine(angle), standardDeviation)
        values[i + half] = mean.addingProduct(length * sine(angle), standardDeviation)
      }
    }
    let wholeCount = values.count - values.count % Self.blockCount
    for start in stride(from: 0, to: wholeCount, by: Self.blockCount) { transform(blockAt: start) }
    if wholeCount < values.count {
      let last = values.count - Self.blockCount
      values.replaceSubrange(last..., with: redraw(&self, Self.blockCount))
      transform(blockAt: last)
    }
  }
}

/// The exponential deviate that belongs to a uniform one.
func exponential(_ uniform: Double) -> Double {
  -log(1 - uniform)
}
