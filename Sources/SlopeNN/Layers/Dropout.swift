public import SlopeCore

/// While training, zeros instead of elements that a draw takes with probability `p`, and the others times
/// 1 ÷ (1 − p); else the input itself.
///
/// Source: N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014.
public struct Dropout<Element: FloatingElement>: Layer {
  /// The probability with which an element becomes zero.
  public let p: Double

  private let mode = TrainingMode()
  private let generator: Generator?

  /// Dropout with probability `p`, drawn as PyTorch's on the CPU.
  ///
  /// Precondition: `p` lies in 0...1.
  public init(p: Double = 0.5, generator: Generator? = nil) {
    if !(0...1).contains(p) { reportFailure(operation: "Dropout", "p \(p) is not in 0...1") }
    self.p = p
    self.generator = generator
  }

  /// The elements that stay.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    guard mode.isTraining, p > 0 else { return input }
    return input.dropout(p: p, generator: generator ?? .default)
  }
}

extension Dropout {
  /// The probability with which an element becomes zero.
  public var description: String { "Dropout(p: \(p))" }
}
