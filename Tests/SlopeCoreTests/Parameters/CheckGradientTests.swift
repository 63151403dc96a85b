import Testing

@testable import SlopeCore

private let point = Tensor<Double>([0.5, -1.5, 2])

@Suite struct CheckGradientTests {
  @Test func agreesWithTrueDerivatives() {
    let found = checkGradient(at: [point, point * 2]) { $0[0].sin() * $0[1] }
    #expect(found.isCorrect && found.comparisons == 6 && found.tolerance == 1e-6)
    #expect(found.description == "6 derivatives agree within \(found.largestError)")
    #expect(checkGradient(at: [point], order: 2) { $0[0] * $0[0] * $0[0] }.isCorrect)
    #expect(checkGradient(at: [point]) { _ in Tensor(3) }.isCorrect)
  }

  @Test func findsTheWorstDifference() {
    let found = checkGradient(at: [point, point]) { inputs in
      inputs[0] * 2 + Tensor([1, 1, 0]) * inputs[1].square() + Tensor([0, 0, 1]) * inputs[1]
        * inputs[1].detached()
    }
    // The weight of the third element is 1 + 0.74 − 0.22; half of its derivative is detached.
    #expect(
      !found.isCorrect && found.argument == 1 && found.index == 2
        && abs(found.analytic - 1.52 * 2) < 1e-12)
    #expect(abs(found.numeric - 1.52 * 4) < 1e-6 && abs(found.largestError - 0.5) < 1e-6)
    #expect(
      found.description.hasPrefix(
        "argument 1, element 2: the gradient is 3.04, finite differences give 6.0"))
    #expect(!checkGradient(at: [point]) { $0[0].detached().square() + $0[0] * 0 }.isCorrect)
    #expect(!checkGradient(at: [point], order: 2) { $0[0].square() * $0[0].detached() }.isCorrect)
  }

  @Test func nanOnOneSideIsAnError() {
    #expect(checkGradient(at: [Tensor(-1)]) { $0[0].sqrt() }.isCorrect)
    let taken = checkGradient(at: [Tensor<Double>([-1, 2])]) {
      .where($0[0] .> 0, $0[0].sqrt(), Tensor(0))
    }
    #expect(taken.isCorrect)
    // A product multiplies the gradient 0 by NaN.
    let found = checkGradient(at: [Tensor<Double>([-1, 2])]) {
      .where($0[0] .> 0, $0[0].sqrt() * $0[0], Tensor(0))
    }
    #expect(!found.isCorrect && found.largestError == .infinity && found.index == 0)
  }

  @Test func tolerancesAndSteps() {
    #expect(!checkGradient(at: [point], tolerance: 1e-14) { $0[0].exp() }.isCorrect)
    #expect(!checkGradient(at: [point], step: 0.5) { $0[0].exp() }.isCorrect)
  }

  @Test(arguments: [0, -1, 9, 1 << 31, Int.max, .min])
  func ordersThatAreNoneFail(order: Int) {
    #expect(
      failure { checkGradient(at: [point], order: order) { $0[0].exp() } }
        == "checkGradient: order \(order) is not in 1...8")
  }

  @Test func whatFailsIsNotCompared() throws {
    let huge = Tensor<Double>([1]).expanded(to: [1 << 50])
    #expect(failure { checkGradient(at: [huge]) { $0[0].sum() } } != nil)
    #expect(failure { checkGradient(at: [point]) { _ in huge } } != nil)
    #expect(failure { checkGradient(at: [point]) { $0[0].reshaped(to: [7, 7]) } } != nil)
    #expect(failure { checkGradient(at: [point, .failed]) { $0[0].exp() } } == nil)
  }
}
