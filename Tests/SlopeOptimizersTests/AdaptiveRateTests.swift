import SlopeCore
import SlopeOptimizers
import Testing

/// Expected numbers are PyTorch 2.15's: parameter [1, −2], learning rate 0.1, gradients g and −g/4
/// for g = 1, ½, −2.
@Suite struct AdaptiveRateTests {
  private func check(
    _ expected: [[Double]], _ make: (Parameter<Double>) -> Optimizer<Double>
  ) {
    let parameter = Parameter(Tensor<Double>([1, -2]))
    let optimizer = make(parameter)
    for (gradient, wanted) in zip([1, 0.5, -2], expected) {
      // Without a gradient nothing changes, not even by decay or momentum.
      let before = parameter.tensor.scalars
      optimizer.step()
      #expect(parameter.tensor.scalars == before)
      parameter.grad = Tensor([gradient, -0.25 * gradient])
      optimizer.step()
      for (found, number) in zip(parameter.tensor.scalars, wanted) {
        #expect(abs(found - number) < 1e-13, "\(found) is not \(number)")
      }
      optimizer.zeroGrad()
      #expect(parameter.grad == nil)
    }
    #expect(optimizer.parameters.count == 1)
  }

  @Test func rootMeanSquaresAreThoseOfPyTorch() {
    check([
      [9.99999903994464e-08, -1.0000003999998404], [-0.44901311474436967, -0.5509873062231679],
      [0.42572651400725503, -1.4257268201993951],
    ]) { RMSprop([$0], learningRate: 0.1) }
    check([
      [0.6926091010087891, -1.7045353716207956], [0.5450965012768744, -1.5349076104142916],
      [0.8148899191326643, -1.7077857039999154],
    ]) { RMSprop([$0], learningRate: 0.1, alpha: 0.9, epsilon: 0.01, weightDecay: 0.1) }
    check([
      [0.6837722439831616, -1.6837722739831569], [0.3782164141676712, -1.3782164722111405],
      [0.5072964253708583, -1.5072964855194815],
    ]) { RMSprop([$0], learningRate: 0.1, alpha: 0.9, momentum: 0.5) }
    check([
      [0.7500000062499999, -1.7500000249999974], [0.6175002747604407, -1.6175003040441447],
      [0.8247640632743627, -1.8247640861143253],
    ]) { RMSprop([$0], learningRate: 0.1, alpha: 0.8, centered: true) }
    check([
      [0.7505197505197505, -1.7509578544061302], [0.48463593936696064, -1.451382351335158],
      [0.5456115232456668, -1.3731784853986166],
    ]) {
      RMSprop(
        [$0], learningRate: 0.1, alpha: 0.8, epsilon: 1e-3, weightDecay: 0.2, momentum: 0.5,
        centered: true)
    }
  }

  @Test func sumsOfSquaresAreThoseOfPyTorch() {
    check([
      [0.90000000001, -1.90000000004], [0.8552786404640043, -1.8552786405060042],
      [0.9425657965545917, -1.942565796585163],
    ]) { Adagrad([$0], learningRate: 0.1) }
    check([
      [0.90000000001, -1.90000000004], [0.8701857603126695, -1.8701857603506693],
      [0.9138293383579632, -1.9138293383902487],
    ]) { Adagrad([$0], learningRate: 0.1, learningRateDecay: 0.5) }
    check([
      [0.9097127010177165, -1.9244186046511629], [0.8640959725368511, -1.873491447105954],
      [0.9413717829375681, -1.8859087381559194],
    ]) {
      Adagrad(
        [$0], learningRate: 0.1, weightDecay: 0.2, initialAccumulator: 0.3, epsilon: 0.01)
    }
  }

  @Test func defaultsAreThoseOfPyTorch() {
    let p = Parameter(Tensor<Float>([1]))
    let mean = RMSprop([p, nil])
    #expect(mean.learningRate == 0.01 && mean.alpha == 0.99 && mean.epsilon == 1e-8)
    #expect(mean.weightDecay == 0 && mean.momentum == 0 && !mean.centered)
    let sum = Adagrad([nil, p])
    #expect(sum.learningRate == 0.01 && sum.learningRateDecay == 0 && sum.epsilon == 1e-10)
    #expect(sum.weightDecay == 0 && sum.initialAccumulator == 0)
    #expect(mean.parameters.count == 1 && sum.parameters.count == 1)
  }

  @Test func badArgumentsAreFailures() {
    func message(_ body: () -> Void) -> String? {
      let error = #expect(throws: TensorError.self) { try checked { body() } }
      return error?.description
    }
    let p = Parameter(Tensor<Float>([1]))
    #expect(
      message { _ = RMSprop<Float>([] as [Parameter<Float>]) }
        == "RMSprop: the list of parameters is empty")
    #expect(
      message { _ = RMSprop([p], alpha: -1) } == "RMSprop: alpha -1.0 is negative or not a number")
    #expect(
      message { _ = RMSprop([p], momentum: -1) }
        == "RMSprop: momentum -1.0 is negative or not a number")
    #expect(
      message { _ = Adagrad([p], learningRateDecay: .nan) }
        == "Adagrad: learningRateDecay nan is negative or not a number")
    #expect(
      message { _ = Adagrad([p], initialAccumulator: -2) }
        == "Adagrad: initialAccumulator -2.0 is negative or not a number")
  }

  @Test func aRunningMeanKeepsAtMostAll() throws {
    let p = Parameter(Tensor<Float>([1]))
    for alpha in [7, 1.0000001, Double.infinity] {
      let error = #expect(throws: TensorError.self) {
        try checked { _ = RMSprop([p], alpha: alpha) }
      }
      #expect(error?.description == "RMSprop: alpha \(alpha) is not in 0...1")
    }
    try checked { _ = RMSprop([p], alpha: 1) }
  }

  @Test(arguments: [Double.nan, -1, -Double.infinity, -Double.leastNonzeroMagnitude])
  func aRateThatIsSetLaterIsLookedAt(rate: Double) throws {
    let p = Parameter(Tensor<Float>([1]))
    let optimizers: [(String, Optimizer<Float>)] = [
      ("SGD", SGD([p], learningRate: 0.5)), ("Adam", Adam([p], learningRate: 0.5)),
      ("AdamW", AdamW([p], learningRate: 0.5)), ("RMSprop", RMSprop([p], learningRate: 0.5)),
      ("Adagrad", Adagrad([p], learningRate: 0.5)), ("NAdam", NAdam([p], learningRate: 0.5)),
      ("RAdam", RAdam([p], learningRate: 0.5)), ("Adamax", Adamax([p], learningRate: 0.5)),
      ("Adadelta", Adadelta([p], learningRate: 0.5)),
    ]
    for (name, optimizer) in optimizers {
      let error = #expect(throws: TensorError.self) {
        try checked { optimizer.learningRate = rate }
      }
      #expect(
        error?.description == "\(name): learningRate \(rate) is negative or not a number")
      #expect(optimizer.learningRate == 0.5, "it keeps what it had")
      try checked { optimizer.learningRate = 0 }
      #expect(optimizer.learningRate == 0)
    }
  }
}
