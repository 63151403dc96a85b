/// The function that follows a weight, for which initial values are scaled.
public enum Nonlinearity: String, CaseIterable, Sendable {
  /// None, or a convolution: gain 1.
  case linear
  /// The logistic function: gain 1.
  case sigmoid
  /// The hyperbolic tangent: gain 5/3.
  case tanh
  /// The rectifier: gain √2.
  case relu
  /// The rectifier with a slope below 0: gain √(2 / (1 + slope²)).
  case leakyRelu
  /// The scaled exponential linear unit: gain 3/4.
  case selu
}

/// The factor by which a nonlinearity's weights are scaled, so that activations keep their variance.
///
/// The values are PyTorch's, of `nn.init.calculate_gain`. For self-normalising networks
/// (`SELU`) use `.linear` instead of `.selu`, whose value was found by trials and keeps gradients
/// stable.
///
/// ```swift
/// print(calculateGain(.tanh), calculateGain(.leakyRelu, negativeSlope: 1))
/// // 1.6666666666666667 1.0
/// ```
///
/// - Parameters:
///   - nonlinearity: the function that follows the weights.
///   - negativeSlope: the slope of `leakyRelu` below 0; the others do not use it.
/// - Returns: the factor for the standard deviation of the weights.
public func calculateGain(_ nonlinearity: Nonlinearity, negativeSlope: Double = 0.01) -> Double {
  switch nonlinearity {
  case .linear, .sigmoid: 1
  case .tanh: 5.0 / 3
  case .relu: 2.0.squareRoot()
  case .leakyRelu: (2 / (1 + negativeSlope * negativeSlope)).squareRoot()
  case .selu: 0.75
  }
}
