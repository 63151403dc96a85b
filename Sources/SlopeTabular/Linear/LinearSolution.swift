/// A linear model that a solver found: `scores = features · weightsᵀ + biases`.
struct LinearSolution: Sendable {
  /// The weights `[outputs, inputs]`, row by row.
  var weights: [Double]
  /// The biases `[outputs]`.
  var biases: [Double]
  /// The number of iterations that were taken.
  var iterations: Int
  /// The factor of ½‖weights‖² in the objective.
  var ridge: Double
  /// Whether the solver ended because further iterations would change nothing that matters.
  var isConverged: Bool

  /// The solution whose scores are the biases.
  init(biases: [Double], inputs: Int, ridge: Double = 0) {
    weights = [Double](repeating: 0, count: biases.count * inputs)
    self.biases = biases
    iterations = 0
    self.ridge = ridge
    isConverged = true
  }
}
