public import SlopeCore
public import SlopeData
public import SlopeOptimizers
public import SlopeTraining

/// How a model is trained on a table.
///
/// Only the target has no default: without other options the model is linear, or networks for tables
/// where these are clearly better, on all other columns, and what it predicts follows from the target's cells.
public struct TabularOptions: Sendable {
  /// How rows are divided into those for training, validation and test.
  public enum Split: Sendable, Hashable {
    /// Random rows, by fractions that sum to 1; classes are in each part as in all rows.
    case fractions(training: Double, validation: Double, test: Double)
    /// By a column of text with the values `train`, `validation` and `test`.
    case column(String)
    /// Random groups, by fractions of the rows: rows with the same cell in a column are in one part.
    case groups(column: String, training: Double, validation: Double, test: Double)
    /// In the order of a column, by fractions: the latest rows are the test.
    case time(column: String, training: Double, validation: Double, test: Double)
  }

  /// What is predicted.
  public enum Task: String, Sendable, Hashable, CaseIterable {
    /// Numbers.
    case regress
    /// Classes.
    case classify
  }

  /// How much the rows of a class count.
  public enum ClassWeights: Sendable, Hashable {
    /// As much as those of any other: `rows / (classes · rows of the class)`.
    case balanced
    /// A weight for each class that is named; the others have 1.
    case named([String: Double])
  }

  /// The number of rows of a step.
  public enum BatchSize: Sendable, Equatable {
    /// A number of rows, in a new random order each epoch.
    case rows(Int)
    /// All training rows.
    case all
  }

  /// What kind of model is fitted.
  public enum Model: String, Sendable, Hashable, CaseIterable, Codable {
    /// Both are fitted, and what is better on the validation rows by more than one standard error of the
    /// difference is kept, or where neither is, what is better in folds of few rows, else the linear model; with `hidden` or `trainsBySteps` the same as `linear`.
    case automatic = "auto"
    /// Least squares, or logistic or softmax regression; with `hidden` a plain network.
    case linear
    /// Networks for tables, `RealMLP`.
    case mlp
  }

  /// How much a network for tables is given.
  public enum Quality: String, Sendable, Hashable, CaseIterable {
    /// One network without embeddings: RealMLP-TD-S.
    case fast
    /// Several networks side by side, with embeddings and dropout: RealMLP-TD.
    case good
    /// A weighted mean of linear models and of networks of recipes that are drawn, chosen by
    /// cross-validation on the training and validation rows, as many as there is time for.
    case best
  }

  /// The name of the column to predict.
  public var target: String
  /// The names of the columns to predict from; nil for all others.
  public var features: [String]?
  /// The names of columns that are left out.
  public var drop: [String] = []
  /// The names of columns that are kept although they tell rows apart.
  public var keep: [String] = []
  /// What is predicted; nil to find it: classes for a target of categories, booleans or text, or of at
  /// most 10 distinct whole numbers, else numbers.
  public var task: Task?
  /// How rows are divided into those for training, validation and test.
  public var split = Split.fractions(training: 0.6, validation: 0.2, test: 0.2)
  /// The name of a column with what each row counts, at least 0.
  public var weightColumn: String?
  /// How much the rows of each class count in training; nil for equally much.
  public var classWeights: ClassWeights?
  /// How numbers are scaled.
  public var scaling = Transform.Scaling.standard
  /// The most levels of a category that have an input.
  public var maximumLevels = 64
  /// By what epochs, penalties and models are chosen on the validation rows; nil for RMSE, or of classes
  /// the log loss.
  ///
  /// The log loss of these rows is taken with one error more than they have: of few rows without errors it
  /// would favour the model that is most confident, not the best. Where the metric is computed from
  /// predicted classes alone, such as the accuracy, networks for tables are
  /// trained on smoothed labels.
  public var metric: Metric?
  /// Whether the model is fitted again to training and validation rows together, with the epochs and
  /// penalties that were best on the latter, which then have no scores.
  public var refits = false
  /// The seed of the split, the initial weights and the order of the rows.
  public var seed: UInt64 = 42

  /// The kind of the model.
  public var model = Model.automatic
  /// How much a network for tables is given.
  public var quality = Quality.good
  /// The seconds that networks for tables may take; nil for as long as their epochs, and for 300 with
  /// the quality `.best`.
  ///
  /// What is trained until then depends on the speed of the machine.
  public var seconds: Double?
  /// The networks that are tried with the quality `.best`; nil for as many as there is time for.
  ///
  /// Without `seconds` nothing then depends on the speed of the machine.
  public var trials: Int?
  /// Whether networks for tables learn the logarithm of a target of positive numbers; nil where the
  /// validation rows are to decide, for a target that is skewed to the right.
  public var targetLogarithm: Bool?
  /// The passes of a network for tables over the training rows; nil for the 256 of its recipe.
  public var networkEpochs: Int?
  /// The most levels of a category that have an input each in networks for tables; of more, a vector is
  /// looked up.
  var oneHotLimit = 8

  /// Is called after each step of a training of networks, on the thread that fits.
  ///
  /// What a step computed may not be known yet: it does not wait for the device.
  public var stepEnded: (@Sendable (TabularStep) -> Void)?

  // MARK: Checkpoints

  /// Where the checkpoints of networks are kept, and how often; nil for none.
  ///
  /// The folder then has a folder for each training, since several follow one another.
  public var checkpoints: CheckpointPlan?
  /// Whether the fit goes on from the checkpoints that `checkpoints` leads to, if there are any.
  ///
  /// Table and options must be those of the fit that was stopped; other rows, networks of other sizes and other
  /// numbers of epochs are refused. The model is then, byte for byte, the one of a fit that was never
  /// stopped, on a processor of the same kind, except with `seconds`, which count anew.
  public var resumes = false
  /// What can ask the fit to stop after a step of networks; nil for nothing.
  public var interruption: TrainingInterruption?
  /// Is told of each checkpoint: its path, or why it could not be written; the fit goes on.
  public var checkpointEnded: (@Sendable (Result<String, any Error>) -> Void)?
  /// The trainings of the fit so far.
  var journal: TrainingJournal?

  // MARK: Training by steps

  /// The widths of the hidden layers; empty for a linear model.
  public var hidden: [Int] = []
  /// The function after each hidden layer.
  public var activation = Activation.relu
  /// Whether a linear model is trained by steps too, as a network is, instead of being solved.
  public var trainsBySteps = false
  /// The most passes over the training rows; 0 leaves the initial values.
  public var epochs = 200
  /// The epochs without a better validation score after which training ends; nil for all epochs.
  public var patience: Int? = 40
  /// The number of rows of a step.
  public var batchSize = BatchSize.rows(32)
  /// The learning rate of the first step; nil for `defaultLearningRate(inputCount:)`.
  ///
  /// It falls to 0 along half a cosine.
  public var learningRate: Double?
  /// The momentum of SGD (nil for 0.9) or RMSprop (nil for 0).
  public var momentum: Double?
  /// The algorithm that updates the parameters.
  public var optimizer = OptimizerKind.sgd

  /// Options for a model of the column `target` on all other columns.
  public init(target: String) { self.target = target }

  /// The options of a linear model that is solved, of the same rows and columns as another model.
  init(linearLike other: TabularOptions) {
    self = other
    model = .linear
    (hidden, trainsBySteps, targetLogarithm) = ([], false, nil)
    (seconds, trials, checkpoints, journal) = (nil, nil, nil, nil)
    (quality, networkEpochs) = (.good, nil)
  }

  /// The kind of model that is fitted.
  package var kind: Model {
    model == .automatic && (!hidden.isEmpty || trainsBySteps) ? .linear : model
  }

  /// Whether the model is linear and solved exactly.
  public var isSolved: Bool { kind == .linear && hidden.isEmpty && !trainsBySteps }

  /// The learning rate that is used if none is given.
  ///
  /// For a linear model SGD with momentum μ is stable below 2(1 + μ)/λ, where λ ≤ 2(inputs + 1)
  /// is the largest curvature of the squared error in standardised inputs: 0.02 is safe to 90
  /// inputs, beyond 50 it shrinks with them. Hidden layers overfit small tables at rates that suit a
  /// linear model: on diabetes, one of 32 with Adam ends at a test MSE of 2600–2820 with 0.001,
  /// 2900–3630 with 0.005.
  public func defaultLearningRate(inputCount: Int) -> Double {
    switch optimizer {
    case .sgd: min(hidden.isEmpty ? 0.02 : 0.005, 1 / Double(max(1, inputCount)))
    case .adam, .adamw, .rmsprop: hidden.isEmpty ? 0.005 : 0.001
    case .adagrad: hidden.isEmpty ? 0.05 : 0.01
    }
  }

  /// The columns with a use of their own: target, split and weight.
  package var otherUse: [String] {
    var names = [target]
    switch split {
    case .fractions: break
    case .column(let name), .groups(let name, _, _, _), .time(let name, _, _, _):
      names.append(name)
    }
    if let weightColumn { names.append(weightColumn) }
    return names
  }
}
