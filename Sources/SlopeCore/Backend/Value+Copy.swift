extension Value {
  /// The same elements in the memory of another device, not recorded; the value itself if it is
  /// there.
  ///
  /// Copies through the process' memory, and waits only for what it reads.
  func copied(to backend: any Backend) -> Value {
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
        let host = source.copied(to: CPUBackend.shared)
        if host.isFailed { return .failed(dtype) }
        host.withBytes { backend.upload($0, to: buffer) }
      }
    }
    return Value(Layout(shape), dtype, buffer)
  }
}
