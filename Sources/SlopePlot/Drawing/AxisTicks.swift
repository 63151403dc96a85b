import Glibc

/// The ticks of an axis, with their labels.
struct AxisTicks {
  let numbers: [Double]
  let labels: [String]
  private let range: ClosedRange<Double>
  private let isLogarithmic: Bool

  /// At most `most` ticks, or one or two more, on an axis of the range.
  init(
    _ range: ClosedRange<Double>, _ scale: Chart.Scale, kind: Chart.Axis.Kind = .number, most: Int
  ) {
    self.range = range
    isLogarithmic = scale == .logarithmic
    if !isLogarithmic, kind == .time, let times = TimeTicks(range, most: most) {
      (numbers, labels) = (times.numbers, times.labels)
      return
    }
    let linear = LinearScale(numbers: range, start: 0, end: 1)
    if isLogarithmic {
      let logarithmic = LogScale(numbers: range, start: 0, end: 1)
      let powers = logarithmic.powers(of: 10)
      let decimals = logarithmic.decimals
      // Few decades have 2 and 5 of each too; many have some of the powers alone; part of a decade has
      // multiples of a step.
      if decimals.count <= most + 2, decimals.count >= 3 {
        numbers = decimals
      } else if powers.count >= 2 {
        let stride = max(1, (powers.count + most - 1) / most)
        numbers = powers.enumerated().compactMap { $0.offset % stride == 0 ? $0.element : nil }
      } else {
        numbers = linear.multiples(of: linear.step(most))
      }
      labels = numbers.map { Self.label($0, step: $0) }
    } else {
      let step = kind == .whole ? max(1, linear.step(most)) : linear.step(most)
      numbers = linear.multiples(of: step)
      let largest = max(abs(range.lowerBound), abs(range.upperBound))
      labels = numbers.map { Self.label($0, step: step, largest: largest) }
    }
  }

  /// Where a number is on the axis, from 0 to 1; nil if it is not there.
  func part(of number: Double) -> Double? {
    guard number.isFinite, !isLogarithmic || number > 0 else { return nil }
    let part =
      isLogarithmic
      ? LogScale(numbers: range, start: 0, end: 1)(number)
      : LinearScale(numbers: range, start: 0, end: 1)(number)
    return part >= -1e-9 && part <= 1 + 1e-9 ? min(max(part, 0), 1) : nil
  }

  /// A number with as many digits as its step has.
  static func label(_ number: Double, step: Double, largest: Double? = nil) -> String {
    let largest = largest ?? abs(number)
    if number == 0 { return "0" }
    // Large numbers that differ little, such as years of a clock, are written in full.
    let isFar = step >= largest / 1000 || largest >= 1e15
    if largest >= 1e6 && isFar || largest < 1e-3 {
      // As many digits as tell neighbours apart.
      let exponent = (log10(abs(number)) + 1e-9).rounded(.down)
      let digits = min(max(Int(exponent - (log10(step) + 1e-9).rounded(.down)), 0), 14)
      let mantissa = fixed(number / pow(10, exponent), digits)
      return "\(mantissa)e\(Int(exponent))"
    }
    let digits = min(max(0, Int(-(log10(step) + 1e-9).rounded(.down))), 12)
    let text = fixed(number, digits)
    return abs(number) >= 10_000 ? grouped(text) : text
  }

  /// The digits before the point in groups of three.
  private static func grouped(_ text: String) -> String {
    let isNegative = text.hasPrefix("-")
    let parts = text.drop { $0 == "-" }.split(separator: ".", maxSplits: 1)
    guard let whole = parts.first else { return text }
    var groups = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index).isMultiple(of: 3) { groups += "," }
      groups.append(digit)
    }
    return (isNegative ? "-" : "") + groups + (parts.count > 1 ? ".\(parts[1])" : "")
  }
}
