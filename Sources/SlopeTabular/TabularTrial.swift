import SlopeCore
import SlopeData

/// A fit of one kind of model to the training rows, and what the validation rows decided.
struct TabularTrial<Element: FloatingElement> {
  let fit: TabularFit<Element>
  private let fitter: TabularFitter<Element>
  private let choices: TabularChoices

  init(
    _ table: Table, _ options: TabularOptions, _ deadline: Deadline?,
    _ progress: (TabularProgress) -> Void
  ) throws {
    fitter = try TabularFitter(table, options, deadline: deadline)
    (fit, choices) = try fitter.fit(progress)
  }

  /// Whether the validation score is better than that of another model of the same rows.
  func isBetter(than other: TabularTrial) -> Bool {
    fit.metric.isBetter(
      fit.validationScore ?? .nan, than: other.fit.validationScore ?? .nan)
  }

  /// Whether the validation rows prefer this model to another one that was fitted to the same rows, by more
  /// than one standard error of the difference of what each row costs.
  ///
  /// Where the metric is no mean over rows, it is enough to be better.
  func isClearlyBetter(than other: TabularTrial) throws -> Bool {
    guard isBetter(than: other) else { return false }
    guard let costs = try fitter.costsOfRows(fit.model),
      let otherCosts = try other.fitter.costsOfRows(other.fit.model)
    else { return true }
    return costs.areClearlyLess(than: otherCosts)
  }

  /// The most rows to learn from on which models are compared by folds.
  private static var mostRowsOfFolds: Int { 5000 }

  /// Whether these networks, which are better than a linear model on the validation rows, but not clearly,
  /// are so on all training and validation rows, each predicted by models that have not learnt from it.
  ///
  /// As many networks as before are trained side by side, one for each fold, until the epoch that was the
  /// best one. Not asked, and false, where there are many rows or too little time.
  func isClearlyBetterInFolds(
    than linear: TabularTrial, _ deadline: Deadline?, _ progress: (TabularProgress) -> Void
  ) throws -> Bool {
    guard fitter.training.count + fitter.validation.count <= Self.mostRowsOfFolds,
      deadline.map({ $0.secondsLeft > 2 * fit.seconds }) ?? true
    else { return false }
    let networks = try fitter.refitter(choices).learning(logarithm: choices.isLogarithm)
    let other = try linear.fitter.refitter(linear.choices)
    let folds = try networks.folds(max(2, networks.recipe.members))
    guard !folds.isEmpty,
      let predictions = try networks.realMLP(networks.recipe, folds: folds, progress: progress)
        .outOfFold,
      let otherPredictions = try other.linearPredictions(folds, linear.choices),
      let costs = networks.costs(of: predictions, rows: networks.training),
      let otherCosts = other.costs(of: otherPredictions, rows: other.training)
    else { return false }
    return costs.areClearlyLess(than: otherCosts)
  }

  /// The fit, or where the options ask for it a fit to the validation rows too.
  func result(_ progress: (TabularProgress) -> Void) throws -> TabularFit<Element> {
    guard fitter.options.refits, !fitter.validation.isEmpty else { return fit }
    return try fitter.refitter(choices).fit(progress).0.following(fit.seconds)
  }
}
