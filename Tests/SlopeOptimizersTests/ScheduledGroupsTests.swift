import SlopeCore
import SlopeOptimizers
import Testing

/// Rates, decays and momenta that change between steps.
@Suite struct ScheduledGroupsTests {
  private func message(_ body: () -> Void) -> String? {
    do {
      try checked { body() }
      return nil
    } catch { return "\(error)" }
  }

  private func parameters(_ count: Int) -> [Parameter<Double>] {
    (0..<count).map { _ in Parameter(Tensor<Double>([1])) }
  }

  @Test func eachGroupHasARate() {
    let p = parameters(3)
    let optimizer = SGD(
      [.init([p[0]]), .init([p[1]], learningRate: 0.5), .init([p[2]])], learningRate: 0.25)
    #expect(optimizer.learningRates == [0.25, 0.5, 0.25])
    optimizer.learningRates = [0.1, 0.2, 0.1]
    #expect(optimizer.learningRate == 0.1 && optimizer.learningRates == [0.1, 0.2, 0.1])
    // Groups that share a rate keep doing so.
    optimizer.learningRate = 0.3
    #expect(optimizer.learningRates == [0.3, 0.2, 0.3])
    optimizer.learningRates = [0.125, 0.25, 0.5]
    optimizer.learningRate = 9
    #expect(optimizer.learningRates == [0.125, 0.25, 0.5])
    for parameter in p { parameter.grad = Tensor([1]) }
    optimizer.step()
    #expect(p.map { $0.tensor.item() } == [0.875, 0.75, 0.5])
  }

  @Test func eachGroupHasADecay() {
    let p = parameters(2)
    let optimizer = SGD(
      [.init([p[0]]), .init([p[1]], weightDecay: 0)], learningRate: 0.5, weightDecay: 1)
    #expect(optimizer.weightDecays == [1, 0])
    for parameter in p { parameter.grad = Tensor([0]) }
    optimizer.step()
    #expect(p.map { $0.tensor.item() } == [0.5, 1])
    // A group that had none decays, and one that had one does not.
    optimizer.weightDecays = [0, 0.5]
    optimizer.step()
    #expect(p.map { $0.tensor.item() } == [0.5, 0.75])
    #expect(optimizer.weightDecays == [0, 0.5] && optimizer.weightDecay == 1)
  }

  @Test func whatDoesNotFitIsRefused() {
    let p = parameters(1)
    let optimizer = Adam(p, learningRate: 0.5, weightDecay: 0.25)
    #expect(
      message { optimizer.learningRates = [1, 2] } == "Adam: 2 of learningRate for 1 groups")
    #expect(
      message { optimizer.learningRates = [-1] }
        == "Adam: learningRate -1.0 is negative or not a number")
    #expect(
      message { optimizer.weightDecays = [.nan] }
        == "Adam: weightDecay nan is negative or not a number")
    #expect(message { optimizer.weightDecays = [] } == "Adam: 0 of weightDecay for 1 groups")
    #expect(optimizer.learningRates == [0.5] && optimizer.weightDecays == [0.25])
    #expect(message { optimizer.learningRates = [0] } == nil)
  }

  @Test func momentaAreThoseOfTheKind() {
    let p = parameters(1)
    let sgd = SGD(p, learningRate: 1, momentum: 0.5)
    sgd.cycledMomentum = 0.75
    #expect(sgd.momentum == 0.75 && sgd.cycledMomentum == 0.75)
    p[0].grad = Tensor([1])
    sgd.step()
    sgd.cycledMomentum = 0.25
    sgd.step()
    // 1 − 1 − (0.25 · 1 + 1)
    #expect(p[0].tensor.item() == -1.25)
    let optimizers: [(Optimizer<Double>, Double?)] = [
      (SGD(p, learningRate: 1), nil), (RMSprop(p), nil), (RMSprop(p, momentum: 0.5), 0.5),
      (Adagrad(p), nil), (NAdam(p), nil), (Adadelta(p), nil), (RAdam(p), 0.9), (Adamax(p), 0.9),
      (Adam(p), 0.9), (AdamW(p), 0.9),
      (Optimizer("plain", [ParameterGroup(p)], learningRate: 1), nil),
    ]
    for (optimizer, momentum) in optimizers {
      #expect(optimizer.cycledMomentum == momentum, "\(optimizer.name)")
      optimizer.cycledMomentum = 0.625
      optimizer.cycledMomentum = nil
      #expect(optimizer.cycledMomentum == (momentum == nil ? nil : 0.625), "\(optimizer.name)")
    }
    let adam = Adam(p)
    #expect(message { adam.cycledMomentum = 1 } == "Adam: a momentum of 1.0")
    #expect(message { sgd.cycledMomentum = 0 } == "SGD: a momentum of 0.0")
    #expect(message { sgd.cycledMomentum = .nan } == "SGD: a momentum of nan")
    #expect(adam.betas.0 == 0.9 && sgd.momentum == 0.25)
    adam.cycledMomentum = 0.5
    #expect(adam.betas == (0.5, 0.999))
  }
}
