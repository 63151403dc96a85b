import SlopeCore
import SlopeOptimizers
import TestSupport
import Testing

private enum Algorithm: String, CaseIterable, Sendable {
  case sgd, momentum, dampened, adam, adamw, amsgrad, rmsprop, centred, adagrad
  case nadam, radam, adamax, adadelta

  func optimizer(_ parameters: [Parameter<Float>]) -> Optimizer<Float> {
    switch self {
    case .sgd: SGD(parameters, learningRate: 0.1, weightDecay: 0.01)
    case .momentum: SGD(parameters, learningRate: 0.1, momentum: 0.9, nesterov: true)
    case .dampened: SGD(parameters, learningRate: 0.1, momentum: 0.9, dampening: 0.5)
    case .adam: Adam(parameters, learningRate: 0.1)
    case .adamw: AdamW(parameters, learningRate: 0.1)
    case .amsgrad: Adam(parameters, learningRate: 0.1, weightDecay: 0.01, amsgrad: true)
    case .rmsprop: RMSprop(parameters, learningRate: 0.1)
    case .centred: RMSprop(parameters, learningRate: 0.1, momentum: 0.5, centered: true)
    case .adagrad:
      Adagrad(
        parameters, learningRate: 0.1, learningRateDecay: 0.1, initialAccumulator: 0.25)
    case .nadam: NAdam(parameters, learningRate: 0.1)
    case .radam: RAdam(parameters, learningRate: 0.1, betas: (0.9, 0.9))
    case .adamax: Adamax(parameters, learningRate: 0.1)
    case .adadelta: Adadelta(parameters, weightDecay: 0.1)
    }
  }
}

/// Three parameters, their optimiser, and steps whose gradients depend on the step alone.
private struct Training {
  let parameters: [Parameter<Float>]
  let optimizer: Optimizer<Float>

  init(_ algorithm: Algorithm, on device: Device) {
    parameters = [[1, 2, 3], [0.5], [-1, 4]].map { Parameter(Tensor<Float>($0).to(device)) }
    optimizer = algorithm.optimizer(parameters)
  }

  func setGradients(step: Int) {
    for (place, parameter) in parameters.enumerated() {
      let numbers = (0..<parameter.shape.elementCount).map {
        Float($0 + 1) * (step % 2 == 0 ? 0.3 : -0.7) + Float(place * step)
      }
      parameter.grad = Tensor(numbers)
    }
  }

  var bits: [[UInt32]] { parameters.map { $0.tensor.scalars.map(\.bitPattern) } }
}

/// A failed step changes nothing, and can be taken again.
@Suite(.onTheCPU) struct FailedStepTests {
  /// The parameters after each of four steps without a failure.
  private func steps(_ algorithm: Algorithm) -> [[[UInt32]]] {
    let training = Training(algorithm, on: Device(ReferenceBackend.shared))
    return (0..<4).map { step in
      training.setGradients(step: step)
      training.optimizer.step()
      return training.bits
    }
  }

  private func fail(_ training: Training) -> Bool {
    do {
      try checked { training.optimizer.step() }
      return false
    } catch {
      return true
    }
  }

  /// Raises `limit` from zero until a step succeeds.
  private func run(
    _ algorithm: Algorithm, _ backend: ScarceBackend, holdsValues: Bool,
    _ limit: (Int?) -> Void
  ) {
    let expected = steps(algorithm)
    let training = Training(algorithm, on: backend.device)
    var before = training.bits
    var failures = 0
    for step in 0..<4 {
      training.setGradients(step: step)
      // A value that something else refers to is not written in place.
      let held = holdsValues ? training.parameters.map(\.tensor) : []
      for count in 0..<100 {
        limit(count)
        let hasFailed = fail(training)
        limit(nil)
        if !hasFailed { break }
        failures += 1
        #expect(training.bits == before, "\(algorithm) step \(step), \(count) allowed")
      }
      #expect(training.bits == expected[step], "\(algorithm) step \(step)")
      if holdsValues {
        #expect(held.map { $0.scalars.map(\.bitPattern) } == before)
      }
      before = training.bits
    }
    #expect(failures > 0 || (algorithm == .sgd && !holdsValues))
  }

  @Test(arguments: Algorithm.allCases, [1, 2, 8])
  private func withoutMemoryNothingChanges(algorithm: Algorithm, setLimit: Int) {
    for holdsValues in [false, true] {
      let backend = ScarceBackend(setLimit: setLimit)
      run(algorithm, backend, holdsValues: holdsValues) { backend.limitAllocations(to: $0) }
    }
  }

  /// All parameters go to the device in one launch, or none.
  @Test(arguments: Algorithm.allCases)
  private func aLaunchThatFailsChangesNothing(algorithm: Algorithm) {
    for holdsValues in [false, true] {
      let backend = ScarceBackend(setLimit: 8)
      run(algorithm, backend, holdsValues: holdsValues) { backend.limitLaunches(to: $0) }
    }
  }

  /// An update that was launched counts as a step, one that was not does not.
  @Test func aLaunchThatFailsLaterLeavesTheFirstDone() {
    let backend = ScarceBackend(setLimit: 2)
    let training = Training(.adam, on: backend.device)
    let expected = steps(.adam)
    training.setGradients(step: 0)
    training.optimizer.step()
    training.setGradients(step: 1)
    backend.limitLaunches(to: 1)
    #expect(fail(training))
    backend.limitLaunches(to: nil)
    #expect(training.bits == [expected[1][0], expected[1][1], expected[0][2]])
    for parameter in training.parameters.prefix(2) { parameter.grad = nil }
    training.optimizer.step()
    #expect(training.bits == expected[1])
    training.setGradients(step: 2)
    training.optimizer.step()
    #expect(training.bits == expected[2])
  }

  /// A check of numbers finds the overflow of the third parameter after the others were updated.
  @Test(arguments: Algorithm.allCases)
  private func aStepWithAWrongNumberChangesNothing(algorithm: Algorithm) throws {
    // Without a square nothing overflows.
    if algorithm == .adamax { return }
    let (training, expected) = (Training(algorithm, on: .cpu), Training(algorithm, on: .cpu))
    for step in 0..<3 {
      training.setGradients(step: step)
      let last = training.parameters[2]
      let (numbers, gradient) = (last.tensor.scalars, last.grad)
      last.tensor = Tensor([-3.3e38, 4])
      last.grad = Tensor([3.4e38, 1])
      let before = training.bits
      #expect(throws: NumericsError.self) { try Numerics.check { training.optimizer.step() } }
      #expect(training.bits == before)
      last.tensor = Tensor(numbers)
      last.grad = gradient
      try Numerics.check { training.optimizer.step() }
      expected.setGradients(step: step)
      expected.optimizer.step()
      #expect(training.bits == expected.bits, "\(algorithm) step \(step)")
    }
  }

  @Test(arguments: Algorithm.allCases)
  private func aGradientFromAnotherDeviceChangesNothing(algorithm: Algorithm) {
    let reference = Device(ReferenceBackend.shared)
    let training = Training(algorithm, on: reference)
    let before = training.bits
    training.setGradients(step: 0)
    // Recorded on one device, returned to a parameter that has moved to the other.
    let last = training.parameters[2]
    last.grad = nil
    let loss = (last.tensor * 2).sum()
    last.move(to: .cpu)
    loss.backward()
    #expect(fail(training) && training.bits == before)
    last.move(to: reference)
    training.setGradients(step: 0)
    training.optimizer.step()
    #expect(training.bits == steps(algorithm)[0])
  }

  /// A failed tensor has the shape of a scalar, and no memory for it.
  @Test(arguments: Algorithm.allCases)
  private func aParameterThatStandsForAFailureTakesNoStep(algorithm: Algorithm) throws {
    let error = #expect(throws: TensorError.self) {
      try checked {
        let failed = Parameter(Tensor<Float>.ones([-1]))
        let optimizer = algorithm.optimizer([failed])
        failed.grad = Tensor(1)
        optimizer.step()
        #expect(failed.tensor.isFailed)
      }
    }
    #expect(error?.operation == "full")
  }
}
