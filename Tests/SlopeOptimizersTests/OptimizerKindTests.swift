import SlopeCore
import SlopeOptimizers
import TestSupport
import Testing

@Suite(.onTheCPU) struct OptimizerKindTests {
  /// A parameter after two steps along gradients of 0.5 and -2.
  private func stepped(
    _ make: ([Parameter<Float>]) -> Optimizer<Float>
  ) -> (name: String, scalars: [Float]) {
    let parameter = Parameter(Tensor<Float>([1, -3]))
    let optimizer = make([parameter])
    for gradient: Float in [0.5, -2] {
      parameter.grad = Tensor([gradient, gradient])
      optimizer.step()
    }
    return (optimizer.name, parameter.tensor.scalars)
  }

  @Test func eachKindIsItsAlgorithm() {
    let expected: [OptimizerKind: ([Parameter<Float>]) -> Optimizer<Float>] = [
      .sgd: { SGD($0, learningRate: 0.1, momentum: 0.5, weightDecay: 0.25) },
      .adam: { Adam($0, learningRate: 0.1, weightDecay: 0.25) },
      .adamw: { AdamW($0, learningRate: 0.1, weightDecay: 0.25) },
      .rmsprop: { RMSprop($0, learningRate: 0.1, weightDecay: 0.25, momentum: 0.5) },
      .adagrad: { Adagrad($0, learningRate: 0.1, weightDecay: 0.25) },
    ]
    #expect(expected.count == OptimizerKind.allCases.count)
    for (kind, make) in expected {
      let got = stepped {
        kind.optimizer($0, learningRate: 0.1, momentum: 0.5, weightDecay: 0.25)
      }
      #expect(got == stepped(make), "\(kind)")
    }
  }

  @Test func withoutADecayEachHasItsOwn() {
    for kind in OptimizerKind.allCases {
      let optimizer = kind.optimizer([Parameter(Tensor<Float>([1]))], learningRate: 0.1)
      #expect(optimizer.weightDecay == (kind == .adamw ? 0.01 : 0))
      #expect(kind.hasMomentum == (optimizer is SGD<Float> || optimizer is RMSprop<Float>))
      #expect(
        (optimizer as? SGD)?.momentum ?? 0 == 0 && (optimizer as? RMSprop)?.momentum ?? 0 == 0)
    }
  }

  @Test func namesAreThoseOfTheCommandLine() {
    #expect(
      OptimizerKind.allCases.map(\.rawValue) == ["sgd", "adam", "adamw", "rmsprop", "adagrad"])
  }
}
