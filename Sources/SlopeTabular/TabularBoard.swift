import SlopeData
import SlopeTraining

/// What TensorBoard shows of a fit: a run for each training, and one for the result.
///
/// A fit is several trainings. Each has a folder of its own in the fit's, `training-1` and so on, with numbers
/// after those that are there: so fits into one folder, and fits that go on, are beside each other.
package final class TabularBoard {
  /// What could not be written, after which nothing more is; nil for nothing.
  package private(set) var failure: (any Error)?

  private let folder: String
  /// The settings and the result.
  private let result: TensorBoardWriter
  /// The present training, its last epoch, and what tells it from others.
  private var training: (writer: TensorBoardWriter, last: TabularProgress, kind: String)?
  /// The number of the last training.
  private var number: Int

  /// A board in a folder, which is made if there is none.
  ///
  /// Throws `FileError` if nothing can be written there.
  package init(folder: String, settings: [(String, TensorBoardWriter.Setting)]) throws {
    self.folder = folder
    result = try TensorBoardWriter(folder: folder)
    number =
      (folderNames(folder) ?? []).compactMap { name in
        let parts = name.split(separator: "-")
        return parts.first == "training" && parts.count > 1 && parts[1].count < 10
          ? Int(parts[1]) : nil
      }.max() ?? 0
    try result.addHyperparameters(settings)
  }

  /// Adds an epoch of the present training, or of the next one; earlier ones are there already.
  package func add(_ progress: TabularProgress) {
    guard !progress.isEarlier else { return }
    attempt {
      let kind = progress.trial.map { "-networks-\($0)" } ?? (progress.areFolds ? "-folds" : "")
      let writer: TensorBoardWriter
      if let training, training.kind == kind, progress.follows(training.last) {
        writer = training.writer
      } else if let training, training.kind == kind, progress.repeats(training.last) {
        return
      } else {
        number += 1
        writer = try TensorBoardWriter(folder: "\(folder)/training-\(number)\(kind)")
      }
      training = (writer, progress, kind)
      func add(_ number: Double?, as tag: String) throws {
        if let number { try writer.addScalar(number, as: tag, step: progress.epoch) }
      }
      try add(progress.trainingError, as: "training/\(progress.errorName)")
      try add(progress.validationScore, as: "validation/\(progress.metric.shortName)")
      try add(progress.learningRate, as: "learning rate")
      try progress.addHistograms?(writer)
    }
  }

  /// Adds the scores of a fit as text and numbers, and how the parameters of its model are distributed.
  package func add<Element>(_ fit: TabularFit<Element>) {
    attempt {
      let step = fit.model.schema.training?.epochs ?? 0
      let table = fit.description.split(separator: "\n").map { "    " + $0 }
      try result.addText(table.joined(separator: "\n"), as: "scores", step: step)
      for part in TablePart.allCases {
        guard let scores = fit.scores[part] else { continue }
        let numbers: [(Metric, Double?)] = [
          (.rootMeanSquaredError, scores.rootMeanSquaredError),
          (.meanAbsoluteError, scores.meanAbsoluteError), (.accuracy, scores.accuracy),
          (.logLoss, scores.logLoss),
        ]
        for (metric, number) in numbers {
          guard let number else { continue }
          try result.addScalar(number, as: "\(part.rawValue)/\(metric.shortName)", step: step)
        }
      }
      for (name, parameter) in fit.model.network.namedParameters() {
        try result.addHistogram(parameter.tensor, as: name, step: step)
      }
    }
  }

  private func attempt(_ write: () throws -> Void) {
    guard failure == nil else { return }
    do { try write() } catch { failure = error }
  }
}

extension TabularOptions {
  /// What TensorBoard compares with other fits: how the model is trained, where that is chosen.
  package var settings: [(String, TensorBoardWriter.Setting)] {
    var settings: [(String, TensorBoardWriter.Setting)] = [("model", .text("\(kind)"))]
    func add(_ name: String, _ number: Double?) {
      if let number { settings.append((name, .number(number))) }
    }
    if kind == .linear {
      if !isSolved {
        settings.append(("hidden", .text(hidden.map { "\($0)" }.joined(separator: ","))))
        settings.append(("activation", .text("\(activation)")))
        settings.append(("optimizer", .text("\(optimizer)")))
        add("epochs", Double(epochs))
        add("patience", patience.map { Double($0) })
        switch batchSize {
        case .rows(let count): add("batch size", Double(count))
        case .all: settings.append(("batch size", .text("all")))
        }
        add("learning rate", learningRate)
        add("momentum", momentum)
      }
    } else {
      settings.append(("quality", .text("\(quality)")))
      add("epochs", networkEpochs.map { Double($0) })
      add("trials", trials.map { Double($0) })
      add("seconds", seconds)
    }
    // A seed beyond 2⁵³ is no Double.
    settings.append(
      ("seed", Double(exactly: seed).map { .number($0) } ?? .text("\(seed)")))
    settings.append(("refit", .truth(refits)))
    return settings
  }
}

extension TabularProgress {
  /// Whether it is of the same training as another one, and the next epoch.
  fileprivate func follows(_ other: TabularProgress) -> Bool {
    epoch == other.epoch + 1 && epochCount == other.epochCount && errorName == other.errorName
      && (learningRate == nil) == (other.learningRate == nil)
  }

  /// Whether it tells of a solution again whose iterations were told: what is solved does, when it is known
  /// which one is the last.
  fileprivate func repeats(_ other: TabularProgress) -> Bool {
    learningRate == nil && other.learningRate == nil && epoch == epochCount
      && epochCount != other.epochCount
  }
}
