import SlopeCore

/// How a loss combines the losses of single elements or rows.
///
/// ```swift
/// let (prediction, target) = (Tensor<Float>([1, 2, 3]), Tensor<Float>([1, 4, 6]))
/// print(MSELoss<Float>(reduction: .none)(prediction, target))
/// // tensor([0., 4., 9.])
/// print(MSELoss<Float>(reduction: .sum)(prediction, target))
/// // tensor(13.)
/// ```
///
/// PyTorch's counterpart is the argument `reduction`; `batchMean` is its `"batchmean"`, which here
/// every loss takes.
public enum LossReduction: Sendable, Hashable {
  /// The mean of the single losses, a tensor of shape `[]`.
  case mean
  /// The sum of the single losses, a tensor of shape `[]`.
  case sum
  /// The sum of the single losses divided by the extent of the first axis, the number of examples.
  case batchMean
  /// No reduction: one loss for each element or row.
  case none

  /// The reduction that runs over the single losses; nil for none.
  var kind: ReductionKind? {
    switch self {
    case .mean: .mean
    case .sum, .batchMean: .sum
    case .none: nil
    }
  }
}

extension Tensor where Element: FloatingElement {
  /// These single losses, reduced.
  func reduced(by reduction: LossReduction) -> Tensor {
    switch reduction {
    case .mean: mean()
    case .sum, .batchMean: sum().divided(for: reduction, batch: shape)
    case .none: self
    }
  }

  /// The sum of the losses of a batch, divided by the batch's extent if the reduction asks for it.
  func divided(for reduction: LossReduction, batch: Shape) -> Tensor {
    guard reduction == .batchMean, batch.rank > 0 else { return self }
    return self / Element(Double(batch[0]))
  }
}
