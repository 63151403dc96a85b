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

  private func rows(
    _ text: String, columns: Int = 2, capacity: Int = 8, kinds: [UInt8]? = nil
  ) -> (result: slope_rows, values: [Double]) {
    var values = [Double](repeating: .nan, count: columns * capacity)
    let utf8 = Array(text.utf8)
    let kinds = kinds ?? [UInt8](repeating: 0, count: columns)
    let result = utf8.withUnsafeBytes {
      slope_parse_rows(
        $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count, kinds, columns, &values,
        capacity)
    }
    return (result, Array(values.prefix(columns * result.row_count)))
  }

  @Test func cleanRowsAreReadToTheEnd() {
    let (result, values) = rows("1,2\n3,4\r\n \"5\" ,\" 6\t\"\r7,+8\n")
    #expect(values == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(result.end == slope_rows_end_of_text)
    #expect(result.byte_count == 26)
  }

  @Test(arguments: [
    ("1,2\n3,4", 4, slope_rows_unclean), ("1,2\n3,4\r", 4, slope_rows_unclean),
    ("1,2\n3,", 4, slope_rows_unclean), ("1,2\n\n3,4\n", 4, slope_rows_unclean),
    ("1,2\n3\n", 4, slope_rows_unclean), ("1,2\n3,4,5\n", 4, slope_rows_unclean),
    ("1,2\n3,x\n", 4, slope_rows_unclean), ("1,2\n\"3,4\n", 4, slope_rows_unclean),
    ("1,2\n3,1e999\n", 4, slope_rows_unclean), ("", 0, slope_rows_end_of_text),
  ])
  func readingStopsBeforeARowThatIsNotClean(text: String, bytes: Int, end: slope_rows_end) {
    let result = rows(text).result
    #expect(result.byte_count == bytes)
    #expect(result.row_count == (bytes > 0 ? 1 : 0))
    #expect(result.end == end)
  }

  @Test func noMoreRowsThanFit() {
    let (result, values) = rows("1\n2\n3\n", columns: 1, capacity: 2)
    #expect(values == [1, 2])
    #expect(result.end == slope_rows_full)
    #expect(result.byte_count == 4)
  }

  @Test func textHasItsPlaceAndSkippedFieldsHaveNone() {
    let text = "x,1, ab c ,\n,2,,\"y\"\n"
    let (result, values) = rows(text, columns: 4, kinds: [2, 0, 1, 2])
    #expect(result.row_count == 1, "quotes are for the slow path")
    #expect(values[0] == 1)
    let range = slope_text_range_of(values[1])
    #expect(range.offset == 5 && range.count == 4)
    #expect(result.end == slope_rows_unclean && result.byte_count == 12)
  }

  @Test func aBlankLineIsNoRowOfText() {
    #expect(rows("\n1\n", columns: 1, kinds: [1]).result.row_count == 0)
    #expect(rows("  \n1\n", columns: 1, kinds: [2]).result.row_count == 0)
  }
}
