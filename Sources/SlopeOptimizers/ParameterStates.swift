import SlopeCore

/// What an optimiser keeps for each of its parameters, and how it takes a step.
///
/// A step is taken whole or not at all: the memory that it needs is asked for before anything changes, and in
/// a check of numbers, which writes to fresh memory only, what has changed is put back. After a failure
/// parameters, states and counts are what they were, and the step can be tried again. (A device that is lost
/// in the middle takes what it had with it.)
struct ParameterStates {
  private let storages: [ParameterStorage]
  /// None before a parameter's first step.
  private var states: [[Value]]
  private var stepCounts: [Int]
  /// Of the parameters that have one, while a step is taken.
  private var gradients: [Value?]
  /// Empty between two steps.
  private var batch = UpdateBatch()

  init(_ storages: [ParameterStorage]) {
    self.storages = storages
    states = Array(repeating: [], count: storages.count)
    stepCounts = Array(repeating: 0, count: storages.count)
    gradients = Array(repeating: nil, count: storages.count)
  }

  /// Applies a rule to each parameter that has a gradient.
  ///
  /// - Parameters:
  ///   - initial: the number that fills each state before a parameter's first step.
  ///   - scalars: the rule's run-time scalars in a parameter's step, counted from 1.
  mutating func step(
    _ rule: UpdateRule, initial: [Double], scalars: (_ step: Int) -> [8 of Double]
  ) {
    for index in storages.indices {
      guard let gradient = storages[index].gradient else { continue }
      guard isReady(index, gradient, rule, initial) else { return giveUp() }
      gradients[index] = gradient
    }
    // A device may have had memory for a state, and not filled it.
    if batch.hasFailed { return giveUp() }
    let before = Numerics.isOn ? (states, stepCounts, storages.map(\.present)) : nil
    for index in storages.indices {
      guard let gradient = gradients[index] else { continue }
      // A parameter that is named twice takes its second step from its first.
      if batch.holds(storages[index]) { finish() }
      let numbers = scalars(stepCounts[index] + 1)
      let outcome = storages[index].update(
        rule, gradient, states: &states[index],
        scalars: numbers.span.extracting(first: rule.scalarCount), in: &batch, tag: index)
      if case .done = outcome { stepCounts[index] += 1 }
      if case .unchanged = outcome, let before {
        (states, stepCounts) = (before.0, before.1)
        for (storage, value) in zip(storages, before.2) { storage.restore(value) }
        return giveUp()
      }
      settle()
      gradients[index] = nil
    }
    finish()
    batch.reset()
  }

  /// Forgets every gradient.
  // Mutating, so that an optimiser's property is not copied for it.
  mutating func clearGradients() {
    for storage in storages { storage.clearGradient() }
  }

  /// Runs what waits.
  private mutating func finish() {
    batch.run()
    settle()
  }

  /// Counts what was done, and has parameters and states refer to it.
  private mutating func settle() {
    guard batch.hasFinished else { return }
    for update in batch.takeFinished() {
      update.settle(&states[update.tag])
      stepCounts[update.tag] += 1
    }
  }

  /// Makes the states of a first step, and asks for what an update cannot write in place.
  private mutating func isReady(
    _ index: Int, _ gradient: Value, _ rule: UpdateRule, _ initial: [Double]
  ) -> Bool {
    if states[index].isEmpty, !initial.isEmpty {
      if !batch.hasFailed { batch.watchFailures() }
      states[index] = initial.map { storages[index].state(filledWith: $0) }
      if states[index].contains(where: \.isFailed) { return false }
    }
    return storages[index].reserve(for: rule, gradient, states: &states[index], in: &batch)
  }

  /// Ends a step that cannot be taken. States that no step has used are made again by the next one.
  private mutating func giveUp() {
    for index in states.indices {
      if stepCounts[index] == 0 { states[index] = [] }
      gradients[index] = nil
    }
    batch = UpdateBatch()
  }
}
