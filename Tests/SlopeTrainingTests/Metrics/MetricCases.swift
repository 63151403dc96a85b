import FoundationEssentials
import SlopeTraining
import TestSupport
import Testing

/// Inputs of metrics and scikit-learn's results: make-metric-cases.py writes them.
struct MetricCases: Decodable {
  let regression: [Regression]
  let classification: [Classification]
  let ranking: [Ranking]
  let calibration: [Calibration]

  static let stored = Result {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let bytes = try readFile(packageFile("Fixtures/metric-cases.json"))
    return try decoder.decode(MetricCases.self, from: Data(bytes))
  }

  struct Regression: Decodable, CustomTestStringConvertible {
    let name: String
    let predictions: [Double]
    let targets: [Double]
    let weights: [Double]?
    let expected: Expected
    var testDescription: String { name }

    struct Expected: Decodable {
      let mae: Double
      let mse: Double
      let rmse: Double
      let r2: Double?
      let mape: Double
      let maximum: Double
      let quantiles: [Double]?
    }
  }

  struct Classification: Decodable, CustomTestStringConvertible {
    let name: String
    let classCount: Int
    let classes: [Int]
    let probabilities: [Double]
    let weights: [Double]?
    let expected: Expected
    var testDescription: String { name }

    struct Expected: Decodable {
      let accuracy: Double
      let balanced: Double
      let logLoss: Double
      let brier: Double
      let confusion: [[Double]]
      let normalized: [[Double]]
      let precision: [Double?]
      let recall: [Double?]
      let f1: [Double?]
      let support: [Double]
      let macro: [Double]
      let weighted: [Double]
      let micro: [Double]
      let auc: [Double?]
      let ap: [Double?]
      let ece: Double
      let ece4: Double
    }
  }

  struct Ranking: Decodable, CustomTestStringConvertible {
    let name: String
    let scores: [Double]
    let positive: [Int]
    let weights: [Double]?
    let expected: Expected
    var testDescription: String { name }

    struct Expected: Decodable {
      let auc: Double?
      let ap: Double?
      let roc: [[Double]]?
      let rocAll: [[Double]]?
      let pr: [[Double]]?
    }
  }

  struct Calibration: Decodable, CustomTestStringConvertible {
    let name: String
    let binCount: Int
    let probabilities: [Double]
    let positive: [Int]
    let weights: [Double]?
    let expected: Expected
    var testDescription: String { name }

    struct Expected: Decodable {
      let bins: [[Double]]
      let error: Double
    }
  }
}

/// Whether two results are equal, but for the rounding of sums.
func agree(_ a: Double?, _ b: Double?) -> Bool {
  guard let a, let b else { return a == nil && b == nil }
  return a == b
    || abs(a - b) <= 1e-13 + 1e-12 * max(abs(a), abs(b)) && min(abs(a), abs(b)) < .infinity
}

func agree(_ a: [Double?], _ b: [Double?]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { agree($0, $1) }
}

func agree(_ a: [[Double]]?, _ b: [[Double]]?) -> Bool {
  guard let a, let b else { return a == nil && b == nil }
  return a.count == b.count && zip(a, b).allSatisfy { agree($0, $1) }
}

/// The message of the error that `body` throws.
func message(_ body: () throws -> some Any) -> String? {
  do {
    _ = try body()
    return nil
  } catch {
    return "\(error)"
  }
}
