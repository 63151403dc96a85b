/// Walks a graph of recordings from a result to its leaves, newest first.
///
/// Inputs are always older than results, so taking the newest entry gives a topological order: no
/// marks, no recursion, and the same order every time.
struct BackwardPass {
  private var pending = PendingGradients()
  let record: Bool
  let retainGraph: Bool

  init(record: Bool, retainGraph: Bool) {
    self.record = record
    self.retainGraph = retainGraph
  }

  /// Adds a contribution to the gradient of `recording`'s value.
  mutating func add(_ gradient: Value, to recording: Recording) {
    pending.add(gradient, to: recording, record: record)
  }

  /// Adds a contribution that is zero outside `slice`.
  mutating func add(_ gradient: Value, at slice: Slice, to recording: Recording) {
    pending.add(gradient, at: slice, to: recording, record: record)
  }

  /// Runs until no entry is left; calls `visit` with each recording and its complete gradient.
  ///
  /// A recording for which `visit` returns false is not followed further. The result is the name of
  /// the operation whose saved values had been released, if any.
  mutating func run(_ visit: (Recording, Value) -> Bool) -> String? {
    while let entry = pending.popNewest()?.rounded(record: record) {
      if entry.gradient.isFailed { return nil }
      let isDone =
        Numerics.isOn
        ? BackwardScope.$operation.withValue(entry.recording.operation) { propagate(entry, visit) }
        : propagate(entry, visit)
      if !isDone { return entry.recording.operation }
    }
    return nil
  }

  /// Calls `visit`, then gives the inputs their contributions; false if saved values were released.
  @inline(__always)
  private mutating func propagate(
    _ entry: PendingGradients.Entry, _ visit: (Recording, Value) -> Bool
  ) -> Bool {
    guard visit(entry.recording, entry.gradient) else { return true }
    guard entry.recording.pullback(entry.gradient, record: record, into: &self) else {
      return false
    }
    if !retainGraph { entry.recording.releaseSaved() }
    return true
  }
}
