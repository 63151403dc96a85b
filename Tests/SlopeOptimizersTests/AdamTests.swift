import SlopeCore
import SlopeOptimizers
import Testing

/// Expected numbers are PyTorch 2.15's: parameter [1, −2], learning rate 0.1, gradients g and −g/4
/// for g = 1, ½, −2.
struct AdamTests {
  @Test(
    arguments: [
      (
        0.9, 0.999, 1e-8, 0, false,
        [
          [0.900000001, -1.9000000039999998], [0.8067820382981611, -1.8067820448360647],
          [0.8274177408620569, -1.8274177469321204],
        ]
      ),
      (
        0.8, 0.9, 0.01, 0, false,
        [
          [0.900990099009901, -1.9038461538461537], [0.8093359747593106, -1.8155534828394015],
          [0.8379904047322299, -1.843595228628533],
        ]
      ),
      (
        0.9, 0.999, 1e-8, 0.1, false,
        [
          [0.9000000009090909, -1.900000002222222], [0.8057717968921709, -1.802427954676914],
          [0.8196538667428988, -1.7694163935689728],
        ]
      ),
      (
        0.9, 0.5, 1e-8, 0, true,
        [
          [0.900000001, -1.9000000039999998], [0.8097556431606198, -1.8097556494764089],
          [0.8270256465091408, -1.8270256524972546],
        ]
      ),
      (
        0.9, 0.5, 1e-8, 0.1, true,
        [
          [0.9000000009090908, -1.900000002222222], [0.8074116336667656, -1.7968635947749578],
          [0.819312542301917, -1.7613468566541226],
        ]
      ),
    ] as [(Double, Double, Double, Double, Bool, [[Double]])])
  func stepsAreThoseOfPyTorch(
    beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double, amsgrad: Bool,
    expected: [[Double]]
  ) {
    let parameter = Parameter(Tensor<Double>([1, -2]))
    let optimizer = Adam(
      [parameter], learningRate: 0.1, betas: (beta1, beta2), epsilon: epsilon,
      weightDecay: weightDecay, amsgrad: amsgrad)
    for (gradient, wanted) in zip([1, 0.5, -2], expected) {
      parameter.grad = Tensor([gradient, -0.25 * gradient])
      optimizer.step()
      for (found, number) in zip(parameter.tensor.scalars, wanted) {
        #expect(abs(found - number) < 1e-13)
      }
    }
  }

  @Test func defaultsAreThoseOfPyTorch() {
    let optimizer = Adam([Parameter(Tensor<Float>([1]))])
    #expect(optimizer.learningRate == 0.001)
    #expect(optimizer.betas == (0.9, 0.999))
    #expect(optimizer.epsilon == 1e-8)
    #expect(optimizer.weightDecay == 0)
    #expect(!optimizer.amsgrad)
  }

  @Test func aParameterWithoutGradientStaysAndItsStepsDoNotCount() {
    let late = Parameter(Tensor<Double>([1]))
    let early = Parameter(Tensor<Double>([1]))
    let optimizer = Adam([late, nil, early], learningRate: 0.1)
    early.grad = Tensor([1])
    optimizer.step()
    #expect(late.tensor.item() == 1)
    late.grad = Tensor([1])
    early.grad = Tensor([0.5])
    optimizer.step()
    // The parameter's own first step, whose corrections are those of step 1.
    #expect(abs(late.tensor.item() - 0.900000001) < 1e-12)
    #expect(abs(early.tensor.item() - 0.8067820382981611) < 1e-12)
    optimizer.zeroGrad()
    #expect(late.grad == nil && early.grad == nil)
  }

  @Test(
    arguments: [
      ([-0.1, 0.9, 0.999, 1e-8, 0], "learningRate -0.1 is negative or not a number"),
      ([0.1, 1, 0.999, 1e-8, 0], "beta 1.0 is not in 0..<1"),
      ([0.1, 0.9, -0.5, 1e-8, 0], "beta -0.5 is not in 0..<1"),
      ([0.1, 0.9, 0.999, -1, 0], "epsilon -1.0 is negative or not a number"),
      ([0.1, 0.9, 0.999, 1e-8, -1], "weightDecay -1.0 is negative or not a number"),
    ] as [([Double], String)])
  func badArgumentsAreRefused(arguments: [Double], message: String) {
    let error = #expect(throws: TensorError.self) {
      try checked {
        _ = Adam(
          [Parameter(Tensor<Float>([1]))], learningRate: arguments[0],
          betas: (arguments[1], arguments[2]), epsilon: arguments[3], weightDecay: arguments[4])
      }
    }
    #expect(error?.description == "Adam: \(message)")
  }
}
