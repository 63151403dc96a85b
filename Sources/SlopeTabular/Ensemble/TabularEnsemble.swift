public import SlopeCore
import SlopeData
public import SlopeNN

/// Models of one table and target whose predictions are averaged.
///
/// Numbers are averaged in the target's unit, of classes the probabilities. Each model makes its inputs
/// of the columns itself. `TabularOptions.Quality.best` makes ensembles; a `TabularModel` has one as its
/// `network`.
///
/// Source of the weights: R. Caruana, A. Niculescu-Mizil, G. Crew and A. Ksikes, "Ensemble selection
/// from libraries of models", ICML 2004.
public struct TabularEnsemble<Element: FloatingElement>: Module {
  /// The models.
  public let models: [TabularModel<Element>]
  /// What each model counts, positive numbers that sum to 1.
  public let weights: [Double]

  /// What the models predict together for `rows` (nil: all) of a table.
  func predictions(of table: Table, rows: [Int]?) throws -> TabularPredictions? {
    let parts = try models.map { try $0.predictions(of: table, rows: rows) }
    return TabularPredictions.mean(of: parts, weights: weights)
  }
}

/// One model of an ensemble, without its parameters.
public struct TabularEnsembleMember: Sendable, Hashable, Codable {
  /// What it reads and predicts.
  public var schema: TabularSchema
  /// What it counts.
  public var weight: Double
}
