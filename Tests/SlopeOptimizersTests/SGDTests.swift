import SlopeCore
import SlopeOptimizers
import Testing

/// Expected numbers are PyTorch 2.15's: parameter [1, −2], learning rate 0.1, in step t the
/// gradient [1, t/2].
struct SGDTests {
  @Test(
    arguments: [
      (0, 0, 0, false, [[0.9, -2.05], [0.8, -2.15], [0.7, -2.3], [0.6, -2.5]]),
      (
        0.9, 0, 0, false,
        [[0.9, -2.05], [0.71, -2.195], [0.439, -2.4755], [0.0951, -2.92795]]
      ),
      (
        0.9, 0.5, 0, false,
        [[0.9, -2.05], [0.76, -2.145], [0.584, -2.3055], [0.3756, -2.54995]]
      ),
      (
        0.9, 0, 0, true,
        [[0.81, -2.095], [0.539, -2.3255], [0.1951, -2.72795], [-0.21441, -3.335155]]
      ),
      (
        0, 0, 0.1, false,
        [[0.89, -2.03], [0.7811, -2.1097], [0.673289, -2.238603], [0.56655611, -2.41621697]]
      ),
      (
        0.9, 0, 0.1, false,
        [[0.89, -2.03], [0.6821, -2.1367], [0.388169, -2.361363], [0.01974941, -2.73994607]]
      ),
      (
        0.9, 0.5, 0.1, false,
        [
          [0.89, -2.03], [0.73655, -2.09685], [0.54476225, -2.22153075],
          [0.31942946375, -2.42263577125],
        ]
      ),
      (
        0.9, 0, 0.1, true,
        [
          [0.791, -2.057], [0.496871, -2.232217], [0.129833351, -2.561013177],
          [-0.298495527769, -3.073360438937],
        ]
      ),
    ] as [(Double, Double, Double, Bool, [[Double]])])
  func stepsAreThoseOfPyTorch(
    momentum: Double, dampening: Double, weightDecay: Double, nesterov: Bool, expected: [[Double]]
  ) {
    let parameter = Parameter(Tensor<Double>([1, -2]))
    let optimizer = SGD(
      [parameter], learningRate: 0.1, momentum: momentum, dampening: dampening,
      weightDecay: weightDecay, nesterov: nesterov)
    for (step, wanted) in expected.enumerated() {
      parameter.grad = Tensor([1, 0.5 * Double(step + 1)])
      optimizer.step()
      for (found, number) in zip(parameter.tensor.scalars, wanted) {
        #expect(abs(found - number) < 1e-14, "step \(step)")
      }
    }
  }

  @Test func halfPrecisionRoundsOncePerStep() {
    let parameter = Parameter(Tensor<Float16>([1]))
    let optimizer = SGD([parameter], learningRate: 0.1, momentum: 0.9)
    parameter.grad = Tensor([1])
    optimizer.step()
    #expect(parameter.tensor.item() == 0.9)
  }

  @Test func aParameterWithoutGradientStaysAsItIs() {
    let moved = Parameter(Tensor<Float>([1]))
    let still = Parameter(Tensor<Float>([1]))
    let optimizer = SGD([moved, still], learningRate: 0.1, momentum: 0.9, weightDecay: 0.1)
    for parameter in [moved, still] { parameter.grad = Tensor([1]) }
    optimizer.step()
    let kept = still.tensor.item()
    optimizer.zeroGrad()
    moved.grad = Tensor([1])
    optimizer.step()
    #expect(still.tensor.item() == kept)
    #expect(moved.tensor.item() != kept)
  }

  @Test func aParametersFirstGradientIsItsFirstMomentum() {
    // Dampening applies from a parameter's own second step on.
    let late = Parameter(Tensor<Double>([1]))
    let early = Parameter(Tensor<Double>([1]))
    let optimizer = SGD([early, late], learningRate: 0.1, momentum: 0.9, dampening: 0.5)
    early.grad = Tensor([1])
    optimizer.step()
    late.grad = Tensor([1])
    optimizer.step()
    #expect(abs(late.tensor.item() - 0.9) < 1e-15)
    #expect(abs(early.tensor.item() - 0.76) < 1e-15)
  }

  @Test func absentParametersAreSkipped() {
    let weight = Parameter(Tensor<Float>([1]))
    let bias: Parameter<Float>? = nil
    let optimizer = SGD([weight, bias], learningRate: 0.5)
    #expect(optimizer.parameters.count == 1)
    weight.grad = Tensor([1])
    optimizer.step()
    #expect(weight.tensor.item() == 0.5)
    optimizer.zeroGrad()
    #expect(weight.grad == nil)
  }

  @Test func theLearningRateMayChangeBetweenSteps() {
    let weight = Parameter(Tensor<Float>([1]))
    let optimizer = SGD([weight], learningRate: 0.5)
    weight.grad = Tensor([1])
    optimizer.step()
    optimizer.learningRate = 0.25
    optimizer.step()
    #expect(weight.tensor.item() == 0.25)
  }

  @Test func earlierTensorsKeepTheirNumbers() {
    let weight = Parameter(Tensor<Float>([1, 2]))
    let before = weight.tensor
    let optimizer = SGD([weight], learningRate: 0.5)
    weight.grad = Tensor([1, 1])
    optimizer.step()
    #expect(before.scalars == [1, 2])
    #expect(weight.tensor.scalars == [0.5, 1.5])
  }

  @Test(
    arguments: [
      ([-0.1, 0, 0, 0], false, "learningRate -0.1 is negative or not a number"),
      ([.nan, 0, 0, 0], false, "learningRate nan is negative or not a number"),
      ([0.1, -0.5, 0, 0], false, "momentum -0.5 is negative or not a number"),
      ([0.1, 0.9, .nan, 0], false, "dampening is not a number"),
      ([0.1, 0, 0, -1], false, "weightDecay -1.0 is negative or not a number"),
      (
        [0.1, 0, 0, 0], true,
        "nesterov with momentum 0.0 and dampening 0.0: it needs a momentum and no dampening"
      ),
      (
        [0.1, 0.9, 0.1, 0], true,
        "nesterov with momentum 0.9 and dampening 0.1: it needs a momentum and no dampening"
      ),
    ] as [([Double], Bool, String)])
  func badArgumentsAreRefused(arguments: [Double], nesterov: Bool, message: String) {
    let error = #expect(throws: TensorError.self) {
      try checked {
        _ = SGD(
          [Parameter(Tensor<Float>([1]))], learningRate: arguments[0], momentum: arguments[1],
          dampening: arguments[2], weightDecay: arguments[3], nesterov: nesterov)
      }
    }
    #expect(error?.description == "SGD: \(message)")
  }

  @Test(arguments: [0, 0.9])
  func withoutDecayAnInfiniteParameterIsNotMultiplied(momentum: Double) {
    // 0 · ∞ would be NaN.
    let p = Parameter(Tensor<Float>([.infinity, 1]))
    p.tensor.sum().backward()
    SGD([p], learningRate: 0.5, momentum: momentum).step()
    #expect(p.tensor.scalars == [.infinity, 0.5])
  }

  @Test func aZeroLearningRateIsAllowed() throws {
    try checked { _ = SGD([Parameter(Tensor<Float>([1]))], learningRate: 0) }
  }

  @Test func anEmptyListIsRefused() {
    let error = #expect(throws: TensorError.self) {
      try checked { _ = SGD([nil] as [Parameter<Float>?], learningRate: 0.1) }
    }
    #expect(error?.description == "SGD: the list of parameters is empty")
  }
}
