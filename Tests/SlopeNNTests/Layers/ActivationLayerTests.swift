import SlopeCore
import SlopeNN
import Testing

private func message(_ body: () -> Void) -> String? {
  let error = #expect(throws: TensorError.self) { try checked { body() } }
  return error?.description
}

/// The edges of activations: infinities, numbers far out, NaN.
///
/// Expected numbers are PyTorch 2.15's.
@Suite struct ActivationLayerTests {
  private let edges: [Double] = [-.infinity, -200, -20, 0, 200, .infinity, .nan]

  /// Values and derivatives at the edges.
  private func atEdges(_ layer: some Layer<Double>) -> (values: [Double], derivatives: [Double]) {
    let x = Parameter(Tensor<Double>(edges))
    let y = layer(x.tensor)
    y.sum().backward()
    return (y.scalars, x.grad?.scalars ?? [])
  }

  private func expectEqual(_ found: [Double], _ wanted: [Double]) {
    #expect(found.count == wanted.count)
    for (a, b) in zip(found, wanted) {
      #expect(a == b || a.isNaN && b.isNaN || abs(a - b) <= 4e-15 * abs(b), "\(a), not \(b)")
    }
  }

  @Test func eluSaturatesBelow() {
    let (values, derivatives) = atEdges(ELU<Double>(alpha: 0.5))
    expectEqual(values, [-0.5, -0.5, -0.5 * 0.9999999979388464, 0, 200, .infinity, .nan])
    expectEqual(
      derivatives, [0, 6.919482633683688e-88, 1.030576811219279e-09, 0.5, 1, 1, 1])
  }

  @Test func seluSaturatesBelow() {
    let (values, derivatives) = atEdges(SELU<Double>())
    let (low, scale) = (-1.7580993408473766, 1.0507009873554805)
    expectEqual(values, [low, low, -1.758099337223664, 0, 210.1401974710961, .infinity, .nan])
    expectEqual(
      derivatives,
      [0, 2.4330275714568323e-87, 3.6237128249944113e-09, -low, scale, scale, scale])
  }

  @Test func leakySidesAreLines() {
    let (values, derivatives) = atEdges(LeakyReLU<Double>(negativeSlope: 0.25))
    expectEqual(values, [-.infinity, -50, -5, 0, 200, .infinity, .nan])
    #expect(derivatives == [0.25, 0.25, 0.25, 0.25, 1, 1, 0.25])
  }

  @Test func mishKeepsItsDigitsFarOut() {
    let (values, derivatives) = atEdges(Mish<Double>())
    expectEqual(
      values, [0, -2.767793053473475e-85, -4.122307240628762e-08, 0, 200, .infinity, .nan])
    // PyTorch has NaN at −∞, and as the derivative at ∞.
    expectEqual(
      derivatives, [0, -2.7539540882061076e-85, -3.916191874348969e-08, 0.6, 1, 1, .nan])
    // Where exp(2x) leaves the range of Float, and of Float16.
    #expect(Mish<Float>()(Tensor([60, 100])).scalars == [60, 100])
    #expect(Mish<Float16>()(Tensor([20, 60000])).scalars == [20, 60000])
  }

  @Test func mishIsSmoothAtZero() {
    let x = Parameter(Tensor<Double>([0, -0.0, 1e-9]))
    let first = gradients(
      of: Mish<Double>()(x.tensor).sum(), withRespectTo: [x], recorded: true)[0]
    guard let first else { return #expect(Bool(false), "no gradient") }
    let second = gradients(of: first.sum(), withRespectTo: [x])[0]
    // tanh(log 2) is 0.6; its derivative there is 0.64 · ½, twice of which is the second one.
    for value in first.scalars { #expect(abs(value - 0.6) < 1e-8) }
    for value in second?.scalars ?? [] { #expect(abs(value - 0.64) < 1e-8) }
    #expect(second?.count == 3)
  }

  @Test func softplusBecomesALine() {
    expectEqual(
      atEdges(Softplus<Double>()).values,
      [0, 1.3838965267367376e-87, 2.061153620314381e-09, 0.6931471805599453, 200, .infinity, .nan])
    let (values, derivatives) = atEdges(Softplus<Double>(beta: 2, threshold: 5))
    expectEqual(
      values,
      [
        0, 9.575847983570028e-175, 2.1241771276457944e-18, 0.34657359027997264, 200, .infinity,
        .nan,
      ])
    expectEqual(
      derivatives,
      [0, 1.9151695967140057e-174, 4.248354255291589e-18, 0.5, 1, 1, .nan])
    // Any threshold: nothing overflows. At the threshold itself the formula still counts.
    let high = Parameter(Tensor<Float>([2, 50, 500]))
    let y = Softplus<Float>(beta: 1, threshold: 1000)(high.tensor)
    y.sum().backward()
    #expect(y.scalars[1...] == [50, 500] && high.grad?.scalars[1...] == [1, 1])
    let edge = Softplus<Double>(beta: 2, threshold: 4)(Tensor([2, 2.125])).scalars
    #expect(abs(edge[0] - 2.0090749639589047) < 1e-14 && edge[1] == 2.125)
    for beta in [0, -1, .infinity, .nan] {
      #expect(
        message { _ = Softplus<Float>(beta: beta) }
          == "Softplus: beta \(beta) is not positive and finite")
    }
  }

  @Test func geluAndSiluStayNumbersFarOut() {
    let zero = [200.0, .infinity]
    #expect(GELU<Double>()(Tensor(edges)).scalars[4...5] == zero[...])
    let approximate = GELU<Double>(approximate: .tanh)(Tensor(edges)).scalars
    #expect(approximate[1...3].allSatisfy { abs($0) < 1e-200 } && approximate[4...5] == zero[...])
    #expect(GELU<Double>()(Tensor(edges)).scalars[6].isNaN)
    #expect(abs(SiLU<Double>()(Tensor(edges)).scalars[2] + 4.122307236380407e-08) < 1e-22)
    #expect(SiLU<Double>()(Tensor(edges)).scalars[6].isNaN)
  }

  @Test func slopesAreLearnt() {
    let unit = PReLU<Double>()
    let (values, derivatives) = atEdges(unit)
    expectEqual(values, [-.infinity, -50, -5, 0, 200, .infinity, .nan])
    #expect(derivatives == [0.25, 0.25, 0.25, 0.25, 1, 1, 0.25])
    #expect(PReLU<Float>(3, initial: 0.5).weight.tensor.scalars == [0.5, 0.5, 0.5])
    // Nothing of what is positive reaches the slope, not even of infinity.
    unit.weight.grad = nil
    unit(Tensor([-2, -0.0, 3, .infinity])).sum().backward()
    #expect(unit.weight.grad?.scalars == [-2])
    #expect(PReLU<Double>()(Tensor(-4)).item() == -1 && PReLU<Double>()(Tensor(-4)).rank == 0)
    #expect(PReLU<Double>(1)(Tensor([[-4, 8]])).scalars == [-1, 8])
    #expect(
      message { _ = PReLU<Double>(2)(Tensor([1, 2])) } == "PReLU: [2] has no 2 channels on axis 1")
    #expect(
      message { _ = PReLU<Double>(2)(Tensor([[1, 2, 3]])) }
        == "PReLU: [1, 3] has no 2 channels on axis 1")
    #expect(message { _ = PReLU<Double>(0) } == "PReLU: 0 slopes")
  }

  @Test func probabilitiesSumToOne() {
    let x = Tensor<Double>([[1, 2, 3], [1000, 1000, 1000]])
    #expect(abs(Softmax<Double>()(x)[0].sum().item() - 1) < 1e-15)
    #expect(Softmax<Double>(axis: 0)(x).scalars == [0, 0, 0, 1, 1, 1])
    #expect(LogSoftmax<Double>(axis: 0)(x).scalars == [-999, -998, -997, 0, 0, 0])
    #expect(LogSoftmax<Double>()(x)[1].scalars == LogSoftmax<Double>(axis: 1)(x)[1].scalars)
    #expect(message { _ = Softmax<Double>(axis: 2)(x) } != nil)
  }

  @Test func identityIsTheInput() {
    let x = Parameter(Tensor<Float>([1, .nan]))
    Identity<Float>()(x.tensor).sum().backward()
    #expect(x.grad?.scalars == [1, 1] && Identity<Float>()(Tensor([2, 3])).scalars == [2, 3])
  }

  @Test(arguments: [
    ([2, 3, 4], 1, -1, [2, 12]), ([2, 3, 4], 0, -1, [24]), ([2, 3, 4], 0, 1, [6, 4]),
    ([2, 3, 4], -2, -2, [2, 3, 4]), ([2, 0, 4], 1, 2, [2, 0]), ([5], 0, 0, [5]), ([], 0, -1, [1]),
    ([2, 3], -2, 1, [6]), ([2, 3, 4, 5], 1, 2, [2, 12, 5]),
  ])
  func neighbouringAxesBecomeOne(shape: [Int], start: Int, end: Int, wanted: [Int]) {
    let flat = Flatten<Float>(startAxis: start, endAxis: end)(.zeros(Shape(shape)))
    #expect(flat.shape.elementsEqual(wanted))
  }

  @Test(arguments: [
    ([2, 3], 1, 0), ([2, 3], 2, 2), ([2, 3], 0, 2), ([2, 3], -3, 1), ([2], 1, -1),
  ])
  func axesThatAreNoneAreRefused(shape: [Int], start: Int, end: Int) {
    #expect(
      message { _ = Flatten<Float>(startAxis: start, endAxis: end)(.zeros(Shape(shape))) }
        == "flatten: \(Shape(shape)) has no axes \(start) to \(end)")
  }

  @Test func layersPrintTheirSettings() {
    let model = Sequential<Float>(
      ELU(alpha: 2), SELU(), LeakyReLU(), PReLU(3), GELU(approximate: .tanh), SiLU(), Mish(),
      Softplus(), Softmax(axis: 1), LogSoftmax(), Flatten(), Identity())
    let lines = model.description.split(separator: "\n").dropFirst().dropLast().map {
      $0.split(separator: ": ", maxSplits: 1)[1]
    }
    #expect(
      lines == [
        "ELU(alpha: 2.0)", "SELU()", "LeakyReLU(negativeSlope: 0.01)", "PReLU(3)",
        "GELU(approximate: tanh)", "SiLU()", "Mish()", "Softplus(beta: 1.0, threshold: 20.0)",
        "Softmax(axis: 1)", "LogSoftmax(axis: -1)", "Flatten(startAxis: 1, endAxis: -1)",
        "Identity()",
      ])
    #expect(GELU<Float>().approximate == .none && ELU<Float>().alpha == 1)
    #expect(model.namedParameters().map(\.name) == ["3.weight"])
  }
}
