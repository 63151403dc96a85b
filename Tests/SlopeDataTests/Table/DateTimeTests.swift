import Testing

@testable import SlopeData

@Suite struct DateTimeTests {
  private static let day = 86_400_000_000

  @Test(arguments: [
    ("1970-01-01", 0), ("1970-01-02", 86_400_000_000), ("1969-12-31", -86_400_000_000),
    ("1970/01/01", 0), ("1970-01-01T00:00:01", 1_000_000), ("1970-01-01 00:01", 60_000_000),
    ("1970-01-01T01:00:00", 3_600_000_000), ("1970-01-01T00:00:00.5", 500_000),
    ("1970-01-01T00:00:00.000001", 1), ("1970-01-01T00:00:00.0000019", 1),
    ("1970-01-01T00:00:00.123456789012345678901", 123_456), ("1970-01-01T00:00:00Z", 0),
    ("1970-01-01T01:00+01:00", 0), ("1970-01-01T00:00-00:30", 1_800_000_000),
    ("1970-01-01T01:30:00+0130", 0), ("1970-01-01 02:00:00+02", 0),
    ("1970-01-01T23:59:59.999999", 86_399_999_999), ("0000-01-01", -62_167_219_200_000_000),
    ("9999-12-31", 253_402_214_400_000_000), ("0000-01-01T23:59+23:59", -62_167_219_200_000_000),
    ("9999-12-31T00:00:59.999999-23:59", 253_402_300_799_999_999),
    ("2000-02-29", 951_782_400_000_000),
    ("2024-02-29T18:30:15.25-07:00", 1_709_256_615_250_000),
  ])
  func aTextIsAMoment(text: String, microseconds: Int) {
    #expect(DateTime(text)?.microsecondsSince1970 == microseconds)
  }

  @Test(arguments: [
    "", "2024", "2024-01", "2024-1-1", "24-01-01", "2024-00-01", "2024-13-01", "2024-01-00",
    "2024-01-32", "2024-04-31", "2023-02-29", "1900-02-29", "2100-02-29", "2024-02-30", "20240101",
    "2024-01/01", "2024/01-01", "2024.01.01", "01-01-2024", "12024-01-01", "-2024-01-01",
    "2024-01-01 ", " 2024-01-01", "2024-01-01T", "2024-01-01T1", "2024-01-01T12", "2024-01-01T12:",
    "2024-01-01T12:3", "2024-01-01T24:00", "2024-01-01T12:60", "2024-01-01T12:30:60",
    "2024-01-01T12:30:", "2024-01-01T12:30:15.", "2024-01-01T12:30:15,5", "2024-01-01t12:30",
    "2024-01-01T12:30z", "2024-01-01T12:30ZZ", "2024-01-01Z", "2024-01-01T12:30+24:00",
    "2024-01-01T12:30+01:60", "2024-01-01T12:30+1", "2024-01-01T12:30+01:", "2024-01-01T12:30+01:3",
    "2024-01-01T12:30+01:300", "2024-01-01T12:30 +01", "2024-01-01_12:30", "2024-01-0a", "today",
    "２０２４-01-01", "0000-01-01T00:00+00:01", "0000-01-01T00:00:59.999999+00:01",
    "0000-01-01T23:58+23:59",
    "9999-12-31T23:59:59.999999-00:01", "9999-12-31T00:01-23:59",
  ])
  func otherTextIsNone(text: String) {
    #expect(DateTime(text) == nil)
  }

  @Test func everyDayOfEightCenturiesIsRight() {
    // A slow calendar: day after day from the first of January 1600, a Saturday.
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    var (day, weekday) = (-135_140, 6)
    for year in 1600...2400 {
      let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
      for month in 1...12 {
        for date in 1...(lengths[month - 1] + (isLeap && month == 2 ? 1 : 0)) {
          let (m, d) = (month < 10 ? "0\(month)" : "\(month)", date < 10 ? "0\(date)" : "\(date)")
          let text = "\(year)-\(m)-\(d)"
          let moment = DateTime(microsecondsSince1970: day * Self.day)
          let late = DateTime(microsecondsSince1970: (day + 1) * Self.day - 1)
          guard moment.date == (year, month, date), late.date == (year, month, date),
            moment.weekday == weekday, late.weekday == weekday, moment.description == text,
            DateTime(text) == moment, late.hour == 23, moment.hour == 0
          else {
            Issue.record("\(text): \(moment), weekday \(moment.weekday)")
            return
          }
          day += 1
          weekday = weekday % 7 + 1
        }
      }
    }
    #expect(day == 157_420, "the days from 1970 to the end of 2400")
  }

  @Test(arguments: [
    (0, "1970-01-01"), (1, "1970-01-01T00:00:00.000001"), (1_000_000, "1970-01-01T00:00:01"),
    (-1, "1969-12-31T23:59:59.999999"), (3_661_000_000, "1970-01-01T01:01:01"),
    (86_399_000_000, "1970-01-01T23:59:59"), (-62_167_219_200_000_000, "0000-01-01"),
  ])
  func aMomentIsWrittenWithItsTimeUnlessItIsMidnight(microseconds: Int, text: String) {
    let moment = DateTime(microsecondsSince1970: microseconds)
    #expect(moment.description == text)
    #expect(DateTime(text) == moment)
    #expect(moment.isMidnight == !text.contains("T"))
  }

  @Test func partsAreThoseOfUTC() throws {
    let moment = try #require(DateTime("2024-02-29T23:30-01:00"))
    #expect(moment.date == (2024, 3, 1))
    #expect(moment.hour == 0 && moment.weekday == 5)
    #expect(try #require(DateTime("2024-03-03")).weekday == 7)
    #expect(try #require(DateTime("2024-03-04")).weekday == 1)
  }

  @Test func earlierMomentsAreSmaller() throws {
    let (a, b) = (try #require(DateTime("1969-12-31")), try #require(DateTime("1970-01-01")))
    #expect(a < b && !(b < a) && !(a < a))
  }

  @Test(arguments: [Int.min, Int.min + 1, Int.max])
  func momentsFarAwayDoNotTrap(microseconds: Int) {
    let moment = DateTime(microsecondsSince1970: microseconds)
    #expect(!moment.description.isEmpty)
    #expect((1...7).contains(moment.weekday) && (0...23).contains(moment.hour))
    #expect((1...12).contains(moment.date.month) && (1...31).contains(moment.date.day))
  }
}
