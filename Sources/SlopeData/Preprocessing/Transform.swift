/// One step from the columns of a table to the inputs of a model, see `Pipeline`.
public enum Transform: Sendable, Hashable {
  /// What a missing number becomes.
  public enum Imputation: Sendable, Hashable {
    /// The median of the training rows.
    case median
    /// The mean of the training rows.
    case mean
    /// A number.
    case constant(Double)
  }

  /// How numbers are scaled.
  public enum Scaling: String, Sendable, Hashable, CaseIterable, Codable {
    /// `(x − mean) / deviation`, with the deviation of the divisor n: a linear model of such inputs
    /// has coefficients in the file's units.
    case standard
    /// `z = (x − median) / (q₇₅ − q₂₅)`, then `z / √(1 + (z/3)²)`, which no outlier leaves: for
    /// networks. Where the quartiles are equal, the divisor is half of the range.
    ///
    /// Source: D. Holzmüller, L. Grinsztajn, I. Steinwart, "Better by Default: Strong Pre-Tuned MLPs
    /// and Boosted Trees on Tabular Data", NeurIPS 2024, arXiv 2407.04491.
    case robust
  }

  /// Missing numbers become a number, and an input says where they were missing.
  case impute(Imputation)
  /// Numbers are scaled; without it they are taken as they are.
  case scale(Scaling)
  /// A category becomes an input for each level: 1 at the level of the row, 0 at the others.
  ///
  /// Of more levels than `maximumLevels`, which is at least 2, the most frequent stay, and the rest is
  /// one level. A missing cell is a level.
  case oneHot(maximumLevels: Int)
  /// A category becomes one input, the number of the level, in ascending order of the texts.
  case codes
  /// A category of at most `limit` levels becomes an input for each, as by `oneHot`; one of more
  /// levels becomes one input, as by `codes`, for a network that looks up a vector for it.
  ///
  /// Of more levels than `maximumLevels` the most frequent stay, and the rest is one level.
  case oneHotOrCodes(limit: Int, maximumLevels: Int)
  /// A date becomes the numbers of its year, month, day, weekday and hour, those that vary.
  case dates
  /// The columns that would be left out because they tell rows apart are kept.
  case keep([String])
}
