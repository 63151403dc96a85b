public import SlopeCore

/// An affine map whose weights have deviation 1: `y = x · weightᵀ / √in + bias`.
///
/// The input is `[…, in]` and the output `[…, out]`. The division keeps the outputs at the scale of
/// the inputs for every width, and lets one learning rate suit all widths (the parametrisation of
/// the neural tangent kernel).
///
/// With `members` the layer is as many independent maps side by side, in one batched product: the
/// input is `[members, rows, in]`, or `[rows, in]` for all of them, and the output
/// `[members, rows, out]`.
///
/// ```swift
/// let layer = NTPLinear<Float>(
///   weight: Parameter(Tensor([[1, 2, 3, 4]])), bias: Parameter(Tensor([10])))
/// print(layer(Tensor([1, 1, 1, 1])).detached())
/// // tensor([15.])
/// ```
///
/// PyTorch has no counterpart; `nn.Linear` with `weight / √in` computes the same.
///
/// Source: A. Jacot, F. Gabriel and C. Hongler, "Neural tangent kernel: convergence and
/// generalization in neural networks", 2018, arXiv:1806.07572.
public struct NTPLinear<Element: FloatingElement>: Layer {
  /// The weights, `[out, in]` or `[members, out, in]`.
  public let weight: Parameter<Element>

  /// The biases, `[out]` or `[members, out]`; nil without them.
  public let bias: Parameter<Element>?

  /// A layer with weights and biases of mean 0 and deviation 1.
  ///
  /// The weights are drawn first, then the biases; the parameters are on the default device.
  /// Precondition: no count is negative.
  ///
  /// - Parameters:
  ///   - inputCount: the number of input features.
  ///   - outputCount: the number of output features.
  ///   - members: the number of maps side by side; nil for one without an axis for it.
  ///   - bias: whether the layer has biases.
  ///   - generator: the source of the initial values; the default generator if nil.
  public init(
    _ inputCount: Int, _ outputCount: Int, members: Int? = nil, bias: Bool = true,
    generator: Generator? = nil
  ) {
    if inputCount < 0 || outputCount < 0 || members ?? 0 < 0 {
      reportFailure(
        operation: "NTPLinear",
        "\(inputCount) inputs, \(outputCount) outputs, \(members ?? 1) members: negative count")
    }
    let (inputs, outputs) = (max(inputCount, 0), max(outputCount, 0))
    let leading = members.map { [max($0, 0)] } ?? []
    func drawn(_ extents: [Int]) -> Parameter<Element> {
      Parameter(.normal(Shape(leading + extents), generator: generator, on: .default))
    }
    weight = drawn([outputs, inputs])
    self.bias = bias ? drawn([outputs]) : nil
  }

  /// A layer with the given parameters, which are not copied.
  ///
  /// - Parameters:
  ///   - weight: the weights, `[out, in]` or `[members, out, in]`.
  ///   - bias: the biases, `[out]` or `[members, out]`; nil for a layer without them.
  public init(weight: Parameter<Element>, bias: Parameter<Element>?) {
    self.weight = weight
    self.bias = bias
  }

  /// `1 / √in`, the factor of the product.
  package var factor: Double {
    1 / Double(max(weight.shape.last ?? 1, 1)).squareRoot()
  }

  /// The product with the weights, without factor and bias.
  package func product(_ input: Tensor<Element>) -> Tensor<Element> {
    matmul(input, weight.tensor.transposed(-2, -1))
  }

  /// The biases in a shape that broadcasts over the rows; nil without them.
  package var rowBias: Tensor<Element>? {
    bias.map { $0.shape.count > 1 ? $0.tensor.unsqueezed(at: -2) : $0.tensor }
  }

  /// The output `input · weightᵀ / √in + bias`.
  ///
  /// Precondition: the last extent of `input` is the layer's number of inputs.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    let scaled = product(input) * Element(clamping: factor)
    return rowBias.map { scaled + $0 } ?? scaled
  }
}

extension NTPLinear {
  /// The numbers of features and members, and whether there is a bias.
  public var description: String {
    let shape = weight.shape
    let (outCount, inCount) = (shape.dropLast().last ?? 0, shape.last ?? 0)
    let members = shape.count > 2 ? ", members: \(shape[0])" : ""
    return "NTPLinear(inFeatures: \(inCount), outFeatures: \(outCount)\(members), bias: "
      + "\(bias != nil))"
  }
}
