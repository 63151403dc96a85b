import Slope
import SlopeOptimizers
import Testing

@testable import SlopeCore

extension NumericsTests {
  /// The first steps from 1 at rate 0.1; with all digits of PyTorch's they are in the optimisers'
  /// tests.
  @Suite struct OptimizerRows {
    @Test(arguments: optimizerRows.onDevices)
    func hold(row: NumericsRow, device: NumericsDevice) { row.check(on: device) }
  }
}

private let optimizerRows: [NumericsRow] = [
  NumericsRow(floats: "descent along a slope of 1") { type, _ in descentCases(type)
  },
  NumericsRow(floats: "descent along slopes of 1, ½ and −2") { type, _ in
    adaptiveCases(type)
  },
]

private func descentCases<Element: FloatingElement>(_ type: Element.Type) -> [NumericsCase] {
  let ones = [1.0, 1, 1]
  return [
    steps("plain", type, ones, [0.9, 0.8, 0.7]) { SGD([$0], learningRate: 0.1) },
    steps("momentum", type, ones, [0.9, 0.71, 0.439]) {
      SGD([$0], learningRate: 0.1, momentum: 0.9)
    },
    steps("dampening", type, ones, [0.9, 0.76, 0.584]) {
      SGD([$0], learningRate: 0.1, momentum: 0.9, dampening: 0.5)
    },
    steps("Nesterov", type, ones, [0.81, 0.539, 0.1951]) {
      SGD([$0], learningRate: 0.1, momentum: 0.9, nesterov: true)
    },
    steps("weight decay", type, ones, [0.89, 0.7811, 0.673289]) {
      SGD([$0], learningRate: 0.1, weightDecay: 0.1)
    },
  ]
}

private func adaptiveCases<Element: FloatingElement>(_ type: Element.Type) -> [NumericsCase] {
  let slopes = [1, 0.5, -2]
  return [
    steps("Adam", type, slopes, [0.9, 0.806782, 0.827418]) { Adam([$0], learningRate: 0.1) },
    steps("AdamW", type, slopes, [0.899, 0.804883, 0.824714]) { AdamW([$0], learningRate: 0.1) },
    steps("RMSprop", type, slopes, [0, -0.449013, 0.425726]) { RMSprop([$0], learningRate: 0.1) },
    steps("Adagrad", type, slopes, [0.9, 0.855279, 0.942566]) {
      Adagrad([$0], learningRate: 0.1)
    },
  ]
}

/// Within the six digits of the page, or a few units in the last place of a narrow type.
private func steps<Element: FloatingElement>(
  _ name: String, _: Element.Type, _ slopes: [Double], _ expected: [Double],
  _ make: (Parameter<Element>) -> Optimizer<Element>
) -> NumericsCase {
  let p = Parameter(Tensor<Element>([1]))
  let optimizer = make(p)
  var found: [Double] = []
  for slope in slopes {
    p.grad = Tensor([Element(slope)])
    optimizer.step()
    found.append(p.tensor.item().doubleValue)
  }
  let tolerance = max(1e-6, 4 * Element.dtype.unit(of: 1))
  let isNear = zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance }
  return NumericsCase(name, isNear ? "\(expected)" : "\(found)", "\(expected)", count: slopes.count)
}
