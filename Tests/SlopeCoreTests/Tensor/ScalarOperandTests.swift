import SlopeCore
import Testing

/// A scalar is expanded next to a few elements, and is a program's operand next to more: both ways
/// give the same.
@Suite struct ScalarOperandTests {
  private func check<Element: NumericElement>(_ type: Element.Type, _ scalar: Element) {
    // Next to 256 bytes: one element less, the same number, one more.
    let edge = 256 / Element.dtype.byteCount
    for count in [1, 3, edge - 1, edge, edge + 1, 300] {
      let numbers = Tensor<Element>((0..<count).map { Element(clamping: Double($0 % 100)) })
      let repeated = Tensor<Element>.full([count], scalar)
      #expect((numbers + scalar).scalars == (numbers + repeated).scalars)
      #expect((numbers * scalar).scalars == (numbers * repeated).scalars)
      #expect((numbers - scalar).scalars == (numbers - repeated).scalars)
      #expect((scalar - numbers).scalars == (repeated - numbers).scalars)
      #expect((numbers / scalar).scalars == (numbers / repeated).scalars)
    }
  }

  @Test func scalarsOfEveryTypeActOnEveryElement() {
    check(UInt8.self, 200)
    check(UInt16.self, 60_000)
    check(UInt32.self, 4_000_000_000)
    check(UInt64.self, 1 << 63)
    check(Int8.self, -3)
    check(Int16.self, -300)
    check(Int32.self, -70_000)
    check(Int64.self, -5_000_000_000)
    check(Int.self, -7)
    check(Float16.self, -1.5)
    check(BFloat16.self, -1.5)
    check(Float.self, -1.5)
    check(Double.self, -0.1)
  }

  @Test func theNumbersAreThoseOfArithmetic() {
    #expect((Tensor<Int8>([1, -1, 100]) + 100).scalars == [101, 99, -56])
    #expect((Tensor<Float>([1, 2, 3]) * 0.5).scalars == [0.5, 1, 1.5])
    #expect((Tensor<Double>([1, 2, 3]) / 2).scalars == [0.5, 1, 1.5])
    #expect((Tensor<UInt16>([7, 8]) - 3).scalars == [4, 5])
  }

  @Test func aScalarActsOnAView() {
    let numbers = Tensor<Float>([[1, 2], [3, 4]]).transposed()
    #expect((numbers + 10).scalars == [11, 13, 12, 14])
  }
}
