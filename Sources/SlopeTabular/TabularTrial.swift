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
  /// Where the metric is no mean over rows, it is enough to be better. Source: the "one standard error
  /// rule" for the simplest of models that are hardly different, L. Breiman and others, Classification and
  /// Regression Trees, 1984, 3.4.3.
  func isClearlyBetter(than other: TabularTrial) throws -> Bool {
    let (score, otherScore) = (fit.validationScore ?? .nan, other.fit.validationScore ?? .nan)
    guard fit.metric.isBetter(score, than: otherScore) else { return false }
    guard let costs = try fitter.costsOfRows(fit.model),
      let otherCosts = try other.fitter.costsOfRows(other.fit.model)
    else { return true }
    let moments = ColumnMoments(zip(otherCosts, costs).map { $0 - $1 })
    // The deviation has the divisor n.
    return moments.mean > moments.deviation / Double(max(1, costs.count - 1)).squareRoot()
  }

  /// The fit, or where the options ask for it a fit to the validation rows too.
  func result(_ progress: (TabularProgress) -> Void) throws -> TabularFit<Element> {
    guard fitter.options.refits, !fitter.validation.isEmpty else { return fit }
    return try fitter.refitter(choices).fit(progress).0.following(fit.seconds)
  }
}
