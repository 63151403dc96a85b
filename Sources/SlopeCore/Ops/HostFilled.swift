internal import CKernels

/// Values whose elements the host writes.
extension Value {
  /// The whole numbers from 0, as `int64`.
  static func range(_ count: Int, on backend: any Backend) -> Value {
    range(count, .int64, from: 0 as UInt64, step: 1, on: backend, for: "range")
  }

  /// `start + index · step` of an integer type, modulo its range.
  static func range(
    _ count: Int, _ dtype: DType, from start: UInt64, step: UInt64, on backend: any Backend,
    for operation: String
  ) -> Value {
    filled([count], dtype, on: backend, for: operation) {
      slope_integer_range(dtype.kernelType, $0, start, step, Int64(count))
    }
  }

  /// `start + index · step` of a floating type, reckoned in Double and rounded once.
  static func range(
    _ count: Int, _ dtype: DType, from start: Double, step: Double, on backend: any Backend,
    for operation: String
  ) -> Value {
    filled([count], dtype, on: backend, for: operation) {
      slope_range(dtype.kernelType, $0, start, step, 0, Int64(count))
    }
  }

  /// Numbers of a floating type at equal distances, from `first` to `last`, both exact.
  static func linspace(
    _ count: Int, _ dtype: DType, from first: Double, to last: Double, on backend: any Backend
  ) -> Value {
    let step = count > 1 ? (last - first) / Double(count - 1) : 0
    // From both ends, so that the list is symmetric.
    let half = count - count / 2
    return filled([count], dtype, on: backend, for: "linspace") {
      slope_range(dtype.kernelType, $0, first, step, 0, Int64(half))
      slope_range(
        dtype.kernelType, $0 + half * dtype.byteCount, last, step, Int64(half - (count - 1)),
        Int64(count - half))
    }
  }

  /// A value of a floating type that `fill` writes as Floats in host memory, each rounded once to the type.
  static func filledByFloats(
    _ shape: Shape, _ dtype: DType, on backend: any Backend, for operation: String,
    _ fill: (UnsafeMutableBufferPointer<Float>) -> Void
  ) -> Value {
    if dtype == .float32 { return filled(shape, dtype, on: backend, for: operation, fill) }
    let floats = filled(shape, .float32, on: CPUBackend.shared, for: operation, fill)
    return floats.cast(to: dtype, record: false).moved(to: backend, record: false)
  }

  /// A value that `fill` writes in host memory, item by item; nothing is called where there is no memory
  /// for it.
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

  /// A value that `fill` writes in host memory; nothing is called where there is no memory for it.
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

  /// Host memory as a value.
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
