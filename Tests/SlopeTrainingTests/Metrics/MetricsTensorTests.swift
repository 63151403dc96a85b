import Slope
import Testing

@Suite struct MetricsTensorTests {
  @Test func tensorsOfNumbersAreCompared() throws {
    let metrics = try RegressionMetrics(
      predictions: Tensor<Float>([2.5, 0, 2, 8]), targets: Tensor<Float>([3, -0.5, 2, 7]),
      weights: Tensor<Float>([1, 1, 2, 0]))
    #expect(metrics.meanAbsoluteError == 0.25)
  }

  @Test func aColumnIsComparedWithAVector() throws {
    let column = Tensor<Double>([1, 2, 3]).reshaped(to: [3, 1])
    let vector = Tensor<Double>([1, 2, 5])
    #expect(
      try RegressionMetrics(predictions: column, targets: vector).meanAbsoluteError == 2.0 / 3)
    #expect(
      message {
        try RegressionMetrics(predictions: Tensor<Float>.ones([2, 2]), targets: .ones([4]))
      }
        == "RegressionMetrics: predictions [2, 2] for targets [4]")
    #expect(
      message { try RegressionMetrics(predictions: Tensor<Float>.ones([3]), targets: .ones([2])) }
        == "RegressionMetrics: 3 predictions for 2 targets")
  }

  @Test func tensorsOfProbabilitiesAreCompared() throws {
    let logits = Tensor<Float>([2, 1, 0, 0, 3, 1]).reshaped(to: [2, 3])
    let metrics = try ClassificationMetrics(
      probabilities: logits.softmax(axis: 1), classes: Tensor<Int>([0, 2]),
      weights: Tensor<Float>([3, 1]), classNames: ["a", "b", "c"])
    #expect(metrics.accuracy == 0.75)
    #expect(metrics.confusion[truth: 2, predicted: 1] == 1)
    #expect(metrics.confusion.classNames == ["a", "b", "c"])
  }

  @Test func theElementTypeLimitsTheLogLoss() throws {
    func loss<Element: FloatingElement>(_ type: Element.Type) throws -> Double? {
      try ClassificationMetrics(
        probabilities: Tensor<Element>([1, 0]).reshaped(to: [1, 2]), classes: Tensor<Int>([1])
      ).logLoss
    }
    #expect(agree(try loss(Double.self), 36.04365338911715))
    #expect(agree(try loss(Float.self), 15.942385152878742))
    #expect(agree(try loss(Float16.self), 6.931471805599453))
  }

  @Test func halfPrecisionMaySumToALittleLessThanOne() throws {
    let probabilities = Tensor<BFloat16>([0.33, 0.33, 0.33]).reshaped(to: [1, 3])
    #expect(
      try ClassificationMetrics(probabilities: probabilities, classes: Tensor<Int>([0])).accuracy
        == 1)
  }

  @Test func shapesMustFit() {
    #expect(
      message {
        try ClassificationMetrics(
          probabilities: Tensor<Float>([1, 0]), classes: Tensor<Int>([0, 1]))
      }
        == "ClassificationMetrics: probabilities [2] and classes [2], "
        + "they must be [rows, classes] and [rows]")
    #expect(
      message {
        try ClassificationMetrics(
          probabilities: Tensor<Float>.zeros([2, 0]), classes: Tensor<Int>([0, 1]))
      } == "ClassificationMetrics: classCount 0, it must be in 1...1048576")
  }
}
