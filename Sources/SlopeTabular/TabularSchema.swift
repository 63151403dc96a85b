public import SlopeCore
public import SlopeData
public import SlopeTraining

/// What a tabular model needs besides its parameters: columns, target, layers, and how it was trained.
public struct TabularSchema: Sendable, Hashable, Codable {
  /// How the columns of a table become the inputs of the network.
  public var pipeline: FittedPipeline
  /// What is predicted.
  public var task: PredictionTask
  /// The name of the column that is predicted.
  public var target: String
  /// The mean of the target's numbers in the training rows; 0 for classes.
  public var targetMean: Double
  /// The standard deviation of the target's numbers in the training rows; 1 for classes.
  public var targetDeviation: Double
  /// Whether networks for tables predict the logarithm of the target, whose mean and deviation are those
  /// above then; nil for no.
  public var targetIsLogarithm: Bool?
  /// The widths of the hidden layers.
  public var hidden: [Int]
  /// The function after each hidden layer.
  public var activation: Activation
  /// The network for tables, in place of hidden layers and activation; nil for another model.
  public var realMLP: RealMLPShape?
  /// The ensembles of networks for tables, in place of hidden layers and activation; nil for another
  /// model.
  public var tabM: TabMShape?
  /// The models whose predictions are averaged, in place of a network; nil for one model.
  public var ensemble: [TabularEnsembleMember]?
  /// What the baseline predicts: the mean of the training rows, or the classes' frequencies there.
  public var baseline: [Double]
  /// How the model was trained, and how good it was; nil for a model of an earlier version.
  public var training: TabularTraining?

  /// The names of the columns that are read.
  public var features: [String] { pipeline.inputNames }

  /// Whether the model is networks for tables.
  package var isForTables: Bool { realMLP != nil || tabM != nil }

  /// The widths of the hidden layers of any kind of network.
  package var hiddenOfNetworks: [Int] { realMLP?.hidden ?? tabM?.hidden ?? hidden }

  /// The inputs of the first layer, the widths of the hidden layers, and the outputs.
  var widths: [Int] { [pipeline.outputCount] + hidden + [task.outputCount] }

  /// The parameters by name, with their shapes, as the network has them.
  package var parameterShapes: [(name: String, shape: Shape)] {
    if let realMLP { return realMLP.parameterShapes }
    if let tabM { return tabM.parameterShapes }
    if let ensemble {
      return ensemble.enumerated().flatMap { index, member in
        member.schema.parameterShapes.map { ("models.\(index).network.\($0.name)", $0.shape) }
      }
    }
    return zip(widths, widths.dropFirst()).enumerated().flatMap { index, widths in
      // Between two layers is an activation.
      [
        (name: "\(2 * index).weight", shape: [widths.1, widths.0] as Shape),
        (name: "\(2 * index).bias", shape: [widths.1] as Shape),
      ]
    }
  }

  /// The number of parameters; nil if it is beyond the range of Int.
  public var parameterCount: Int? {
    var count = 0
    for (_, shape) in parameterShapes {
      var product = 1
      for extent in shape {
        let (next, overflow) = product.multipliedReportingOverflow(by: extent)
        if overflow { return nil }
        product = next
      }
      let (sum, overflow) = count.addingReportingOverflow(product)
      if overflow { return nil }
      count = sum
    }
    return count
  }

  /// Why a schema from a file cannot be used; nil if it can.
  package var fault: String? {
    if let fault = pipeline.fault { return fault }
    if let width = hidden.first(where: { !(1...(1 << 24)).contains($0) }) {
      return "a hidden layer of \(width) units"
    }
    if let fault = realMLP?.fault(inputCount: pipeline.outputCount, task: task) { return fault }
    if let fault = tabM?.fault(inputCount: pipeline.outputCount, task: task) { return fault }
    if realMLP != nil, tabM != nil { return "two kinds of networks" }
    if !targetMean.isFinite || !(targetDeviation > 0 && targetDeviation.isFinite) {
      return "the scale of the target is no scale"
    }
    if targetIsLogarithm == true, !isForTables || task.isClassification {
      return "the logarithm of a target that has none"
    }
    if let fault = ensembleFault { return fault }
    if features.contains(target) { return "the target is one of its features" }
    let classes = task.classes
    if task.isClassification, classes.count < 2 || Set(classes).count != classes.count {
      return "its classes are fewer than two, or one is named twice"
    }
    if baseline.count != max(1, classes.count) || !baseline.allSatisfy(\.isFinite) {
      return "its baseline does not fit what it predicts"
    }
    if task.isClassification, !baseline.allSatisfy({ (0...1).contains($0) }) {
      return "its classes' frequencies are not in 0...1"
    }
    let sum = baseline.reduce(0, +)
    if task.isClassification, abs(sum - 1) > 1e-6 {
      return "its classes' frequencies sum to \(sum)"
    }
    return nil
  }
}

extension TabularSchema {
  /// Why the models of an ensemble cannot be used together; nil if they can.
  private var ensembleFault: String? {
    guard let ensemble else { return nil }
    if ensemble.isEmpty { return "an ensemble of no models" }
    if isForTables || !hidden.isEmpty { return "an ensemble that is a network too" }
    for member in ensemble {
      if let fault = member.schema.fault { return fault }
      if member.schema.ensemble != nil { return "an ensemble of ensembles" }
      if member.schema.task != task || member.schema.target != target {
        return "the models of an ensemble predict different things"
      }
      if !(member.weight > 0 && member.weight <= 1) {
        return "a model of an ensemble counts \(member.weight)"
      }
    }
    let sum = ensemble.reduce(0) { $0 + $1.weight }
    return abs(sum - 1) <= 1e-9 ? nil : "the models of an ensemble count \(sum) together"
  }
}

/// How a tabular model was trained, and how good it was.
public struct TabularTraining: Sendable, Hashable, Codable {
  /// The table's origin.
  public var source: String
  /// The rows of the table, without those whose target is missing.
  public var rowCount: Int
  /// The seed of the random numbers.
  public var seed: UInt64
  /// The passes over the training rows that were made.
  public var epochs: Int
  /// The epoch whose parameters the model has; nil where there are none to choose from.
  public var bestEpoch: Int?
  /// The version of Slope.
  public var version: String
  /// The scores of each part.
  public var scores: [String: TabularScores]
  /// By what epochs and models were chosen; nil in a model of an earlier version.
  public var metric: Metric?
  /// The folds of which each validated the models that had not learnt from it; nil where there were
  /// rows for validation alone.
  public var folds: Int?
  /// Whether it was fitted again to training and validation rows together after the latter had decided;
  /// nil in a model of an earlier version.
  public var isRefitted: Bool?
  /// The models that were fitted to choose among them, this one included, or those of an ensemble; nil
  /// where it was the only one.
  public var candidates: [TabularCandidate]?
  /// The errors of its epochs; nil for a linear model, an ensemble, and a model of an earlier version.
  public var curve: TabularCurve?
  /// The model that was fitted too and was not kept, beside networks always the linear model; nil where
  /// there was none.
  public var alternative: TabularAlternative?
  /// The errors of epochs that did not lead to the model's parameters; nil where there are none, and in a
  /// model of an earlier version.
  public var otherCurve: TabularOtherCurve?
  /// What tells the table from others: `Table.checksum(of:)` of the columns that the model reads and the
  /// target; nil in a model of an earlier version.
  public var checksum: String?
}

/// The errors by epoch of networks that are not the model, or not all of it.
public struct TabularOtherCurve: Sendable, Hashable, Codable {
  /// Whose errors they are.
  public enum Origin: String, Sendable, Hashable, CaseIterable, Codable {
    /// Networks that were fitted too and were not kept.
    case notKept
    /// The networks with the best score of those from which an ensemble was chosen.
    case bestNetworks
    /// The networks whose validation rows told the epochs of the fit to all rows.
    case beforeRefit
  }

  /// Whose errors they are.
  public let origin: Origin
  /// The errors.
  public let curve: TabularCurve
  /// The best epoch; nil where there are none to choose from.
  public let bestEpoch: Int?

  /// The curve of a training; nil where there is none.
  init?(_ origin: Origin, _ curve: TabularCurve?, bestEpoch: Int?) {
    guard let curve else { return nil }
    (self.origin, self.curve, self.bestEpoch) = (origin, curve, bestEpoch)
  }
}

extension TabularTraining {
  /// The name of the number by which models were chosen; nil in a model of an earlier version.
  ///
  /// Of the log loss it is the one with one error more than the validation rows have.
  package var choiceName: String? { metric?.choiceName }
}

extension Metric {
  /// The name of the number by which models are chosen.
  package var choiceName: String {
    shortName + (self == .logLoss ? " with one error more" : "")
  }
}

/// The errors of a training by epoch.
public struct TabularCurve: Sendable, Hashable, Codable {
  /// What the training error is: `RMSE`, `RMSE of logarithms` or `log loss`.
  public let errorName: String
  /// The error on the training rows of each epoch, while the parameters changed; nil where it is no number.
  public let trainingErrors: [Double?]
  /// The metric on the validation rows after each epoch; nil without such rows, and where it is undefined.
  public let validationScores: [Double?]

  /// The curve of a training, whose losses become errors by a function; nil of no epochs.
  init?(
    _ history: TrainingHistory, errorName: String, metric: Metric, error: (Double) -> Double
  ) {
    guard !history.epochs.isEmpty else { return nil }
    self.errorName = errorName
    trainingErrors = history.epochs.map { error($0.trainingLoss).ifFinite }
    validationScores = history.epochs.map { $0.metrics[metric]?.ifFinite }
  }
}

extension Double {
  fileprivate var ifFinite: Double? { isFinite ? self : nil }
}

/// A model that was fitted to the same rows as the one that was kept.
public struct TabularAlternative: Sendable, Hashable, Codable {
  /// Its kind.
  public let model: TabularOptions.Model
  /// Its scores on each part.
  public let scores: [String: TabularScores]

  /// A model with its scores.
  init(_ model: TabularOptions.Model, _ scores: [TablePart: TabularScores]) {
    self.model = model
    self.scores = Dictionary(uniqueKeysWithValues: scores.map { ($0.key.rawValue, $0.value) })
  }
}

/// A kind of model that was fitted, with the score by which it was judged.
public struct TabularCandidate: Sendable, Hashable, Codable {
  /// The kind.
  public var model: TabularOptions.Model
  /// The metric on the validation rows; the log loss with one error more than they have.
  public var validationScore: Double
  /// Whether it was kept.
  public var isChosen: Bool
  /// What it counts in an ensemble; nil where one model is kept.
  public var weight: Double?
  /// The kind of network in a search of the quality `.best`; nil for other models.
  public var network: Network?

  /// A kind of networks for tables.
  public enum Network: String, Sendable, Hashable, CaseIterable, Codable {
    /// `RealMLP`.
    case realMLP = "RealMLP"
    /// `TabM`.
    case tabM = "TabM"
  }
}
