import Foundation
import SlopeCore
import SlopeNN
import Testing

struct ParametricActivationTests {
  /// The formulas of the papers, and their derivatives by differences.
  private static func reference(_ function: ParametricFunction, _ x: Double) -> Double {
    switch function {
    case .relu: max(x, 0)
    case .mish: x * tanh(x > 30 ? x : log1p(exp(x)))
    case .selu:
      1.0507009873554804934193349852946
        * (x > 0 ? x : 1.6732632423543772848170429916717 * expm1(x))
    }
  }

  @Test(arguments: ParametricFunction.allCases)
  func withWeightOneItIsTheFunction(function: ParametricFunction) {
    let inputs = [-40, -8, -1.5, -1e-3, 0, 1e-3, 0.7, 3, 25, 90, 1e4]
    let output = ParametricActivation<Double>(function, 1)(
      Tensor(shape: [inputs.count, 1], scalars: inputs))
    for (x, y) in zip(inputs, output.scalars) {
      let expected = Self.reference(function, x)
      #expect(abs(y - expected) <= 1e-14 * max(abs(expected), 1e-3), "\(function)(\(x))")
    }
  }

  @Test(arguments: ParametricFunction.allCases)
  func theWeightBlendsFunctionAndIdentity(function: ParametricFunction) {
    let layer = ParametricActivation<Double>(function, 3)
    layer.weight.tensor = Tensor([0, 0.5, -2])
    let output = layer(Tensor([[-1.5, -1.5, -1.5]])).scalars
    let f = Self.reference(function, -1.5)
    for (value, expected) in zip(output, [-1.5, -1.5 + 0.5 * (f + 1.5), -1.5 - 2 * (f + 1.5)]) {
      #expect(abs(value - expected) < 1e-14)
    }
  }

  @Test(arguments: ParametricFunction.allCases)
  func gradientsAreThoseOfDifferences(function: ParametricFunction) {
    let layer = ParametricActivation<Double>(function, 1)
    layer.weight.tensor = Tensor([0.75])
    for x in [-30, -2, -0.4, 0.3, 2, 22, 400] {
      let input = Parameter(Tensor<Double>([[x]]))
      layer.weight.grad = nil
      layer(input.tensor).sum().backward()
      let step = 1e-6 * max(1, abs(x))
      let slope =
        (Self.reference(function, x + step) - Self.reference(function, x - step)) / (2 * step)
      #expect(abs((input.grad?.item() ?? .nan) - (0.25 + 0.75 * slope)) < 1e-7, "\(x)")
      #expect(
        abs((layer.weight.grad?.item() ?? .nan) - (Self.reference(function, x) - x))
          < 1e-12 * max(1, abs(x)), "\(x)")
    }
  }

  @Test(arguments: ParametricFunction.allCases)
  func largeNumbersAndNaNStayWhatTheyAre(function: ParametricFunction) {
    let output = ParametricActivation<Float>(function, 1)(
      Tensor(shape: [3, 1], scalars: [1e30, -1e30, .nan])
    ).scalars
    let factor: Float = function == .selu ? 1.0507009873554805 : 1
    #expect(abs(output[0] - 1e30 * factor) <= 1e24)
    #expect(abs(output[1]) <= 1e24 && output[2].isNaN)
  }

  @Test func membersHaveWeightsOfTheirOwn() {
    let layer = ParametricActivation<Float>(.relu, 2, members: 2)
    layer.weight.tensor = Tensor([[1, 0], [2, 0.5]])
    let output = layer(Tensor([[-1, -2], [3, 4]]))
    #expect(output.shape == [2, 2, 2] && output.scalars == [0, -2, 3, 4, 1, -1, 3, 4])
    #expect("\(layer)" == "ParametricActivation(relu, 2, members: 2)")
    #expect("\(ParametricActivation<Float>(.mish, 7))" == "ParametricActivation(mish, 7)")
  }

  @Test func aNegativeCountIsRefused() {
    #expect(throws: TensorError.self) { try checked { _ = ParametricActivation<Float>(.selu, -1) } }
  }
}
