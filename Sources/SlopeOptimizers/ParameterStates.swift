import SlopeCore

/// What an optimiser keeps for each of its parameters, and how it takes a step.
///
/// A step is taken as a whole or not at all. The memory that it needs is allocated before anything
/// changes; in a check of numbers, which writes to new memory only, changes are undone. After a
/// failure parameters, states and counts are what they were, and the step can be tried again. (A
/// device that is lost during a step takes its memory with it.)
///
/// A 16-bit parameter's states are in `Float`, and the last of them is a master copy of the
/// parameter: steps are added up there, since many are too small for 16 bits. What sets the
/// parameter, sets its copy.
struct ParameterStates {
  /// In an object, so that the loops of a step copy no lists.
  private final class Slot {
    let storage: ParameterStorage
    let group: Int
    // Only `ParameterStates` uses them, one at a time: a check at run time would find nothing.
    /// None before the parameter's first step; a master copy is the last.
    @exclusivity(unchecked) var values: [Value] = []
    @exclusivity(unchecked) var stepCount = 0
    /// The parameter's count of assignments when its master copy was made or looked at.
    @exclusivity(unchecked) var assignmentCount = 0
    let needsMaster: Bool

    init(_ storage: ParameterStorage, group: Int) {
      self.storage = storage
      self.group = group
      needsMaster = storage.needsMaster
    }
  }

  /// The scalars of the rules in the step being taken; a new entry where the group or its step
  /// changes from one parameter to the next: usually one.
  private struct Run {
    let group: Int
    let step: Int
    let scalars: [Double]
  }

  private let slots: [Slot]
  /// Kept from step to step; a step uses the first `runCount`.
  private var runs: [Run] = []
  private var runCount = 0
  /// Empty between two steps.
  private var batch = UpdateBatch()

  init(_ storages: [ParameterStorage], groups: [Int]) {
    slots = zip(storages, groups).map { Slot($0, group: $1) }
  }

  /// The states of each parameter; none before its first step.
  var values: [[Value]] { slots.map(\.values) }

  var stepCounts: [Int] { slots.map(\.stepCount) }

  /// Applies the rule of its group to each parameter that has a gradient.
  ///
  /// - Parameters:
  ///   - rules: the rule of each group.
  ///   - initial: the number that fills each state before a parameter's first step.
  ///   - optimizer: the name for messages.
  ///   - scalars: a rule's run-time scalars in a parameter's step, counted from 1.
  mutating func step(
    _ rules: [UpdateRule], initial: [Double], for optimizer: String,
    scalars: (_ group: Int, _ step: Int) -> [Double]
  ) {
    runCount = 0
    for slot in slots {
      guard let gradient = slot.storage.gradient else { continue }
      let (group, step) = (slot.group, slot.stepCount + 1)
      if runCount == 0 || runs[runCount - 1].group != group || runs[runCount - 1].step != step {
        let numbers = scalars(group, step)
        guard numbers.count == rules[group].scalarCount else {
          reportFailure(
            operation: optimizer,
            "\(numbers.count) scalars for a rule of \(rules[group].scalarCount)")
          return giveUp()
        }
        add(Run(group: group, step: step, scalars: numbers))
      }
      guard isReady(slot, gradient, rules[group], initial) else { return giveUp() }
    }
    // A device may have had memory for a state, and not filled it.
    if batch.hasFailed { return giveUp() }
    let before = Numerics.isOn ? (values, stepCounts, slots.map(\.storage.present)) : nil
    var run = 0
    for (index, slot) in slots.enumerated() {
      guard let gradient = slot.storage.gradient else { continue }
      if runs[run].group != slot.group || runs[run].step != slot.stepCount + 1 { run += 1 }
      let scalars = runs[run].scalars
      let outcome = slot.storage.update(
        rules[slot.group], gradient, states: &slot.values, scalars: scalars.span,
        in: &batch, tag: index)
      if case .done = outcome { slot.stepCount += 1 }
      if case .unchanged = outcome, let before {
        restore(before.0, before.1)
        for (slot, value) in zip(slots, before.2) { slot.storage.restore(value) }
        return giveUp()
      }
      settle()
    }
    batch.run()
    settle()
    batch.reset()
  }

  private mutating func add(_ run: Run) {
    if runCount < runs.count { runs[runCount] = run } else { runs.append(run) }
    runCount += 1
  }

  /// Goes back to earlier states and counts.
  func restore(_ values: [[Value]], _ stepCounts: [Int]) {
    for (slot, (values, count)) in zip(slots, zip(values, stepCounts)) {
      slot.values = values
      slot.stepCount = count
      // Whether a master copy is of the present value is seen by the next step.
      slot.assignmentCount = -1
    }
  }

  /// Forgets every gradient.
  // Mutating, so that the optimiser's property is not copied for the call.
  mutating func clearGradients() {
    for slot in slots { slot.storage.clearGradient() }
  }

  /// Counts the updates that have run, and makes their parameters and states refer to the new
  /// memory.
  private mutating func settle() {
    guard batch.hasFinished else { return }
    for update in batch.takeFinished() {
      update.settle(&slots[update.tag].values)
      slots[update.tag].stepCount += 1
    }
  }

  /// Makes the states of a first step, and allocates what an update cannot write in place.
  private mutating func isReady(
    _ slot: Slot, _ gradient: Value, _ rule: UpdateRule, _ initial: [Double]
  ) -> Bool {
    if slot.values.isEmpty, !initial.isEmpty || slot.needsMaster {
      if !batch.hasFailed { batch.watchFailures() }
      slot.values = initial.map { slot.storage.state(filledWith: $0) }
      if slot.needsMaster {
        slot.values.append(slot.storage.master(keeping: nil))
        slot.assignmentCount = slot.storage.assignmentCount
      }
      if slot.values.contains(where: \.isFailed) { return false }
    }
    if slot.needsMaster, slot.assignmentCount != slot.storage.assignmentCount {
      if !batch.hasFailed { batch.watchFailures() }
      let master = slot.storage.master(keeping: slot.values.last)
      if master.isFailed { return false }
      slot.values[slot.values.count - 1] = master
      slot.assignmentCount = slot.storage.assignmentCount
    }
    return slot.storage.reserve(for: rule, gradient, states: &slot.values, in: &batch)
  }

  /// Ends a step that cannot be taken.
  ///
  /// States that no step has used are made again by the next one.
  private mutating func giveUp() {
    for slot in slots where slot.stepCount == 0 { slot.values = [] }
    batch = UpdateBatch()
  }
}
