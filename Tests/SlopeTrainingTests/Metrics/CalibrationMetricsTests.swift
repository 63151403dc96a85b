import SlopeTraining
import Testing

@Suite struct CalibrationMetricsTests {
  @Test(arguments: try MetricCases.stored.get().calibration)
  func everyBinIsScikitLearns(stored: MetricCases.Calibration) throws {
    let metrics = try CalibrationMetrics(
      probabilities: stored.probabilities, isPositive: stored.positive.map { $0 == 1 },
      weights: stored.weights, binCount: stored.binCount)
    let bins = metrics.bins.map {
      [Double($0.index), $0.weight, $0.meanProbability, $0.positiveFraction]
    }
    #expect(agree(bins, stored.expected.bins))
    #expect(agree(metrics.expectedCalibrationError, stored.expected.error))
    let largest = stored.expected.bins.map { abs($0[2] - $0[3]) }.max()
    #expect(agree(metrics.maximumCalibrationError, largest))
  }

  @Test func fifteenBinsUnlessAskedOtherwise() throws {
    let metrics = try CalibrationMetrics(
      probabilities: [0, 0.5, 1], isPositive: [false, true, true])
    #expect(metrics.bins.map(\.index) == [0, 7, 14])
  }

  @Test func largeWeightsDoNotOverflow() throws {
    let metrics = try CalibrationMetrics(
      probabilities: [0.25, 0.75], isPositive: [true, true], weights: [1.5e308, 1.5e308])
    #expect(metrics.expectedCalibrationError == 0.5)
  }

  @Test func nothingIsDefinedWithoutRows() throws {
    let metrics = try CalibrationMetrics(probabilities: [], isPositive: [])
    #expect(metrics.bins.isEmpty)
    #expect(metrics.expectedCalibrationError == nil)
    #expect(metrics.maximumCalibrationError == nil)
  }

  @Test func invalidArgumentsAreErrors() {
    func failure(_ probabilities: [Double], weights: [Double]? = nil, bins: Int = 2) -> String? {
      message {
        try CalibrationMetrics(
          probabilities: probabilities, isPositive: [true], weights: weights, binCount: bins)
      }
    }
    #expect(failure([0.5, 1]) == "CalibrationMetrics: 2 probabilities for 1 rows")
    #expect(
      failure([1.5]) == "CalibrationMetrics: probability 1.5 of row 0, it must be in 0...1")
    #expect(
      failure([.nan]) == "CalibrationMetrics: probability nan of row 0, it must be in 0...1")
    #expect(failure([1], weights: []) == "CalibrationMetrics: 0 weights for 1 rows")
    #expect(failure([1], bins: 1_000_000) == nil)
    for count in [0, -1, .max, 1_000_001] {
      #expect(
        failure([1], bins: count)
          == "CalibrationMetrics: binCount \(count), it must be in 1...1000000")
    }
  }
}
