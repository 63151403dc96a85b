import SlopeTraining
import Testing

@testable import SlopeTabular

/// The greedy choice of models whose mean is best.
struct GreedySelectionTests {
  private static let targets: [Double] = [1, 2, 3, 4]

  private static func numbers(_ values: [Double]) -> TabularPredictions {
    TabularPredictions(outputs: values, task: .regression, mean: 0, deviation: 1)
  }

  private static func selection(
    _ candidates: [[Double]], _ metric: Metric = .rootMeanSquaredError, rounds: Int = 40
  ) throws -> GreedySelection {
    try GreedySelection(candidates.map(numbers), metric, rounds: rounds) {
      let metrics = try RegressionMetrics(predictions: $0.numbers, targets: targets)
      return metrics[metric] ?? .nan
    }
  }

  @Test func oppositeErrorsCancelEachOther() throws {
    // Errors of +1, −1 and +3: the first two make a perfect mean.
    let found = try Self.selection([[2, 3, 4, 5], [0, 1, 2, 3], [4, 5, 6, 7]])
    #expect(found.weights == [0.5, 0.5, 0] && found.score == 0)
  }

  @Test func aModelIsTakenAsOftenAsItHelps() throws {
    // Errors of +1 and −3: three of the first to one of the second.
    let found = try Self.selection([[2, 3, 4, 5], [-2, -1, 0, 1]])
    #expect(found.weights == [0.75, 0.25] && found.score < 1e-15)
  }

  @Test func aPerfectModelStaysAlone() throws {
    let found = try Self.selection([[9, 9, 9, 9], [1, 2, 3, 4], [1, 2, 3, 5]])
    #expect(found.weights == [0, 1, 0] && found.score == 0)
  }

  @Test func equallyGoodOnesAreTheFirst() throws {
    #expect(try Self.selection([[1, 2, 3, 5], [1, 2, 3, 5]]).weights == [1, 0])
    #expect(try Self.selection([[1, 2, 3, 5]]).weights == [1])
  }

  @Test func roundsBoundTheAdditions() throws {
    let found = try Self.selection([[2, 3, 4, 5], [-2, -1, 0, 1]], rounds: 2)
    #expect(found.weights == [1, 0] && found.score == 1)
    #expect(try Self.selection([[2, 3, 4, 5], [-2, -1, 0, 1]], rounds: 4).score < 1e-15)
  }

  @Test func largerIsBetterForSomeMetrics() throws {
    let found = try Self.selection([[9, 9, 9, 9], [1, 2, 3, 5]], .rSquared)
    #expect(found.weights == [0, 1] && abs(found.score - 0.8) < 1e-12)
  }

  @Test func whatIsUndefinedIsNotChosen() throws {
    let found = try GreedySelection(
      [Self.numbers([1, 2]), Self.numbers([5, 5])], .rootMeanSquaredError
    ) { $0.numbers[0] == 1 ? .nan : $0.numbers[0] }
    // A mean of both is judged by its first number.
    #expect(found.weights[1] > 0 && found.score < 5)
    let none = try GreedySelection([Self.numbers([1, 2])], .logLoss) { _ in .nan }
    #expect(none.weights == [1] && none.score.isNaN)
    let empty = try GreedySelection([], .logLoss) { _ in 1 }
    #expect(empty.weights.isEmpty && empty.score.isNaN)
  }
}
