import Testing

@testable import SlopeCore

private let rows = [
  ElementRow(
    "copysign", { $0[0].copysign($0[1]) },
    [[1, -1, 0, -0.0, .infinity, .nan, 2, 3], [-1, -0.0, -1, 1, -1, -1, 2, 0]],
    [-1, -1, -0.0, 0, -.infinity, .nan, 2, 3],
    [[-1, 1, 0, 0, .nan, .nan, 1, 1], [0, 0, 0, 0, 0, 0, 0, 0]]),
  ElementRow(
    "copysign of a number", { $0[0].copysign(-0.0) }, [[1, -2, 0]], [-1, -2, -0.0], [[-1, 1, 0]]),
  ElementRow(
    "nextafter", { $0[0].nextafter($0[1]) },
    [[0, 1, 1, .infinity, -.infinity, .nan, 0, 2, -1], [1, 2, 1, 0, 0, 1, -0.0, .nan, 0]],
    [
      5e-324, 1.0000000000000002, 1, 1.7976931348623157e+308, -1.7976931348623157e+308, .nan, -0.0,
      .nan, -0.9999999999999999,
    ], [[1, 1, 0, 1, 1, 1, 0, 1, 1], [0, 0, 0, 0, 0, 0, 0, 0, 0]]),
  ElementRow(
    "ldexp", { $0[0].ldexp($0[1]) }, [[1, 2, -3], [0.5, 1.5, -1]],
    [1.4142135623730951, 5.656854249492381, -1.5],
    [
      [1.4142135623730951, 2.8284271247461903, 0.5],
      [0.9802581434685472, 3.921032573874189, -1.0397207708399179],
    ]),
  ElementRow(
    "ldexp", { $0[0].ldexp(Tensor<Int32>([3, -1, 0, 5])) }, [[1, 2, .infinity, .nan]],
    [8, 1, .infinity, .nan], [[8, 0.5, 1, 32]]),
  ElementRow(
    "mantissa", { $0[0].frexp().mantissa }, [[3, 0, -0.0, .infinity, 0.001, -1, .nan, 5e-324]],
    [0.75, 0, -0.0, .infinity, 0.512, -0.5, .nan, 0.5], [[0.25, 1, 1, 1, 512, 0.5, 1, .infinity]]),
  ElementRow(
    "nanToNum", { $0[0].nanToNum() }, [[.nan, .infinity, -.infinity, 1.5]],
    [0, 1.7976931348623157e+308, -1.7976931348623157e+308, 1.5], [[0, 0, 0, 1]]),
  ElementRow(
    "nanToNum to numbers", { $0[0].nanToNum(nan: 1, positiveInfinity: 2, negativeInfinity: -3) },
    [[.nan, .infinity, -.infinity, 1.5]], [1, 2, -3, 1.5], [[0, 0, 0, 1]]),
  ElementRow(
    "frac", { $0[0].frac() }, [[1.5, -1.25, .infinity, .nan, -1]], [0.5, -0.25, .nan, .nan, 0],
    [[1, 1, 1, 1, 1]]),
  ElementRow(
    "round(1)", { $0[0].round(decimals: 1) },
    [[0.15, 25.5, -0.05, 2.675, .infinity, .nan, 55, 45, -0.0]],
    [0.2, 25.5, -0.0, 2.7, .infinity, .nan, 55, 45, -0.0], [[0, 0, 0, 0, 0, 0, 0, 0, 0]]),
  ElementRow(
    "round(2)", { $0[0].round(decimals: 2) },
    [[0.15, 25.5, -0.05, 2.675, .infinity, .nan, 55, 45, -0.0]],
    [0.15, 25.5, -0.05, 2.68, .infinity, .nan, 55, 45, -0.0], [[0, 0, 0, 0, 0, 0, 0, 0, 0]]),
  ElementRow(
    "round(-1)", { $0[0].round(decimals: -1) },
    [[0.15, 25.5, -0.05, 2.675, .infinity, .nan, 55, 45, -0.0]],
    [0, 30, -0.0, 0, .infinity, .nan, 60, 40, -0.0], [[0, 0, 0, 0, 0, 0, 0, 0, 0]]),
  ElementRow(
    "round(-2)", { $0[0].round(decimals: -2) },
    [[0.15, 25.5, -0.05, 2.675, .infinity, .nan, 55, 45, -0.0]],
    [0, 0, -0.0, 0, .infinity, .nan, 100, 0, -0.0], [[0, 0, 0, 0, 0, 0, 0, 0, 0]]),
]

@Suite struct TensorPartsTests {
  @Test(arguments: rows)
  private func valuesAndGradientsArePyTorchs(_ row: ElementRow) { row.check() }

  @Test func exponentsAreIntegers() {
    let (mantissa, exponent) = Tensor<Float>([0, -0.0, 1, -3, .infinity, 1e-40, 0.1]).frexp()
    #expect(exponent.scalars == [0, 0, 1, 2, 0, -132, -3])
    #expect(mantissa.scalars[3] == -0.75 && mantissa.scalars[1].sign == .minus)
    let half = Tensor<Float16>([6e-8, 65504, .nan]).frexp()
    #expect(half.exponent.scalars == [-23, 16, 0] && half.mantissa.scalars[0] == 0.5)
    #expect(Tensor<BFloat16>([0.1]).frexp().exponent.scalars == [-3])
    #expect(Tensor<Double>([5e-324]).frexp().exponent.scalars == [-1073])
  }

  @Test func scalingRoundsOnceAndNeedsNoPowerInRange() {
    let x = Tensor<Float>([0.5, 0, 1e-30, 3])
    #expect(
      x.ldexp(Tensor<Int>([128, 200, 150, -151])).scalars == [
        0x1p127, 0, 1e-30 * 0x1p75 * 0x1p75, 0x1p-149,
      ])
    #expect(x.ldexp(Tensor<Int>([Int.max])).scalars == [.infinity, 0, .infinity, .infinity])
    #expect(x.ldexp(Tensor<Int>([Int.min])).scalars == [0, 0, 0, 0])
    #expect(Tensor<Double>([[1], [3]]).ldexp(Tensor<UInt8>([0, 4])).scalars == [1, 16, 3, 48])
  }

  /// Every 16-bit number and both directions.
  @Test func neighboursOfNarrowFloats() {
    func check<Element: FloatingElement>(_ make: (UInt16) -> Element) {
      let words: [UInt16] = Array(0...UInt16.max)
      let numbers = words.map(make)
      let x = Tensor(numbers)
      let up = x.nextafter(Tensor([Element(.infinity)])).scalars.map(\.doubleValue)
      let down = x.nextafter(Tensor([Element(-.infinity)])).scalars.map(\.doubleValue)
      // In ascending order, without NaN and −0.
      let ordered = Set(numbers.map(\.doubleValue).filter { !$0.isNaN }).sorted()
      let places = Dictionary(uniqueKeysWithValues: ordered.enumerated().map { ($1, $0) })
      var wrong = 0
      for (index, number) in numbers.map(\.doubleValue).enumerated() {
        guard let place = places[number] else {
          if !up[index].isNaN || !down[index].isNaN { wrong += 1 }
          continue
        }
        if up[index] != ordered[min(place + 1, ordered.count - 1)] { wrong += 1 }
        if down[index] != ordered[max(place - 1, 0)] { wrong += 1 }
      }
      #expect(wrong == 0, "\(Element.dtype)")
    }
    check { Float16(bitPattern: $0) }
    check { BFloat16(bitPattern: $0) }
  }

  @Test func neighboursOfZeroAndOfEqualNumbers() {
    let x = Tensor<Float16>([0, -0.0, 0, 1, .infinity])
    let found = x.nextafter(Tensor([1, -1, -0.0, 1, .infinity])).scalars
    #expect(found == [6e-8, -6e-8, -0.0, 1, .infinity] && found[2].sign == .minus)
    let leaf = Parameter(Tensor<Float16>([1, 0, 2, 5]))
    leaf.tensor.nextafter(Tensor([2, -1, -3, .nan])).sum().backward()
    #expect(leaf.grad?.scalars == [1, 1, 1, 1])
    let float = Tensor<Float>([0, 1]).nextafter(Tensor([-1, 2])).scalars
    #expect(float == [-0x1p-149, 1 + 0x1p-23])
  }

  @Test func signsOfZeroAndNaNCount() {
    #expect(
      Tensor<Float>([0, -0.0, -1, .nan, -.nan]).signbit().scalars
        == [false, true, true, false, true])
    #expect(Tensor<Int8>([-3, 0, 4]).signbit().scalars == [true, false, false])
    #expect(Tensor<UInt8>([200]).signbit().scalars == [false])
  }

  @Test func defaultsOfReplacedNumbersDependOnTheType() {
    func replaced<Element: FloatingElement>(_: Element.Type) -> [Double] {
      Tensor<Element>([.init(.nan), .init(.infinity), .init(-.infinity)]).nanToNum().scalars.map(
        \.doubleValue)
    }
    #expect(replaced(Float16.self) == [0, 65504, -65504])
    #expect(replaced(BFloat16.self) == [0, 0x1.FEp127, -0x1.FEp127])
    #expect(replaced(Float.self) == [0, 0x1.fffffep127, -0x1.fffffep127])
    #expect(
      Tensor<Float>([.infinity, -.infinity]).nanToNum(positiveInfinity: 5).scalars
        == [5, -Float.greatestFiniteMagnitude])
  }

  @Test func infinitiesBySign() {
    let x = Tensor<Float>([.infinity, -.infinity, 1, .nan])
    #expect(x.isPositiveInfinity().scalars == [true, false, false, false])
    #expect(x.isNegativeInfinity().scalars == [false, true, false, false])
  }

  @Test func decimalsBeyondTheTypeLeaveNumbersOrZeros() {
    let x = Tensor<Float>([1.25, -3])
    #expect(x.round(decimals: 50).scalars == [1.25, -3])
    #expect(x.round(decimals: .max).scalars == [1.25, -3])
    let zeros = x.round(decimals: .min).scalars
    #expect(zeros == [0, 0] && zeros[1].sign == .minus)
    #expect(x.round(decimals: 0).scalars == [1, -3])
    #expect(Tensor<Float16>([1.2344]).round(decimals: 2).item() == Float16(1.23))
  }
}
