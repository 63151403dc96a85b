import SlopeCore
import SlopeOptimizers
import TestSupport
import Testing

@Suite(.onTheCPU) struct ParameterStorageTests {
  private func address(_ parameter: Parameter<Float>) -> UInt {
    parameter.tensor.withScalars { scalars in
      scalars.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
    }
  }

  /// Two steps of descent on Σ 2·p, each of which subtracts 2.
  private func descend(_ parameter: Parameter<Float>, _ optimizer: Optimizer<Float>) {
    (parameter.tensor * 2).sum().backward()
    optimizer.step()
    optimizer.zeroGrad()
  }

  @Test func memoryThatNobodyElseUsesIsWrittenInPlace() {
    let parameter = Parameter(Tensor<Float>([1, 2]))
    let optimizer = SGD([parameter], learningRate: 1)
    descend(parameter, optimizer)
    let before = address(parameter)
    descend(parameter, optimizer)
    #expect(address(parameter) == before)
    #expect(parameter.tensor.scalars == [-3, -2])
  }

  @Test func momentumIsWrittenInPlaceToo() {
    let parameter = Parameter(Tensor<Float>([1, 2]))
    let optimizer = SGD([parameter], learningRate: 1, momentum: 0.5)
    descend(parameter, optimizer)
    let before = address(parameter)
    descend(parameter, optimizer)
    #expect(address(parameter) == before)
    // Velocities 2, then 0.5 · 2 + 2.
    #expect(parameter.tensor.scalars == [-4, -3])
  }

  @Test func aTensorReadBeforeAStepKeepsItsNumbers() {
    let parameter = Parameter(Tensor<Float>([1, 2]))
    let optimizer = SGD([parameter], learningRate: 1)
    let before = parameter.tensor
    descend(parameter, optimizer)
    #expect(before.scalars == [1, 2])
    #expect(parameter.tensor.scalars == [-1, 0])
    descend(parameter, optimizer)
    #expect(parameter.tensor.scalars == [-3, -2])
  }

  @Test func aViewOfTheMemoryKeepsItsNumbers() {
    let parameter = Parameter(Tensor<Float>([1, 2]))
    let optimizer = SGD([parameter], learningRate: 1)
    let view = parameter.tensor.detached().reshaped(to: [2, 1])
    descend(parameter, optimizer)
    #expect(view.scalars == [1, 2])
    #expect(parameter.tensor.scalars == [-1, 0])
  }

  @Test func aGraphThatIsKeptSeesTheOldNumbers() throws {
    let parameter = Parameter(Tensor<Float>([3]))
    let optimizer = SGD([parameter], learningRate: 1)
    let loss = parameter.tensor.square().sum()
    loss.backward(retainGraph: true)
    optimizer.step()
    optimizer.zeroGrad()
    loss.backward()
    #expect(parameter.tensor.scalars == [-3])
    #expect(try #require(parameter.grad).scalars == [6])
  }

  @Test func theSeedOfBackwardPassesIsNeverWritten() throws {
    let parameter = Parameter(Tensor<Float>(3))
    let optimizer = SGD([parameter], learningRate: 5)
    parameter.tensor.backward()
    parameter.tensor = try #require(parameter.grad)
    optimizer.zeroGrad()
    parameter.tensor.backward()
    optimizer.step()
    #expect(parameter.tensor.item() == -4)
    let other = Parameter(Tensor<Float>(0))
    other.tensor.backward()
    #expect(other.grad?.item() == 1)
  }

  @Test func theSeedHasTheTensorsShapeAndType() throws {
    let parameter = Parameter(Tensor<Double>([[3]]))
    parameter.tensor.backward()
    let gradient = try #require(parameter.grad)
    #expect(gradient.shape == [1, 1])
    #expect(gradient.scalars == [1])
    let half = Parameter(Tensor<Float16>([2]))
    half.tensor.backward()
    #expect(half.grad?.scalars == [1])
  }

  @Test func withoutAGradientNothingChanges() {
    let parameter = Parameter(Tensor<Float>([1]))
    for momentum in [0, 0.9] {
      SGD([parameter], learningRate: 1, momentum: momentum).step()
      #expect(parameter.tensor.scalars == [1])
    }
  }
}
