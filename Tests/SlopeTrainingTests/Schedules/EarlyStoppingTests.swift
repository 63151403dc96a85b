import FoundationEssentials
import SlopeCore
import SlopeTraining
import Testing

@Suite struct EarlyStoppingTests {
  /// The epoch that is the last, or nil.
  private func end(_ stopping: EarlyStopping, _ metrics: [Double]) -> Int? {
    var stopping = stopping
    return metrics.firstIndex { stopping.update($0) }
  }

  @Test func itStopsAfterAsManyEpochsWithoutImprovement() {
    #expect(end(EarlyStopping(patience: 2), [3, 2, 2, 2, 1]) == 3)
    #expect(end(EarlyStopping(patience: 3), [3, 2, 2, 2, 1]) == nil)
    #expect(end(EarlyStopping(patience: 1), [3, 2, 2.5]) == 2)
    #expect(end(EarlyStopping(patience: 0), [3, 2, 2.5]) == 2)
    #expect(end(EarlyStopping(patience: 2, higherIsBetter: true), [3, 2, 4, 4, 3]) == 4)
  }

  @Test func aSmallImprovementIsNone() {
    #expect(end(EarlyStopping(patience: 2, minimumDelta: 0.5), [3, 2.5, 2.6, 1]) == 2)
    #expect(end(EarlyStopping(patience: 2, minimumDelta: 0.5), [3, 2.5, 2.4, 2.3]) == nil)
    let rising = EarlyStopping(patience: 2, minimumDelta: 0.5, higherIsBetter: true)
    #expect(end(rising, [3, 3.5, 3.4, 5]) == 2)
    #expect(end(rising, [3, 3.5, 3.6, 3.7]) == nil)
  }

  @Test func noNumberIsNoImprovement() {
    #expect(end(EarlyStopping(patience: 2), [.nan, .nan, 1]) == 1)
    #expect(end(EarlyStopping(patience: 2), [.nan, 1, .nan, .nan]) == 3)
    #expect(end(EarlyStopping(patience: 2), [.infinity, .infinity]) == 1)
    #expect(end(EarlyStopping(patience: 2, higherIsBetter: true), [-.infinity, 1, 2, 3]) == nil)
  }

  @Test func theBestEpochIsKnown() throws {
    var stopping = EarlyStopping(patience: 3)
    #expect(stopping.best == nil && stopping.bestEpoch == 0 && !stopping.shouldStop)
    let answers = [3, 1, 2].map { stopping.update($0) }
    #expect(answers == [false, false, false])
    #expect(stopping.best == 1 && stopping.bestEpoch == 1 && stopping.epochCount == 3)
    #expect(stopping.epochsWithoutImprovement == 1)
    var copy = try JSONDecoder().decode(
      EarlyStopping.self, from: JSONEncoder().encode(stopping))
    #expect(copy == stopping)
    let later = [2, 2].map { copy.update($0) }
    #expect(later == [false, true] && copy.shouldStop && !stopping.shouldStop)
  }

  @Test func badArgumentsAreNamed() {
    for (arguments, wanted) in [
      ((-1, 0.0), "EarlyStopping: patience -1.0 is negative or not a number"),
      ((1, -0.5), "EarlyStopping: minimumDelta -0.5 is negative or not a number"),
    ] {
      let error = #expect(throws: TensorError.self) {
        try checked { _ = EarlyStopping(patience: arguments.0, minimumDelta: arguments.1) }
      }
      #expect(error?.description == wanted)
    }
  }
}
