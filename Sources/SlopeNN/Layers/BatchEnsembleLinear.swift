public import SlopeCore

/// Affine maps side by side that share one matrix: `y = ((x · r) · weightᵀ) · s + bias`.
///
/// Each member has factors r for its inputs, factors s for its outputs, and biases of its own, so an
/// ensemble has hardly more parameters than one map. The input is `[members, rows, in]`, or
/// `[rows, in]` for all of them, and the output `[members, rows, out]`.
///
/// ```swift
/// let layer = BatchEnsembleLinear<Float>(2, 1, members: 2, inputFactors: .ones)
/// layer.weight.tensor = Tensor([[1, 2]])
/// layer.outputFactors.tensor = Tensor([[1], [10]])
/// layer.bias?.tensor = Tensor([[0], [0.5]])
/// print(layer(Tensor([[1, 1]])).detached())
/// // tensor([[[ 3.0000]],
/// //
/// //         [[30.5000]]])
/// ```
///
/// PyTorch has no counterpart; the package `tabm` has `LinearBatchEnsemble`.
///
/// Source: Y. Wen, D. Tran and J. Ba, "BatchEnsemble: an alternative approach to efficient ensemble
/// and lifelong learning", ICLR 2020, arXiv:2002.06715; Y. Gorishniy, A. Kotelnikov and A. Babenko,
/// "TabM: advancing tabular deep learning with parameter-efficient ensembling", ICLR 2025,
/// arXiv:2410.24210.
public struct BatchEnsembleLinear<Element: FloatingElement>: Layer {
  /// The first values of the factors.
  public enum Factors: String, CaseIterable, Sendable, Hashable, Codable {
    /// All 1: members that differ by nothing yet.
    case ones
    /// 1 or −1, by chance.
    case randomSigns
    /// Normal, with mean 0 and deviation 1.
    case normal
  }

  /// The matrix of all members, `[out, in]`.
  public let weight: Parameter<Element>
  /// The factors of the inputs, `[members, in]`.
  public let inputFactors: Parameter<Element>
  /// The factors of the outputs, `[members, out]`.
  public let outputFactors: Parameter<Element>
  /// The biases, `[members, out]`; nil without them.
  public let bias: Parameter<Element>?

  /// A layer with weights uniform in ±1/√`inputCount`, and biases too, which are those of one member
  /// for all.
  ///
  /// The weights are drawn first, then the factors of inputs and of outputs, then the biases; the
  /// parameters are on the default device. Precondition: no count is negative.
  ///
  /// - Parameters:
  ///   - inputCount: the number of input features.
  ///   - outputCount: the number of output features.
  ///   - members: the number of maps side by side.
  ///   - inputFactors: the first factors of the inputs; those of TabM's first layer if not given.
  ///   - outputFactors: the first factors of the outputs.
  ///   - bias: whether the layer has biases.
  ///   - generator: the source of the initial values; the default generator if nil.
  public init(
    _ inputCount: Int, _ outputCount: Int, members: Int, inputFactors: Factors = .randomSigns,
    outputFactors: Factors = .ones, bias: Bool = true, generator: Generator? = nil
  ) {
    if inputCount < 0 || outputCount < 0 || members < 0 {
      reportFailure(
        operation: "BatchEnsembleLinear",
        "\(inputCount) inputs, \(outputCount) outputs, \(members) members: negative count")
    }
    let (inputs, outputs) = (max(inputCount, 0), max(outputCount, 0))
    let memberCount = max(members, 0)
    let bound = 1 / Double(max(inputs, 1)).squareRoot()
    func uniform(_ shape: Shape) -> Tensor<Element> {
      .uniform(
        shape, from: Element(clamping: -bound), to: Element(clamping: bound),
        generator: generator, on: .default)
    }
    weight = Parameter(uniform([outputs, inputs]))
    self.inputFactors = Parameter(inputFactors.drawn([memberCount, inputs], generator))
    self.outputFactors = Parameter(outputFactors.drawn([memberCount, outputs], generator))
    self.bias =
      bias
      ? Parameter(uniform([1, outputs]) + .zeros([memberCount, outputs], on: .default)) : nil
  }

  /// The outputs of each member, `[members, rows, out]`.
  ///
  /// Precondition: the last extent of `input` is the layer's number of inputs.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    let product = matmul(
      input * inputFactors.tensor.unsqueezed(at: -2), weight.tensor.transposed())
    let factors = outputFactors.tensor.unsqueezed(at: -2)
    guard let bias else { return product * factors }
    return product * factors + bias.tensor.unsqueezed(at: -2)
  }
}

extension BatchEnsembleLinear.Factors {
  fileprivate func drawn(_ shape: Shape, _ generator: Generator?) -> Tensor<Element> {
    switch self {
    case .ones: .ones(shape, on: .default)
    case .normal: .normal(shape, generator: generator, on: .default)
    case .randomSigns:
      Tensor.where(
        Tensor<Element>.uniform(shape, from: 0, to: 1, generator: generator, on: .default) .< 0.5,
        .full([], -1, on: .default), .full([], 1, on: .default))
    }
  }
}

extension BatchEnsembleLinear {
  /// The numbers of features and members, and whether there is a bias.
  public var description: String {
    let shape = weight.shape
    return "BatchEnsembleLinear(inFeatures: \(shape[1]), outFeatures: \(shape[0]), members: "
      + "\(inputFactors.shape[0]), bias: \(bias != nil))"
  }
}
