import Glibc
import SlopeCore
import SlopeOptimizers

/// AdamW whose rate and decay change from step to step, with a factor of the rate for each group.
struct RealMLPOptimizer<Element: FloatingElement> {
  /// Parameters with a factor of the learning rate, and whether they decay.
  struct Group {
    let parameters: [Parameter<Element>]
    let factor: Double
    let decays: Bool
  }

  private let parts: [(optimizer: ScheduledAdam<Element>, group: Group)]

  init(_ groups: [Group], betas: (Double, Double)) {
    parts = groups.filter { !$0.parameters.isEmpty }.map {
      (ScheduledAdam($0.parameters, betas: betas), $0)
    }
  }

  /// Sets the learning rate of a factor of 1, and the decay, in units of the rate.
  func set(rate: Double, decay: Double) {
    for part in parts {
      part.optimizer.learningRate = rate * part.group.factor
      part.optimizer.decay = part.group.decays ? decay : 0
    }
  }

  func step() { for part in parts { part.optimizer.step() } }

  func zeroGrad() { for part in parts { part.optimizer.zeroGrad() } }
}

/// Adam with a decoupled weight decay that may change between steps.
private final class ScheduledAdam<Element: FloatingElement>: Optimizer<Element> {
  var decay = 0.0
  private let betas: (Double, Double)

  init(_ parameters: [Parameter<Element>], betas: (Double, Double)) {
    self.betas = betas
    super.init("AdamW", [ParameterGroup(parameters)], learningRate: 0, initialStates: [0, 0])
  }

  override func rule(weightDecay: Double) -> UpdateRule { adamRule }

  override func scalars(learningRate: Double, weightDecay: Double, step: Int) -> [Double] {
    [
      learningRate / (1 - pow(betas.0, Double(step))),
      (1 - pow(betas.1, Double(step))).squareRoot(), 1 - betas.0, betas.1, 1 - betas.1, 1e-8,
      1 - learningRate * decay,
    ]
  }
}

private let adamRule = UpdateRule("AdamW", states: 2, scalars: 7) {
  old, gradient, states, scalars in
  let (rate, root, epsilon, keep) = (scalars[0], scalars[1], scalars[5], scalars[6])
  let mean = states[0] + scalars[2] * (gradient - states[0])
  let square = scalars[3] * states[1] + scalars[4] * gradient * gradient
  return [old * keep - rate * mean / (square.sqrt() / root + epsilon), mean, square]
}
