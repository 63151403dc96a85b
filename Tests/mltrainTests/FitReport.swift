import FoundationEssentials

/// The object that `--json` prints: decoding fails if a key is missing.
struct FitReport: Decodable {
  struct Part: Decodable {
    var rows: Int
    var mse: Double?
    var rmse: Double?
    var mae: Double?
    var r2: Double?
    var baselineMse: Double?
  }
  var rows: Int
  var columns: Int
  var features: [String]
  var target: String
  var droppedRows: Int
  var missingCells: Int
  var seed: UInt64
  var device: String
  var dtype: String
  var epochs: Int
  var seconds: Double
  var samplesPerSecond: Double
  var model: String
  var coefficients: Coefficients?
  var task: String
  var bestEpoch: Int?
  var schema: [SchemaColumn]
  var parts: [String: Part]

  struct Coefficients: Decodable {
    struct Feature: Decodable {
      var name: String
      var value: Double
    }
    var intercept: Double
    var features: [Feature]

    /// The coefficient of a feature; NaN if there is none.
    subscript(name: String) -> Double { features.first { $0.name == name }?.value ?? .nan }
  }

  struct SchemaColumn: Decodable {
    var name: String
    var kind: String
    var missing: Int
    var levels: [String]?
    var range: [Double]?
    var becomes: [String]
    var leftOut: String?
  }

  init(_ text: String) throws {
    self = try JSONDecoder().decode(FitReport.self, from: Data(text.utf8))
  }
}
