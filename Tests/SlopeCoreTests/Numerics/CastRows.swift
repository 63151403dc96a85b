import ConformanceKit
import Slope
import Testing

@testable import SlopeCore

extension NumericsTests {
  @Suite struct CastRows {
    @Test(arguments: castRows.onDevices)
    func hold(row: NumericsRow, device: NumericsDevice) { row.check(on: device) }
  }
}

private let castRows: [NumericsRow] = [
  NumericsRow(integers: "casts of integers") { type, device in
    integerCasts(type, device)
  },
  NumericsRow(floats: "casts of floats") { type, device in floatCasts(type, device)
  },
  NumericsRow("casts of Bool") { device in
    CastTable.cases(from: Bool.self, on: device)
  },
  NumericsRow("casts of the page") { device in
    let x = Tensor<Float>([300.7, -1.5, 1e10, .nan, -.infinity, -0.0])
    // The midpoint of two BFloat16 numbers, and one more, which Float does not represent.
    let middle: Int = (1 << 62) + (1 << 54)
    let rounded = Tensor([middle, middle + 1]).cast(to: BFloat16.self)
    let cases: [NumericsCase] = [
      NumericsCase("to UInt8", show(x.cast(to: UInt8.self)), "[6] 255 0 255 0 0 0"),
      NumericsCase(
        "to Int32", show(x.cast(to: Int32.self)), "[6] 300 -1 2147483647 0 -2147483648 0"),
      NumericsCase(
        "to Bool", show(x.cast(to: Bool.self)), "[6] true true true true true false"),
      NumericsCase(
        "low bits", show(Tensor([300, -1, 1 << 40]).cast(to: UInt8.self)), "[3] 44 255 0"),
      NumericsCase(
        "65520 and 65519", show(Tensor([65520, 65519]).cast(to: Float16.self)), "[2] inf 65504"),
      NumericsCase(
        "16777217", show(Tensor([16_777_217, 16_777_219]).cast(to: Float.self)),
        show(Tensor<Float>([16_777_216, 16_777_220]))),
      NumericsCase(
        "rounding once", show(rounded),
        show(Tensor<BFloat16>([BFloat16(0x1p62), BFloat16(0x1p62 + 0x1p55)]))),
    ]
    return cases + doubleCases(device)
  },
  NumericsRow(floats: "wrapping casts are x86's, to every type") { type, _ in
    OperationList.integerTypes.map { wrappingCase(type, $0) }
  },
  // Numbers that PyTorch prints are in WrappingCastTests.
  NumericsRow("wrapping casts of the page") { device in
    let x = Tensor<Float>([300.7, -1.5, 1e10, .nan])
    return [
      NumericsCase("to UInt8", show(x.wrappingCast(to: UInt8.self)), "[4] 44 255 0 0"),
      NumericsCase(
        "to Int32", show(x.wrappingCast(to: Int32.self)),
        "[4] 300 -1 -2147483648 -2147483648"),
      NumericsCase("of integers", show(Tensor([300]).wrappingCast(to: UInt8.self)), "[1] 44"),
    ]
  },
]

private func integerCasts<Element: IntegerElement>(
  _: Element.Type, _ device: NumericsDevice
) -> [NumericsCase] {
  CastTable.cases(from: Element.self, on: device)
}

private func floatCasts<Element: FloatingElement>(
  _: Element.Type, _ device: NumericsDevice
) -> [NumericsCase] {
  CastTable.cases(from: Element.self, on: device)
}

/// By way of Int32, which is its least number if the cast overflows, to all types but UInt32 and
/// those of 64 bits.
private func wrappingCase<Element: FloatingElement, I: IntegerElement>(
  _: Element.Type, _: I.Type
) -> NumericsCase {
  let numbers: [Double] = [
    300.7, -1.5, 1e10, -1e10, .nan, .infinity, -.infinity, 2_147_483_648, -2_147_483_648, 70000,
    -70000, 255.9, -129, 0.5,
  ]
  let x = Tensor(numbers.map { Element($0) })
  let expected = x.scalars.map { element -> I in
    let number = element.doubleValue
    if I.bitWidth == 64 || I.dtype == .uint32 {
      let isInside = number > -0x1p63 && number < 0x1p63
      if isInside { return I(truncatingIfNeeded: Int64(number)) }
      // Above 2⁶³ an unsigned number of 64 bits is converted from its remainder above 2⁶³.
      return I.dtype == .uint64 && number == .infinity ? 0 : I(truncatingIfNeeded: Int64.min)
    }
    let isInside = number > -0x1p31 - 1 && number < 0x1p31
    return I(truncatingIfNeeded: isInside ? Int32(number) : .min)
  }
  return .elements("to \(I.dtype)", x.wrappingCast(to: I.self).scalars, expected) {
    "\(x.scalars[$0]) is "
  }
}

private func doubleCases(_ device: NumericsDevice) -> [NumericsCase] {
  guard device.device.dtypes.contains(.float64) else { return [] }
  let middle = 1 + 0x1p-11
  let x = Tensor<Double>([65519.999, 65520, middle, middle + 0x1p-40])
  return [
    NumericsCase(
      "Double to Float16", show(x.cast(to: Float16.self)),
      show(Tensor<Float16>([65504, .infinity, 1, Float16(1 + 0x1p-10)])))
  ]
}
