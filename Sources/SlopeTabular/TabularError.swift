import SlopeCore
import SlopeTraining

/// Why a model cannot be trained on a table, in one line.
public enum TabularError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The options do not fit the table, or the table does not fit into memory.
  case unusable(String)
  /// The loss stopped being finite in `epoch`; a smaller `learningRate` may work.
  case diverged(epoch: Int, learningRate: Double)

  /// What is wrong, and after a divergence what to try.
  public var description: String {
    switch self {
    case .unusable(let message): message
    case .diverged(let epoch, let learningRate):
      "the loss stopped being finite in epoch \(epoch); "
        + "try a smaller learning rate, for example \(learningRate)"
    }
  }
}

extension TabularError {
  /// What an error in an epoch of a training means.
  ///
  /// A loss that is no number, or predictions that a metric cannot judge, come from too large a rate.
  static func ofTraining(_ error: any Error, epoch: Int, learningRate: Double) -> any Error {
    switch error {
    case is TrainingError, is MetricError:
      TabularError.diverged(epoch: epoch, learningRate: learningRate.tenth)
    case let error as TensorError:
      TabularError.unusable("a step of training failed: \(error)")
    default: error
    }
  }
}
