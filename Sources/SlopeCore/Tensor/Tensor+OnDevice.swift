/// Creation on a device that is named, for use inside the library.
///
/// The public initializers create tensors on the default device, which need not be the one of a
/// caller's operands.
extension Tensor {
  /// Creates a tensor of the given shape from elements in row-major order, on `device`.
  package init(shape: Shape, scalars: [Element], on device: Device) {
    self = withDevice(device) { Tensor(shape: shape, scalars: scalars) }
  }

  /// Creates a one-dimensional tensor on `device`.
  package init(_ scalars: [Element], on device: Device) {
    self.init(shape: [scalars.count], scalars: scalars, on: device)
  }

  /// A tensor of equal elements on `device`.
  package static func full(_ shape: Shape, _ element: Element, on device: Device) -> Tensor {
    withDevice(device) { full(shape, element) }
  }

  /// A tensor of zeros (or false) on `device`.
  package static func zeros(_ shape: Shape, on device: Device) -> Tensor {
    full(shape, Element.zeroBits, on: device)
  }
}

extension Tensor where Element: NumericElement {
  /// A tensor of ones on `device`.
  package static func ones(_ shape: Shape, on device: Device) -> Tensor {
    full(shape, 1, on: device)
  }
}

extension Tensor where Element: FloatingElement {
  /// Numbers distributed uniformly over `low ..< high`, on `device`.
  package static func uniform(
    _ shape: Shape, from low: Element, to high: Element, generator: Generator?, on device: Device
  ) -> Tensor {
    withDevice(device) { uniform(shape, from: low, to: high, generator: generator) }
  }

  /// Normally distributed numbers on `device`.
  package static func normal(
    _ shape: Shape, mean: Element = 0, standardDeviation: Element = 1, generator: Generator?,
    on device: Device
  ) -> Tensor {
    withDevice(device) {
      normal(shape, mean: mean, standardDeviation: standardDeviation, generator: generator)
    }
  }
}

extension Tensor {
  /// A tensor whose elements `fill` writes, row-major, in host memory.
  ///
  /// `fill` must write all of them. It is not called if there is no memory, which is a failure.
  package init(
    _ shape: Shape, on device: Device, _ fill: (UnsafeMutableBufferPointer<Element>) -> Void
  ) {
    self.init(Value.filled(shape, Element.dtype, on: device.backend, for: "tensor", fill))
  }
}
