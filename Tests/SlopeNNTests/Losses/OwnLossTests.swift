import SlopeCore
import SlopeNN
import Testing

/// The loss in the description of the protocol.
private struct LogCoshLoss: ElementLoss {
  typealias Element = Float
  var reduction = LossReduction.mean
  let formula = Pointwise("LogCoshLoss") { (x, y) in (x - y).cosh().log() }
}

@Suite struct OwnLossTests {
  private let prediction = Parameter(Tensor<Float>([[0, 1], [2, -1]]))
  private let target = Tensor<Float>([[0, 0], [2, 2]])

  @Test func aFormulaAndAReductionAreALoss() {
    // log cosh of 0, 1, 0 and −3.
    let (one, three): (Float, Float) = (0.4337808, 2.3093287)
    for (reduction, expected) in [
      (LossReduction.mean, (one + three) / 4), (.sum, one + three), (.batchMean, (one + three) / 2),
    ] {
      let loss = LogCoshLoss(reduction: reduction)(prediction.tensor, target)
      #expect(loss.shape == [] && abs(loss.item() - expected) < 1e-5, "\(reduction)")
    }
    let single = LogCoshLoss(reduction: .none)(prediction.tensor, target)
    #expect(single.shape == [2, 2])
    for (found, expected) in zip(single.scalars, [0, one, 0, three]) {
      #expect(abs(found - expected) < 1e-5)
    }
  }

  @Test func itsGradientIsFound() {
    LogCoshLoss(reduction: .sum)(prediction.tensor, target).backward()
    // tanh of the difference.
    let expected: [Float] = [0, 0.7615942, 0, -0.9950548]
    for (found, wanted) in zip(prediction.grad?.scalars ?? [], expected) {
      #expect(abs(found - wanted) < 1e-5)
    }
  }

  @Test func itsShapesMustBeTheSame() {
    do {
      _ = try checked { LogCoshLoss()(prediction.tensor, Tensor<Float>([0, 1])) }
      Issue.record("broadcast")
    } catch {
      #expect(
        "\(error)" == "LogCoshLoss: prediction [2, 2] and target [2]: shapes differ")
    }
  }

  /// One function for every loss, as in a training loop.
  private func value<L: Loss>(
    _ loss: L, _ x: Tensor<L.Element>, _ y: Tensor<L.Target>
  ) -> Double {
    loss.reduction == .none ? .nan : loss(x, y).item().doubleValue
  }

  @Test func allLossesAreOfOneKind() {
    let x = Tensor<Float>([[0, 1], [2, -1]])
    #expect(value(MSELoss(), x, target) == 2.5)
    #expect(value(L1Loss(reduction: .sum), x, target) == 4)
    #expect(value(HuberLoss(), x, target) == 0.75)
    #expect(value(SmoothL1Loss(beta: 0), x, target) == 1)
    #expect(value(NLLLoss(reduction: .sum), x, Tensor<Int>([1, 0])) == -3)
    #expect(abs(value(CrossEntropyLoss(), x, Tensor<Int>([1, 0])) - 0.18092) < 1e-4)
    #expect(abs(value(BCELoss(), x * 0.25 + 0.25, Tensor<Float>.ones([2, 2])) - 25.592) < 0.01)
  }
}
