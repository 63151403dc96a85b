public import SlopeCore

/// A tensor that belongs to a module's state, and that no optimiser changes: a running mean, say.
///
/// Found by reflection, as parameters are; a part of `Module.state()`.
public final class ModuleBuffer<Element: FloatingElement> {
  /// The present value, without a recording.
  ///
  /// A failed tensor, or one of another shape, is refused: the buffer keeps what it had. One on another
  /// device is copied to the buffer's, which `Module.to` alone changes.
  public var tensor: Tensor<Element> {
    get { current }
    set {
      guard !newValue.isFailed else { return }
      guard newValue.shape == current.shape else {
        reportFailure(
          operation: "buffer", "a value of shape \(newValue.shape) for one of \(current.shape)")
        return
      }
      let moved = newValue.detached().to(current.device)
      if !moved.isFailed { current = moved }
    }
  }

  private var current: Tensor<Element>

  /// A buffer that starts as `tensor`.
  public init(_ tensor: Tensor<Element>) { current = tensor.detached() }

  func move(to device: Device) {
    let moved = current.to(device)
    if !moved.isFailed { current = moved }
  }
}
