extension Tensor {
  /// The same elements on another device; gradients flow back to the original.
  ///
  /// Returns the tensor itself if it is on that device already, otherwise a copy through the host's
  /// memory. Waits for the device that it reads, not for the one that it writes. Complexity: O(n).
  /// Precondition: the device can hold the element type; some OpenCL devices have no float64.
  public func to(_ device: Device) -> Tensor { Tensor(value.moved(to: device.backend)) }
}
