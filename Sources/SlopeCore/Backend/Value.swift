internal import CKernels

/// The engine's tensor: shape, strides, element type, memory, and perhaps a recording.
///
/// Not generic, and immutable. Views share a buffer. A *failed* value stands for the result of an
/// operation that could not be done inside `checked { }`.
package final class Value: Sendable {
  package let layout: Layout
  package let dtype: DType
  package let buffer: Buffer
  let recording: Recording?
  package let isFailed: Bool

  package convenience init(_ layout: Layout, _ dtype: DType, _ buffer: Buffer) {
    self.init(layout, dtype, buffer, recording: nil)
  }

  init(_ layout: Layout, _ dtype: DType, _ buffer: Buffer, recording: Recording?) {
    self.layout = layout
    self.dtype = dtype
    self.buffer = buffer
    self.recording = recording
    isFailed = false
  }

  private init(failed dtype: DType, buffer: Buffer) {
    layout = Layout(shape: [], strides: InlineArray(repeating: 0), offset: 0)
    self.dtype = dtype
    self.buffer = buffer
    recording = nil
    isFailed = true
  }

  package var shape: Shape { layout.shape }
  package var count: Int { isFailed ? 0 : layout.count }
  package var backend: any Backend { buffer.backend }

  /// Reports a caller's mistake and returns a failed value as the result.
  static func failure(_ operation: String, _ message: String, dtype: DType = .float32) -> Value {
    reportFailure(operation: operation, message)
    return failed(dtype)
  }

  /// The result of an operation on a failed value.
  static func failed(_ dtype: DType) -> Value {
    Value(failed: dtype, buffer: CPUBackend.shared.nothing)
  }

  /// The same elements without a recording.
  package var detached: Value {
    recording == nil ? self : Value(layout, dtype, buffer)
  }

  /// The same elements with another recording.
  func recorded(by recording: Recording?) -> Value {
    isFailed ? self : Value(layout, dtype, buffer, recording: recording)
  }

  /// New contiguous memory for `shape`; nil, after a report, if there is none.
  static func allocate(
    _ shape: Shape, _ dtype: DType, on backend: any Backend,
    for operation: @autoclosure () -> String
  ) -> Buffer? {
    if dtype == .float64, !backend.hasDouble {
      reportFailure(operation: operation(), "\(backend.name) cannot hold \(dtype)")
      return nil
    }
    if let count = shape.representableCount,
      let byteCount = Size.product(count, dtype.byteCount),
      let buffer = backend.allocate(byteCount: byteCount)
    {
      return buffer
    }
    reportFailure(
      operation: operation(), "no memory for \(shape) of \(dtype) on \(backend.name)",
      lacksMemory: true)
    return nil
  }

  /// The elements in row-major order without gaps; the value itself if it is so.
  var contiguous: Value {
    if layout.isContiguous { return self }
    guard let buffer = Value.allocate(shape, dtype, on: backend, for: "copy") else {
      return .failed(dtype)
    }
    let layout = Layout(shape)
    backend.copy(self, to: buffer, layout)
    return Value(layout, dtype, buffer)
  }

  /// Copies the elements, row-major, to host memory of exactly that size.
  package func download(into destination: UnsafeMutableRawBufferPointer) {
    guard count > 0 else { return }
    let source = contiguous
    guard !source.isFailed else { return }
    source.downloadContiguous(into: destination)
  }

  /// The same for a value whose elements have no gaps.
  func downloadContiguous(into destination: UnsafeMutableRawBufferPointer) {
    backend.download(buffer, byteOffset: layout.offset * dtype.byteCount, into: destination)
    // If a kernel could not run, the device gives arbitrary bytes, but a Bool of Swift is 0 or 1.
    guard dtype == .bool, backend !== CPUBackend.shared, let bytes = destination.baseAddress else {
      return
    }
    slope_apply(.logicalOr, .uint8, bytes, bytes, bytes, nil, Int64(destination.count))
  }
}

extension Value: CustomStringConvertible {
  package var description: String { isFailed ? "failed" : "\(dtype)\(shape)" }
}
