internal import CKernels

/// Values whose elements the host writes; none is recorded.
extension Value {
  /// The integers `0..<count`, as `int64`: `[count]`.
  static func range(_ count: Int, on backend: any Backend) -> Value {
    range(count, .int64, from: 0 as UInt64, step: 1, on: backend, for: "range")
  }

  /// `start + index · step` in an integer type, modulo its range: `[count]`.
  static func range(
    _ count: Int, _ dtype: DType, from start: UInt64, step: UInt64, on backend: any Backend,
    for operation: String
  ) -> Value {
    filled([count], dtype, on: backend, for: operation) {
      slope_integer_range(dtype.kernelType, $0, start, step, Int64(count))
    }
  }

  /// `start + index · step` in a floating type, computed in Double and rounded once: `[count]`.
  static func range(
    _ count: Int, _ dtype: DType, from start: Double, step: Double, on backend: any Backend,
    for operation: String
  ) -> Value {
    filled([count], dtype, on: backend, for: operation) {
      slope_range(dtype.kernelType, $0, start, step, 0, Int64(count))
    }
  }

  /// Equally spaced numbers of a floating type from `first` to `last`, both exact: `[count]`.
  static func linspace(
    _ count: Int, _ dtype: DType, from first: Double, to last: Double, on backend: any Backend
  ) -> Value {
    let step = count > 1 ? (last - first) / Double(count - 1) : 0
    // Computed from both ends, the middle from the last, as in PyTorch; one number is the first.
    let half = max(count / 2, min(count, 1))
    return filled([count], dtype, on: backend, for: "linspace") {
      slope_range(dtype.kernelType, $0, first, step, 0, Int64(half))
      slope_range(
        dtype.kernelType, $0 + half * dtype.byteCount, last, step, Int64(half - (count - 1)),
        Int64(count - half))
    }
  }

  /// A floating-point value that `fill` writes as Floats in host memory, each rounded once.
  static func filledByFloats(
    _ shape: Shape, _ dtype: DType, on backend: any Backend, for operation: String,
    _ fill: (UnsafeMutableBufferPointer<Float>) -> Void
  ) -> Value {
    if dtype == .float32 { return filled(shape, dtype, on: backend, for: operation, fill) }
    let floats = filled(shape, .float32, on: CPUBackend.shared, for: operation, fill)
    return floats.cast(to: dtype, record: false).moved(to: backend, record: false)
  }

  /// A value that `fill` writes in host memory, item by item.
  ///
  /// `fill` is not called if there is no memory for the value.
  static func filled<Item: BitwiseCopyable>(
    _ shape: Shape, _ dtype: DType, on backend: any Backend, for operation: String,
    _ fill: (UnsafeMutableBufferPointer<Item>) -> Void
  ) -> Value {
    filled(shape, dtype, on: backend, for: operation) { (memory: UnsafeMutableRawPointer) in
      let count = shape.elementCount
      fill(
        UnsafeMutableBufferPointer(
          start: memory.bindMemory(to: Item.self, capacity: count), count: count))
    }
  }

  /// A value that `fill` writes in host memory.
  ///
  /// `fill` is not called if there is no memory for the value.
  static func filled(
    _ shape: Shape, _ dtype: DType, on backend: any Backend, for operation: String,
    _ fill: (UnsafeMutableRawPointer) -> Void
  ) -> Value {
    guard let buffer = allocate(shape, dtype, on: backend, for: operation),
      let host = backend === CPUBackend.shared
        ? buffer : allocate(shape, dtype, on: CPUBackend.shared, for: operation)
    else { return .failed(dtype) }
    host.withPointer(fill)
    if host === buffer { return Value(Layout(shape), dtype, host) }
    host.withPointer {
      backend.upload(
        UnsafeRawBufferPointer(start: $0, count: shape.elementCount * dtype.byteCount), to: buffer)
    }
    return Value(Layout(shape), dtype, buffer)
  }

  /// Uploads host memory as a value.
  static func upload<Item: BitwiseCopyable>(
    _ items: [Item], shape: Shape, dtype: DType, on backend: any Backend
  ) -> Value {
    guard let buffer = Value.allocate(shape, dtype, on: backend, for: "tensor") else {
      return .failed(dtype)
    }
    items.withUnsafeBytes { backend.upload($0, to: buffer) }
    return Value(Layout(shape), dtype, buffer)
  }
}
