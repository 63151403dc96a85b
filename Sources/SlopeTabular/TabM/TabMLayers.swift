import SlopeCore
import SlopeNN

/// The hidden layers side by side of several ensembles: `y = relu(((x · r) · weightᵀ) · s + bias)`.
///
/// Each ensemble is a `BatchEnsembleLinear`: its members share one matrix. All ensembles are one batched
/// product.
struct TabMLinear<Element: FloatingElement>: Module {
  /// The matrices, `[ensembles, out, in]`.
  let weight: Parameter<Element>
  /// The factors of the inputs, `[ensembles, members, in]`.
  let inputFactors: Parameter<Element>
  /// The factors of the outputs, `[ensembles, members, out]`.
  let outputFactors: Parameter<Element>
  /// The biases, `[ensembles, members, out]`, at first the same for all members.
  let bias: Parameter<Element>

  /// Layers with weights and biases uniform in ±1/√`inputCount` and output factors of 1.
  ///
  /// - Parameters:
  ///   - inputCount: the number of inputs.
  ///   - outputCount: the number of outputs.
  ///   - inputFactors: the factors of the inputs, `[ensembles, members, in]`.
  ///   - generator: the source of the initial values.
  init(
    _ inputCount: Int, _ outputCount: Int, inputFactors: Tensor<Element>, generator: Generator
  ) {
    let (ensembles, members) = (inputFactors.shape[0], inputFactors.shape[1])
    weight = .uniformByInputs([ensembles, outputCount, inputCount], generator, inputCount)
    self.inputFactors = Parameter(inputFactors)
    outputFactors = Parameter(.ones([ensembles, members, outputCount], on: inputFactors.device))
    let biases = Parameter<Element>.uniformByInputs(
      [ensembles, 1, outputCount], generator, inputCount)
    bias = Parameter(
      biases.tensor.detached()
        + .zeros([ensembles, members, outputCount], on: inputFactors.device))
  }

  /// The outputs, `[ensembles, members or 1, rows, in] → [ensembles, members, rows, out]`.
  func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    let (ensembles, members) = (inputFactors.shape[0], inputFactors.shape[1])
    let (rows, outputs, inputs) = (input.shape[2], weight.shape[1], weight.shape[2])
    let scaled = (input * inputFactors.tensor.unsqueezed(at: -2))
      .reshaped(to: [ensembles, members * rows, inputs])
    let product = matmul(scaled, weight.tensor.transposed(-2, -1))
      .reshaped(to: [ensembles, members, rows, outputs])
    return hiddenFormula(
      product, outputFactors.tensor.unsqueezed(at: -2), bias.tensor.unsqueezed(at: -2))
  }
}

private let hiddenFormula = Pointwise("hidden") { product, factor, bias in
  (product * factor + bias).relu()
}

/// The last layers of all members, each an affine map of its own.
struct TabMHeads<Element: FloatingElement>: Module {
  /// The weights, `[ensembles, members, out, in]`.
  let weight: Parameter<Element>
  /// The biases, `[ensembles, members, out]`.
  let bias: Parameter<Element>

  /// Layers with weights and biases uniform in ±1/√in.
  init(_ shape: TabMShape, generator: Generator) {
    let inputCount = shape.hidden.last ?? 0
    let leading = [shape.ensembles, shape.members, shape.outputCount]
    weight = .uniformByInputs(Shape(leading + [inputCount]), generator, inputCount)
    bias = .uniformByInputs(Shape(leading), generator, inputCount)
  }

  /// The outputs, `[ensembles, members, rows, in] → [ensembles, members, rows, out]`.
  func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    matmul(input, weight.tensor.transposed(-2, -1)) + bias.tensor.unsqueezed(at: -2)
  }
}

extension Parameter {
  /// Numbers uniform in ±1/√`inputCount`, on the default device.
  fileprivate static func uniformByInputs(
    _ shape: Shape, _ generator: Generator, _ inputCount: Int
  ) -> Parameter {
    let bound = 1 / Double(max(inputCount, 1)).squareRoot()
    return Parameter(
      .uniform(
        shape, from: Element(clamping: -bound), to: Element(clamping: bound),
        generator: generator, on: .default))
  }
}
