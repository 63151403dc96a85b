public import SlopeCore

/// Zeros random elements in training mode, and scales the others.
///
/// In training mode each element becomes 0 with probability `p`, and the others are multiplied by 1
/// ÷ (1 − p), so that the expected value stays the same. In evaluation mode the output is the input
/// itself. The output has the input's shape, `[…] → […]`.
///
/// ```swift
/// manualSeed(0)
/// let dropout = Dropout<Float>(p: 0.5)
/// print(dropout(Tensor<Float>.ones([8])))
/// // tensor([0., 0., 2., 0., 0., 0., 2., 2.])
/// dropout.eval()
/// print(dropout(Tensor<Float>.ones([8])))
/// // tensor([1., 1., 1., 1., 1., 1., 1., 1.])
/// ```
///
/// PyTorch's counterpart is `nn.Dropout`. The mask is drawn on the host, so that one seed gives the
/// mask of PyTorch's CPU on every device. With `Generator(seed: 0, algorithm: .philox)` it is drawn
/// on the device while the input is multiplied, and drawn again for the gradient: ten times as fast,
/// the same on every device, but not PyTorch's. The probability is then a multiple of 2⁻³².
///
/// Source: N. Srivastava et al., "Dropout: a simple way to prevent neural networks from
/// overfitting", 2014.
public struct Dropout<Element: FloatingElement>: Layer {
  /// The probability that an element becomes zero.
  public let p: Double

  private let mode = TrainingMode()
  private let generator: Generator?

  /// A layer that drops elements with probability `p`, in training mode.
  ///
  /// Precondition: `p` is in 0...1.
  ///
  /// - Parameters:
  ///   - p: the probability that an element becomes zero.
  ///   - generator: the source of the masks; the default generator if nil.
  public init(p: Double = 0.5, generator: Generator? = nil) {
    if !(0...1).contains(p) { reportFailure(operation: "Dropout", "p \(p) is not in 0...1") }
    self.p = p
    self.generator = generator
  }

  /// The input with random elements zeroed, in training mode; else the input itself.
  ///
  /// Each call draws another mask of the input's shape, except for `p` 0, which draws nothing.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    guard mode.isTraining, p > 0 else { return input }
    return input.dropout(p: p, generator: generator ?? .default)
  }
}

extension Dropout {
  /// The layer's name and probability.
  public var description: String { "Dropout(p: \(p))" }
}
