import SlopeData
import SlopeTraining

extension ONNXGraph {
  /// What a missing date is: NumPy's NaT.
  private static var noDate: Int { .min }

  /// Parts of dates, each `[rows, 1]` of doubles, NaN where the date is missing.
  ///
  /// The dates are microseconds since 1970, `[rows, 1]` of integers. What is divided is never negative, so that
  /// the quotients are those of whole numbers rounded down.
  ///
  /// Source: H. Hinnant, "chrono-compatible low-level date algorithms", `civil_from_days`.
  mutating func parts(of dates: String, _ wanted: [DatePart]) -> [String] {
    func integer(_ value: Int) -> String { constant("integer", [value], []) }
    func plus(_ x: String, _ y: Int) -> String { add("Add", x, integer(y)) }
    func minus(_ x: String, _ y: String) -> String { add("Sub", x, y) }
    func times(_ x: String, _ y: Int) -> String { add("Mul", x, integer(y)) }
    func over(_ x: String, _ y: Int) -> String { add("Div", x, integer(y)) }
    func modulo(_ x: String, _ y: Int) -> String { add("Mod", x, integer(y)) }
    let isMissing = add("Equal", dates, integer(Self.noDate))
    let known = add("Where", isMissing, integer(0), dates)
    let time = modulo(known, 86_400_000_000)
    // A multiple of the divisor, whose quotient is exact.
    let day = over(minus(known, time), 86_400_000_000)
    var numbers: [DatePart: String] = [
      .hour: over(time, 3_600_000_000), .weekday: plus(modulo(plus(day, 3), 7), 1),
    ]
    if !Set(wanted).isDisjoint(with: [.year, .month, .day]) {
      // Years of March to February, in eras of 400 years.
      let shifted = plus(day, 719_468)
      let dayOfEra = modulo(shifted, 146_097)
      let era = over(minus(shifted, dayOfEra), 146_097)
      let leapless = add(
        "Add", minus(dayOfEra, over(dayOfEra, 1460)),
        minus(over(dayOfEra, 36_524), over(dayOfEra, 146_096)))
      let yearOfEra = over(leapless, 365)
      let daysBefore = minus(
        add("Add", times(yearOfEra, 365), over(yearOfEra, 4)), over(yearOfEra, 100))
      let dayOfYear = minus(dayOfEra, daysBefore)
      let shiftedMonth = over(plus(times(dayOfYear, 5), 2), 153)
      let daysOfMonths = over(plus(times(shiftedMonth, 153), 2), 5)
      numbers[.day] = plus(minus(dayOfYear, daysOfMonths), 1)
      let isNextYear = add("Greater", shiftedMonth, integer(9))
      let month = add("Where", isNextYear, plus(shiftedMonth, -9), plus(shiftedMonth, 3))
      numbers[.month] = month
      let year = add("Add", yearOfEra, times(era, 400))
      numbers[.year] = add("Where", isNextYear, plus(year, 1), year)
    }
    let none = constant("missing", .nan, as: Double.self)
    return wanted.map { part in
      add("Where", isMissing, none, cast(numbers[part] ?? day, to: .double))
    }
  }

  /// A number for each date, `[rows, 1]` of doubles, NaN where it is missing.
  mutating func presence(of dates: String) -> String {
    parts(of: dates, [.hour])[0]
  }
}
