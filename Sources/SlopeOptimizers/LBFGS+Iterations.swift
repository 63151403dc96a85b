import SlopeCore

extension LBFGS {
  /// The iterations of one step.
  func minimize(_ evaluate: () -> Evaluation) {
    var present = evaluate()
    var evaluations = 1
    memory.evaluationCount &+= 1
    guard !present.gradient.isFailed, !isOptimal(present.gradient) else { return }
    var iteration = 0
    while iteration < maximumIterations {
      iteration += 1
      memory.iterationCount &+= 1
      memory.remember(present.gradient, limit: historySize)
      let direction = memory.direction(present.gradient)
      let before = present
      var length = learningRate
      if memory.iterationCount == 1 {
        length *= min(1, 1 / present.gradient.abs().sum().item().doubleValue)
      }
      let slope = dot(present.gradient, direction)
      memory.last = (direction, length, before.gradient)
      // Also where a number has gone wrong.
      guard slope <= -changeTolerance else { return }

      let start = gathered { $0.tensor.detached() }
      func move(_ length: Double) { scatter(start + direction * Element.Computed(length)) }
      switch lineSearch {
      case .none:
        move(length)
        if iteration < maximumIterations {
          present = evaluate()
          evaluations += 1
          memory.evaluationCount &+= 1
        }
      case .strongWolfe:
        var search = StrongWolfeSearch(
          loss: before.loss, slope: slope, gradient: before.gradient, trial: length,
          reach: largest(direction), limit: maximumEvaluations - evaluations)
        let found = search.run { trial in
          move(trial)
          let there = evaluate()
          return (there.loss, dot(there.gradient, direction), there.gradient)
        }
        evaluations += search.evaluationCount
        memory.evaluationCount &+= search.evaluationCount
        length = found.step
        present = Evaluation(loss: found.loss, gradient: found.gradient)
        move(length)
      }
      memory.last = (direction, length, before.gradient)
      if evaluations >= maximumEvaluations || isOptimal(present.gradient)
        || largest(direction) * abs(length) <= changeTolerance
        || abs(present.loss - before.loss) < changeTolerance
      {
        // An iteration that was not evaluated is the last one anyway.
        return
      }
    }
  }

  private func isOptimal(_ gradient: Tensor<Element.Computed>) -> Bool {
    largest(gradient) <= gradientTolerance
  }

  /// The largest magnitude; 0 of no elements.
  private func largest(_ vector: Tensor<Element.Computed>) -> Double {
    vector.count == 0 ? 0 : vector.abs().max().item().doubleValue
  }
}
