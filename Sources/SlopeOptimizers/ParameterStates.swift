import SlopeCore

/// What an optimiser keeps for each of its parameters, and how it takes a step.
///
/// A step is taken whole or not at all: the memory that it needs is allocated before anything
/// changes, and in a check of numbers, which writes to fresh memory only, what has changed is
/// restored. After a failure parameters, states and counts are what they were, and the step can be
/// tried again. (A device that is lost during the step loses the values on it.)
struct ParameterStates {
  private let storages: [ParameterStorage]
  /// The group of each parameter.
  private let groups: [Int]
  /// The states of each parameter; none before its first step.
  private(set) var values: [[Value]]
  private(set) var stepCounts: [Int]
  /// The gradients of the parameters that have one, during a step.
  private var gradients: [Value?]
  /// The scalars of the current step: one run for each change of group or step number along the
  /// parameters, in most cases a single one.
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
  ///   - rules: the rule of each group.
  ///   - initial: the number that fills each state before a parameter's first step.
  ///   - optimizer: the optimiser's name, for messages.
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
    // A device may have allocated a state and then failed to fill it.
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

  /// Replaces the states and counts by earlier ones.
  mutating func restore(_ values: [[Value]], _ stepCounts: [Int]) {
    (self.values, self.stepCounts) = (values, stepCounts)
  }

  /// Sets every gradient to nil.
  // Mutating, so that the optimiser's property is not copied.
  mutating func clearGradients() {
    for storage in storages { storage.clearGradient() }
  }

  /// Runs the updates that are still collected.
  private mutating func finish() {
    batch.run()
    settle()
  }

  /// Counts the finished updates, and makes parameters and states refer to their results.
  private mutating func settle() {
    guard batch.hasFinished else { return }
    for update in batch.takeFinished() {
      update.settle(&values[update.tag])
      stepCounts[update.tag] += 1
    }
  }

  /// Makes the states of a first step, and allocates what an update cannot write in place.
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

  /// Ends a step that cannot be taken.
  ///
  /// States that no step has used are made again by the next one.
  private mutating func giveUp() {
    for index in values.indices {
      if stepCounts[index] == 0 { values[index] = [] }
      gradients[index] = nil
    }
    batch = UpdateBatch()
  }
}
