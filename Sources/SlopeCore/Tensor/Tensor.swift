/// An array of numbers of one type with any number of axes, which remembers how it was computed.
///
/// A tensor is a value: operations return new tensors, and views share memory. If it was computed
/// from a `Parameter`, `backward()` finds the gradient. Operations that the shapes do not allow stop
/// the program, or throw inside `checked { }`.
///
/// ```swift
/// let x = Tensor<Float>([[1, 2], [3, 4]])
/// let y = (x * 2 + 1).sum()
/// ```
public struct Tensor<Element: TensorElement>: Sendable {
  package var value: Value

  package init(_ value: Value) { self.value = value }

  /// A zero-dimensional tensor.
  public init(_ scalar: Element) {
    self.init(Value.upload([scalar], shape: [], dtype: Element.dtype, on: Device.current.backend))
  }

  /// A one-dimensional tensor.
  public init(_ scalars: [Element]) {
    self.init(shape: [scalars.count], scalars: scalars)
  }

  /// A tensor of the rows given, `[rows.count, columns]`; rows of unequal length are a failure.
  public init(_ rows: [[Element]]) {
    let columns = rows.first?.count ?? 0
    guard rows.allSatisfy({ $0.count == columns }) else {
      self.init(
        Value.failure("tensor", "rows of lengths \(rows.map(\.count)) differ", dtype: Element.dtype)
      )
      return
    }
    self.init(shape: [rows.count, columns], scalars: Array(rows.joined()))
  }

  /// A three-dimensional tensor; parts of unequal shape are a failure.
  public init(_ matrices: [[[Element]]]) {
    let rows = matrices.first?.count ?? 0
    let columns = matrices.first?.first?.count ?? 0
    guard matrices.allSatisfy({ $0.count == rows && $0.allSatisfy { $0.count == columns } }) else {
      self.init(Value.failure("tensor", "the matrices differ in shape", dtype: Element.dtype))
      return
    }
    self.init(
      shape: [matrices.count, rows, columns], scalars: matrices.flatMap { $0.flatMap { $0 } })
  }

  /// The elements in row-major order under a shape of as many.
  public init(shape: Shape, scalars: [Element]) {
    guard shape.elementCount == scalars.count, Tensor.isValid(shape) else {
      self.init(
        Value.failure(
          "tensor", "\(scalars.count) elements do not fill the shape \(shape)", dtype: Element.dtype
        ))
      return
    }
    self.init(Value.upload(scalars, shape: shape, dtype: Element.dtype, on: Device.current.backend))
  }

  static func isValid(_ shape: Shape) -> Bool { shape.allSatisfy { $0 >= 0 } }

  /// The extents, outermost axis first.
  public var shape: Shape { value.shape }

  /// The number of axes.
  public var rank: Int { value.layout.rank }

  /// The number of elements.
  public var count: Int { value.count }

  /// The element type, as a value.
  public var dtype: DType { Element.dtype }

  /// The device that holds the elements.
  public var device: Device { Device(value.backend) }

  /// Whether this stands for the result of an operation that could not be done (inside
  /// `checked { }`).
  public var isFailed: Bool { value.isFailed }

  /// The result of an operation on a failed tensor.
  package static var failed: Tensor { Tensor(Value.failed(Element.dtype)) }

  /// Whether `backward()` can reach a parameter from here.
  public var requiresGradient: Bool { value.recording != nil }

  /// The elements in row-major order. Copies; waits for the device.
  public var scalars: [Element] {
    // Fails here where there is no memory for a copy, before Swift's own allocation would stop.
    let plain = value.contiguous
    guard Size.isAvailable(plain.count, of: Element.self, for: "scalars") else { return [] }
    return Array(unsafeUninitializedCapacity: plain.count) { buffer, count in
      let bytes = UnsafeMutableRawBufferPointer(buffer).prefix(
        plain.count * Element.dtype.byteCount)
      plain.download(into: UnsafeMutableRawBufferPointer(rebasing: bytes))
      count = plain.count
    }
  }

  /// Calls `body` with the elements in row-major order. Waits for the device; copies only what is
  /// not contiguous in the memory of the process.
  public func withScalars<Result>(_ body: (Span<Element>) throws -> Result) rethrows -> Result {
    let plain = value.contiguous
    guard plain.count > 0, plain.backend === CPUBackend.shared else {
      return try body(scalars.span)
    }
    return try plain.withBytes { try body($0.assumingMemoryBound(to: Element.self).span) }
  }

  /// The one element of a tensor that has just one; waits for the device.
  ///
  /// Any other number of elements is a failure. A failed tensor gives zero.
  public func item() -> Element {
    guard value.count == 1 else {
      if !value.isFailed {
        reportFailure(operation: "item", "a tensor of shape \(shape) has \(count) elements")
      }
      return Element.zeroBits
    }
    var result = Element.zeroBits
    withUnsafeMutableBytes(of: &result) { value.download(into: $0) }
    return result
  }

  /// The same elements without the way they were computed: no gradient goes through.
  public func detached() -> Tensor { Tensor(value.detached) }

  /// The elements converted to another type: floats truncate to integers and saturate (NaN gives
  /// 0), integers keep their low bits, any number but 0 is true, others round to nearest even.
  public func cast<Target: TensorElement>(to target: Target.Type) -> Tensor<Target> {
    Tensor<Target>(value.cast(to: Target.dtype))
  }
}

extension TensorElement {
  /// The element whose bits are all zero: 0 or false.
  static var zeroBits: Self {
    withUnsafeTemporaryAllocation(of: Self.self, capacity: 1) { memory in
      let raw = UnsafeMutableRawBufferPointer(memory)
      raw.initializeMemory(as: UInt8.self, repeating: 0)
      return raw.loadUnaligned(as: Self.self)
    }
  }
}
