/// A tensor that training changes, and its gradient: the only thing in the library that changes.
///
/// `backward()` adds into `grad`; an optimiser's `step()` replaces `tensor`. Not `Sendable`: a model
/// cannot be trained from two tasks at once.
public final class Parameter<Element: FloatingElement> {
  /// The parameter as optimisers see it.
  package let storage: ParameterStorage

  /// A parameter that starts as `tensor`; what that was computed from is not remembered.
  public init(_ tensor: Tensor<Element>) {
    storage = ParameterStorage(tensor.value)
  }

  /// The present value; operations on it are recorded.
  ///
  /// A failed tensor, or one of another shape, is refused: the parameter keeps what it had. One on another
  /// device is copied to the parameter's, which `move(to:)` alone changes.
  public var tensor: Tensor<Element> {
    get { Tensor(storage.value) }
    set {
      guard let value = onOwnDevice(newValue, "value") else { return }
      storage.value = value.recorded(by: storage.leaf)
    }
  }

  /// The gradient that backward passes have added up, or nil.
  ///
  /// A failed tensor, or one of another shape, is refused; one on another device is copied to the
  /// parameter's.
  public var grad: Tensor<Element>? {
    get { storage.leaf.gradient.map { Tensor($0) } }
    set {
      guard let newValue else {
        storage.leaf.gradient = nil
        return
      }
      guard let gradient = onOwnDevice(newValue, "gradient") else { return }
      storage.leaf.gradient = gradient
    }
  }

  /// The extents.
  public var shape: Shape { storage.value.shape }

  /// The tensor's value on the parameter's device, not recorded; nil where it is refused.
  private func onOwnDevice(_ tensor: Tensor<Element>, _ what: String) -> Value? {
    if tensor.isFailed { return nil }
    guard tensor.shape == shape else {
      reportFailure(
        operation: "parameter", "a \(what) of shape \(tensor.shape) for a parameter of \(shape)")
      return nil
    }
    let moved = tensor.value.detached.moved(to: storage.value.backend, record: false)
    return moved.isFailed ? nil : moved
  }
}

extension Parameter {
  /// Moves the value and the gradient to another device.
  ///
  /// Do it before an optimiser has made its first step: its own state stays where it is.
  public func move(to device: Device) {
    storage.move(to: device.backend)
  }
}
