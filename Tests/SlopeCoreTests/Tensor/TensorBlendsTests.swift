import Testing

@testable import SlopeCore

private let rows = [
  ElementRow(
    "addcmul", { $0[0].addingElementProduct($0[1], $0[2], value: 2) },
    [[1, 2], [3, -1], [5, 0.5]], [31, 1], [[1, 1], [10, 1], [6, -2]]),
  ElementRow(
    "addcdiv", { $0[0].addingElementQuotient($0[1], $0[2], value: 2) },
    [[1, 2, 1], [3, -1, 2], [5, 0.5, 0]], [2.2, -2, .infinity],
    [[1, 1, 1], [0.4, 4, .infinity], [-0.24, 8, -.infinity]]),
  ElementRow(
    "lerp", { $0[0].interpolated(to: $0[1], weight: $0[2]) },
    [
      [1, 1, 1, 1, .infinity, 1, -0.1], [2, 2, 2, 2, 2, .infinity, 3],
      [0, 0.25, 0.5, 0.75, 0.25, 0.75, 1],
    ], [1, 1.25, 1.5, 1.75, .nan, .nan, 3],
    [
      [1, 0.75, 0.5, 0.25, 0.75, 0.25, 0], [0, 0.25, 0.5, 0.75, 0.25, 0.75, 1],
      [1, 1, 1, 1, -.infinity, .infinity, 3.1],
    ]),
  ElementRow(
    "lerp", { $0[0].interpolated(to: $0[1], weight: 0.75) }, [[1, -2], [2, 5]], [1.75, 3.25],
    [[0.25, 0.25], [0.75, 0.75]]),
  ElementRow(
    "clamp", { $0[0].clamped(min: $0[1], max: $0[2]) },
    [
      [
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
        2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, .nan, .nan, .nan, .nan, .nan, .nan, .nan,
        .nan, .nan, .nan, .nan, .nan, .nan, .nan, .nan, .nan,
      ],
      [
        1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, .nan, .nan, .nan, .nan, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3,
        3, .nan, .nan, .nan, .nan, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, .nan, .nan, .nan, .nan, 1, 1,
        1, 1, 2, 2, 2, 2, 3, 3, 3, 3, .nan, .nan, .nan, .nan,
      ],
      [
        1, 2, 3, .nan, 1, 2, 3, .nan, 1, 2, 3, .nan, 1, 2, 3, .nan, 1, 2, 3, .nan, 1, 2, 3, .nan, 1,
        2, 3, .nan, 1, 2, 3, .nan, 1, 2, 3, .nan, 1, 2, 3, .nan, 1, 2, 3, .nan, 1, 2, 3, .nan, 1, 2,
        3, .nan, 1, 2, 3, .nan, 1, 2, 3, .nan, 1, 2, 3, .nan,
      ],
    ],
    [
      1, 1, 1, .nan, 1, 2, 2, .nan, 1, 2, 3, .nan, .nan, .nan, .nan, .nan, 1, 2, 2, .nan, 1, 2, 2,
      .nan, 1, 2, 3, .nan, .nan, .nan, .nan, .nan, 1, 2, 3, .nan, 1, 2, 3, .nan, 1, 2, 3, .nan,
      .nan, .nan, .nan, .nan, .nan, .nan, .nan, .nan, .nan, .nan, .nan, .nan, .nan, .nan, .nan,
      .nan, .nan, .nan, .nan, .nan,
    ],
    [
      [
        1, 0.5, 0.5, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0.5, 1, 1, 0, 1, 0.5, 1, 0, 0, 0, 0,
        0, 1, 1, 1, 0, 0, 0.5, 1, 0, 0, 0.5, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1, 1, 1, 1,
      ],
      [
        0, 0.5, 0.5, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.5, 0, 0, 0, 1, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0,
      ],
      [
        0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0.5, 0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0,
        0, 0, 1, 1, 0.5, 0, 1, 1, 0.5, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0,
        0, 0, 0, 0, 0,
      ],
    ]),
  ElementRow(
    "clamp from below", { $0[0].clamped(min: $0[1]) },
    [[0, 1, 2, .nan, 2, .nan], [1, 1, 1, 1, .nan, .nan]], [1, 1, 2, .nan, .nan, .nan],
    [[0, 0.5, 1, 1, 1, 1], [1, 0.5, 0, 1, 1, 1]]),
  ElementRow(
    "clamp from above", { $0[0].clamped(max: $0[1]) },
    [[0, 1, 2, .nan, 2, .nan], [1, 1, 1, 1, .nan, .nan]], [0, 1, 1, .nan, .nan, .nan],
    [[1, 0.5, 0, 1, 1, 1], [0, 0.5, 1, 1, 1, 1]]),
]

@Suite struct TensorBlendsTests {
  @Test(arguments: rows)
  private func valuesAndGradientsArePyTorchs(_ row: ElementRow) { row.check() }

  @Test func integersAreBlendedToo() {
    let x = Tensor<Int>([1, 2, 3])
    #expect(
      x.addingElementProduct(Tensor([2]), Tensor([3, 4, 5]), value: 2).scalars == [13, 18, 23])
    #expect(x.clamped(min: Tensor([2, 3, 1]), max: Tensor([1, 2, 2])).scalars == [1, 2, 2])
    #expect(x.clamped(min: Tensor(2)).scalars == [2, 2, 3])
    #expect(x.clamped(max: Tensor(2)).scalars == [1, 2, 2])
    #expect(
      Tensor<UInt8>([250]).addingElementProduct(Tensor([16]), Tensor([17]), value: 1).item() == 10)
  }

  @Test func stepsTakeTheSecondOperandAtZero() {
    let x = Parameter(Tensor<Double>([-1, 0, -0.0, 1, .nan]))
    let values = Parameter(Tensor<Double>([0.5, 0.5, 0.25, 0.5, 0.5]))
    let step = x.tensor.heaviside(values.tensor)
    #expect(step.scalars == [0, 0.5, 0.25, 1, 0])
    step.sum().backward()
    #expect(values.grad?.scalars == [0, 1, 1, 0, 0])
    #expect(Tensor<Int>([-1, 0, 4]).heaviside(Tensor(7)).scalars == [0, 7, 1])
  }

  @Test func divisorsAreThoseOfMagnitudes() {
    let (x, y) = (
      Tensor<Int32>([12, -12, 0, 0, .min, 1 << 20]), Tensor<Int32>([18, 18, 0, -5, 2, 32769])
    )
    #expect(x.gcd(y).scalars == [6, 6, 0, 5, 2, 1])
    #expect(x.lcm(y).scalars == [36, 36, 0, 0, .min, 1 << 20])
    #expect(Tensor<Int32>([.min]).gcd(Tensor([0])).scalars == [.min])
    #expect(Tensor<Int8>([-128, -128]).lcm(Tensor([-128, 3])).scalars == [-128, -128])
    #expect(Tensor<UInt64>([.max, 6]).gcd(Tensor([.max - 1, 4])).scalars == [1, 2])
    #expect(Tensor<UInt8>([[4], [6]]).lcm(Tensor([6, 10])).scalars == [12, 20, 6, 30])
    let error = #expect(throws: NumericsError.self) {
      try Numerics.check { _ = Tensor<Int8>([-128]).gcd(Tensor([0])) }
    }
    #expect(error?.kind == .wrap)
  }

  @Test func threeShapesBroadcastOrAreNamed() {
    let x = Tensor<Double>.ones([2, 1])
    #expect(x.addingElementProduct(.ones([3]), .ones([4, 1, 1])).shape == [4, 2, 3])
    #expect(x.interpolated(to: .ones([3]), weight: .ones([2, 3])).shape == [2, 3])
    #expect(x.clamped(min: .ones([3]), max: .ones([1])).shape == [2, 3])
    func message(_ body: () -> Void) -> String? {
      #expect(throws: TensorError.self) { try checked(body) }?.description
    }
    let (two, three) = (Tensor<Double>.ones([2]), Tensor<Double>.ones([3]))
    #expect(
      message { _ = two.addingElementQuotient(three, two) }
        == "addingElementQuotient: shapes [2], [3], [2] do not broadcast")
    #expect(
      message { _ = two.clamped(min: three) } == "clamp: shapes [2] and [3] do not broadcast")
  }
}
