import SlopeCore
import SlopeOptimizers
import TestSupport
import Testing

/// 16-bit parameters are trained by a copy in `Float`.
@Suite struct MasterCopyTests {
  @Test func smallGradientsDoNotExplodeInFloat16() {
    let p = Parameter(Tensor<Float16>([1]))
    let optimizer = Adam([p])
    for step in 0..<11 {
      p.grad = Tensor([step < 10 ? 1e-4 : 0])
      optimizer.step()
    }
    #expect(abs(Double(p.tensor.item()) - 0.989) < 1e-3)
  }

  @Test func decayThatIsSmallerThanAnUlpAddsUp() {
    let p = Parameter(Tensor<BFloat16>([1]))
    let optimizer = AdamW([p], learningRate: 1e-3, weightDecay: 1e-2)
    for _ in 0..<10_000 {
      p.grad = Tensor([0])
      optimizer.step()
    }
    // (1 − 1e-5)^10000
    #expect(abs(p.tensor.item().doubleValue - 0.904837) < 4e-3)
    let plain = Parameter(Tensor<BFloat16>([1]))
    let descent = SGD([plain], learningRate: 1e-3)
    for _ in 0..<100 {
      plain.grad = Tensor([1])
      descent.step()
    }
    #expect(abs(plain.tensor.item().doubleValue - 0.9) < 4e-3)
  }

  @Test func theCopyIsTheLastOfTheStates() throws {
    let p = Parameter(Tensor<BFloat16>([1, 2]))
    let optimizer = SGD([p], learningRate: 1e-3, momentum: 0.5)
    p.grad = Tensor([1, 1])
    optimizer.step()
    let state = optimizer.state()
    #expect(state.tensors.map { $0.map(\.scalars) } == [[[1, 1], [0.999, 1.999]]])
    #expect(p.tensor.scalars.map(\.doubleValue) == [1, 2])
    // Another step goes on from the copy.
    optimizer.step()
    #expect(optimizer.state().tensors[0][1].scalars == [0.9975, 1.9975])
    #expect(state.tensors[0][1].scalars == [0.999, 1.999], "a state is a value")
    let error = #expect(throws: OptimizerStateError.self) {
      try optimizer.load(OptimizerState(steps: [1], tensors: [[state.tensors[0][0]]]))
    }
    #expect(
      error?.description
        == "SGD: the state of parameter 0 has 1 steps and 1 tensors; 2 are due")
  }

  /// Only what differs replaces the copy: setting back what was there loses nothing.
  @Test func whatIsAssignedReplacesTheCopy() {
    let p = Parameter(Tensor<BFloat16>([1, 2, 4]))
    let optimizer = SGD([p], learningRate: 1e-3)
    p.grad = Tensor([1, 1, 1])
    optimizer.step()
    p.tensor = Tensor([1, 2.015625, .nan])
    p.grad = Tensor([0, 0, 0])
    optimizer.step()
    let master = optimizer.state().tensors[0][0].scalars
    #expect(master[0] == 0.999 && master[1] == 2.015625 && master[2].isNaN)
    let present = p.tensor.detached()
    p.tensor = Tensor([7, 7, 7])
    p.tensor = present
    optimizer.step()
    #expect(optimizer.state().tensors[0][0].scalars.prefix(2) == [0.999, 2.015625])
  }

  @Test func aLoadedCopyOfOtherValuesIsReplaced() throws {
    let (p, q) = (Parameter(Tensor<Float16>([1])), Parameter(Tensor<Float16>([5])))
    let (one, two) = (SGD([p], learningRate: 1e-4), SGD([q], learningRate: 1e-4))
    p.grad = Tensor([1])
    one.step()
    try two.load(one.state())
    q.grad = Tensor([1])
    two.step()
    #expect(q.tensor.item() == 5)
    #expect(two.state().tensors[0][0].scalars == [4.9999])
  }

  @Test func aStepInNumbersThatGoWrongChangesNothing() throws {
    let p = Parameter(Tensor<Float16>([1]))
    let optimizer = SGD([p], learningRate: 0.25, momentum: 0.5)
    p.grad = Tensor([1])
    optimizer.step()
    let before = optimizer.state()
    optimizer.learningRate = 1e38
    p.grad = Tensor([60000])
    #expect(throws: (any Error).self) { try Numerics.check { optimizer.step() } }
    #expect(p.tensor.item() == 0.75)
    #expect(optimizer.state().tensors[0].map(\.scalars) == before.tensors[0].map(\.scalars))
    optimizer.learningRate = 0.25
    p.grad = Tensor([1])
    try Numerics.check { optimizer.step() }
    #expect(p.tensor.item() == 0.375)
  }

  /// Several parameters in one launch, in place or not, give what the CPU gives.
  @Test(arguments: [1, 8])
  func sixteenBitsOnADeviceWithSetsAreTheSame(setLimit: Int) throws {
    let backend = ScarceBackend(setLimit: setLimit)
    func run(_ device: Device) -> [[UInt16]] {
      let parameters = [[1, 2, 3], [0.5], [-1, 4]].map {
        Parameter(Tensor<Float16>($0).to(device))
      }
      let optimizer = AdamW(parameters, learningRate: 0.01)
      var held: [Tensor<Float16>] = []
      for step in 0..<4 {
        if step == 2 { held = parameters.map(\.tensor) }
        for parameter in parameters {
          parameter.grad = (parameter.tensor.detached() * 0.5 + Float16(step)).to(device)
        }
        optimizer.step()
      }
      #expect(held.count == 3)
      return parameters.map { $0.tensor.scalars.map(\.bitPattern) }
    }
    #expect(run(backend.device) == run(.cpu))
  }

  /// A step without memory changes nothing, and can be taken again.
  @Test func aStepWithoutMemoryCanBeTakenAgain() {
    let backend = ScarceBackend(setLimit: 8)
    func parameter(_ device: Device) -> Parameter<Float16> {
      Parameter(Tensor<Float16>([1, 2, 3]).to(device))
    }
    let (p, reference) = (parameter(backend.device), parameter(.cpu))
    let optimizer = Adam([p], learningRate: 0.01)
    let expected = Adam([reference], learningRate: 0.01)
    var failures = 0
    for step in 0..<3 {
      let gradient = Tensor<Float16>([1, -1, Float16(step)])
      p.grad = gradient
      reference.grad = gradient
      expected.step()
      let before = p.tensor.scalars
      for count in 0..<20 {
        backend.limitAllocations(to: count)
        let hasFailed = (try? checked { optimizer.step() }) == nil
        backend.limitAllocations(to: nil)
        if !hasFailed { break }
        failures += 1
        #expect(p.tensor.scalars == before)
      }
      #expect(p.tensor.scalars == reference.tensor.scalars, "step \(step)")
    }
    #expect(failures > 0)
    let masters = [optimizer, expected].map { $0.state().tensors[0][2].scalars }
    #expect(masters[0] == masters[1])
  }
}
