import SlopeData

/// The ticks of an axis of seconds since the start of 1970, with their labels.
///
/// They are at the start of some years, months, days, hours or minutes, as many as there is room for.
struct TimeTicks {
  let numbers: [Double]
  let labels: [String]

  private static let minutes = [1.0, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720]
  private static let days = [1.0, 2, 5, 10]
  private static let months = [1, 2, 3, 6]
  private static let secondsOfDay = 86_400.0

  /// At most `most` ticks, or one or two more; nil for what is not in the years 1 to 9999, or shorter than
  /// two minutes.
  init?(_ range: ClosedRange<Double>, most: Int) {
    let (first, last) = (Self.start(of: 1, 1) ?? 0, Self.start(of: 9999, 1) ?? 0)
    guard range.lowerBound >= first, range.upperBound <= last,
      let low = Self.date(range.lowerBound), let high = Self.date(range.upperBound)
    else { return nil }
    let least = (range.upperBound - range.lowerBound) / Double(max(1, most))
    guard range.upperBound - range.lowerBound >= 120 else { return nil }
    func places(every step: Double) -> [Double] {
      LinearScale(numbers: range, start: 0, end: 1).multiples(of: step)
    }
    if let step = Self.minutes.first(where: { 60 * $0 >= least }) {
      numbers = places(every: 60 * step)
      labels = numbers.map { Self.text($0, from: 5, to: 16) }
      return
    }
    if let step = Self.days.first(where: { Self.secondsOfDay * $0 >= least }) {
      numbers = places(every: Self.secondsOfDay * step)
      labels = numbers.map { Self.text($0, from: 0, to: 10) }
      return
    }
    // Months differ in length: of at most 31 days there are few enough.
    let monthsApart = Self.months.first { 31 * Self.secondsOfDay * Double($0) >= least }
    let years = LinearScale(
      numbers: Double(low.year)...Double(max(high.year, low.year + 1)), start: 0, end: 1)
    let step = monthsApart ?? 12 * Int(max(1, years.step(most)))
    let all = stride(from: low.year * 12 / step * step, through: high.year * 12 + 11, by: step)
    numbers = all.compactMap { Self.start(of: $0 / 12, $0 % 12 + 1) }.filter(range.contains)
    labels = numbers.map { Self.text($0, from: 0, to: monthsApart == nil ? 4 : 7) }
  }

  private static func date(_ seconds: Double) -> (year: Int, month: Int, day: Int)? {
    moment(seconds)?.date
  }

  private static func moment(_ seconds: Double) -> DateTime? {
    Int(exactly: seconds.rounded()).map { DateTime(microsecondsSince1970: $0 * 1_000_000) }
  }

  /// The seconds until the start of a month; nil beyond the years of four digits.
  private static func start(of year: Int, _ month: Int) -> Double? {
    func padded(_ number: Int, _ width: Int) -> String {
      String(repeating: "0", count: max(0, width - "\(number)".count)) + "\(number)"
    }
    return DateTime("\(padded(year, 4))-\(padded(month, 2))-01").map {
      Double($0.microsecondsSince1970) / 1e6
    }
  }

  /// A part of `2024-02-29 18:30`.
  private static func text(_ seconds: Double, from start: Int, to end: Int) -> String {
    guard let moment = moment(seconds) else { return "" }
    let text = moment.description
    let whole =
      moment.isMidnight ? text + " 00:00" : text.split(separator: "T").joined(separator: " ")
    return String(whole.prefix(end).dropFirst(start))
  }
}
