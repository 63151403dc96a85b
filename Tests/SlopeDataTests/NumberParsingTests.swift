import CNumberParsing
import Testing

@Suite struct NumberParsingTests {
  private func parse(_ text: String) -> (status: slope_number_status, value: Double) {
    var value = Double.nan
    let utf8 = Array(text.utf8)
    let status = utf8.withUnsafeBytes {
      slope_parse_number($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count, &value)
    }
    return (status, value)
  }

  @Test(arguments: [
    ("0", 0), ("1", 1), ("-1", -1), ("+1.5", 1.5), (".5", 0.5), ("-.5", -0.5), ("5.", 5),
    ("1e3", 1000), ("1E-3", 0.001), ("+1e+3", 1000), ("00012", 12), ("1e308", 1e308),
    ("0.1", 0.1), ("2.2250738585072011e-308", .leastNormalMagnitude.nextDown),
    ("9007199254740993", 9_007_199_254_740_992),
    ("1.7976931348623157e308", .greatestFiniteMagnitude),
    ("4.9e-324", .leastNonzeroMagnitude), ("1e-400", 0),
  ])
  func decimalNumbersBecomeTheNearestDouble(text: String, expected: Double) {
    let (status, value) = parse(text)
    #expect(status == slope_number_ok)
    #expect(value == expected)
  }

  @Test func tinyNegativeIsMinusZero() {
    let (status, value) = parse("-1e-400")
    #expect(status == slope_number_ok)
    #expect(value == 0 && value.sign == .minus)
  }

  @Test func thousandsOfDigitsAreReadExactly() {
    #expect(parse("0." + String(repeating: "1", count: 5000)).value == 1.0 / 9)
    #expect(parse("0." + String(repeating: "0", count: 5000) + "1").status == slope_number_ok)
  }

  @Test(arguments: [
    "", " ", "+", "-", ".", "-.", "+-1", "-+1", "++1", "--1", "e5", "1e", "1e+", "1.5abc", "1_000",
    "1,000", "1,5", "0x10", "inf", "-inf", "infinity", "nan", "NaN", "nan(1)", "1 ", " 1", "1 2",
    "1d5", "1f", "\u{0661}\u{0662}", "\u{2212}1", "1\u{0}", "1..2", "1.2.3", "+.e1",
  ])
  func otherTextIsNoNumber(text: String) {
    #expect(parse(text).status == slope_number_invalid)
  }

  @Test(arguments: ["1e309", "-1e309", "+1e400", "1" + String(repeating: "0", count: 400)])
  func beyondTheRangeOverflows(text: String) {
    let (status, value) = parse(text)
    #expect(status == slope_number_overflow)
    #expect(value.isNaN, "the value is left alone")
  }
}
