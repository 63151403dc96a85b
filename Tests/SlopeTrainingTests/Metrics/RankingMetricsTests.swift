import SlopeTraining
import Testing

@Suite struct RankingMetricsTests {
  @Test(arguments: try MetricCases.stored.get().ranking)
  func everyNumberIsScikitLearns(stored: MetricCases.Ranking) throws {
    let metrics = try RankingMetrics(
      scores: stored.scores, isPositive: stored.positive.map { $0 == 1 }, weights: stored.weights)
    let expected = stored.expected
    #expect(agree(metrics.rocAUC, expected.auc))
    #expect(agree(metrics.averagePrecision, expected.ap))
    func points(_ curve: ROCCurve?) -> [[Double]]? {
      curve.map { [$0.falsePositiveRates, $0.truePositiveRates, Array($0.thresholds.dropFirst())] }
    }
    #expect(agree(points(metrics.rocCurve()), expected.roc))
    #expect(agree(points(metrics.rocCurve(keepsAllPoints: true)), expected.rocAll))
    #expect(metrics.rocCurve().map { $0.thresholds[0] == .infinity } ?? true)
    let curve = metrics.precisionRecallCurve()
    #expect(agree(curve.map { [$0.precisions, $0.recalls, $0.thresholds] }, expected.pr))
  }

  @Test func theAreaIsTheShareOfPairsInOrder() throws {
    var (scores, positive): ([Double], [Bool]) = ([], [])
    for row in 0..<600 {
      scores.append(Double(row * 7919 % 101) - 50)
      positive.append(row * 31 % 7 < 3)
    }
    var (ordered, pairs) = (0.0, 0.0)
    for a in scores.indices where positive[a] {
      for b in scores.indices where !positive[b] {
        ordered += scores[a] > scores[b] ? 1 : scores[a] == scores[b] ? 0.5 : 0
        pairs += 1
      }
    }
    #expect(try agree(RankingMetrics(scores: scores, isPositive: positive).rocAUC, ordered / pairs))
  }

  @Test func rowsMayHaveAnyOrder() throws {
    let scores: [Double] = [-1e300, -2, -1, -0.5, 0, 1e-300, 0.5, 1, 1.5, 2, 1e300]
    let curve = try RankingMetrics(
      scores: [5, 0, 9, 3, 10, 1, 7, 2, 8, 6, 4].map { scores[$0] },
      isPositive: scores.indices.map { $0 % 2 == 0 }
    ).precisionRecallCurve()
    #expect(curve?.thresholds == scores)
  }

  @Test func aMillionRowsTakeLessThanASecond() throws {
    var state: UInt64 = 1
    let scores = (0..<1_000_000).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1
      return Double(state >> 11) * 0x1p-53
    }
    let positive = scores.map { $0 > 0.5 }
    let time = try ContinuousClock().measure {
      let metrics = try RankingMetrics(scores: scores, isPositive: positive)
      #expect(metrics.rocAUC == 1)
    }
    #expect(time < .seconds(5), "\(time), where 0.3 s are normal")
  }

  @Test func nothingIsDefinedWithoutRows() throws {
    let metrics = try RankingMetrics(scores: [], isPositive: [])
    #expect(metrics.rocAUC == nil)
    #expect(metrics.averagePrecision == nil)
    #expect(metrics.rocCurve() == nil)
    #expect(metrics.precisionRecallCurve() == nil)
  }

  @Test func invalidArgumentsAreErrors() {
    #expect(
      message { try RankingMetrics(scores: [1], isPositive: []) }
        == "RankingMetrics: 1 scores for 0 rows")
    #expect(
      message { try RankingMetrics(scores: [1, .nan], isPositive: [true, false]) }
        == "RankingMetrics: score nan of row 1, it must be finite")
    #expect(
      message { try RankingMetrics(scores: [1], isPositive: [true], weights: [-2]) }
        == "RankingMetrics: weight -2.0 of row 0, it must be finite and not negative")
  }
}
