import Testing

@testable import SlopeCore

/// An element as a number.
private func number<Element: TensorElement>(_ element: Element) -> Number {
  var bits: UInt64 = 0
  withUnsafeBytes(of: element) { source in
    withUnsafeMutableBytes(of: &bits) { $0.copyMemory(from: source) }
  }
  return Number(Element.dtype, bits: bits)
}

@Suite struct NumberTests {
  @Test func numbersArePrintedInTheirOwnType() {
    #expect(
      [
        number(true), number(Int8(-3)), number(Int16(-300)), number(Int32.min), number(Int.min),
        number(UInt8.max), number(UInt16.max), number(UInt32.max), number(UInt64.max),
        number(Float16(0.1)), number(BFloat16(0.5)), number(Float(0.1)), number(0.1),
        number(-Float.infinity), number(-Double.nan),
      ].map { "\($0)" } == [
        "1", "-3", "-300", "-2147483648", "-9223372036854775808", "255", "65535", "4294967295",
        "18446744073709551615", "\(Float16(0.1))", "0.5", "0.1", "0.1", "-inf", "nan",
      ])
    #expect(number(Int8(-3)).doubleValue == -3 && number(UInt64.max).doubleValue == 0x1p64)
    #expect(number(Float16(1.5)).doubleValue == 1.5 && number(BFloat16(3)).doubleValue == 3)
  }

  @Test func theSameNumberIsEqualWhateverLiesAboveIt() {
    #expect(Number(.int8, bits: 0xFFFF) == Number(.int8, bits: 0xFF))
    #expect(Number(.float32, bits: 1 << 40) == Number(.float32, bits: 0))
    #expect(Number(.int64, bits: 1 << 40) != Number(.int64, bits: 0))
  }

  @Test func loadsConvertOnce() {
    #expect(number(Float16(1.5)).converted(to: .float32) == number(Float(1.5)))
    #expect(number(BFloat16(1.5)).converted(to: .float32) == number(Float(1.5)))
    #expect(number(true).converted(to: .float64) == number(1.0))
    #expect(number(Int.max).converted(to: .float32) == number(Float(Int.max)))
    #expect(number(16_777_217).converted(to: .float32) == number(Float(16_777_216)))
    #expect(number(Int.min).converted(to: .float64) == number(-0x1p63))
    #expect(number(true).converted(to: .uint8) == number(UInt8(1)))
    #expect(number(Float(3)).converted(to: .float32) == number(Float(3)))
  }

  @Test func castsThatLose() {
    func isLossy(_ number: Number, from source: ExactNumber) -> Bool {
      number.isLossy(from: source)
    }
    #expect(
      isLossy(number(UInt8(44)), from: .integer(300)) && !isLossy(number(3), from: .integer(3)))
    #expect(isLossy(number(1), from: .real(1.5)) && !isLossy(number(-2), from: .real(-2)))
    #expect(
      isLossy(number(0), from: .real(.nan)) && isLossy(number(Int.max), from: .real(.infinity)))
    #expect(isLossy(number(Float(16_777_216)), from: .integer(16_777_217)))
    #expect(!isLossy(number(Float(16_777_216)), from: .integer(16_777_216)))
    #expect(isLossy(number(Float.infinity), from: .real(1e300)))
    #expect(!isLossy(number(Float.infinity), from: .real(.infinity)))
    #expect(
      !isLossy(number(Float(0.1)), from: .real(0.1)) && !isLossy(number(true), from: .real(2)))
    #expect(!isLossy(number(true), from: .integer(300)))
  }

  @Test func aRowIsCutShort() {
    let few = NumericsError.Operand(row: [number(1), number(2)])
    let many = NumericsError.Operand(row: (0..<9).map { number($0) })
    #expect("\(few)" == "[1, 2]" && few.count == 2)
    #expect("\(many)" == "[0, 1, 2, 3, 4, 5, 6, 7, … 9 numbers]" && many.count == 9)
    #expect("\(NumericsError.Operand(number(3)))" == "3")
  }

  @Test func sumsAndProductsAreExact() {
    #expect(exactSum([Int128.max, -1]) == .max - 1 && exactSum([Int128.max, 1]) == nil)
    #expect(exactSum([1, nil]) == nil && exactSum([Int128?]()) == 0)
    #expect(exactProduct([]) == 1 && exactProduct([2, -3]) == -6)
    #expect(exactProduct([.max, 2]) == nil && exactProduct([.max, 2, 0]) == 0)
    #expect(exactProductSum([2, 3], [4, 5]) == 23 && exactProductSum([.max], [2]) == nil)
  }
}
