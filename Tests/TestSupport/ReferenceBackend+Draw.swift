import Glibc
import SlopeCore

extension ReferenceBackend {
  package func draw(_ draw: RandomDraw, source: Value?, count: Int, output: Output) {
    let dtype = output.dtype
    let isLong = dtype == .float64
    let target = Value(Layout([count]), dtype, output.buffer)
    /// An element of the source, which is contiguous.
    func element(_ source: Value, _ index: Int) -> Double {
      let place = source.layout.offset + index
      return Cell.load(source.buffer.handle + place * dtype.byteCount, dtype).realValue
    }
    for index in 0..<count {
      /// A word of the draw.
      func word(_ position: Int) -> UInt32 {
        ReferencePhilox.block(draw.key, draw.block &+ UInt64(position / 4))[position % 4]
      }
      let result: Double
      switch draw.numbers {
      case .mask(let keep):
        let isKept = UInt64(word(index)) < draw.limit
        let factor = (isKept ? 1 / keep : 0).rounded(to: dtype.referenceComputeType)
          .rounded(to: dtype)
        result = source.map { element($0, index) * factor } ?? factor
      case .uniform(let from, let to) where isLong:
        let fraction = ReferencePhilox.fraction(word(2 * index), word(2 * index + 1))
        let number = fraction * (to - from) + from
        result = number == to ? from : number
      case .uniform(let from, let to):
        let (from, to) = (Float(from), Float(to))
        let fraction = Float(word(index) & 0xFF_FFFF) / 16_777_216
        let number = Double(fraction * (to - from) + from).rounded(to: dtype)
        result = number == Double(to).rounded(to: dtype) ? Double(from) : number
      case .normal(let mean, let standardDeviation):
        let first = index / 2 * 2
        let (length, turn) =
          isLong
          ? (
            ReferencePhilox.fraction(word(2 * first), word(2 * first + 1)),
            ReferencePhilox.fraction(word(2 * first + 2), word(2 * first + 3))
          )
          : (
            Double(word(first) & 0xFF_FFFF) / 16_777_216,
            Double(word(first + 1) & 0xFF_FFFF) / 16_777_216
          )
        let (radius, angle) = ((-2 * log1p(-length)).squareRoot(), 2 * Double.pi * turn)
        let number = radius * (index % 2 == 0 ? cos(angle) : sin(angle))
        result = number * standardDeviation + mean
      }
      target[[index]] = .real(
        result.rounded(to: dtype.referenceComputeType).rounded(to: dtype))
    }
  }
}

/// Philox4x32-10 as the paper has it.
enum ReferencePhilox {
  /// The four words of a block.
  static func block(_ key: UInt64, _ number: UInt64) -> [UInt32] {
    var words = [UInt32(truncatingIfNeeded: number), UInt32(number >> 32), 0, 0]
    var keys = (UInt32(truncatingIfNeeded: key), UInt32(key >> 32))
    for _ in 0..<10 {
      let first = words[0].multipliedFullWidth(by: 0xD251_1F53)
      let second = words[2].multipliedFullWidth(by: 0xCD9E_8D57)
      words = [
        second.high ^ words[1] ^ keys.0, second.low, first.high ^ words[3] ^ keys.1, first.low,
      ]
      keys = (keys.0 &+ 0x9E37_79B9, keys.1 &+ 0xBB67_AE85)
    }
    return words
  }

  /// The low 53 bits of two words as a number in 0 ..< 1.
  static func fraction(_ high: UInt32, _ low: UInt32) -> Double {
    Double((UInt64(high) << 32 | UInt64(low)) & (1 << 53 - 1)) / 0x1p53
  }
}
