import SlopeCore
import SlopeData
import SlopeNN
import Testing

@testable import SlopeTabular

/// Rows that are predicted by the network which has not learnt from them.
struct OutOfFoldRowsTests {
  private static func network(_ members: Int, outputs: Int) -> RealMLP<Double> {
    var inputs = NetworkInputs()
    inputs.numbers = [0, 1]
    var shape = RealMLPShape(
      members: members, inputs: inputs, hidden: [4], outputCount: outputs, activation: .mish,
      numberEmbedding: 4, waves: 3, levelEmbedding: 1, range: outputs == 1 ? [-0.3, 0.2] : nil)
    shape.temperature = outputs == 1 ? 1 : 1.7
    return RealMLP(shape, generator: Generator(seed: 5))
  }

  /// The rows of a network alone, from all members' outputs for all rows.
  private static func alone(
    _ network: RealMLP<Double>, _ inputs: Tensor<Double>, member: Int
  ) -> [[Double]] {
    let whole = noGrad {
      network.outputsOfMembers(
        inputs.unsqueezed(at: 0).expanded(
          to: [network.shape.members, inputs.shape[0], inputs.shape[1]]))
    }
    return (0..<inputs.shape[0]).map { whole[member, $0].scalars }
  }

  @Test(arguments: [1, 2, 3]) func eachRowIsPredictedByItsMember(outputs: Int) {
    let network = Self.network(3, outputs: outputs)
    let inputs = Tensor<Double>.normal([11, 2], generator: Generator(seed: 6))
    let folds = kFold(11, folds: 3, shuffle: true, generator: Generator(seed: 7))
    let found = OutOfFoldRows(inputs, folds).outputs(of: network)
    let width = outputs == 3 ? 3 : 1
    #expect(found.count == 11 * width)
    for (member, fold) in folds.enumerated() {
      let all = Self.alone(network, inputs, member: member)
      for row in fold.validation {
        #expect(Array(found[(row * width)..<((row + 1) * width)]).isClose(to: all[row]))
      }
    }
    if outputs == 1 { #expect(found.allSatisfy { (-0.3...0.2).contains($0) }) }
  }

  @Test func longFoldsAreReadInParts() {
    let network = Self.network(2, outputs: 1)
    let inputs = Tensor<Double>.normal([4300, 2], generator: Generator(seed: 6))
    let folds = [
      Fold(training: Array(2100..<4300), validation: Array(0..<2100)),
      Fold(training: Array(0..<2100), validation: Array(2100..<4300)),
    ]
    let found = OutOfFoldRows(inputs, folds).outputs(of: network)
    for (member, fold) in folds.enumerated() {
      let all = Self.alone(network, inputs, member: member)
      #expect(fold.validation.allSatisfy { abs(found[$0] - all[$0][0]) < 1e-12 })
    }
  }

  @Test func twoClassesAreADifferenceOverTheTemperature() {
    let network = Self.network(1, outputs: 2)
    let inputs = Tensor<Double>.normal([5, 2], generator: Generator(seed: 6))
    let raw = noGrad { network(inputs.unsqueezed(at: 0)) }[0].scalars
    let found = noGrad { network.outputsOfMembers(inputs.unsqueezed(at: 0)) }
    #expect(found.shape == [1, 5, 1])
    let expected: [Double] = (0..<5).map { row in
      let difference: Double = raw[2 * row + 1] - raw[2 * row]
      return difference / 1.7
    }
    #expect(found.scalars.isClose(to: expected))
    // One member is all members.
    #expect(noGrad { network.outputs(of: inputs) }.scalars.isClose(to: expected))
  }
}

extension [Double] {
  /// Whether all numbers are those of another list but for the rounding of a few operations.
  fileprivate func isClose(to other: [Double]) -> Bool {
    count == other.count && zip(self, other).allSatisfy { abs($0 - $1) < 1e-12 }
  }
}
