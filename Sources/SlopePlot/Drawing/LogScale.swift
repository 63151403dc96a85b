import Glibc

/// A logarithmic axis, which maps a range of numbers to a range of pixels.
package struct LogScale {
  package let numbers: ClosedRange<Double>
  package let start: Double
  package let end: Double

  package init(numbers: ClosedRange<Double>, start: Double, end: Double) {
    self.numbers = numbers
    self.start = start
    self.end = end
  }

  package func callAsFunction(_ number: Double) -> Double {
    let first = log(numbers.lowerBound)
    let part = (log(number) - first) / (log(numbers.upperBound) - first)
    return start + (end - start) * part
  }

  /// The powers of `base` on the axis.
  package func powers(of base: Double) -> [Double] {
    // With a tolerance: the logarithm of a power is not exact.
    let first = Int((log(numbers.lowerBound) / log(base) - 1e-9).rounded(.up))
    let last = Int((log(numbers.upperBound) / log(base) + 1e-9).rounded(.down))
    return first > last ? [] : (first...last).map { pow(base, Double($0)) }
  }

  /// The numbers 1, 2 and 5 times a power of ten on the axis.
  package var decimals: [Double] {
    LogScale(numbers: numbers.lowerBound / 10...numbers.upperBound, start: 0, end: 1)
      .powers(of: 10).flatMap { [$0, 2 * $0, 5 * $0] }.filter { numbers.contains($0) }
  }

  /// The range between powers of `base` that contains all numbers.
  package static func range(of numbers: [Double], base: Double) -> ClosedRange<Double>? {
    let numbers = numbers.filter { $0 > 0 && $0.isFinite }
    guard let least = numbers.min(), let most = numbers.max() else { return nil }
    let first = (log(least) / log(base) + 1e-9).rounded(.down)
    let last = (log(most) / log(base) - 1e-9).rounded(.up)
    return pow(base, first)...pow(base, max(last, first + 1))
  }
}

/// Angles in the drawing.
package enum Turn {
  /// The angle of a line that goes `dx` to the right and `dy` down, in degrees clockwise.
  package static func degrees(dx: Double, dy: Double) -> Double { atan2(dy, dx) * 180 / Double.pi }
}
