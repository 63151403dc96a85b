/// How a loss puts the losses of single elements or rows together.
public enum LossReduction: Sendable, Hashable {
  /// Their mean, a tensor of shape `[]`.
  case mean
  /// Their sum, a tensor of shape `[]`.
  case sum
  /// One loss for each.
  case none
}
