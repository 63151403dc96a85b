extension Tensor where Element: FloatingElement {
  /// Groups of channels of each row, normalized to mean 0 and (biased) variance 1, then each channel
  /// scaled and shifted: `[rows, channels, …] → [rows, channels, …]`.
  ///
  /// Precondition: there are two axes or more, and `groups` is positive and divides the channels, of
  /// which weight and bias have one number for each.
  package func groupNormalized(
    groups: Int, weight: Tensor?, bias: Tensor?, epsilon: Double
  ) -> Tensor {
    if isFailed || count == 0 { return self }
    let group = shape[1] / groups
    let places = count / (shape[0] * shape[1])
    return reshaped(to: [shape[0], groups, group, places])
      .layerNormalized(
        axisCount: 2, epsilon: epsilon, weight: weight?.reshaped(to: [groups, group, 1]),
        bias: bias?.reshaped(to: [groups, group, 1])
      )
      .reshaped(to: shape)
  }

  /// Each channel of each row, normalized to mean 0 and (biased) variance 1 over the last `axisCount`
  /// axes, then scaled and shifted.
  ///
  /// Precondition: weight and bias have one number for each channel, on the axis before those.
  package func instanceNormalized(
    axisCount: Int, weight: Tensor?, bias: Tensor?, epsilon: Double
  ) -> Tensor {
    if isFailed || count == 0 { return self }
    func column(_ numbers: Tensor) -> Tensor {
      numbers.reshaped(to: Shape([numbers.count] + Array(repeating: 1, count: axisCount)))
    }
    return layerNormalized(
      axisCount: axisCount, epsilon: epsilon, weight: weight.map(column), bias: bias.map(column))
  }
}
