/// A tensor that training changes, with its gradient.
///
/// Parameters are the only mutable tensors of the library, and the only ones to which gradients
/// flow: there is no `requires_grad` on a tensor. A layer holds its weights and biases as
/// parameters, `backward()` adds to their `grad`, and an optimiser's `step()` replaces their
/// `tensor`.
///
/// ```swift
/// let w = Parameter(Tensor<Float>([1, 2]))
/// let before = w.tensor
/// w.tensor.square().sum().backward()
/// if let gradient = w.grad { print(gradient) }   // tensor([2., 4.])
///
/// let optimizer = SGD([w], learningRate: 0.25)
/// optimizer.step()
/// print(w.tensor)    // tensor([0.5000, 1.0000], requiresGradient: true)
/// print(before)      // tensor([1., 2.], requiresGradient: true)
/// optimizer.zeroGrad()
/// print(w.grad == nil)   // true
/// ```
///
/// **Storage.** A parameter is a reference type: two variables that refer to one parameter see the
/// same value. The tensor from which it was created, and every tensor read from `tensor`, stay as
/// they are. An optimiser writes the new value into the memory of the old one where nothing else
/// refers to that memory, and into new memory otherwise.
///
/// **When work happens.** Reading and assigning `tensor` and `grad` copies no elements on the
/// parameter's own device, and does not wait. `grad` is nil until a backward pass reaches the
/// parameter; further passes add to it, until it is set to nil or the optimiser's `zeroGrad()` does
/// so.
///
/// **Concurrency.** A parameter is not `Sendable`: a model cannot be trained from two tasks at the
/// same time. Its tensors are.
///
/// Next: `Tensor.backward(seed:retainGraph:)`,
/// `gradients(of:withRespectTo:seed:retainGraph:recorded:)`, `Optimizer`, `UpdateRule`.
public final class Parameter<Element: FloatingElement> {
  /// The parameter as optimisers see it.
  package let storage: ParameterStorage

  /// Creates a parameter with the elements of `tensor` and no gradient.
  ///
  /// No elements are copied. The recording of `tensor` is dropped: gradients end at the parameter.
  public init(_ tensor: Tensor<Element>) {
    storage = ParameterStorage(tensor.value)
  }

  /// The present value; operations on it are recorded.
  ///
  /// Getting and setting copy no elements; a new tensor on another device is copied to the
  /// parameter's device, which only `move(to:)` changes. A new tensor loses its recording.
  /// Precondition of setting: the shape is the parameter's. A failed tensor is ignored, and after a
  /// failure the parameter keeps its previous value.
  public var tensor: Tensor<Element> {
    get { Tensor(storage.value) }
    set {
      guard let value = onOwnDevice(newValue, "value") else { return }
      storage.assign(value)
    }
  }

  /// The gradient that backward passes have accumulated, or nil.
  ///
  /// Getting and setting copy no elements; a new gradient on another device is copied to the
  /// parameter's device. Precondition of setting: the shape is the parameter's. A failed tensor is
  /// ignored.
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

  /// The extents, which never change.
  public var shape: Shape { storage.value.shape }

  /// The tensor's value on the parameter's device, not recorded; nil if it is refused.
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
  /// Moves the value and the gradient to another device, or neither after a failure.
  ///
  /// Copies the elements, and waits for the device that it reads. Move parameters before the
  /// optimiser's first step: the optimiser's states are not moved with them.
  public func move(to device: Device) {
    storage.move(to: device.backend)
  }
}
