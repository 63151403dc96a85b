import SlopeCore

extension Initializer {
  /// The initial values of a tensor of `shape`, drawn on the host and copied to `device`.
  func drawn<Element: FloatingElement>(
    _ shape: Shape, generator: Generator?, on device: Device
  ) -> Tensor<Element> {
    let generator = generator ?? .default
    return withDevice(.cpu) { values(shape, generator) }.to(device)
  }

  private func values<Element: FloatingElement>(
    _ shape: Shape, _ generator: Generator
  ) -> Tensor<Element> {
    switch self {
    case .zeros: return .zeros(shape)
    case .ones: return .ones(shape)
    case .constant(let number): return .full(shape, Element(clamping: number))
    case .uniform(let low, let high): return uniform(shape, from: low, to: high, generator)
    case .normal(let mean, let deviation):
      return .normal(shape, mean: mean, deviation: deviation, generator: generator)
    case .truncatedNormal(let mean, let deviation, let low, let high):
      return TruncatedNormal(mean: mean, deviation: deviation, low: low, high: high)
        .drawn(shape, generator)
    case .xavierUniform(let gain):
      return scaled("xavierUniform", shape) { fans in
        uniform(shape, within: 3.0.squareRoot() * (gain * fans.meanRoot), generator)
      }
    case .xavierNormal(let gain):
      return scaled("xavierNormal", shape) { fans in
        .normal(shape, mean: 0, deviation: gain * fans.meanRoot, generator: generator)
      }
    case .kaimingUniform(let a, let mode, let nonlinearity):
      let gain = calculateGain(nonlinearity, negativeSlope: a)
      return scaled("kaimingUniform", shape) { fans in
        let deviation = gain / fans[mode].squareRoot()
        return uniform(shape, within: 3.0.squareRoot() * deviation, generator)
      }
    case .kaimingNormal(let a, let mode, let nonlinearity):
      let gain = calculateGain(nonlinearity, negativeSlope: a)
      return scaled("kaimingNormal", shape) { fans in
        .normal(
          shape, mean: 0, deviation: gain / fans[mode].squareRoot(), generator: generator)
      }
    case .orthogonal(let gain): return orthogonal(shape, gain: gain, generator)
    case .sparse(let sparsity, let deviation):
      return sparse(shape, sparsity: sparsity, deviation: deviation, generator)
    case .eye:
      guard shape.count == 2 else { return refused("eye", shape, "needs 2 axes") }
      return .eye(shape[0], shape[1])
    case .dirac(let groups): return dirac(shape, groups: groups)
    }
  }

  private func uniform<Element: FloatingElement>(
    _ shape: Shape, from low: Double, to high: Double, _ generator: Generator
  ) -> Tensor<Element> {
    .uniform(shape, between: low, and: high, generator: generator)
  }

  private func uniform<Element: FloatingElement>(
    _ shape: Shape, within bound: Double, _ generator: Generator
  ) -> Tensor<Element> {
    uniform(shape, from: -bound, to: bound, generator)
  }

  /// What `draw` makes for the fans of the shape; a tensor without elements draws nothing.
  private func scaled<Element: FloatingElement>(
    _ name: String, _ shape: Shape, _ draw: (Fans) -> Tensor<Element>
  ) -> Tensor<Element> {
    guard let fans = Fans(shape) else {
      return refused(name, shape, "has no fans, which need 2 axes")
    }
    return shape.contains(0) ? .zeros(shape) : draw(fans)
  }

  /// A failed tensor, after the report.
  func refused<Element: FloatingElement>(
    _ name: String, _ shape: Shape, _ why: String
  ) -> Tensor<Element> {
    Tensor<Element>.zeros([0]).fail(name, "shape \(shape) \(why)")
  }
}

/// The numbers of inputs and outputs of an element of a weight `[out, in, …]`.
private struct Fans {
  let inputs: Double
  let outputs: Double

  /// Nil for fewer than two axes.
  init?(_ shape: Shape) {
    guard shape.count >= 2 else { return nil }
    let places = shape.dropFirst(2).reduce(1) { $0 * Double($1) }
    inputs = Double(shape[1]) * places
    outputs = Double(shape[0]) * places
  }

  subscript(mode: Initializer.FanMode) -> Double {
    switch mode {
    case .fanIn: inputs
    case .fanOut: outputs
    }
  }

  /// The root of the reciprocal of their mean.
  var meanRoot: Double { (2 / (inputs + outputs)).squareRoot() }
}
