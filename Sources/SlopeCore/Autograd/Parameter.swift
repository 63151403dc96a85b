/// A tensor that training changes, and its gradient: the only thing in the library that changes.
///
/// `backward()` adds into `grad`; an optimiser's `step()` replaces `tensor`. Not `Sendable`: a model
/// cannot be trained from two tasks at once.
public final class Parameter<E: FloatingElement> {
  /// The parameter as optimisers see it.
  package let storage: ParameterStorage

  /// A parameter that starts as `tensor`; what that was computed from is not remembered.
  public init(_ tensor: Tensor<E>) {
    storage = ParameterStorage(tensor.value)
  }

  /// The present value; operations on it are recorded.
  ///
  /// A failed tensor, or one of another shape, is refused: the parameter keeps what it had.
  public var tensor: Tensor<E> {
    get { Tensor(storage.value) }
    set {
      guard !newValue.isFailed, hasShape(newValue, "value") else { return }
      storage.value = newValue.value.recorded(by: storage.leaf)
    }
  }

  /// The gradient that backward passes have added up, or nil.
  ///
  /// A failed tensor, or one of another shape, is refused.
  public var grad: Tensor<E>? {
    get { storage.leaf.gradient.map { Tensor($0) } }
    set {
      guard let newValue else {
        storage.leaf.gradient = nil
        return
      }
      guard !newValue.isFailed, hasShape(newValue, "gradient") else { return }
      storage.leaf.gradient = newValue.value.detached
    }
  }

  /// The extents.
  public var shape: Shape { storage.value.shape }

  private func hasShape(_ tensor: Tensor<E>, _ what: String) -> Bool {
    if tensor.shape == shape { return true }
    reportFailure(
      operation: "parameter", "a \(what) of shape \(tensor.shape) for a parameter of \(shape)")
    return false
  }
}
