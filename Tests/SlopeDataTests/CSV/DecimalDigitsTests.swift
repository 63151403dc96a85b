import SlopeCore
import Testing

@testable import SlopeData

/// Numbers of many digits are the nearest Doubles, as Swift reads them.
@Suite struct DecimalDigitsTests {
  /// Texts of random digits: 1 to 19 before the point, 0 to 29 after it, zeros first in some.
  @Test func randomDigits() throws {
    var generator = Random(state: 1)
    try check(
      (0..<20_000).map { _ in
        let whole = digits(1 + generator.below(19), &generator)
        let zeros = String(repeating: "0", count: generator.below(2) * generator.below(9))
        let sign = ["", "-", "+"][generator.below(3)]
        let isSmall = generator.below(2) == 0
        return sign + (isSmall ? "0" : "1" + whole.dropFirst()) + "." + zeros
          + digits(1 + generator.below(20), &generator)
      })
  }

  /// Numbers half way between two Doubles, which go to the even one, and their neighbours.
  @Test func numbersBetweenTwoDoubles() throws {
    var generator = Random(state: 2)
    try check(
      (0..<5000).flatMap { _ in
        // An odd number of 54 bits, divided by a power of two.
        let odd = 1 << 53 | generator.below(1 << 52) << 1 | 1
        let bits = 1 + generator.below(9)
        var text = "\(odd >> bits)."
        var rest = odd & (1 << bits - 1)
        while rest > 0 {
          rest *= 10
          text += "\(rest >> bits)"
          rest &= 1 << bits - 1
        }
        return [text, text + "1", String(text.dropLast()) + "4999999"]
      })
  }

  @Test(arguments: [
    "0.0", "-0.0", "5.", ".5", "0.30000000000000004", "9007199254740993.0",
    "18446744073709551615.5",
    "0.000000000000000000000000001", "0.0000000000000000000000000001", "123456789012345678.9",
    "1.7976931348623157", "2.2250738585072014", "99999999.99999999", "12345678.12345678",
  ]) func particularNumbers(text: String) throws { try check([text]) }

  private func check(_ texts: [String]) throws {
    let table = try read("x,y\n" + texts.map { "\($0),0.5\n" }.joined())
    let values = try table["x", as: Double.self]
    for (text, value) in zip(texts, values) {
      let expected = Double(text.hasSuffix(".") ? text + "0" : text)
      #expect(value?.bitPattern == expected?.bitPattern, "\(text)")
    }
  }

  private func digits(_ count: Int, _ generator: inout Random) -> String {
    (0..<count).map { _ in "\(generator.below(10))" }.joined()
  }

  /// A linear congruential generator: the same texts at each run.
  private struct Random {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 11) % bound
    }
  }
}
