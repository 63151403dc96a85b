/// Walks a graph of recordings from a result to its leaves, newest first.
///
/// Inputs are always older than results, so taking the newest entry is a topological order: no
/// marks, no recursion, and the same order every time.
struct Sweep {
  private var pending = PendingGradients()
  let record: Bool
  let retainGraph: Bool

  init(record: Bool, retainGraph: Bool) {
    self.record = record
    self.retainGraph = retainGraph
  }

  /// Adds a share of the gradient of `recording`'s value.
  mutating func add(_ gradient: Value, to recording: Recording) {
    pending.add(gradient, to: recording, record: record)
  }

  /// Adds a share that is zero outside `slice`.
  mutating func add(_ gradient: Value, at slice: Slice, to recording: Recording) {
    pending.add(gradient, at: slice, to: recording, record: record)
  }

  /// Runs until no entry is left; `visit` is given each recording and its whole gradient.
  ///
  /// A recording for which `visit` returns false is not walked further. Returns the name of the
  /// operation whose saved values were gone, if any.
  mutating func run(_ visit: (Recording, Value) -> Bool) -> String? {
    while let entry = pending.popNewest() {
      if entry.gradient.isFailed { return nil }
      let isDone =
        Numerics.isOn
        ? BackwardScope.$operation.withValue(entry.recording.operation) { handOn(entry, visit) }
        : handOn(entry, visit)
      if !isDone { return entry.recording.operation }
    }
    return nil
  }

  /// Gives an entry to `visit`, then its inputs their shares; false where saved values were gone.
  @inline(__always)
  private mutating func handOn(
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

extension Value {
  // Kept, since every training step starts with one of them.
  private static let floatOne = full(
    [], .float32, bits: DType.float32.computeBits(of: 1), on: CPUBackend.shared)
  private static let doubleOne = full(
    [], .float64, bits: DType.float64.computeBits(of: 1), on: CPUBackend.shared)

  private static func one(_ dtype: DType, on backend: any Backend) -> Value {
    switch dtype {
    case .float32 where backend === CPUBackend.shared: floatOne
    case .float64 where backend === CPUBackend.shared: doubleOne
    default: full([], dtype, bits: dtype.computeBits(of: 1), on: backend)
    }
  }

  /// The gradient with which a backward pass starts: `seed`, or 1 for a single element.
  private func start(_ seed: Value?, _ operation: String) -> Value? {
    if isFailed || seed?.isFailed == true {
      reportFailure(
        operation: operation, "the tensor is the result of an operation that failed")
      return nil
    }
    guard recording != nil else {
      reportFailure(
        operation: operation, "nothing that this tensor was computed from requires gradients")
      return nil
    }
    if let seed {
      guard seed.shape == shape else {
        reportFailure(
          operation: operation,
          "the seed of shape \(seed.shape) is not of the tensor's shape \(shape)")
        return nil
      }
      return seed
    }
    guard count == 1 else {
      reportFailure(
        operation: operation, "a tensor of shape \(shape) needs a seed of its shape")
      return nil
    }
    let one = Value.one(dtype, on: backend)
    return one.isFailed ? nil : Value(Layout(shape), dtype, one.buffer)
  }

  private static func spentMessage(_ operation: String) -> String {
    "the values saved by \(operation) were let go by an earlier backward pass; "
      + "give that one retainGraph: true"
  }

  /// Adds the gradient of this value to the `grad` of every parameter it was computed from.
  func backward(seed: Value?, retainGraph: Bool) {
    guard let start = start(seed, "backward"), let recording else { return }
    var sweep = Sweep(record: false, retainGraph: retainGraph)
    sweep.add(start.detached, to: recording)
    let spent = sweep.run { recording, gradient in
      guard let leaf = recording.leaf else { return true }
      leaf.accumulate(gradient)
      return false
    }
    if let spent { reportFailure(operation: "backward", Value.spentMessage(spent)) }
  }

  /// The gradients of this value with respect to others; nil where it does not depend on one.
  func gradients(
    withRespectTo targets: [Value], seed: Value?, retainGraph: Bool, recorded: Bool
  ) -> [Value?] {
    guard let start = start(seed, "gradients"), let recording else {
      return targets.map { _ in nil }
    }
    var found: [ObjectIdentifier: Value?] = [:]
    for case let target? in targets.map(\.recording) {
      found.updateValue(nil, forKey: ObjectIdentifier(target))
    }
    let oldest = targets.compactMap { $0.recording?.sequence }.min() ?? .max
    var sweep = Sweep(record: recorded, retainGraph: retainGraph || recorded)
    sweep.add(recorded ? start : start.detached, to: recording)
    let spent = sweep.run { recording, gradient in
      if let place = found.index(forKey: ObjectIdentifier(recording)) {
        found.values[place] = gradient
      }
      return recording.sequence > oldest
    }
    if let spent { reportFailure(operation: "gradients", Value.spentMessage(spent)) }
    return targets.map { $0.recording.flatMap { found[ObjectIdentifier($0)] ?? nil } }
  }
}

/// A parameter's recording: the slot that collects its gradient.
final class LeafRecording: Recording, @unchecked Sendable {
  private let slot = GradientSlot()

  override var leaf: LeafRecording? { self }

  var gradient: Value? {
    get { slot.value }
    set { slot.value = newValue }
  }

  func accumulate(_ gradient: Value) { slot.add(gradient) }
}
