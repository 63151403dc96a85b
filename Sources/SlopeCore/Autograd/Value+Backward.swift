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

  private static func releasedMessage(_ operation: String) -> String {
    "the values saved by \(operation) were released by an earlier backward pass; "
      + "give that one retainGraph: true"
  }

  /// Adds the gradient of this value to the `grad` of every parameter it was computed from.
  func backward(seed: Value?, retainGraph: Bool) {
    guard let start = start(seed, "backward"), let recording else { return }
    var pass = BackwardPass(record: false, retainGraph: retainGraph)
    pass.add(start.detached, to: recording)
    let released = pass.run { recording, gradient in
      guard let leaf = recording.leaf else { return true }
      leaf.accumulate(gradient)
      return false
    }
    if let released { reportFailure(operation: "backward", Value.releasedMessage(released)) }
  }

  /// The gradients of this value with respect to others; nil for those it does not depend on.
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
    var pass = BackwardPass(record: recorded, retainGraph: retainGraph || recorded)
    pass.add(recorded ? start : start.detached, to: recording)
    let released = pass.run { recording, gradient in
      if let place = found.index(forKey: ObjectIdentifier(recording)) {
        found.values[place] = gradient
      }
      return recording.sequence > oldest
    }
    if let released { reportFailure(operation: "gradients", Value.releasedMessage(released)) }
    return targets.map { $0.recording.flatMap { found[ObjectIdentifier($0)] ?? nil } }
  }
}
