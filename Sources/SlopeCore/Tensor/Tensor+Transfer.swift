extension Tensor {
  /// The same elements on another device; the tensor itself where it is there already. Gradients
  /// find their way back.
  ///
  /// A device that cannot hold the element type (float64, where a GPU has none) is a failure.
  public func to(_ device: Device) -> Tensor { Tensor(value.moved(to: device.backend)) }
}
