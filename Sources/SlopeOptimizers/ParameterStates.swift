import SlopeCore

/// What an optimiser keeps for each of its parameters, and how it takes a step.
///
/// A step is taken whole or not at all: the memory that it needs is asked for before anything changes, and in
/// a check of numbers, which writes to fresh memory only, what has changed is put back. After a failure
/// parameters, states and counts are what they were, and the step can be tried again. (A device that is lost
/// in the middle takes what it had with it.)
struct ParameterStates {
  private let storages: [ParameterStorage]
  /// The group of each parameter.
  private let groups: [Int]
  /// None before a parameter's first step.
  private(set) var values: [[Value]]
  private(set) var stepCounts: [Int]
  /// Of the parameters that have one, while a step is taken.
  private var gradients: [Value?]
  /// The rules' scalars of the step that is taken, as often as the group or its step changes along the parameters:
  /// most often once.
  private var runs: [Run] = []

  private struct Run {
    let group: Int
    let step: Int
    let scalars: [Double]
  }

  /// Empty between two steps.
  private var batch = UpdateBatch()

  init(_ storages: [ParameterStorage], groups: [Int]) {
    self.storages = storages
    self.groups = groups
    values = Array(repeating: [], count: storages.count)
    stepCounts = Array(repeating: 0, count: storages.count)
    gradients = Array(repeating: nil, count: storages.count)
  }

  /// Applies the rule of its group to each parameter that has a gradient.
  ///
  /// - Parameters:
  ///   - initial: the number that fills each state before a parameter's first step.
  ///   - scalars: a rule's run-time scalars in a parameter's step, counted from 1.
  mutating func step(
    _ rules: [UpdateRule], initial: [Double], for optimizer: String,
    scalars: (_ group: Int, _ step: Int) -> [Double]
  ) {
    runs.removeAll(keepingCapacity: true)
    for index in storages.indices {
      guard let gradient = storages[index].gradient else { continue }
      let (group, step) = (groups[index], stepCounts[index] + 1)
      if runs.last?.group != group || runs.last?.step != step {
        runs.append(Run(group: group, step: step, scalars: scalars(group, step)))
        guard runs[runs.count - 1].scalars.count == rules[group].scalarCount else {
          reportFailure(
            operation: optimizer,
            "\(runs[runs.count - 1].scalars.count) scalars for a rule of "
              + "\(rules[group].scalarCount)")
          return giveUp()
        }
      }
      guard isReady(index, gradient, rules[group], initial) else { return giveUp() }
      gradients[index] = gradient
    }
    // A device may have had memory for a state, and not filled it.
    if batch.hasFailed { return giveUp() }
    var run = 0
    let before = Numerics.isOn ? (values, stepCounts, storages.map(\.present)) : nil
    for index in storages.indices {
      guard let gradient = gradients[index] else { continue }
      let group = groups[index]
      if runs[run].group != group || runs[run].step != stepCounts[index] + 1 { run += 1 }
      let scalars = runs[run].scalars
      let outcome = storages[index].update(
        rules[group], gradient, states: &values[index], scalars: scalars.span,
        in: &batch, tag: index)
      if case .done = outcome { stepCounts[index] += 1 }
      if case .unchanged = outcome, let before {
        (values, stepCounts) = (before.0, before.1)
        for (storage, value) in zip(storages, before.2) { storage.restore(value) }
        return giveUp()
      }
      settle()
      gradients[index] = nil
    }
    finish()
    batch.reset()
  }

  /// Takes values and counts back that there were.
  mutating func restore(_ values: [[Value]], _ stepCounts: [Int]) {
    (self.values, self.stepCounts) = (values, stepCounts)
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
      update.settle(&values[update.tag])
      stepCounts[update.tag] += 1
    }
  }

  /// Makes the states of a first step, and asks for what an update cannot write in place.
  private mutating func isReady(
    _ index: Int, _ gradient: Value, _ rule: UpdateRule, _ initial: [Double]
  ) -> Bool {
    if values[index].isEmpty, !initial.isEmpty {
      if !batch.hasFailed { batch.watchFailures() }
      values[index] = initial.map { storages[index].state(filledWith: $0) }
      if values[index].contains(where: \.isFailed) { return false }
    }
    return storages[index].reserve(for: rule, gradient, states: &values[index], in: &batch)
  }

  /// Ends a step that cannot be taken. States that no step has used are made again by the next one.
  private mutating func giveUp() {
    for index in values.indices {
      if stepCounts[index] == 0 { values[index] = [] }
      gradients[index] = nil
    }
    batch = UpdateBatch()
  }
}
