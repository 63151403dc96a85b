/// How a loss puts the losses of single elements or rows together.
public enum LossReduction: Sendable, Hashable {
  /// Their mean, a tensor of shape `[]`.
  case mean
  /// Their sum, a tensor of shape `[]`.
  case sum
  /// Their sum, divided by the number of examples: the extent of the first axis.
  case batchMean
  /// One loss for each.
  case none
}
