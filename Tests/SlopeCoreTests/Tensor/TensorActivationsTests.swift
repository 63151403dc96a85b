import Testing

@testable import SlopeCore

private let rows = [
  ElementRow(
    "relu6", { $0[0].relu6() }, [[-4, 0, 3, 6, 7, .infinity, -.infinity, .nan]],
    [0, 0, 3, 6, 6, 6, 0, .nan], [[0, 0, 1, 0, 0, 0, 0, 0]]),
  ElementRow(
    "hardtanh", { $0[0].hardtanh(min: -0.5, max: 2) }, [[-4, -0.5, 0, 2, 7, .infinity]],
    [-0.5, -0.5, 0, 2, 2, 2], [[0, 0, 1, 0, 0, 0]]),
  ElementRow(
    "hardsigmoid", { $0[0].hardsigmoid() }, [[-4, -3, 3, 4, .infinity, -.infinity, .nan]],
    [0, 0, 1, 1, 1, 0, .nan], [[0, 0, 0, 0, 0, 0, 0]]),
  ElementRow(
    "hardswish", { $0[0].hardswish() }, [[-.infinity, -4, -3, -1, 0, 1, 3, 4, .infinity, .nan]],
    [.nan, -0.0, -0.0, -0.3333333333333333, 0, 0.6666666666666666, 3, 4, .infinity, .nan],
    [[0, 0, 0, 0.16666666666666669, 0.5, 0.8333333333333333, 1, 1, 1, 1]]),
  ElementRow(
    "softshrink", { $0[0].softshrink() }, [[-2, -0.5, 0.25, 0.5, 2, .infinity, -.infinity]],
    [-1.5, -0.0, 0, 0, 1.5, .infinity, -.infinity], [[1, 0, 0, 0, 1, 1, 1]]),
  ElementRow(
    "softshrink", { $0[0].softshrink(lambda: 0) }, [[-2, 0, 2]], [-2, 0, 2], [[1, 0, 1]]),
  ElementRow(
    "hardshrink", { $0[0].hardshrink(lambda: 0.75) },
    [[-2, -0.75, 0.25, 0.75, 2, .infinity, -.infinity]], [-2, 0, 0, 0, 2, .infinity, -.infinity],
    [[1, 0, 0, 0, 1, 1, 1]]),
  ElementRow(
    "tanhshrink", { $0[0].tanhshrink() }, [[-3, -1, 0, 0.3, 2, .nan]],
    [-2.0049452463132695, -0.23840584404423515, 0, 0.008687387548409087, 1.035972419924183, .nan],
    [[0.9901339628345598, 0.5800256583859739, 0, 0.08486303817337082, 0.9293491751468356, .nan]]),
  ElementRow(
    "selu", { $0[0].selu() }, [[-.infinity, -1, 0, 3, .nan, .infinity]],
    [-1.7580993408473766, -1.1113307378125625, 0, 3.1521029620664414, .nan, .infinity],
    [
      [
        0, 0.646768603034814, 1.7580993408473766, 1.0507009873554805, 1.0507009873554805,
        1.0507009873554805,
      ]
    ]),
  ElementRow(
    "celu", { $0[0].celu(alpha: 2) }, [[-.infinity, -1, 0, 3, .nan, .infinity]],
    [-2, -0.7869386805747332, 0, 3, .nan, .infinity], [[0, 0.6065306597126334, 1, 1, 1, 1]]),
  ElementRow(
    "celu", { $0[0].celu(alpha: -2) }, [[-1, 0, 3]], [-1.2974425414002564, 0, 3],
    [[1.6487212707001282, 1, 1]]),
  ElementRow(
    "mish", { $0[0].mish() }, [[-20, -1, 0, 3, 100, .nan]],
    [-4.122307240628762e-08, -0.30340146137410895, 0, 2.9865350049679575, 100, .nan],
    [[-3.916191874348969e-08, 0.059216755877395014, 0.6, 1.0211069109294435, 1, .nan]]),
  ElementRow(
    "softplus", { $0[0].softplus(beta: 2, threshold: 4) },
    [[-20, -1, 0, 2, 2.125, .infinity, .nan]],
    [
      2.1241771276457944e-18, 0.06346400552148625, 0.34657359027997264, 2.0090749639589047, 2.125,
      .infinity, .nan,
    ], [[4.248354255291589e-18, 0.11920292202211755, 0.5, 0.9820137900379085, 1, 1, .nan]]),
  ElementRow(
    "threshold", { $0[0].threshold(0.5, value: 20) }, [[-1, 0.5, 1, .infinity, .nan]],
    [20, 20, 1, .infinity, .nan], [[0, 0, 1, 1, 1]]),
  ElementRow(
    "prelu", { $0[0].prelu($0[1]) }, [[-2, 0, 1, .infinity], [0.25]], [-0.5, 0, 1, .infinity],
    [[0.25, 0.25, 1, 1], [-2]]),
  ElementRow(
    "glu", { $0[0].glu() }, [[1, 2, 0, -3]], [0.5, 0.09485174635513356],
    [[0.5, 0.04742587317756678, 0.25, 0.09035331946182427]]),
  ElementRow(
    "softmin", { $0[0].softmin(axis: 0) }, [[1, 2, 4]],
    [0.7053845126982412, 0.25949646034241913, 0.03511902695933973], [[-0.0, -0.0, -0.0]]),
]

@Suite struct TensorActivationsTests {
  @Test(arguments: rows)
  private func valuesAndGradientsArePyTorchs(_ row: ElementRow) { row.check() }

  @Test func unitsPassNaNOn() {
    let x = Tensor<Double>([.nan])
    for y in [x.softshrink(), x.hardshrink(), x.hardtanh(min: 0, max: 1), x.tanhshrink()] {
      #expect(y.item().isNaN)
    }
  }

  @Test func tanhshrinkKeepsItsDigits() throws {
    // To 30 digits by mpmath; x − tanh(x) in Double has none of them at 1e-6.
    let x = Parameter(Tensor<Double>([1e-6, 0.2499, -0.2501])).tensor
    let y = x.tanhshrink()
    let values = [3.3333333333319997e-19, 0.005075341383186338, -0.005087338413938964]
    for (found, wanted) in zip(y.scalars, values) {
      #expect(abs(found - wanted) <= 2e-14 * abs(wanted), "\(found), \(wanted)")
    }
    let slopes = try #require(gradients(of: y.sum(), withRespectTo: [x])[0]).scalars
    let wanted = [9.999999999993331e-13, 0.059939113466839354, 0.06003120433748566]
    for (found, wanted) in zip(slopes, wanted) {
      #expect(abs(found - wanted) <= 1e-14 * abs(wanted), "\(found), \(wanted)")
    }
  }

  @Test func slopesOfChannelsLieOnAxisOne() {
    let x = Parameter(Tensor<Double>([[[-1, 2], [-3, -4]]]))
    let weight = Parameter(Tensor<Double>([0.5, 0.25]))
    let y = x.tensor.prelu(weight.tensor)
    #expect(y.scalars == [-0.5, 2, -0.75, -1])
    y.sum().backward()
    #expect(weight.grad?.scalars == [-1, -7] && x.grad?.scalars == [0.5, 1, 0.25, 0.25])
    #expect(Tensor<Float>([-2]).prelu(Tensor(0.5)).scalars == [-1])
    #expect(Tensor<Float>(-2).prelu(Tensor([0.5])).item() == -1)
  }

  @Test func halvesAreGatedAlongAnyAxis() {
    let x = Tensor<Float>([[1, 2], [0, 0], [3, 4], [0, 0]])
    let expected: [Float] = [0.95257413, 1.9640275, 0, 0]
    let found = x.glu(axis: 0).scalars
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= $1.ulp } && found.count == 4)
    #expect(x.glu().shape == [4, 1] && Tensor<Float>.zeros([0, 3]).glu(axis: -2).shape == [0, 3])
  }

  @Test func mistakesAreNamed() {
    func message(_ body: () -> Void) -> String? {
      #expect(throws: TensorError.self) { try checked(body) }?.description
    }
    let x = Tensor<Float>([[1, 2, 3]])
    #expect(message { _ = x.glu() } == "glu: axis -1 of [1, 3] has the odd extent 3")
    #expect(message { _ = x.glu(axis: 2) } == "glu: shape [1, 3] has no axis 2 with two halves")
    #expect(
      message { _ = Tensor<Float>(1).glu() } == "glu: shape [] has no axis -1 with two halves")
    #expect(message { _ = x.celu(alpha: 0) } == "celu: alpha is 0")
    #expect(message { _ = x.softshrink(lambda: -1) } == "softshrink: lambda -1.0 is not at least 0")
    #expect(
      message { _ = x.hardtanh(min: 2, max: 1) } == "hardtanh: the bounds 2.0 and 1.0 are crossed")
    #expect(
      message { _ = x.prelu(Tensor([1, 2])) }
        == "prelu: weights of [2] for the channels of [1, 3]")
    #expect(message { _ = x.prelu(Tensor([[1]])) } != nil)
    #expect(message { _ = x.softmin(axis: 2) } != nil)
  }
}
