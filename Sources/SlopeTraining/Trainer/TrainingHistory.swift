/// What one epoch of a training gave.
public struct EpochRecord: Sendable, Hashable, Codable {
  /// The number of the epoch, from 1.
  public let epoch: Int
  /// The mean loss over the training rows, while the parameters changed.
  public let trainingLoss: Double
  /// The mean loss over the validation rows after the epoch; nil without such rows.
  public let validationLoss: Double?
  /// The metrics of the validation rows; those that are undefined are left out.
  public let metrics: [Metric: Double]
  /// The learning rate of each group of parameters in the last step.
  public let learningRates: [Double]
  /// The training rows of the epoch.
  public let rowCount: Int
  /// The duration of the epoch in seconds, validation included.
  public let seconds: Double
  /// Whether the epoch is better than all before it; false without validation rows.
  public let isBest: Bool
}

/// The epochs of a training, and which of them was the best.
///
/// It prints as a table with a line for each epoch, of which `*` marks the best.
public struct TrainingHistory: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The epochs, in order.
  public internal(set) var epochs: [EpochRecord] = []
  /// The metric by which epochs are compared; nil for the loss of the validation rows.
  public let monitor: Metric?

  init(monitor: Metric?) { self.monitor = monitor }

  /// The best epoch; nil without validation rows.
  public var best: EpochRecord? { epochs.last { $0.isBest } }

  /// A table of the epochs.
  public var description: String {
    let names = Metric.allCases.filter { metric in
      epochs.contains { $0.metrics[metric] != nil }
    }
    var rows = [["epoch", "loss", "validation"] + names.map(\.shortName)]
    let best = best?.epoch
    for record in epochs {
      let mark = record.epoch == best ? " *" : ""
      rows.append(
        ["\(record.epoch)\(mark)", record.trainingLoss.readable]
          + [record.validationLoss?.readable ?? ""]
          + names.map { record.metrics[$0]?.readable ?? "" })
    }
    return aligned(rows)
  }
}

/// Why a training ended without a result.
public struct TrainingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What happened, in one line.
  public let description: String
}
