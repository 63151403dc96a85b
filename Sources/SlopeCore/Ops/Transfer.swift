extension Value {
  /// The same elements in the memory of another device; itself where they are there already.
  ///
  /// Copies through the process' memory, and waits only for what it reads.
  func moved(to backend: any Backend, record: Bool = true) -> Value {
    if isFailed || self.backend === backend { return self }
    guard backend.dtypes.contains(dtype) else {
      return .failure("to", "\(backend.name) cannot hold \(dtype)", dtype: dtype)
    }
    let source = contiguous
    guard !source.isFailed,
      let buffer = Value.allocate(shape, dtype, on: backend, for: "to")
    else { return .failed(dtype) }
    let byteCount = count * dtype.byteCount
    let origin = self.backend
    if byteCount > 0 {
      if origin === CPUBackend.shared {
        source.withBytes { backend.upload($0, to: buffer) }
      } else if backend === CPUBackend.shared {
        buffer.withPointer {
          source.downloadContiguous(
            into: UnsafeMutableRawBufferPointer(start: $0, count: byteCount))
        }
      } else {
        let host = source.moved(to: CPUBackend.shared, record: false)
        if host.isFailed { return .failed(dtype) }
        host.withBytes { backend.upload($0, to: buffer) }
      }
    }
    return Value(Layout(shape), dtype, buffer).recorded(
      "to", [self], record: record, savesValues: false
    ) { g, record in [g.moved(to: origin, record: record)] }
  }
}

extension Tensor {
  /// The same elements on another device; the tensor itself where it is there already. Gradients
  /// find their way back.
  ///
  /// A device that cannot hold the element type (float64, where a GPU has none) is a failure.
  public func to(_ device: Device) -> Tensor { Tensor(value.moved(to: device.backend)) }
}

extension Parameter {
  /// Moves the value and the gradient to another device.
  ///
  /// Do it before an optimiser has made its first step: its own state stays where it is.
  public func move(to device: Device) {
    storage.move(to: device.backend)
  }
}

extension ParameterStorage {
  func move(to backend: any Backend) {
    let moved = value.detached.moved(to: backend, record: false)
    let gradient = leaf.gradient?.moved(to: backend, record: false)
    // Both or neither.
    if moved.isFailed || gradient?.isFailed == true { return }
    value = moved.recorded(by: leaf)
    leaf.gradient = gradient
  }
}
