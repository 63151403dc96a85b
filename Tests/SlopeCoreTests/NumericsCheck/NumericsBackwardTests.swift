import SlopeNN
import SlopeOptimizers
import Testing

@testable import SlopeCore

private let inf = Float.infinity

/// Runs a backward pass with `seed` through a function of a parameter.
private func backward(
  _ scalars: [Float], seed: [Float]? = nil, _ function: (Tensor<Float>) -> Tensor<Float>
) {
  function(parameter(scalars).tensor).backward(seed: seed.map { Tensor($0) })
}

private let gradients: [FaultCase] = [
  FaultCase("gradient of sqrt: inf at [1]: divide(0.5, 0.0)") {
    backward([4, 0]) { $0.sqrt().sum() }
  },
  FaultCase("gradient of log: inf at [0]: divideNoNaN(1.0, \(Float(0x1p-130)))") {
    backward([0x1p-130]) { $0.log() }
  },
  FaultCase("gradient of multiply: inf at [1]: multiply(1e+10, 1e+30)") {
    backward([1, 1], seed: [1, 1e30]) { $0 * 1e10 }
  },
  FaultCase("gradient of add: inf at []: sum([3e+38, 3e+38])") {
    backward([1], seed: [3e38, 3e38]) { $0 + Tensor<Float>([1, 2]) }
  },
  FaultCase("gradient of parameter: inf at [0]: add(3e+38, 3e+38)") {
    let p = parameter([1])
    (p.tensor * 3e38).backward()
    (p.tensor * 3e38).backward()
  },
  // Two contributions to one result.
  FaultCase("gradient of multiply: inf at [0]: add(2e+38, 2e+38)") {
    backward([0]) { x in
      let y = x * 1
      return y * 2e38 + y * 2e38
    }
  },
  FaultCase("gradient of matmul: inf at [0, 0]: matmul([1e+30], [1e+10])") {
    backward([1], seed: [1e30]) { matmul($0.reshaped(to: [1, 1]), Tensor([[1e10]])).flattened() }
  },
  FaultCase("gradient of linear: inf at [0, 0]: matmul([1e+30], [1e+10])") {
    backward([1], seed: [1e30]) { linear(Tensor([[1e10]]), weight: $0.reshaped(to: [1, 1]))[0] }
  },
  FaultCase("gradient of linear: inf at [0]: sum([3e+38, 3e+38])") {
    backward([1], seed: [3e38, 3e38]) {
      linear(Tensor([[0], [0]]), weight: Tensor([[0]]), bias: $0).flattened()
    }
  },
  FaultCase("gradient of mean(squaredDifference): inf at [1]: multiplyNoNaN(5e+24, 1e+18)") {
    meanSquaredError(parameter([2, 1e18]).tensor, Tensor([0, 0])).backward(seed: Tensor(1e25))
  },
  FaultCase("gradient of softmax: inf at [0]: subtract(3e+38, -3e+38)") {
    backward([-100, 0], seed: [3e38, -3e38]) { $0.softmax() }
  },
  FaultCase("gradient of logSoftmax: inf at [0]: sum([3e+38, 3e+38])") {
    backward([0, 0], seed: [3e38, 3e38]) { $0.logSoftmax() }
  },
  FaultCase("gradient of gather: inf at [1]: scatterAdd([3e+38, 3e+38])") {
    backward([1, 2], seed: [3e38, 3e38]) { $0.taking(Tensor([1, 1])) }
  },
  FaultCase("gradient of product: inf at [0, 0]: product([1.0, 1e+30, 1e+30])") {
    backward([1e-30, 1e30, 1e30]) { $0.product() }
  },
  FaultCase("gradient of cast: lossy cast to inf (float16) at [0]: cast(100000.0)") {
    let p = Parameter(Tensor<Float16>([1]))
    p.tensor.cast(to: Float.self).backward(seed: Tensor([100_000]))
  },
  // The second order.
  FaultCase("gradient of log′: inf at [0]: divideNoNaN(\(Float(0x1p100)), \(Float(0x1p-100)))") {
    let p = parameter([0x1p-100])
    let first = SlopeCore.gradients(of: p.tensor.log(), withRespectTo: [p], recorded: true)
    first[0]?.backward()
  },
]

private let updates: [FaultCase] = [
  FaultCase("SGD: inf at [0]: subtract(3e+38, -3e+38)") {
    let p = parameter([3e38])
    p.grad = Tensor([-3e38])
    SGD([p], learningRate: 1).step()
    #expect(p.tensor.scalars == [3e38])
  },
  FaultCase("SGD: inf at [1]: multiply(2.0, 3e+38)") {
    let p = parameter([0, 0])
    let optimizer = SGD([p], learningRate: 0, momentum: 2)
    p.grad = Tensor([1, 3e38])
    optimizer.step()
    optimizer.step()
  },
  FaultCase("Adam: inf at [1]: multiply(1e+30, 1.00000006e+27)") {
    let p = parameter([1, 2])
    let before = p.tensor.value.buffer
    p.grad = Tensor([1, 1e30])
    Adam([p], learningRate: 0.1).step()
    #expect(p.tensor.scalars == [1, 2] && p.tensor.value.buffer === before)
  },
]

private let fine: [FaultCase] = [
  FaultCase(nil) { backward([0, -1, 3]) { $0.relu().sum() } },
  FaultCase(nil) { backward([0, 1]) { $0.abs().sum() } },
  // √′(0) = ∞, but the gradient is 0, which wins.
  FaultCase(nil) { backward([0]) { Tensor.where($0 .> 0, $0.sqrt(), Tensor(0)) } },
  FaultCase(nil) { backward([2, 2]) { $0.std() } },
  FaultCase(nil) { backward([-1000, 1000]) { $0.sigmoid().sum() } },
  FaultCase(nil) { backward([-1000, 1000]) { $0.softplus().sum() + $0.logSigmoid().sum() } },
  FaultCase(nil) { backward([0, 3]) { $0.product() } },
  FaultCase(nil) { backward([1, 2], seed: [1, inf]) { $0.exp() } },
  FaultCase(nil) {
    backward([1, 2, 3]) {
      CrossEntropyLoss<Float>()(
        Tensor.where(Tensor([true, false, true]), $0, Tensor(-inf)).reshaped(to: [1, 3]),
        Tensor([0]))
    }
  },
]

@Suite struct NumericsBackwardTests {
  @Test(arguments: gradients) func namesTheOperationWhoseGradientIsWrong(_ fault: FaultCase) throws
  {
    try fault.check()
  }

  @Test(arguments: updates) func namesOptimisersAndKeepsParameters(_ fault: FaultCase) throws {
    try fault.check()
  }

  @Test(arguments: fine) func leavesSoundGradientsAlone(_ fault: FaultCase) throws {
    try fault.check()
  }

  @Test func anOptimiserKeepsItsStateWhereAStepFails() {
    // With the momentum of the first step: p = 1 − 0.1 · (0.9 · 1 + 1).
    let p = parameter([2])
    let optimizer = SGD([p], learningRate: 0.5, momentum: 0.5)
    p.grad = Tensor([1])
    optimizer.step()
    p.grad = Tensor([3e38])
    #expect(
      fault {
        p.grad = Tensor([inf]) - Tensor([inf])
        p.grad = Tensor([3e38]) * 2
        optimizer.step()
      } == "subtract: nan at [0]: subtract(inf, inf)")
    #expect(p.tensor.scalars == [1.5] && p.grad?.scalars == [3e38])
    p.grad = Tensor([1])
    optimizer.step()
    #expect(p.tensor.scalars == [0.75])
  }

  @Test func updatesInsideAndOutsideAreTheSame() throws {
    func weights(isChecked: Bool) throws -> [[Float]] {
      let generator = Generator(seed: 5)
      let x = Tensor<Float>.uniform([12, 3], generator: generator)
      let labels = Tensor<Int>((0..<12).map { $0 % 3 })
      let model = Sequential<Float>(
        Linear(3, 5, generator: generator), Tanh(), Linear(5, 4, generator: generator), ReLU(),
        Linear(4, 3, generator: generator))
      let loss = CrossEntropyLoss<Float>()
      for optimizer in [
        Adam(model.parameters(), learningRate: 0.05) as Optimizer,
        SGD(model.parameters(), learningRate: 0.05, momentum: 0.9),
        SGD(model.parameters(), learningRate: 0.05),
      ] {
        func train() {
          for _ in 0..<6 {
            loss(model(x), labels).backward()
            optimizer.step()
            optimizer.zeroGrad()
          }
        }
        if isChecked { try Numerics.check(train) } else { train() }
      }
      return model.parameters().map { $0.tensor.scalars }
    }
    let plain = try weights(isChecked: false)
    #expect(try weights(isChecked: true) == plain)
    #if OpenCL
      guard (try? OpenCLTestDevices.best.get()) != nil else { return }
      try withDevice(try Device(named: "opencl:0:0")) {
        let plain = try weights(isChecked: false)
        #expect(try weights(isChecked: true) == plain)
      }
    #endif
  }
}
