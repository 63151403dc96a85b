import Glibc

/// A linear axis, which maps a range of numbers to a range of pixels.
package struct LinearScale {
  package let numbers: ClosedRange<Double>
  package let start: Double
  package let end: Double

  package init(numbers: ClosedRange<Double>, start: Double, end: Double) {
    self.numbers = numbers
    self.start = start
    self.end = end
  }

  package func callAsFunction(_ number: Double) -> Double {
    let part =
      (number - numbers.lowerBound) / (numbers.upperBound - numbers.lowerBound)
    return start + (end - start) * part
  }

  /// The distance of ticks: 1, 2 or 5 times a power of ten, so that there are at most `count` distances.
  package func step(_ count: Int) -> Double {
    let least = (numbers.upperBound - numbers.lowerBound) / Double(max(1, count))
    let power = pow(10, (log10(least) + 1e-9).rounded(.down))
    return [1, 2, 5, 10].map { $0 * power }.first { $0 >= least * (1 - 1e-9) } ?? 10 * power
  }

  /// The multiples of a step on the axis.
  package func multiples(of step: Double) -> [Double] {
    let first = (numbers.lowerBound / step - 1e-9).rounded(.up)
    let last = (numbers.upperBound / step + 1e-9).rounded(.down)
    guard first <= last, last - first < 1000 else { return [] }
    // Not −0.
    return stride(from: first, through: last, by: 1).map { $0 == 0 ? 0 : $0 * step }
  }

  /// The range of some numbers, where `isRound` widened to multiples of a step; nil of no numbers.
  package static func range(of numbers: [Double], isRound: Bool) -> ClosedRange<Double>? {
    guard let least = numbers.min(), let most = numbers.max() else { return nil }
    guard least < most, most - least > 1e-12 * max(abs(least), abs(most)) else {
      // One number, with room on both sides.
      let room = least == 0 ? 1 : abs(least) / 2
      return least - room...most + room
    }
    guard isRound else { return least...most }
    let step = LinearScale(numbers: least...most, start: 0, end: 1).step(6)
    let low = (least / step + 1e-9).rounded(.down) * step
    let high = (most / step - 1e-9).rounded(.up) * step
    return low < high ? low...high : least...most
  }
}
