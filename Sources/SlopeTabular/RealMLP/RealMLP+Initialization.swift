import SlopeCore
import SlopeNN

extension RealMLP {
  /// Sets weights and biases by some training rows, layer by layer.
  ///
  /// Each unit's weights are divided by the deviation of its output over the rows, and its bias is
  /// minus a random average of its output on five of them ("he+5"): so units bend where the data is.
  /// A unit whose output does not vary keeps its weights. Source: the paper, appendix A.
  ///
  /// - Parameters:
  ///   - input: training rows, `[1, rows, inputs]`.
  ///   - generator: the source of the random averages.
  func initialize(by input: Tensor<Element>, generator: Generator) {
    noGrad {
      var output = features(input)
      for (index, layer) in layers.enumerated() {
        let isHidden = index < shape.hidden.count
        // What a hidden layer is given has its factor.
        let product =
          layer.product(output) * (isHidden ? 1 : Element(clamping: layer.factor))
        let deviation = product.std(axes: [1], correction: 0)  // [members, units]
        // What is left by rounding is no deviation.
        let size = product.abs().max(axes: [1])
        let divisor = Tensor.where(
          deviation .> size * 1e-5, deviation, .ones(deviation.shape, on: input.device))
        layer.weight.tensor = layer.weight.tensor / divisor.unsqueezed(at: -1)
        layer.bias?.tensor = -randomAverages(product / divisor.unsqueezed(at: 1), generator)
        if isHidden { output = hidden(index, output) }
      }
    }
  }

  /// The average of each unit over five random rows, `[members, rows, units] → [members, units]`,
  /// with weights from an exponential distribution that sum to 1.
  private func randomAverages(
    _ outputs: Tensor<Element>, _ generator: Generator
  ) -> Tensor<Element> {
    let (members, rows, units) = (outputs.shape[0], outputs.shape[1], outputs.shape[2])
    let device = outputs.device
    let picked: Shape = [members, 5, units]
    let places: Tensor<Int> = withDevice(device) {
      .randint(0, max(rows, 1), picked, generator: generator)
    }
    let uniform = Tensor<Element>.uniform(
      picked, from: 0, to: 1, generator: generator, on: device)
    let weights = -(1 - uniform).log()
    let shares = weights / weights.sum(axes: [1], keepingAxes: true)
    return (outputs.takingAlong(places, axis: 1) * shares).sum(axes: [1])
  }
}
