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

  /// Whether the validation rows prefer this model to another one that was fitted to the same rows, by more
  /// than one standard error of the difference of what each row costs.
  ///
  /// Where the metric is no mean over rows, it is enough to be better. Fewer than ten rows make nothing
  /// clear.
  func isClearlyBetter(than other: TabularTrial) throws -> Bool {
    let (score, otherScore) = (fit.validationScore ?? .nan, other.fit.validationScore ?? .nan)
    guard fitter.validation.count >= 10, fit.metric.isBetter(score, than: otherScore) else {
      return false
    }
    guard let costs = try fitter.costsOfRows(fit.model),
      let otherCosts = try other.fitter.costsOfRows(other.fit.model)
    else { return true }
    return costs.areClearlyLess(than: otherCosts)
  }

  /// The most rows to learn from on which models are compared by folds.
  private static var mostRowsOfFolds: Int { 5000 }

  /// Whether networks such as these are better than a linear model on all training and validation rows, each
  /// predicted by models that have not learnt from it; nil where there are many rows or too little time.
  ///
  /// As many networks as before are trained side by side, one for each fold, until the epoch that was the
  /// best one: nothing is chosen by these rows but the kind of model.
  func isBetterInFolds(
    than linear: TabularTrial, _ deadline: Deadline?, _ progress: (TabularProgress) -> Void
  ) throws -> Bool? {
    guard fitter.training.count + fitter.validation.count <= Self.mostRowsOfFolds,
      deadline.map({ $0.secondsLeft > 2 * fit.seconds }) ?? true
    else { return nil }
    let networks = try fitter.refitter(choices).learning(logarithm: choices.isLogarithm)
    let other = try linear.fitter.refitter(linear.choices)
    let folds = try networks.folds(max(2, networks.recipe.members))
    guard !folds.isEmpty,
      let predictions = try networks.realMLP(
        networks.recipe, folds: folds,
        progress: {
          var epoch = $0
          epoch.areFolds = true
          progress(epoch)
        }
      ).outOfFold,
      let otherPredictions = try other.linearPredictions(folds, linear.choices)
    else { return nil }
    return fit.metric.isBetter(
      try networks.score(predictions, networks.training),
      than: try other.score(otherPredictions, other.training))
  }

  /// The fit, or where the options ask for it a fit to the validation rows too.
  func result(_ progress: (TabularProgress) -> Void) throws -> TabularFit<Element> {
    guard fitter.options.refits, !fitter.validation.isEmpty else { return fit }
    return try fitter.refitter(choices).fit(progress).0.following(
      fit.seconds, otherCurve: curve(.beforeRefit))
  }

  /// The errors of its epochs; nil of a model that is solved.
  func curve(_ origin: TabularOtherCurve.Origin) -> TabularOtherCurve? {
    let training = fit.model.schema.training
    return TabularOtherCurve(origin, training?.curve, bestEpoch: training?.bestEpoch)
  }
}
