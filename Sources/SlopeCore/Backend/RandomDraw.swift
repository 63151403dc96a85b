/// Numbers that a device makes of the words of Philox4x32-10 (kernels/philox.h).
///
/// The same draw gives the same bits on every device. It is a value: drawing it again repeats the
/// numbers.
package struct RandomDraw: Equatable, Sendable {
  /// What is made of the words.
  package enum Numbers: Equatable, Sendable {
    /// 1 ÷ `keep` with the probability `keep` (to 2⁻³²), else 0; a source is multiplied by it.
    case mask(keep: Double)
    /// Numbers in `from..<to`.
    case uniform(from: Double, to: Double)
    case normal(mean: Double, standardDeviation: Double)
  }

  package let numbers: Numbers
  /// The stream.
  package let key: UInt64
  /// The first block of four words that is used.
  package let block: UInt64

  package init(_ numbers: Numbers, key: UInt64, block: UInt64) {
    self.numbers = numbers
    self.key = key
    self.block = block
  }

  /// The elements that a block of words makes: 4, or 2 Doubles except of a mask.
  package static func elementsPerBlock(_ numbers: Numbers, _ dtype: DType) -> Int {
    if case .mask = numbers { return 4 }
    return dtype == .float64 ? 2 : 4
  }

  /// The blocks of words that `count` elements take.
  package static func blockCount(_ numbers: Numbers, _ dtype: DType, count: Int) -> UInt64 {
    let elements = elementsPerBlock(numbers, dtype)
    return UInt64(count / elements + (count % elements == 0 ? 0 : 1))
  }

  /// The words that keep an element of a mask are below this, of 2³²; 0 for other numbers.
  package var limit: UInt64 {
    guard case .mask(let keep) = numbers else { return 0 }
    return UInt64((min(max(keep, 0), 1) * 0x1p32).rounded())
  }

  /// The two numbers that the kernels take: factor and 0, ends, or mean and standard deviation.
  package var operands: (Double, Double) {
    switch numbers {
    case .mask(let keep): (limit == 0 ? 0 : 1 / keep, 0)
    case .uniform(let from, let to): (from, to)
    case .normal(let mean, let standardDeviation): (mean, standardDeviation)
    }
  }
}
