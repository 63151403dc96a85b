import SlopeData
import Testing

@testable import SlopeTabular

/// No scale and no singularity of finite columns makes the linear model fail.
///
/// The errors are those of NumPy's least squares and scikit-learn's logistic regression (penalty 1, or
/// of 1, 3 and ⅓ the one with the least validation error) on standardised columns.
@Suite struct TabularExtremesTests {
  private static let a = TabularCases.a
  private static let b = TabularCases.b

  /// The columns of a case by its name.
  private static func features(_ name: String) -> [[Double]] {
    switch name {
    case "outlier": [a.enumerated().map { $0 == 1 ? 1e6 : $1 }, b]
    case "flag": [a, b, a.indices.map { $0 == 1 ? 1 : 0 }]
    case "collinear": [a, b, zip(a, b).map { $0 + $1 }]
    case "nearly collinear": [a, b, zip(a, b).map { $0 + 1e-9 * $1 }]
    case "constant in training": [a, b, a.indices.map { $0 % 5 < 3 ? 7 : Double($0) }]
    case "huge": [a.map { $0 * 1e300 }, b.map { $0 * 1e308 }]
    case "tiny": [a.map { $0 * 1e-300 }, b.map { $0 * 1e-306 }]
    default: [a, b]
    }
  }

  private func error(
    _ features: [[Double]], _ target: Column, _ part: TablePart = .test
  ) throws -> Double {
    let fit = try TabularModel<Float>.fit(
      TabularCases.table(features, target), TabularCases.options)
    return try #require(fit.scores[part]?.mainError)
  }

  // MARK: Numbers

  @Test(arguments: [
    ("plain", 0.083_418_639), ("outlier", 0.534_120_635), ("flag", 0.083_481_072),
    ("collinear", 0.083_418_639), ("nearly collinear", 0.083_418_639),
    ("constant in training", 0.083_418_639), ("huge", 0.083_418_639), ("tiny", 0.083_418_639),
  ]) func theErrorIsThatOfLeastSquares(name: String, expected: Double) throws {
    let error = try error(Self.features(name), Column("y", TabularCases.target))
    #expect(abs(error / expected - 1) < 1e-4, "\(error)")
  }

  @Test(arguments: [1e-300, 1e-9, 1e9, 1e150, 1e300, 1.0e308])
  func targetsOfAnyScaleAreFitted(scale: Double) throws {
    let target = TabularCases.target.map { $0 * scale }
    let error = try error(Self.features("plain"), Column("y", target))
    #expect(abs(error / scale / 0.083_418_639 - 1) < 1e-4, "\(error)")
  }

  @Test func anOutlierOfTheTargetIsThatOfLeastSquares() throws {
    var target = TabularCases.target
    target[1] += 1e6
    let error = try error(Self.features("plain"), Column("y", target))
    #expect(abs(error / 5157.295_518 - 1) < 1e-4, "\(error)")
  }

  @Test func offsetsOf1e15InFeaturesAndTargetLoseNothing() throws {
    let steps: [Double] = (0..<600).map { Double($0 % 97) }
    let small: [Double] = (0..<600).map { 3 * steps[$0] + Double($0 * $0 % 7) }
    let x = steps.map { 1e15 + $0 }
    // Predictions are eighths there.
    let large = try error([x], Column("y", small.map { 1e15 + $0 }))
    #expect(abs(large / 1.408_399_348 - 1) < 0.01, "\(large)")
    let found = try error([x], Column("y", small))
    #expect(abs(found / 1.408_399_348 - 1) < 1e-5, "\(found)")
  }

  @Test func moreColumnsThanRowsGiveTheLeastNorm() throws {
    let wide = uniformNumbers(60 * 100, seed: 7)
    let noise = uniformNumbers(60, seed: 8)
    let features = (0..<100).map { column in (0..<60).map { wide[$0 * 100 + column] } }
    let target = (0..<60).map { row -> Double in
      features[0][row] - 2 * features[1][row] + 0.5 * noise[row]
    }
    #expect(abs(try error(features, Column("y", target)) / 0.469_120_866 - 1) < 0.01)
    #expect(try error(features, Column("y", target), .training) < 1e-5)
  }

  @Test func fiveThousandColumnsAreFitted() throws {
    let wide = uniformNumbers(200 * 5000, seed: 7)
    let noise = uniformNumbers(200, seed: 8)
    let features = (0..<5000).map { column in (0..<200).map { wide[$0 * 5000 + column] } }
    let numbers = (0..<200).map { row -> Double in
      features[0][row] - 2 * features[1][row] + 0.5 * noise[row]
    }
    #expect(abs(try error(features, Column("y", numbers)) / 0.743_626_749 - 1) < 0.01)
    let classes = (0..<200).map { row -> Bool in
      features[0][row] + features[1][row] + 0.2 * noise[row] > 0
    }
    #expect(abs(try error(features, Column("y", classes)) / 0.810_344_353 - 1) < 0.01)
  }

  // MARK: Classes

  @Test(arguments: [
    ("plain", 0.266_328_02, 0.461_185_362), ("outlier", 0.645_045_538, 0.773_375_406),
    ("flag", 0.266_582_451, 0.461_603_616), ("collinear", 0.263_832_312, 0.462_137_438),
    ("nearly collinear", 0.265_186_296, 0.461_776_53), ("huge", 0.266_328_02, 0.461_185_362),
    ("constant in training", 0.266_328_02, 0.461_185_362),
    ("tiny", 0.266_328_02, 0.461_185_362),
  ]) func theLogLossIsThatOfLogisticRegression(name: String, two: Double, three: Double) throws {
    let features = Self.features(name)
    let pairs = try error(features, Column("y", TabularCases.pairs))
    #expect(abs(pairs / two - 1) < 2e-4, "\(pairs)")
    let triples = try error(features, Column("y", TabularCases.triples))
    #expect(abs(triples / three - 1) < 2e-4, "\(triples)")
  }

  @Test func ofThreePenaltiesTheBestOnValidationRowsIsTaken() throws {
    let wide = uniformNumbers(60 * 100, seed: 7)
    let noise = uniformNumbers(60, seed: 8)
    let features = (0..<100).map { column in (0..<60).map { wide[$0 * 100 + column] } }
    let target = Column(
      "y",
      (0..<60).map { row -> Bool in
        features[0][row] + features[1][row] + 0.2 * noise[row] > 0
      })
    #expect(abs(try error(features, target, .validation) / 0.792_088_483 - 1) < 1e-3)
    #expect(abs(try error(features, target) / 0.457_051_792 - 1) < 1e-3)
    // Without validation rows the penalty is 1.
    var options = TabularCases.options
    let table = TabularCases.table(features, target)
    let parts = (0..<60).map { $0 % 5 < 3 ? "train" : "test" }
    let blind = try TabularModel<Float>.fit(table.adding(Column("part", parts)), options)
    #expect(abs((blind.scores[.training]?.logLoss ?? 9) / 0.031_709_82 - 1) < 1e-3)
    options.seed = 5
    #expect(
      try TabularModel<Float>.fit(table, options).model.coefficients
        == TabularModel<Float>.fit(table, TabularCases.options).model.coefficients)
  }

  @Test func separableClassesHaveFiniteWeights() throws {
    let fit = try TabularModel<Float>.fit(
      TabularCases.table([Self.a], Column("y", Self.a.map { $0 > 0 })), TabularCases.options)
    #expect(fit.scores[.test]?.accuracy ?? 0 > 0.95)
    #expect(fit.model.coefficients?.first?.values.allSatisfy(\.isFinite) == true)
  }

  // MARK: Rows beyond the training's range

  @Test(arguments: [1e300, -1e300, .greatestFiniteMagnitude])
  func newRowsOfAnySizeHaveFinitePredictions(number: Double) throws {
    for target in [Column("y", TabularCases.target), Column("y", TabularCases.triples)] {
      for hidden in [[], [4]] {
        var options = TabularCases.options
        options.hidden = hidden
        options.epochs = 2
        let model = try TabularModel<Float>.fit(
          TabularCases.table([Self.a, Self.b], target), options
        ).model
        let found = try model.predict(Table([Column("x0", [number]), Column("x1", [-number])]))
        #expect((found.numbers + found.probabilities).allSatisfy { $0.isFinite })
        #expect(found.rowCount == 1)
      }
    }
  }

  // MARK: Robust scaling

  @Test func robustScalingIsNotMovedByAnOutlier() throws {
    var options = TabularCases.options
    options.scaling = .robust
    let clean = try TabularModel<Float>.fit(
      TabularCases.table(Self.features("plain"), Column("y", TabularCases.target)), options)
    let outlier = try TabularModel<Float>.fit(
      TabularCases.table(Self.features("outlier"), Column("y", TabularCases.target)), options)
    let (expected, found) = (
      try #require(clean.scores[.test]?.mainError), try #require(outlier.scores[.test]?.mainError)
    )
    #expect(found < 0.25 && expected < 0.15, "0.534 with standard scaling; \(found), \(expected)")
    #expect(outlier.model.coefficients == nil, "clipped inputs have none in the file's units")
  }
}
