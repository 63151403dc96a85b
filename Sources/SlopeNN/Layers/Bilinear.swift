public import SlopeCore

/// The products of pairs of vectors with a form for each output:
/// `y[…, o] = Σᵢⱼ x₁[…, i] · weight[o, i, j] · x₂[…, j] + bias[o]`.
///
/// `[…, in1]` and `[…, in2]` give `[…, out]`: `bilinear(_:_:weight:bias:)`. It is a `Module` but not a
/// `Layer`, since it has two inputs. PyTorch's counterpart is `nn.Bilinear`, with the same initial
/// values after the same seed and the same names.
public struct Bilinear<Element: FloatingElement>: Module {
  /// The forms, `[out, in1, in2]`.
  public let weight: Parameter<Element>
  /// The biases, `[out]`; nil without them.
  public let bias: Parameter<Element>?

  /// A module with PyTorch's initial values, uniform in ±1/√in1.
  ///
  /// The weights are drawn first, then the biases, on the host; the parameters are on the default
  /// device. Precondition: `firstCount` is positive, and no number is negative.
  ///
  /// - Parameters:
  ///   - firstCount: the features of the first input.
  ///   - secondCount: the features of the second input.
  ///   - outputCount: the number of outputs.
  ///   - bias: whether there are biases.
  ///   - generator: the source of the initial values; the default generator if nil.
  public init(
    _ firstCount: Int, _ secondCount: Int, _ outputCount: Int, bias: Bool = true,
    generator: Generator? = nil
  ) {
    if firstCount <= 0 || secondCount < 0 || outputCount < 0 {
      reportFailure(
        operation: "Bilinear",
        "\(firstCount) and \(secondCount) inputs and \(outputCount) outputs")
    }
    let bound = 1 / Double(max(firstCount, 1)).squareRoot()
    let values = Initializer.uniform(from: -bound, to: bound)
    weight = Parameter(
      values.tensor(
        [max(outputCount, 0), max(firstCount, 0), max(secondCount, 0)], generator: generator))
    self.bias =
      bias ? Parameter(values.tensor([max(outputCount, 0)], generator: generator)) : nil
  }

  /// The outputs for pairs of vectors.
  ///
  /// Precondition: as for `bilinear(_:_:weight:bias:)`.
  public func callAsFunction(_ first: Tensor<Element>, _ second: Tensor<Element>) -> Tensor<Element>
  {
    bilinear(first, second, weight: weight.tensor, bias: bias?.tensor)
  }
}

extension Bilinear {
  /// The numbers of features, and whether there is a bias.
  public var description: String {
    "Bilinear(\(weight.shape[1]), \(weight.shape[2]), \(weight.shape[0]), bias: \(bias != nil))"
  }
}
