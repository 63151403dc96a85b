internal import CKernels
import Glibc

// PyTorch has three algorithms, chosen by count and type; each is a Box–Muller transform
// (kernels/cpu/random.c).

extension Generator {
  /// `count` normally distributed Floats.
  ///
  /// Fewer than 16 are drawn singly from pairs of Doubles, of which the second is kept for the next
  /// call; 16 or more are transformed in blocks of uniform Floats.
  package func normalFloat(
    count: Int, mean: Double = 0, standardDeviation: Double = 1
  ) -> [Float] {
    drawn(count) {
      fillNormal($0, mean: mean, standardDeviation: standardDeviation, isHalf: false)
    }
  }

  /// `count` normally distributed Floats for a 16-bit type, to be rounded to it.
  ///
  /// They are drawn as by `normalFloat`, but positions after the last whole block of 16 draw no
  /// further uniform numbers.
  package func normalHalf(
    count: Int, mean: Double = 0, standardDeviation: Double = 1
  ) -> [Float] {
    drawn(count) {
      fillNormal($0, mean: mean, standardDeviation: standardDeviation, isHalf: true)
    }
  }

  /// `count` normally distributed Doubles.
  ///
  /// Fewer than 16 are drawn singly from pairs, of which the second is kept for the next call; 16
  /// or more are transformed in blocks.
  package func normalDouble(
    count: Int, mean: Double = 0, standardDeviation: Double = 1
  ) -> [Double] {
    drawn(count) { fillNormal($0, mean: mean, standardDeviation: standardDeviation) }
  }
}

// MARK: Into existing memory

extension Generator {
  func fillNormal(
    _ memory: UnsafeMutableBufferPointer<Float>, mean: Double, standardDeviation: Double,
    isHalf: Bool
  ) {
    guard memory.count >= Stream.blockCount else {
      return stream.withLock { stream in
        for index in memory.indices {
          let number = stream.nextNormal() * standardDeviation + mean
          memory.initializeElement(at: index, to: Float(number))
        }
      }
    }
    let rest = isHalf ? memory.count % Stream.blockCount : 0
    for index in memory.indices.suffix(rest) { memory.initializeElement(at: index, to: 0) }
    withRandom(memory) {
      slope_random_normal_float($0, $1, $2, $2 - Int64(rest), Float(mean), Float(standardDeviation))
    }
  }

  func fillNormal(
    _ memory: UnsafeMutableBufferPointer<Double>, mean: Double, standardDeviation: Double
  ) {
    guard memory.count >= Stream.blockCount else {
      return stream.withLock { stream in
        for index in memory.indices {
          memory.initializeElement(at: index, to: stream.nextNormal() * standardDeviation + mean)
        }
      }
    }
    withRandom(memory) { slope_random_normal_double($0, $1, $2, $2, mean, standardDeviation) }
  }
}

extension Generator.Stream {
  /// The numbers in one block: cosines in its first half, sines in its second.
  static let blockCount = 16

  fileprivate mutating func nextNormal() -> Double {
    if let cached = cachedNormal {
      cachedNormal = nil
      return cached
    }
    var (turn, distance) = (0.0, 0.0)
    slope_random_uniform_double(engine.random, &turn, 1, 0, 1)
    slope_random_uniform_double(engine.random, &distance, 1, 0, 1)
    let angle = 2 * Double.pi * turn
    let radius = (-2 * log1p(-distance)).squareRoot()
    cachedNormal = radius * sin(angle)
    return radius * cos(angle)
  }
}
