import SlopeCore
import SlopeData

@testable import SlopeTabular

/// Made-up tables whose best linear models are known, and short ways to fit them.
enum TabularCases {
  static let count = 600
  static let a = uniformNumbers(count, seed: 1)
  static let b = uniformNumbers(count, seed: 2)
  static let noise = uniformNumbers(count, seed: 3)
  /// A number that follows from both columns, but for some noise.
  static let target: [Double] = (0..<count).map { 2 * a[$0] - b[$0] + 0.3 * noise[$0] }
  static let pairs: [String] = (0..<count).map { row in
    let score: Double = a[row] + 0.5 * b[row] + 0.5 * noise[row]
    return score > 0 ? "yes" : "no"
  }
  static let triples: [String] = (0..<count).map { row in
    let shift: Double = 0.5 * noise[row]
    if a[row] + shift > 0.2 { return "up" }
    return b[row] + shift > 0 ? "mid" : "down"
  }

  /// Of five rows three are for training and one each for validation and test.
  static func parts(_ count: Int = count) -> Column {
    Column(
      "part", (0..<count).map { $0 % 5 < 3 ? "train" : $0 % 5 == 3 ? "validation" : "test" })
  }

  /// Columns `x0`, `x1` … with a column of parts and a target `y`.
  static func table(_ features: [[Double]], _ target: Column) -> Table {
    Table(
      features.enumerated().map { Column("x\($0)", $1) } + [parts(target.count), target])
  }

  /// Options for a linear model of the target `y` with the parts of the column `part`.
  static var options: TabularOptions {
    var options = linearOptions("y")
    options.split = .column("part")
    return options
  }
}

/// Options for a linear model of a column.
func linearOptions(_ target: String) -> TabularOptions {
  var options = TabularOptions(target: target)
  options.model = .linear
  return options
}

extension TabularFit {
  /// Whether a warning has all of some words.
  func warns(_ words: String...) -> Bool {
    warnings.contains { line in words.allSatisfy { line.contains($0) } }
  }
}

/// A fit of a linear model of Floats on columns with the default options but for a change.
func fitted(
  _ columns: [Column], target: String = "y", _ change: (inout TabularOptions) -> Void = { _ in }
) throws -> TabularFit<Float> {
  var options = linearOptions(target)
  change(&options)
  return try TabularModel<Float>.fit(Table(columns), options)
}

/// The message of the refusal of such a fit.
func refusal(
  _ columns: [Column], target: String = "y", _ change: (inout TabularOptions) -> Void = { _ in }
) -> String {
  do {
    _ = try fitted(columns, target: target, change)
    return "no refusal"
  } catch {
    return "\(error)"
  }
}
