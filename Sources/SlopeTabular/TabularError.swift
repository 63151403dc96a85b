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
  /// What to try where memory lacks for a step of networks side by side, after a message.
  static func remedy(networks: Int) -> String {
    networks > 1
      ? "; \(networks) networks are trained side by side: try --quality fast, which is one"
      : "; try --hidden 64 --batch-size 32, or --model linear"
  }

  /// What an error in an epoch of a training means.
  ///
  /// A loss that is no number, or predictions that a metric cannot judge, come from too large a rate.
  /// Without memory `remedy` says what to try.
  static func ofTraining(
    _ error: any Error, epoch: Int, learningRate: Double, remedy: String = ""
  ) -> any Error {
    switch error {
    case is TrainingError, is MetricError:
      TabularError.diverged(epoch: epoch, learningRate: learningRate.tenth)
    case let error as TensorError:
      TabularError.unusable(
        "a step of training failed: \(error)" + (error.lacksMemory ? remedy : ""))
    default: error
    }
  }
}
