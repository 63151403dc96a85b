/// An optimiser and a loss of your own: a rule with its scalars, and a formula with its reduction.
import Slope

/// The Lion optimiser: a step of constant size along the sign of two running means.
///
/// Source: X. Chen et al., "Symbolic discovery of optimization algorithms", 2023, arXiv:2302.06675.
final class Lion: Optimizer<Float> {
  init(_ parameters: [Parameter<Float>?], learningRate: Double, weightDecay: Double = 0) {
    super.init(
      "Lion", [ParameterGroup(parameters)], learningRate: learningRate, weightDecay: weightDecay,
      initialStates: [0])
  }
  override func rule(weightDecay: Double) -> UpdateRule { lionRule }
  override func scalars(learningRate: Double, weightDecay: Double, step: Int) -> [Double] {
    [learningRate, weightDecay, 0.1, 0.01]
  }
}

let lionRule = UpdateRule("Lion", states: 1, scalars: 4) { value, gradient, states, scalars in
  let direction = (states[0] + scalars[2] * (gradient - states[0])).sign()
  let mean = states[0] + scalars[3] * (gradient - states[0])
  return [value - scalars[0] * (direction + scalars[1] * value), mean]
}

/// The logarithm of the hyperbolic cosine: quadratic for small errors, linear for large ones.
struct LogCoshLoss: ElementLoss {
  typealias Element = Float
  var reduction = LossReduction.mean
  let formula = Pointwise("LogCoshLoss") { x, y in (x - y).cosh().log() }
}

@main
struct OwnOptimizer {
  static func main() {
    manualSeed(0)
    let x = Tensor<Float>.normal([256, 3])
    let y = matmul(x, Tensor<Float>([[2], [-1], [0.5]])) + 1
    let model = Linear<Float>(3, 1)
    let optimizer = Lion(model.parameters(), learningRate: 0.02)
    let lossFunction = LogCoshLoss()
    for step in 1...400 {
      let loss = lossFunction(model(x), y)
      loss.backward()
      optimizer.step()
      optimizer.zeroGrad()
      if step.isMultiple(of: 100) { print("step \(step): loss \(loss.item())") }
    }
    print("weight \(model.weight.tensor.detached().flattened())")
  }
}
