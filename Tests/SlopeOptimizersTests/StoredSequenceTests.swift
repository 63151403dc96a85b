import SlopeCore
import SlopeOptimizers
import Testing

/// Every optimiser beside twelve steps of PyTorch's.
@Suite struct StoredSequenceTests {
  private let cases: OptimizerCases

  init() throws { cases = try OptimizerCases.stored.get() }

  private func run<Element: FloatingElement>(
    _ sequence: OptimizerCases.Sequence, _ type: Element.Type, tolerance: Double,
    floor: Double = 1e-3
  ) throws {
    let training = StoredTraining<Element>(cases)
    let optimizer = try #require(
      sequence.optimizer(training.parameters[0], training.parameters[1]))
    for (step, wanted) in sequence.values.enumerated() {
      training.setGradients(step)
      optimizer.step()
      #expect(
        isClose(training.numbers, wanted, tolerance, floor),
        "\(sequence.name) \(sequence.options), step \(step): \(training.numbers), not \(wanted)")
    }
  }

  @Test func stepsAreThoseOfPyTorch() throws {
    #expect(cases.optimizers.count == 20)
    for sequence in cases.optimizers { try run(sequence, Double.self, tolerance: 1e-11) }
  }

  @Test func stepsInFloatAreThose() throws {
    for sequence in cases.optimizers { try run(sequence, Float.self, tolerance: 2e-6, floor: 1) }
  }

  /// 16-bit gradients and results are rounded, but nothing in between.
  @Test func sixteenBitParametersFollow() throws {
    for sequence in cases.optimizers {
      try run(sequence, Float16.self, tolerance: 2e-3, floor: 1)
    }
  }

  @Test func aStateInTheMiddleGoesOnWithTheSameBytes() throws {
    func check<Element: FloatingElement>(_ type: Element.Type) throws {
      for sequence in cases.optimizers {
        let (one, two) = (StoredTraining<Element>(cases), StoredTraining<Element>(cases))
        let first = try #require(sequence.optimizer(one.parameters[0], one.parameters[1]))
        for step in 0..<5 {
          one.setGradients(step)
          first.step()
        }
        let second = try #require(sequence.optimizer(two.parameters[0], two.parameters[1]))
        for (copy, parameter) in zip(two.parameters, one.parameters) {
          copy.tensor = parameter.tensor
        }
        let state = first.state()
        try second.load(OptimizerState(steps: state.steps, tensors: state.tensors))
        for step in 5..<cases.gradients.count {
          for (training, optimizer) in [(one, first), (two, second)] {
            training.setGradients(step)
            optimizer.step()
          }
          #expect(one.numbers == two.numbers, "\(sequence.name), step \(step)")
        }
        #expect(state.steps == [5, 4])
        for (left, right) in zip(first.state().tensors.joined(), second.state().tensors.joined()) {
          #expect(left.scalars == right.scalars)
        }
      }
    }
    try check(Double.self)
    try check(BFloat16.self)
  }

  @Test func defaultsAreThoseOfPyTorch() {
    let p = Parameter(Tensor<Float>([1]))
    let nadam = NAdam([p, nil])
    #expect(nadam.learningRate == 0.002 && nadam.betas == (0.9, 0.999) && nadam.epsilon == 1e-8)
    #expect(nadam.momentumDecay == 0.004 && !nadam.decoupledWeightDecay && nadam.weightDecay == 0)
    let radam = RAdam([p])
    #expect(radam.learningRate == 0.001 && radam.betas == (0.9, 0.999) && radam.epsilon == 1e-8)
    #expect(!radam.decoupledWeightDecay && radam.weightDecay == 0)
    let adamax = Adamax([p])
    #expect(adamax.learningRate == 0.002 && adamax.betas == (0.9, 0.999) && adamax.epsilon == 1e-8)
    #expect(adamax.weightDecay == 0)
    let adadelta = Adadelta([p])
    #expect(adadelta.learningRate == 1 && adadelta.rho == 0.9 && adadelta.epsilon == 1e-6)
    #expect(adadelta.weightDecay == 0)
  }

  @Test func badArgumentsAreFailures() {
    func message(_ body: () -> Void) -> String? {
      let error = #expect(throws: TensorError.self) { try checked { body() } }
      return error?.description
    }
    let p = Parameter(Tensor<Float>([1]))
    #expect(message { _ = NAdam([p], betas: (1, 0.5)) } == "NAdam: beta 1.0 is not in 0..<1")
    #expect(
      message { _ = NAdam([p], momentumDecay: -1) }
        == "NAdam: momentumDecay -1.0 is negative or not a number")
    #expect(message { _ = RAdam([p], betas: (0.5, -1)) } == "RAdam: beta -1.0 is not in 0..<1")
    #expect(
      message { _ = RAdam([p], epsilon: .nan) } == "RAdam: epsilon nan is negative or not a number")
    #expect(message { _ = Adamax([p], betas: (0.5, 1)) } == "Adamax: beta 1.0 is not in 0..<1")
    #expect(
      message { _ = Adamax([p], epsilon: -1) } == "Adamax: epsilon -1.0 is negative or not a number"
    )
    #expect(message { _ = Adadelta([p], rho: 1.5) } == "Adadelta: rho 1.5 is not in 0...1")
    #expect(
      message { _ = Adadelta([p], epsilon: -1) }
        == "Adadelta: epsilon -1.0 is negative or not a number")
  }

  /// The product of 200,000 momenta is 0 after the first few thousand, and no loop is that long.
  @Test func lateStepsOfNAdamAreQuick() {
    let optimizer = NAdam([Parameter(Tensor<Float>([1]))], learningRate: 1)
    let late = optimizer.scalars(learningRate: 1, weightDecay: 0, step: .max / 2)
    #expect(abs(late[0] - 0.1) < 1e-12 && abs(late[1] - 0.9) < 1e-12)
    let first = optimizer.scalars(learningRate: 1, weightDecay: 0, step: 1)
    #expect(abs(first[0] - 1) < 1e-12)
  }

  /// Where the variance is rounded to a negative number PyTorch's result is NaN.
  @Test func aConstantGradientKeepsCentredRMSpropFinite() {
    let p = Parameter(Tensor<Float>([0]))
    let exact = Parameter(Tensor<Double>([0]))
    let optimizer = RMSprop([p], alpha: 0.9, centered: true)
    let reference = RMSprop([exact], alpha: 0.9, centered: true)
    for step in 0..<1000 {
      p.grad = Tensor([1.24])
      exact.grad = Tensor([1.24])
      optimizer.step()
      reference.step()
      let (found, wanted) = (Double(p.tensor.item()), exact.tensor.item())
      #expect(found.isFinite, "step \(step)")
      // Later the mean differs from the gradient by no more than rounding.
      if step < 150 {
        #expect(abs(found - wanted) < 1e-3 * abs(wanted), "step \(step): \(found), \(wanted)")
      }
    }
  }
}
