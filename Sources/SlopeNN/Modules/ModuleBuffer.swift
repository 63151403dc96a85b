public import SlopeCore

/// A tensor of a module's state that no optimiser changes, such as a running mean.
///
/// Buffers are found by reflection, as parameters are, and are part of `Module.state()`, `load(_:)`
/// and `to(_:)`. A buffer is an object: copies of a module share it. No gradient flows into it.
/// PyTorch: `register_buffer`.
public final class ModuleBuffer<Element: FloatingElement> {
  /// The current value, which is never recorded.
  ///
  /// Setting it keeps a reference to the tensor, without its recording; nothing is copied, except
  /// from another device, since only `Module.to(_:)` changes the buffer's device. A tensor of
  /// another shape is a failure. After that, and when a failed tensor is set, the buffer keeps its
  /// value.
  public var tensor: Tensor<Element> {
    get {
      if uncounted > 0 {
        let sum = current + Element(clamping: Double(uncounted))
        if sum.isFailed { return sum }
        (current, uncounted) = (sum, 0)
      }
      return current
    }
    set {
      guard !newValue.isFailed else { return }
      guard newValue.shape == current.shape else {
        reportFailure(
          operation: "buffer", "a value of shape \(newValue.shape) for one of \(current.shape)")
        return
      }
      let moved = newValue.detached().to(current.device)
      if !moved.isFailed { (current, uncounted) = (moved, 0) }
    }
  }

  /// A name under which earlier versions saved the buffer, and under which it is found too.
  let formerName: String?

  /// Whether a state without the buffer can be loaded, which then keeps its value.
  let isOptional: Bool

  private var current: Tensor<Element>

  /// What is added to the value when it is next read.
  private var uncounted = 0

  /// A buffer that starts with the elements of `tensor`, on its device.
  public convenience init(_ tensor: Tensor<Element>) { self.init(tensor, formerName: nil) }

  init(_ tensor: Tensor<Element>, formerName: String? = nil, isOptional: Bool = false) {
    current = tensor.detached()
    self.formerName = formerName
    self.isOptional = isOptional
  }

  /// Adds 1, without work for the device until the value is read.
  func countOne() { uncounted += 1 }

  func move(to device: Device) {
    let moved = current.to(device)
    if !moved.isFailed { current = moved }
  }
}
