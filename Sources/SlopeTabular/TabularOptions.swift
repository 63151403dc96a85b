public import SlopeCore
public import SlopeOptimizers

/// How a model is trained on a table. Only the target must be told.
public struct TabularOptions: Sendable {
  /// Which rows train the model, which are kept to look at while doing so, and which judge it.
  public enum Split: Sendable {
    /// Random rows, by fractions that sum to 1.
    case fractions(training: Double, validation: Double, test: Double)
    /// As a column of text says: `train`, `validation` or `test`.
    case column(String)
  }

  /// How many rows make a step.
  public enum BatchSize: Sendable, Equatable {
    /// So many, in a new random order each epoch.
    case rows(Int)
    /// All training rows.
    case all
  }

  /// The name of the column to predict.
  public var target: String
  /// The columns to predict from; nil: all others.
  public var features: [String]?
  /// The widths of the hidden layers; none for a linear model.
  public var hidden: [Int] = []
  /// The function after each hidden layer.
  public var activation = Activation.relu
  /// Which rows train, validate and test.
  public var split = Split.fractions(training: 0.6, validation: 0.2, test: 0.2)
  /// How often the training rows are gone through; 0 leaves the initial values.
  public var epochs = 200
  /// How many rows make a step.
  public var batchSize = BatchSize.rows(32)
  /// The learning rate of the first step, for standardised columns; it falls to 0 along half a
  /// cosine. Nil: `defaultLearningRate(featureCount:)`.
  public var learningRate: Double?
  /// The momentum of SGD or RMSprop; nil: 0.9 for SGD, 0 for RMSprop.
  public var momentum: Double?
  /// The algorithm by which parameters follow their gradients.
  public var optimizer = OptimizerKind.sgd
  /// Where the random numbers start: split, initial weights and order of the rows.
  public var seed: UInt64 = 42

  /// Options that predict `target` linearly from all other columns.
  public init(target: String) { self.target = target }

  /// The learning rate where none is given.
  ///
  /// For a linear model SGD with momentum μ is stable below 2(1 + μ)/λ, where λ ≤ 2(features + 1)
  /// is the largest curvature of the squared error in standardised columns: 0.02 is safe to 90
  /// columns, beyond 50 it shrinks with them. Over twelve random splits of engel and diabetes, this
  /// rate and its fall to 0 end within 1.5 % of the error of least squares; a constant rate of 0.01
  /// is up to 7 % off. Hidden layers overfit small tables at rates that suit a linear model: on
  /// diabetes, one of 32 with Adam ends at a test MSE of 2600–2820 with 0.001, 2900–3630 with 0.005.
  public func defaultLearningRate(featureCount: Int) -> Double {
    switch optimizer {
    case .sgd: min(hidden.isEmpty ? 0.02 : 0.005, 1 / Double(max(1, featureCount)))
    case .adam, .adamw, .rmsprop: hidden.isEmpty ? 0.005 : 0.001
    case .adagrad: hidden.isEmpty ? 0.05 : 0.01
    }
  }
}
