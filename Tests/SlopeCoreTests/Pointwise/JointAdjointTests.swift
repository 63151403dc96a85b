import Glibc
import Testing

@testable import SlopeCore

/// Gradients of several inputs by one program: the same bits, with fewer steps.
@Suite struct JointAdjointTests {
  private func function(_ count: Int, _ formula: ([Expression]) -> Expression) -> PointwiseFunction
  {
    PointwiseFunction("f", inputs: count, formula)
  }

  @Test func stepsAreShared() {
    let f = function(3) { x in x[2] * (x[0] * x[1]).tanh() }
    let joint = f.jointAdjoint(0b111)
    #expect(joint?.inputs == [0, 1, 2])
    #expect(joint?.function.program(.float32).steps.count ?? 99 < 12)
    #expect(f.jointAdjoint(0b111) === joint && f.jointAdjoint(0b101) !== joint)
    #expect(f.jointAdjoint(0b101)?.inputs == [0, 2])
    // One input, or formulas with nothing in common, are no case for it.
    #expect(f.jointAdjoint(0b100) == nil && f.jointAdjoint(0) == nil)
    #expect(function(2) { $0[0].exp() + $0[1].exp() }.jointAdjoint(0b11) == nil)
    #expect(!Functions.multiply.hasInnerSteps && f.hasInnerSteps)
    // Sixteen operands are the most of a program: the gradient and 15 inputs leave none for results.
    let many = function(15) { x in x.reduce(1) { $0 * $1.tanh() } }
    #expect(many.jointAdjoint((1 << 15) - 1) == nil)
    #expect(many.jointAdjoint(0b11) == nil)
  }

  /// A sum's terms receive the same, which is computed once.
  @Test func equalGradientsShareAResult() {
    let f = function(3) { x in x[2] * (x[0] + x[1]).tanh() }
    let joint = f.jointAdjoint(0b111)
    #expect(joint?.inputs == [0, 1, 2] && joint?.places == [0, 0, 1])
    #expect(joint?.function.roots.count == 2)
    let pair = f.jointAdjoint(0b11)
    #expect(pair?.places == [0, 0] && pair?.function.roots.count == 1)
    let formula = Pointwise("f") { a, b, w in w * (a + b).tanh() }
    let operands = [[0.5, -1], [2], [3, 0.25]].map { Parameter(Tensor<Double>($0)) }
    formula(operands[0].tensor, operands[1].tensor, operands[2].tensor).sum().backward()
    let slopes = zip([2.5, 1.0], [3, 0.25]).map { x, w in w / (cosh(x) * cosh(x)) }
    #expect((operands[0].grad?.scalars ?? []).elementsEqual(slopes) { abs($0 - $1) < 1e-14 })
    #expect(abs((operands[1].grad?.item() ?? 0) - slopes[0] - slopes[1]) < 1e-14)
  }

  /// x and b have other shapes than w; the condition has no gradient.
  @Test(arguments: [false, true])
  func gradientsAreThoseOfEachInput(isReduced: Bool) {
    let f = Pointwise("f") { x, b, w in
      let y = (x * 2 + b).tanh()
      return (1 - w) * y + w * y.exp()
    }
    let x = Tensor<Float>.normal([3, 4, 5], generator: Generator(seed: 1))
    let b = Tensor<Float>.normal([3, 1, 5], generator: Generator(seed: 2))
    let w = Tensor<Float>.normal([5], generator: Generator(seed: 3))
    func gradients(_ recorded: [Bool]) -> [[Float]?] {
      let parameters = zip([x, b, w], recorded).map { $1 ? Parameter($0) : nil }
      let operands = zip([x, b, w], parameters).map { $1?.tensor ?? $0 }
      let y = f(operands[0], operands[1], operands[2])
      (isReduced ? y.sum() : (y * y).sum()).backward()
      return parameters.map { $0?.grad?.scalars }
    }
    let all = gradients([true, true, true])
    for index in 0..<3 {
      let alone = gradients((0..<3).map { $0 == index })
      #expect(alone[index] != nil && alone[index] == all[index], "input \(index)")
      let others = gradients((0..<3).map { $0 != index })
      #expect(others[index] == nil)
      for other in 0..<3 where other != index { #expect(others[other] == all[other]) }
    }
  }

  @Test func aReleasedGraphIsNotWalkedAgain() {
    let f = Pointwise("f") { x, w in w * (x * w).tanh() }
    let (x, w) = (Parameter(Tensor<Float>([1, 2])), Parameter(Tensor<Float>([3, 4])))
    let y = f(x.tensor, w.tensor).sum()
    y.backward()
    let first = x.grad?.scalars
    let error = #expect(throws: TensorError.self) { try checked { y.backward() } }
    #expect(error?.description.contains("released") == true)
    #expect(x.grad?.scalars == first)
  }
}
