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
  /// Of the parameters that have one, by their places, while a step is taken: its room is kept.
  private var gradients: [(index: Int, gradient: Value)] = []

  init(_ storages: [ParameterStorage]) {
    self.storages = storages
    states = Array(repeating: [], count: storages.count)
    stepCounts = Array(repeating: 0, count: storages.count)
  }

  /// Applies a rule to each parameter that has a gradient.
  ///
  /// - Parameters:
  ///   - initial: the number that fills each state before a parameter's first step.
  ///   - scalars: the rule's run-time scalars in a parameter's step, counted from 1.
  mutating func step(
    _ rule: UpdateRule, initial: [Double], scalars: (_ step: Int) -> [8 of Double]
  ) {
    var batch = UpdateBatch()
    var gradients = self.gradients
    self.gradients = []
    defer {
      gradients.removeAll(keepingCapacity: true)
      self.gradients = gradients
    }
    for index in storages.indices {
      guard let gradient = storages[index].gradient else { continue }
      guard isReady(index, gradient, rule, initial, &batch) else { return forgetFirstStates() }
      gradients.append((index, gradient))
    }
    // A device may have had memory for a state, and not filled it.
    if batch.hasFailed { return forgetFirstStates() }
    let before = Numerics.isOn ? (states, stepCounts, storages.map(\.present)) : nil
    for (index, gradient) in gradients {
      // A parameter that is named twice takes its second step from its first.
      if batch.holds(storages[index]) { finish(&batch) }
      let numbers = scalars(stepCounts[index] + 1)
      let outcome = storages[index].update(
        rule, gradient, states: &states[index],
        scalars: numbers.span.extracting(first: rule.scalarCount), in: &batch, tag: index)
      if case .done = outcome { stepCounts[index] += 1 }
      if case .unchanged = outcome, let before {
        (states, stepCounts) = (before.0, before.1)
        for (storage, value) in zip(storages, before.2) { storage.restore(value) }
        return forgetFirstStates()
      }
      settle(&batch)
    }
    finish(&batch)
  }

  /// Runs what waits.
  private mutating func finish(_ batch: inout UpdateBatch) {
    batch.run()
    settle(&batch)
  }

  /// Counts what was done, and has parameters and states refer to it.
  private mutating func settle(_ batch: inout UpdateBatch) {
    for update in batch.takeFinished() {
      update.settle(&states[update.tag])
      stepCounts[update.tag] += 1
    }
  }

  /// Makes the states of a first step, and asks for what an update cannot write in place.
  private mutating func isReady(
    _ index: Int, _ gradient: Value, _ rule: UpdateRule, _ initial: [Double],
    _ batch: inout UpdateBatch
  ) -> Bool {
    if states[index].isEmpty, !initial.isEmpty {
      if !batch.hasFailed { batch.watchFailures() }
      states[index] = initial.map { storages[index].state(filledWith: $0) }
      if states[index].contains(where: \.isFailed) { return false }
    }
    return storages[index].reserve(for: rule, gradient, states: &states[index], in: &batch)
  }

  /// States that no step has used are made again by the next one.
  private mutating func forgetFirstStates() {
    for index in states.indices where stepCounts[index] == 0 { states[index] = [] }
  }
}
