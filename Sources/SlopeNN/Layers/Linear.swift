public import SlopeCore

/// An affine map of the last axis: `y = x · weightᵀ + bias`, `[…, in] → […, out]`.
public struct Linear<Element: FloatingElement>: Layer {
  /// The factors, `[out, in]`.
  public let weight: Parameter<Element>

  /// The summands, `[out]`.
  public let bias: Parameter<Element>?

  /// A layer with PyTorch's initial values: weights, then biases, uniform in ±1/√`inputCount`.
  ///
  /// - Parameter generator: the source of the values; the default generator if nil.
  ///
  /// Precondition: `inputCount` and `outputCount` are not negative.
  public init(
    _ inputCount: Int, _ outputCount: Int, bias: Bool = true, generator: Generator? = nil
  ) {
    if inputCount < 0 || outputCount < 0 {
      reportFailure(
        operation: "Linear", "\(inputCount) inputs and \(outputCount) outputs: negative count")
    }
    let (inputCount, outputCount) = (max(inputCount, 0), max(outputCount, 0))
    let bounds = InitialBounds(inputCount: inputCount)
    weight = Parameter(
      bounds.weight.drawn([outputCount, inputCount], generator: generator))
    self.bias =
      bias
      ? Parameter(bounds.bias.drawn([outputCount], generator: generator)) : nil
  }

  /// A layer with given parameters: `weight` `[out, in]`, `bias` `[out]`.
  public init(weight: Parameter<Element>, bias: Parameter<Element>?) {
    self.weight = weight
    self.bias = bias
  }

  /// `input · weightᵀ + bias`.
  ///
  /// Precondition: the last extent of `input` is the layer's number of inputs.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    linear(input, weight: weight.tensor, bias: bias?.tensor)
  }

  /// The same through an activation.
  func callAsFunction(_ input: Tensor<Element>, activation: Activation) -> Tensor<Element> {
    linear(input, weight: weight.tensor, bias: bias?.tensor, activation: activation)
  }
}

extension Linear {
  /// The numbers of features that go in and come out, and whether there is a bias.
  public var description: String {
    // Given weights may have any shape, and printing is no place to say that one is wrong.
    let (outCount, inCount) = (weight.shape.first ?? 0, weight.shape.last ?? 0)
    return "Linear(inFeatures: \(inCount), outFeatures: \(outCount), bias: \(bias != nil))"
  }
}

/// The half widths of the uniform initial values of a layer of `inputCount` inputs.
private struct InitialBounds {
  let weight: Double
  let bias: Double

  init(inputCount: Int) {
    // PyTorch asks for Kaiming's bound with slope √5 instead of 1/√n, and rounds on the way.
    // K. He et al., "Delving deep into rectifiers", 2015, arXiv:1502.01852.
    let slope = 5.0.squareRoot()
    let gain = (2 / (1 + slope * slope)).squareRoot()
    let root = Double(max(inputCount, 1)).squareRoot()
    weight = 3.0.squareRoot() * (gain / root)
    bias = 1 / root
  }
}

extension Double {
  /// A tensor of numbers drawn from ±`self`.
  fileprivate func drawn<Element: FloatingElement>(
    _ shape: Shape, generator: Generator?
  ) -> Tensor<Element> {
    .uniform(
      shape, from: Element(clamping: -self), to: Element(clamping: self), generator: generator,
      on: .default)
  }
}
