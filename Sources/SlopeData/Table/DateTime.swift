import Glibc

/// A date, or a date and a time of day, to the microsecond; UTC where the text names an offset.
///
/// ```swift
/// if let moment = DateTime("2024-02-29 18:30") { print(moment, moment.weekday) }
/// // 2024-02-29T18:30:00 4
/// ```
///
/// A column of a `Table` whose cells are all ISO 8601 dates (`2024-02-29`, `2024-02-29T18:30:00Z`)
/// or of the form `2024/02/29` holds values of this type. Years are 0 to 9999, in the proleptic
/// Gregorian calendar.
public struct DateTime: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The microseconds since the start of 1970.
  public let microsecondsSince1970: Int

  /// A moment by its microseconds since the start of 1970.
  public init(microsecondsSince1970: Int) { self.microsecondsSince1970 = microsecondsSince1970 }

  /// The date that `text` writes; nil for any other text.
  ///
  /// The form is `YYYY-MM-DD` or `YYYY/MM/DD`, and after `T` or a space `HH:MM`, `HH:MM:SS` or
  /// `HH:MM:SS.ffffff`, and after that `Z` or an offset `±HH:MM`, `±HHMM` or `±HH`, which is
  /// subtracted and must not lead out of the years 0 to 9999. Digits after the sixth decimal are
  /// dropped.
  ///
  /// - Parameter text: the text, without blanks around it.
  public init?(_ text: String) {
    var text = text
    let scanned = text.withUTF8 { bytes -> Int? in
      var scanner = DateScanner(bytes)
      return scanner.scan()
    }
    guard let scanned else { return nil }
    microsecondsSince1970 = scanned
  }

  /// The earlier of two moments is the smaller.
  public static func < (left: DateTime, right: DateTime) -> Bool {
    left.microsecondsSince1970 < right.microsecondsSince1970
  }

  private static let microsecondsPerDay = 86_400_000_000

  /// Days since 1970 and microseconds since midnight, the second never negative.
  private var parts: (day: Int, time: Int) {
    let day = microsecondsSince1970.quotientAndRemainder(dividingBy: Self.microsecondsPerDay)
    return day.remainder < 0
      ? (day.quotient - 1, day.remainder + Self.microsecondsPerDay)
      : (day.quotient, day.remainder)
  }

  /// The year, the month from 1 and the day of the month from 1.
  public var date: (year: Int, month: Int, day: Int) {
    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": civil_from_days.
    let shifted = parts.day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// The day of the week: 1 for Monday to 7 for Sunday, as in ISO 8601.
  public var weekday: Int {
    // The first of January 1970 was a Thursday.
    let day = (parts.day + 3) % 7
    return (day < 0 ? day + 7 : day) + 1
  }

  /// The hour of the day, 0 to 23.
  public var hour: Int { parts.time / 3_600_000_000 }

  /// Whether the time of day is midnight: a date without a time is.
  public var isMidnight: Bool { parts.time == 0 }

  /// The date in ISO 8601, with the time of day unless it is midnight.
  public var description: String {
    let (year, month, day) = date
    let head = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    let time = parts.time
    guard time != 0 else { return head }
    let seconds = time / 1_000_000
    var text =
      head + "T\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):"
      + padded(seconds % 60, 2)
    if time % 1_000_000 != 0 { text += ".\(padded(time % 1_000_000, 6))" }
    return text
  }

  private func padded(_ number: Int, _ width: Int) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}

/// Reads a date from UTF-8 text.
private struct DateScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var index = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The microseconds since 1970, if all of the text is a date.
  mutating func scan() -> Int? {
    guard let year = number(4), let separator = oneOf("-/"), let month = number(2),
      skip(separator), let day = number(2), (1...12).contains(month),
      (1...Self.days(in: month, of: year)).contains(day)
    else { return nil }
    var result = Self.daysSince1970(year, month, day) * 86_400_000_000
    if index == bytes.count { return result }
    guard oneOf("T ") != nil, let time = scanTime() else { return nil }
    result += time
    if index < bytes.count {
      guard let offset = scanOffset() else { return nil }
      result -= offset
    }
    // An offset leads out of the years of four digits.
    return index == bytes.count && Self.years.contains(result) ? result : nil
  }

  /// The microseconds from the start of year 0 to the end of year 9999.
  private static let years = -62_167_219_200_000_000..<253_402_300_800_000_000

  private mutating func scanTime() -> Int? {
    guard let hour = number(2), hour < 24, skip(":"), let minute = number(2), minute < 60 else {
      return nil
    }
    var time = (hour * 60 + minute) * 60_000_000
    guard skip(":") else { return time }
    guard let second = number(2), second < 60 else { return nil }
    time += second * 1_000_000
    guard skip(".") else { return time }
    var unit = 100_000
    let start = index
    while index < bytes.count, let digit = digit(at: index) {
      time += digit * unit
      unit /= 10
      index += 1
    }
    return index > start ? time : nil
  }

  private mutating func scanOffset() -> Int? {
    if skip("Z") { return 0 }
    guard let sign = oneOf("+-"), let hour = number(2), hour < 24 else { return nil }
    var offset = hour * 3_600_000_000
    if index < bytes.count {
      _ = skip(":")
      guard let minute = number(2), minute < 60 else { return nil }
      offset += minute * 60_000_000
    }
    return sign == "-" ? -offset : offset
  }

  private func digit(at index: Int) -> Int? {
    let digit = Int(bytes[index]) - 0x30
    return (0...9).contains(digit) ? digit : nil
  }

  /// A number of exactly `count` digits.
  private mutating func number(_ count: Int) -> Int? {
    guard bytes.count - index >= count else { return nil }
    var value = 0
    for _ in 0..<count {
      guard let digit = digit(at: index) else { return nil }
      value = value * 10 + digit
      index += 1
    }
    return value
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard index < bytes.count, UInt32(bytes[index]) == character.value else { return false }
    index += 1
    return true
  }

  private mutating func oneOf(_ characters: String) -> Unicode.Scalar? {
    characters.unicodeScalars.first { skip($0) }
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": days_from_civil.
  private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
