/// What validation rows decide about a model, for fits without such rows.
struct TabularChoices: Sendable, Hashable {
  /// The epoch whose parameters are kept; nil where there are none to choose from.
  var epoch: Int?
  /// The penalty of softmax regression.
  var penalty = 1.0
  /// The penalty of least squares.
  var ridge = 0.0
  /// Whether networks for tables learn the logarithm of the target.
  var isLogarithm = false
  /// By what networks for tables divide the logarithms of probabilities.
  var temperature = 1.0
}
