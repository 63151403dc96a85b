import Foundation
import Testing

@testable import SlopeOptimizers

/// The line search beside PyTorch's, on numbers in which all its cases occur.
@Suite struct StrongWolfeSearchTests {
  @Test func everyTrialIsPyTorchs() throws {
    let cases = try OptimizerCases.stored.get()
    #expect(cases.searches.count > 40)
    for stored in cases.searches {
      let n = stored.numbers
      let reach = n[7]
      func loss(_ t: Double) -> Double { n[0] * sin(n[1] * t) + n[2] * t * t }
      func slope(_ t: Double) -> Double { (n[3] * cos(n[4] * t + 1) + n[5] * t - 2) }
      var steps: [Double] = []
      var search = StrongWolfeSearch(
        loss: loss(0), slope: slope(0), gradient: 0, trial: n[6], reach: reach, limit: Int(n[8]))
      let found = search.run { step in
        steps.append(step)
        return (loss(step), slope(step) / reach * reach, steps.count)
      }
      #expect(isClose(steps, stored.steps, 1e-6, 1e-9), "\(n): \(steps), not \(stored.steps)")
      #expect(isClose([found.step, found.loss], [stored.step, stored.loss], 1e-6), "\(n)")
      #expect(search.evaluationCount == stored.steps.count)
      // The gradient is that of the step.
      #expect(found.step == (found.gradient == 0 ? 0 : steps[found.gradient - 1]))
    }
  }
}
