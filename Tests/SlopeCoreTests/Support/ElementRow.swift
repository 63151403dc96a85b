import Testing

@testable import SlopeCore

/// A function of tensors, operands, and what PyTorch 2.15 gives for them: values, and the gradients
/// of the sum of the values.
struct ElementRow: Sendable, CustomTestStringConvertible {
  let testDescription: String
  private let function: @Sendable ([Tensor<Double>]) -> Tensor<Double>
  private let operands: [[Double]]
  private let values: [Double]
  private let slopes: [[Double]]

  init(
    _ name: String, _ function: @escaping @Sendable ([Tensor<Double>]) -> Tensor<Double>,
    _ operands: [[Double]], _ values: [Double], _ slopes: [[Double]]
  ) {
    (testDescription, self.function) = (name, function)
    (self.operands, self.values, self.slopes) = (operands, values, slopes)
  }

  /// Compares values and gradients, which may differ by a few units in the last place.
  func check() {
    let leaves = operands.map { Parameter(Tensor<Double>($0)) }
    let result = function(leaves.map(\.tensor))
    expectEqual(result.scalars, values, "values")
    guard result.requiresGradient else {
      #expect(slopes.allSatisfy { $0.allSatisfy { $0 == 0 } }, "\(testDescription): no gradient")
      return
    }
    result.sum().backward()
    for (index, (leaf, wanted)) in zip(leaves, slopes).enumerated() {
      let found = leaf.grad?.scalars ?? wanted.map { _ in 0 }
      expectEqual(found, wanted, "gradients of operand \(index)")
    }
  }

  private func expectEqual(_ found: [Double], _ wanted: [Double], _ what: String) {
    #expect(found.count == wanted.count, "\(testDescription): \(what)")
    for (index, (a, b)) in zip(found, wanted).enumerated() {
      let isEqual = a == b || a.isNaN && b.isNaN || (a - b).magnitude <= 4e-14 * b.magnitude
      let hasSign = a != 0 || b != 0 || what != "values" || a.sign == b.sign || b.sign == .plus
      #expect(isEqual && hasSign, "\(testDescription), \(what), element \(index): \(a), not \(b)")
    }
  }
}
