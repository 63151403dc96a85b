public import SlopeCore

/// An affine map of the last axis: `y = x · weightᵀ + bias`.
///
/// The input is `[…, in]` and the output `[…, out]`; all axes but the last are batch axes, and a
/// vector `[in]` gives a vector `[out]`.
///
/// ```swift
/// let layer = Linear<Float>(
///   weight: Parameter(Tensor([[1, 2, 3], [4, 5, 6]])), bias: Parameter(Tensor([10, 20])))
/// let y = layer(Tensor([[1, 0, 0], [0, 1, 0]]))
/// print(y.detached())
/// // tensor([[11., 24.],
/// //         [12., 25.]])
/// y.sum().backward()
/// if let gradient = layer.weight.grad { print(gradient) }
/// // tensor([[1., 1., 0.],
/// //         [1., 1., 0.]])
/// ```
///
/// `Linear<Float>(3, 2)` draws its initial values, and `bias: false` leaves the bias out. The layer
/// holds references to its parameters: copies of it share them, and so do two layers that are made
/// from one `Parameter`.
///
/// A call starts one operation, 2·rows·in·out floating-point operations, and does not wait for a
/// device. In a `Sequential` an activation that follows is part of it. Products of 16-bit floats
/// are accumulated in Float.
///
/// PyTorch's counterpart is `nn.Linear`: the layout of the weights, the initial values after the
/// same seed and the parameters' names are the same.
///
/// - SeeAlso: `Sequential`, and the function `linear(_:weight:bias:)`, which this layer calls.
public struct Linear<Element: FloatingElement>: Layer {
  /// The weights, `[out, in]`.
  public let weight: Parameter<Element>

  /// The biases, `[out]`; nil without them.
  public let bias: Parameter<Element>?

  /// A layer with PyTorch's initial values, uniform in ±1/√`inputCount`.
  ///
  /// The weights are drawn first, then the biases, on the host; the parameters are on the default
  /// device. Precondition: `inputCount` and `outputCount` are not negative.
  ///
  /// - Parameters:
  ///   - inputCount: the number of input features.
  ///   - outputCount: the number of output features.
  ///   - bias: whether the layer has biases.
  ///   - generator: the source of the initial values; the default generator if nil.
  public init(
    _ inputCount: Int, _ outputCount: Int, bias: Bool = true, generator: Generator? = nil
  ) {
    if inputCount < 0 || outputCount < 0 {
      reportFailure(
        operation: "Linear", "\(inputCount) inputs and \(outputCount) outputs: negative count")
    }
    let (inputCount, outputCount) = (max(inputCount, 0), max(outputCount, 0))
    // PyTorch computes Kaiming's bound with slope √5 instead of 1/√n, which rounds differently.
    // K. He et al., "Delving deep into rectifiers", 2015, arXiv:1502.01852.
    let weights = Initializer.kaimingUniform(a: 5.0.squareRoot())
    let bound = inputCount == 0 ? 0 : 1 / Double(inputCount).squareRoot()
    let biases = Initializer.uniform(from: -bound, to: bound)
    weight = Parameter(weights.tensor([outputCount, inputCount], generator: generator))
    self.bias = bias ? Parameter(biases.tensor([outputCount], generator: generator)) : nil
  }

  /// A layer with the given parameters, which are not copied.
  ///
  /// The shapes, `[out, in]` and `[out]`, are checked when the layer is called.
  ///
  /// - Parameters:
  ///   - weight: the weights, `[out, in]`.
  ///   - bias: the biases, `[out]`; nil for a layer without them.
  public init(weight: Parameter<Element>, bias: Parameter<Element>?) {
    self.weight = weight
    self.bias = bias
  }

  /// The output `input · weightᵀ + bias`, `[…, in] → […, out]`.
  ///
  /// Precondition: the last extent of `input` is the layer's number of inputs.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    linear(input, weight: weight.tensor, bias: bias?.tensor)
  }

  /// The output after an activation, as one operation.
  func callAsFunction(_ input: Tensor<Element>, activation: Activation) -> Tensor<Element> {
    linear(input, weight: weight.tensor, bias: bias?.tensor, activation: activation)
  }
}

extension Linear {
  /// The numbers of input and output features, and whether there is a bias.
  public var description: String {
    // Weights that were passed in may have any shape; printing must not report it.
    let (outCount, inCount) = (weight.shape.first ?? 0, weight.shape.last ?? 0)
    return "Linear(inFeatures: \(inCount), outFeatures: \(outCount), bias: \(bias != nil))"
  }
}
