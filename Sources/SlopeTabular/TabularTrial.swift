import SlopeCore
import SlopeData

/// A fit of one kind of model to the training rows, and what the validation rows decided.
struct TabularTrial<Element: FloatingElement> {
  let fit: TabularFit<Element>
  private let fitter: TabularFitter<Element>
  private let choices: TabularChoices

  init(
    _ table: Table, _ options: TabularOptions, _ progress: (TabularProgress) -> Void
  ) throws {
    fitter = try TabularFitter(table, options)
    (fit, choices) = try fitter.fit(progress)
  }

  /// The fit, or where the options ask for it a fit to the validation rows too.
  func result(_ progress: (TabularProgress) -> Void) throws -> TabularFit<Element> {
    guard fitter.options.refits, !fitter.validation.isEmpty else { return fit }
    return try fitter.refitter(choices).fit(progress).0.following(fit.seconds)
  }
}
