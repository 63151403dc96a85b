import ArgumentParser
import CommandSupport
import Slope
import SlopeData
import SlopeTabular

extension Transform.Scaling: ExpressibleByArgument {}
extension TabularOptions.Task: ExpressibleByArgument {}
extension TabularOptions.Model: ExpressibleByArgument {}
extension TabularOptions.Quality: ExpressibleByArgument {}

extension Metric: ExpressibleByArgument {
  /// The names of metrics on a command line, in files of options and in JSON.
  private static let arguments: KeyValuePairs<String, Metric> = [
    "rmse": .rootMeanSquaredError, "mse": .meanSquaredError, "mae": .meanAbsoluteError,
    "median-ae": .medianAbsoluteError, "max-error": .maximumError,
    "mape": .meanAbsolutePercentageError, "r2": .rSquared, "accuracy": .accuracy,
    "balanced-accuracy": .balancedAccuracy, "precision": .precision, "recall": .recall,
    "f1": .f1, "auc": .rocAUC, "pr-auc": .averagePrecision, "log-loss": .logLoss,
    "brier": .brierScore, "ece": .expectedCalibrationError,
  ]

  /// Reads a name such as `rmse` or `log-loss`.
  public init?(argument: String) {
    guard let found = Self.arguments.first(where: { $0.key == argument }) else { return nil }
    self = found.value
  }

  /// The name.
  var argument: String { Self.arguments.first { $0.value == self }?.key ?? rawValue }

  /// All names.
  public static var allValueStrings: [String] { arguments.map(\.key) }
}

/// The options that say which columns a model is fitted to, and how.
struct ColumnArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A column to predict from; all others without. May be repeated.", valueName: "column"),
    completion: .columns)
  var features: [String] = []

  @Option(
    help: ArgumentHelp("A column to leave out. May be repeated.", valueName: "column"),
    completion: .columns)
  var drop: [String] = []

  @Option(
    help: ArgumentHelp(
      "A column to keep although it tells rows apart. May be repeated.", valueName: "column"),
    completion: .columns)
  var keep: [String] = []

  @Option(
    help: """
      How numbers are scaled: standard (mean and deviation), or robust (quartiles, and outliers \
      clipped smoothly).
      """)
  var scaling = Transform.Scaling.standard

  @Option(
    help: ArgumentHelp(
      "The most levels of a category that have an input; the rest is one level.",
      valueName: "count"))
  var maxLevels = 64

  func validate() throws {
    if maxLevels < 2 { throw ValidationError("--max-levels \(maxLevels): at least 2 are needed.") }
  }

  func apply(to options: inout TabularOptions) {
    options.features = features.isEmpty ? nil : features
    options.drop = drop
    options.keep = keep
    options.scaling = scaling
    options.maximumLevels = maxLevels
  }
}

/// How much the rows of classes count: `balanced`, or `NAME=WEIGHT`.
enum ClassWeightArgument: ExpressibleByArgument {
  case balanced
  case named(String, Double)

  init?(argument: String) {
    if argument == "balanced" {
      self = .balanced
      return
    }
    guard let equals = argument.lastIndex(of: "="),
      let weight = Double(argument[argument.index(after: equals)...]), weight > 0, weight.isFinite
    else { return nil }
    self = .named(String(argument[..<equals]), weight)
  }
}

/// Seconds, or the name of a column.
enum TimeArgument: ExpressibleByArgument {
  case seconds(Double)
  case column(String)

  /// Nil for numbers that are no duration.
  init?(argument: String) {
    guard let number = Double(argument) else {
      self = .column(argument)
      return
    }
    guard number > 0, number.isFinite else { return nil }
    self = .seconds(number)
  }
}

/// The options that say what rows are for.
struct RowArguments: ParsableArguments {
  @Option(
    help: """
      Whether numbers or classes are predicted: regress or classify (default: classes for words, true \
      and false, and at most 10 distinct whole numbers).
      """)
  var task: TabularOptions.Task?

  @Option(
    help: ArgumentHelp(
      "Fractions of the rows for training, validation and test (default: 0.6,0.2,0.2).",
      valueName: "fractions"))
  var split: Fractions?

  @Option(
    help: ArgumentHelp("A column that says train, validation or test.", valueName: "column"),
    completion: .columns)
  var splitColumn: String?

  @Option(
    help: ArgumentHelp("A column whose equal cells are never in two parts.", valueName: "column"),
    completion: .columns)
  var group: String?

  @Option(
    help: ArgumentHelp(
      """
      A number: the seconds that networks for tables may take. A name: a column by which the latest \
      rows are the test. May be given twice, for both.
      """, valueName: "seconds|column"), completion: .columns)
  var time: [TimeArgument] = []

  /// The seconds that the fit may take.
  var seconds: Double? {
    time.compactMap { if case .seconds(let seconds) = $0 { seconds } else { nil } }.last
  }

  /// The column by which the latest rows are the test.
  private var timeColumn: String? {
    time.compactMap { if case .column(let name) = $0 { name } else { nil } }.last
  }

  @Option(
    help: ArgumentHelp(
      "How much the rows of a class count: balanced, or NAME=WEIGHT. May be repeated.",
      valueName: "weight"), completion: .list(["balanced"]))
  var classWeight: [ClassWeightArgument] = []

  @Option(
    help: ArgumentHelp("A column with what each row counts.", valueName: "column"),
    completion: .columns)
  var weight: String?

  @Option(help: "Where the random numbers start.")
  var seed: UInt64 = 42

  func validate() throws {
    let ways = [
      splitColumn.map { _ in "--split-column" }, group.map { _ in "--group" },
      timeColumn.map { "--time \($0)" },
    ].compactMap { $0 }
    if time.count > (timeColumn == nil ? 0 : 1) + (seconds == nil ? 0 : 1) {
      throw ValidationError("--time is given twice with a column, or twice with seconds.")
    }
    if ways.count > 1 {
      throw ValidationError("\(ways.joined(separator: " and ")) exclude each other.")
    }
    if split != nil, splitColumn != nil {
      throw ValidationError("--split and --split-column exclude each other.")
    }
    let isBalanced = classWeight.contains { if case .balanced = $0 { true } else { false } }
    if isBalanced, classWeight.count > 1 {
      throw ValidationError("--class-weight balanced stands alone.")
    }
  }

  func apply(to options: inout TabularOptions) {
    options.task = task
    let (training, validation, test) = split?.values ?? (0.6, 0.2, 0.2)
    options.split = .fractions(training: training, validation: validation, test: test)
    if let splitColumn { options.split = .column(splitColumn) }
    if let group {
      options.split = .groups(
        column: group, training: training, validation: validation, test: test)
    }
    if let timeColumn {
      options.split = .time(
        column: timeColumn, training: training, validation: validation, test: test)
    }
    options.seconds = seconds
    options.weightColumn = weight
    var named: [String: Double] = [:]
    for argument in classWeight {
      switch argument {
      case .balanced: options.classWeights = .balanced
      case .named(let name, let weight): named[name] = weight
      }
    }
    if !named.isEmpty { options.classWeights = .named(named) }
    options.seed = seed
  }
}

/// The options that say what a model is, and how it is trained.
struct TrainingArguments: ParsableArguments {
  @Option(
    help: """
      The kind of the model: linear (with --hidden a plain network), mlp (networks for tables, \
      RealMLP), or auto (networks where they are better on rows that neither has learnt from, else \
      linear; the default, but linear with --hidden, --batch-size, --learning-rate, --momentum or \
      --optimizer).
      """)
  var model: TabularOptions.Model?

  @Option(
    help: """
      By what epochs and models are chosen on the validation rows (default: rmse, of classes log-loss).
      """)
  var metric: Metric?

  @Flag(
    inversion: .prefixedNo,
    help: """
      Networks for tables learn the logarithm of the target (default: where the validation rows clearly \
      prefer it, for positive numbers skewed to the right).
      """)
  var targetLog: Bool?

  @Flag(
    help: """
      Fit the model to the validation rows too, after they have decided; they have no scores then.
      """)
  var refit = false

  @Option(
    help: """
      What networks for tables are given: fast (one network), good (several side by side, with \
      embeddings and dropout; the default), or best (a weighted mean of linear models and of networks \
      of many recipes, chosen by cross-validation in the time that --time says, or 300 s).
      """)
  var quality: TabularOptions.Quality?

  @Option(
    help: ArgumentHelp(
      "The networks that --quality best tries (default: as many as there is time for).",
      valueName: "count"))
  var trials: Int?

  @Option(
    help: ArgumentHelp(
      "Widths of hidden layers, as 64,64: a network instead of a linear model.",
      valueName: "widths"))
  var hidden: Widths?

  @Option(help: "The function after each hidden layer.")
  var activation = Activation.relu

  @Option(
    help: """
      How often the training rows are gone through at most (default: 256; 200 for a plain network).
      """)
  var epochs: Int?

  @Option(
    help: ArgumentHelp(
      "The epochs without a better validation score after which training ends; 0 for no end.",
      valueName: "epochs"))
  var patience = 40

  @Option(
    help: ArgumentHelp("Rows in a step, or all (default: 32).", valueName: "rows"),
    completion: .list(["all"]))
  var batchSize: TabularOptions.BatchSize?

  @Option(
    help: ArgumentHelp(
      """
      The first step's learning rate, which falls to 0 along half a cosine (default: 0.02, 0.005 \
      with hidden layers, less with over 50 inputs; adagrad 0.05 and 0.01, the others 0.005 and \
      0.001).
      """, valueName: "rate"))
  var learningRate: NumberArgument?

  @Option(help: "The momentum of sgd (default: 0.9) or rmsprop (default: 0).")
  var momentum: NumberArgument?

  @Option(
    help: """
      How parameters follow their gradients (default: sgd). With --model linear the model is solved \
      exactly unless this, --epochs, --batch-size, --learning-rate or --momentum is given.
      """)
  var optimizer: OptimizerKind?

  @Option(help: "The numbers that the model computes with.")
  var dtype = ModelElement.float32

  /// The options that are given and that only plain networks have.
  private var forPlainNetworks: [String] {
    [
      hidden.map { _ in "--hidden" }, batchSize.map { _ in "--batch-size" },
      learningRate.map { _ in "--learning-rate" }, momentum.map { _ in "--momentum" },
      optimizer.map { _ in "--optimizer" },
    ].compactMap { $0 }
  }

  /// The kind of model that is fitted.
  var kind: TabularOptions.Model {
    model ?? (forPlainNetworks.isEmpty ? .automatic : .linear)
  }

  /// By what option a model is a plain one that is not said to be one.
  var plainReason: String {
    model == nil ? forPlainNetworks.first.map { ", and \($0) for a plain network" } ?? "" : ""
  }

  func validate() throws {
    if let epochs, epochs < 1 { throw ValidationError("--epochs \(epochs): at least 1 is needed.") }
    if let model, model != .linear, let option = forPlainNetworks.first {
      throw ValidationError(
        "\(option) is not for --model \(model.rawValue), whose recipe says it; without --model, "
          + "--hidden makes a plain network.")
    }
    if kind == .linear, targetLog == true {
      throw ValidationError("--target-log is for --model mlp or auto\(plainReason).")
    }
    if kind == .linear, quality != nil {
      throw ValidationError("--quality is for --model mlp or auto\(plainReason).")
    }
    if let trials {
      if trials < 1 { throw ValidationError("--trials \(trials): at least 1 is needed.") }
      if quality != .best { throw ValidationError("--trials is for --quality best.") }
    }
    if patience < 0 { throw ValidationError("--patience \(patience): at least 0 is needed.") }
    if let learningRate, !(learningRate.value > 0 && learningRate.value.isFinite) {
      throw ValidationError("--learning-rate \(learningRate): not a positive number.")
    }
    if let momentum {
      guard (optimizer ?? .sgd).hasMomentum else {
        throw ValidationError("--momentum is for --optimizer sgd or rmsprop.")
      }
      guard (0..<1).contains(momentum.value) else {
        throw ValidationError("--momentum \(momentum): not at least 0 and below 1.")
      }
    }
  }

  func apply(to options: inout TabularOptions) {
    options.model = kind
    options.quality = quality ?? options.quality
    options.trials = trials
    options.metric = metric
    options.refits = refit
    options.targetLogarithm = targetLog
    options.networkEpochs = epochs
    options.hidden = hidden?.values ?? []
    options.activation = activation
    options.trainsBySteps =
      kind == .linear && epochs != nil || batchSize != nil || learningRate != nil || momentum != nil
      || optimizer != nil
    options.epochs = epochs ?? options.epochs
    options.patience = patience == 0 ? nil : patience
    options.batchSize = batchSize ?? options.batchSize
    options.learningRate = learningRate?.value
    options.momentum = momentum?.value
    options.optimizer = optimizer ?? options.optimizer
  }
}
