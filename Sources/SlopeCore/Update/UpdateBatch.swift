/// Updates of parameters that have not run yet, for devices where one call is cheaper than several.
package struct UpdateBatch {
  /// One parameter's update, and what it replaces once it has run: nothing where all was in place.
  package struct Update {
    let storage: ParameterStorage
    package let tag: Int
    var value: Value?
    var states: [(index: Int, value: Value)] = []

    init(storage: ParameterStorage, tag: Int) {
      self.storage = storage
      self.tag = tag
    }

    /// Makes the parameter and its states refer to the new memory.
    package func settle(_ states: inout [Value]) {
      if let value { storage.value = value }
      for (index, value) in self.states { states[index] = value }
    }
  }

  private var updates: [Update] = []
  private var finished: [Update] = []
  private var sets: [PointwiseSet] = []
  private var program: Program?
  private var backend: (any Backend)?
  private var scalars = InlineArray<16, UInt64>(repeating: 0)
  private var scalarCount = 0
  /// Memory for updates that cannot be done in place, in their order.
  private var reserved: [Buffer] = []
  private var takenCount = 0

  private var scope: FailureScope?
  private var failureCount = 0

  package init() {}

  /// Makes `hasFailed` consider failures from now on.
  package mutating func watchFailures() {
    scope = FailureScope.current
    failureCount = scope?.failureCount ?? 0
  }

  /// Whether an operation has failed since `watchFailures()`.
  package var hasFailed: Bool { scope.map { $0.failureCount != failureCount } ?? false }

  /// Allocates memory for `take` to return; false if there is none.
  mutating func reserve(like value: Value, _ rule: UpdateRule) -> Bool {
    guard let buffer = allocate(like: value, rule) else { return false }
    reserved.append(buffer)
    return true
  }

  private func allocate(like value: Value, _ rule: UpdateRule) -> Buffer? {
    Value.allocate(value.shape, value.dtype, on: value.backend, for: rule.function.name)
  }

  /// A reserved buffer of the right size, or a new one if there is none.
  mutating func take(like value: Value, _ rule: UpdateRule) -> Buffer? {
    let byteCount = value.count * value.dtype.byteCount
    // Usually the first of the remaining ones.
    if let place = reserved[takenCount...].firstIndex(where: {
      $0.backend === value.backend && $0.byteCount == byteCount
    }) {
      reserved.swapAt(place, takenCount)
      takenCount += 1
      return reserved[takenCount - 1]
    }
    return allocate(like: value, rule)
  }

  /// Runs the collected updates.
  ///
  /// If the device reports a failure, none of them is finished.
  package mutating func run() {
    guard let program, let backend, !sets.isEmpty else { return }
    watchFailures()
    let numbers = scalars.span.extracting(first: scalarCount)
    let isDone = runPointwise(program, sets: sets, scalars: numbers, on: backend, for: "step")
    sets.removeAll(keepingCapacity: true)
    if isDone, !hasFailed { finished += updates }
    updates.removeAll(keepingCapacity: true)
  }

  /// Whether updates have run since they were last taken.
  package var hasFinished: Bool { !finished.isEmpty }

  /// Drops reserved memory and the record of failures, for the next step.
  package mutating func reset() {
    if !reserved.isEmpty { reserved = [] }
    takenCount = 0
    scope = nil
  }

  /// The updates that have run since the last call.
  package mutating func takeFinished() -> [Update] {
    defer { finished.removeAll(keepingCapacity: true) }
    return finished
  }

  mutating func add(
    _ update: Update, _ set: PointwiseSet, _ program: Program, _ scalars: Span<UInt64>,
    _ backend: any Backend
  ) {
    if !sets.isEmpty,
      program !== self.program || backend !== self.backend || !hasScalars(scalars)
        || !set.isContiguous
    {
      run()
    }
    self.program = program
    self.backend = backend
    scalarCount = scalars.count
    for index in 0..<scalars.count { self.scalars[index] = scalars[index] }
    sets.append(set)
    updates.append(update)
    if sets.count >= backend.pointwiseSetLimit || !set.isContiguous { run() }
  }

  private func hasScalars(_ other: Span<UInt64>) -> Bool {
    guard other.count == scalarCount else { return false }
    for index in 0..<scalarCount where scalars[index] != other[index] { return false }
    return true
  }
}

extension PointwiseSet {
  fileprivate var isContiguous: Bool { inputs.allSatisfy { $0.layout.isContiguous } }
}

/// The immediate outcome of an update.
package enum UpdateOutcome {
  /// Nothing has changed: there is no gradient, or there was a failure.
  case unchanged
  case done
  /// The update runs with its batch.
  case pending
}
