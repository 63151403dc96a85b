public import SlopeCore

/// What an `LBFGS` has learnt of the curvature, with which another one continues.
///
/// PyTorch's counterpart is the `"state"` of the optimiser's `state_dict()`.
public struct LBFGSState<Element: FloatingElement>: Sendable {
  /// The number of iterations so far.
  public let iterationCount: Int

  /// The number of evaluations of the loss so far.
  public let evaluationCount: Int

  /// The scale of the first approximation; then, after an iteration, the last step's length and the
  /// curvature of each remembered change.
  public let numbers: [Double]

  /// Vectors of all parameters' elements: the last direction and the gradient before it, then for
  /// each remembered change that of the gradient and that of the parameters; none before the first
  /// iteration.
  public let tensors: [Tensor<Element.Computed>]

  /// A state of the given parts, such as those read from a file; `LBFGS.load(_:)` checks them.
  public init(
    iterationCount: Int, evaluationCount: Int, numbers: [Double],
    tensors: [Tensor<Element.Computed>]
  ) {
    self.iterationCount = iterationCount
    self.evaluationCount = evaluationCount
    self.numbers = numbers
    self.tensors = tensors
  }
}

extension LBFGS {
  /// What the steps so far have left, which later steps do not change; nothing is copied.
  public func state() -> LBFGSState<Element> {
    let (last, history) = (memory.last, memory.history)
    return LBFGSState(
      iterationCount: memory.iterationCount, evaluationCount: memory.evaluationCount,
      numbers: [memory.scale] + (last.map { [$0.length] } ?? []) + history.map(\.curvature),
      tensors: (last.map { [$0.direction, $0.gradient] } ?? [])
        + history.flatMap { [$0.gradient, $0.parameters] })
  }

  /// Continues from a state that an optimiser of the same parameters had.
  ///
  /// - Throws: `OptimizerStateError` if the state is of other parameters or its parts do not fit
  ///   together; then nothing has changed.
  public func load(_ state: LBFGSState<Element>) throws {
    let count = parameters.reduce(0) { $0 &+ $1.shape.elementCount }
    let isFresh = state.tensors.isEmpty
    guard state.iterationCount >= 0, state.evaluationCount >= 0,
      isFresh == (state.iterationCount == 0), state.tensors.count.isMultiple(of: 2),
      state.numbers.count == 1 + state.tensors.count / 2,
      state.tensors.allSatisfy({ $0.shape == [count] && !$0.isFailed })
    else {
      throw OptimizerStateError(
        description: "LBFGS: the state of \(state.iterationCount) iterations, with "
          + "\(state.numbers.count) numbers and \(state.tensors.count) tensors, is not of "
          + "\(count) elements")
    }
    var memory = LBFGSMemory<Element>()
    (memory.scale, memory.iterationCount) = (state.numbers[0], state.iterationCount)
    memory.evaluationCount = state.evaluationCount
    let device = parameters.first?.tensor.device ?? .cpu
    let vectors = state.tensors.map { $0.detached().to(device) }
    if !isFresh { memory.last = (vectors[0], state.numbers[1], vectors[1]) }
    for place in stride(from: 2, to: vectors.count, by: 2) {
      memory.history.append((vectors[place], vectors[place + 1], state.numbers[1 + place / 2]))
    }
    self.memory = memory
  }
}
