import SlopeCore

/// How a loss reduces the losses of single elements or rows.
public enum LossReduction: Sendable, Hashable {
  /// Their mean, a tensor of shape `[]`.
  case mean
  /// Their sum, a tensor of shape `[]`.
  case sum
  /// Their sum, divided by the number of examples: the extent of the first axis.
  case batchMean
  /// One loss for each.
  case none

  /// What runs over single losses; nil where they stay single.
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

  /// This sum of the losses of a batch, divided by its extent where that is asked.
  func divided(for reduction: LossReduction, batch: Shape) -> Tensor {
    guard reduction == .batchMean, batch.rank > 0 else { return self }
    return self / Element(Double(batch[0]))
  }
}
