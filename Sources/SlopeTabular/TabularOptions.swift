public import SlopeCore
public import SlopeOptimizers

/// How a model is trained on a table.
///
/// Only the target has no default: without other options the model is linear in all other columns.
public struct TabularOptions: Sendable {
  /// How rows are divided into those for training, validation and test.
  public enum Split: Sendable {
    /// Random rows, by fractions that sum to 1.
    case fractions(training: Double, validation: Double, test: Double)
    /// By a column of text with the values `train`, `validation` and `test`.
    case column(String)
  }

  /// The number of rows of a step.
  public enum BatchSize: Sendable, Equatable {
    /// A number of rows, in a new random order each epoch.
    case rows(Int)
    /// All training rows.
    case all
  }

  /// The name of the column to predict.
  public var target: String
  /// The names of the columns to predict from; nil for all others.
  public var features: [String]?
  /// The widths of the hidden layers; empty for a linear model.
  public var hidden: [Int] = []
  /// The function after each hidden layer.
  public var activation = Activation.relu
  /// How rows are divided into those for training, validation and test.
  public var split = Split.fractions(training: 0.6, validation: 0.2, test: 0.2)
  /// The number of passes over the training rows; 0 leaves the initial values.
  public var epochs = 200
  /// The number of rows of a step.
  public var batchSize = BatchSize.rows(32)
  /// The learning rate of the first step, for standardised columns.
  ///
  /// It falls to 0 along half a cosine. Nil for `defaultLearningRate(featureCount:)`.
  public var learningRate: Double?
  /// The momentum of SGD; nil for 0.9.
  public var momentum: Double?
  /// The algorithm that updates the parameters.
  public var optimizer = OptimizerKind.sgd
  /// The seed of the split, the initial weights and the order of the rows.
  public var seed: UInt64 = 42

  /// Options for a linear model of the column `target` on all other columns.
  public init(target: String) { self.target = target }

  /// The learning rate that is used if none is given.
  ///
  /// For a linear model SGD with momentum μ is stable below 2(1 + μ)/λ, where λ ≤ 2(features + 1)
  /// is the largest curvature of the squared error in standardised columns: 0.02 is safe to 90
  /// columns, beyond 50 it shrinks with them. Over twelve random splits of engel and diabetes, this
  /// rate and its fall to 0 end within 1.5 % of the error of least squares; a constant rate of 0.01
  /// is up to 7 % off. Hidden layers overfit small tables at rates that suit a linear model: on
  /// diabetes, one of 32 with Adam ends at a test MSE of 2600–2820 with 0.001, 2900–3630 with
  /// 0.005.
  public func defaultLearningRate(featureCount: Int) -> Double {
    switch optimizer {
    case .sgd: min(hidden.isEmpty ? 0.02 : 0.005, 1 / Double(max(1, featureCount)))
    case .adam, .adamw, .rmsprop: hidden.isEmpty ? 0.005 : 0.001
    case .adagrad: hidden.isEmpty ? 0.05 : 0.01
    }
  }
}
