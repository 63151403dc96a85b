import SlopeCore

@testable import SlopeTabular

/// The solver of the library; the oracle of these tests has the same name.
typealias Regression = SlopeTabular.LeastSquares

/// `count` numbers in −0.5 ..< 0.5 that any language computes: a linear congruential generator.
func uniformNumbers(_ count: Int, seed: UInt64) -> [Double] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Double(state >> 11) / 0x1p53 - 0.5
  }
}

/// Forty rows of three features, for which scikit-learn's solutions are known.
enum LinearCases {
  static let count = 40
  static let features = uniformNumbers(3 * count, seed: 1).map { $0 * 3 }
  static let noise = uniformNumbers(count, seed: 2)
  static let targets = (0..<count).map { 2 * x($0, 0) - x($0, 1) + 0.5 * noise[$0] + 3 }
  /// Every fourth row has none.
  static let weights = (0..<count).map { $0 % 4 == 0 ? 0 : Double(1 + $0 % 3) }
  static let pairs = (0..<count).map { x($0, 0) + noise[$0] > 0 ? 1 : 0 }
  static let triples = (0..<count).map { row in
    x(row, 0) + noise[row] > 0.5 ? 2 : x(row, 1) + noise[row] > 0 ? 1 : 0
  }
  static let separable = (0..<count).map { x($0, 0) > 0 ? 1 : 0 }
  /// Six rows of nine features.
  static let wide = uniformNumbers(54, seed: 3)
  static let wideTargets = uniformNumbers(6, seed: 4)

  static func x(_ row: Int, _ column: Int) -> Double { features[3 * row + column] }
}

/// Feature rows of a matrix given row by row.
func featureRows(_ numbers: [Double], inputs: Int) -> FeatureRows {
  FeatureRows(Tensor<Double>(shape: [numbers.count / max(1, inputs), inputs], scalars: numbers))
}

/// The largest distance of two arrays' elements; infinite if they differ in length or hold a NaN.
func distance(_ left: [Double], _ right: [Double]) -> Double {
  guard left.count == right.count else { return .infinity }
  return zip(left, right).reduce(0) { result, pair in
    let distance = abs(pair.0 - pair.1)
    return distance.isNaN ? .infinity : max(result, distance)
  }
}
