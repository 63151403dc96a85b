/// An n-dimensional array of elements of one type, which knows how it was computed.
///
/// A tensor has a `shape` of at most eight axes, an element type, and a `device` that holds its
/// elements. Element types are static: `Tensor<Float>` and `Tensor<Int>` do not mix, and only
/// `cast(to:)` converts one to the other.
///
/// ```swift
/// let x = Tensor<Float>([[1, 2], [3, 4]])
/// let w = Parameter(Tensor<Float>([[1], [-1]]))
/// let loss = matmul(x, w.tensor).square().sum()
/// print(loss)              // tensor(2., operation: sum)
/// loss.backward()
/// if let gradient = w.grad { print(gradient.scalars) }   // [-8.0, -12.0]
///
/// let column = x[0..., 1]  // a view of shape [2]
/// print(column.scalars)    // [2.0, 4.0]
/// ```
///
/// **Storage.** A tensor is a struct around one reference: to an immutable value with a shape,
/// strides, an offset and a buffer. Copying a tensor copies the reference. A view (`transposed()`,
/// a subscript, `reshaped(to:)` where the strides allow it) has its own shape and strides over the
/// same buffer, which it keeps alive as a whole. The elements of a tensor never change: `x += 1`
/// computes a new tensor and assigns it to `x`, and other copies and views keep their elements.
/// Only a `Parameter` changes. Tensors are `Sendable`.
///
/// **When work happens.** An operation runs when it is called; nothing is deferred until its result
/// is read. On the CPU the result is complete when the call returns. An OpenCL device works
/// asynchronously, and the host waits only where it needs elements: `item()`, `scalars`,
/// `withScalars(_:)`, `description`, `to(_:)` from the device, and the few operations that say
/// "Waits for the device." An index out of range is reported by an OpenCL device at the next read
/// or wait, or when the `checked` scope ends.
///
/// **Memory.** The result of an operation that is not a view takes `count · dtype.byteCount` bytes
/// on the device of the operands, which must all be on one device. Freed memory is kept for later
/// results: see `Device.memoryStatistics` and `Device.trim()`.
///
/// **Gradients.** An operation on a `Parameter`'s tensor is recorded, as are operations on its
/// result; `backward()` follows the recordings. They keep alive the operands and results that
/// derivatives need, until `backward()` releases them. Inside `noGrad { }` nothing is recorded.
///
/// **Failures.** A violated precondition, such as shapes that do not broadcast, is a failure: it
/// stops the program, or is thrown by the enclosing `checked { }`, in which the operation returns a
/// failed tensor.
///
/// The numeric rules for overflow, NaN, ties and casts are in docs/numerics.md, and PyTorch's names
/// for the operations in docs/from-pytorch.md. Next: `Parameter`, `Pointwise`, `Device`, `Shape`.
public struct Tensor<Element: TensorElement>: Sendable {
  package var value: Value

  package init(_ value: Value) { self.value = value }

  /// Creates a tensor of shape `[]` with one element, on the default device.
  public init(_ scalar: Element) {
    self.init(Value.upload([scalar], shape: [], dtype: Element.dtype, on: Device.current.backend))
  }

  /// Creates a tensor of shape `[scalars.count]`, on the default device.
  ///
  /// Copies the array. Complexity: O(n).
  public init(_ scalars: [Element]) {
    self.init(shape: [scalars.count], scalars: scalars)
  }

  /// Creates a tensor of shape `[rows.count, columns]`, on the default device.
  ///
  /// Copies the arrays. Complexity: O(n). Precondition: all rows have the same length.
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

  /// Creates a tensor of shape `[matrices.count, rows, columns]`, on the default device.
  ///
  /// Copies the arrays. Complexity: O(n). Precondition: all matrices have the same shape.
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

  /// Creates a tensor of the given shape from elements in row-major order, on the default device.
  ///
  /// Copies the array. Complexity: O(n). Precondition: `scalars.count` is `shape.elementCount`, and
  /// no extent is negative.
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

  /// The extents, outermost axis first; `[]` for a failed tensor.
  public var shape: Shape { value.shape }

  /// The number of axes, from 0 to 8.
  public var rank: Int { value.layout.rank }

  /// The number of elements; 0 for a failed tensor.
  public var count: Int { value.count }

  /// The element type, as a value.
  public var dtype: DType { Element.dtype }

  /// The device that holds the elements.
  public var device: Device { Device(value.backend) }

  /// Whether this tensor stands for the result of an operation that failed inside `checked { }`.
  ///
  /// Does not wait: what an asynchronous device reports later is not known yet.
  public var isFailed: Bool { value.isFailed }

  /// A failed tensor: the result of an operation on a failed tensor.
  package static var failed: Tensor { Tensor(Value.failed(Element.dtype)) }

  /// Whether this tensor was computed from a `Parameter`, so that `backward()` can be called on it.
  public var requiresGradient: Bool { value.recording != nil }

  /// The elements in row-major order.
  ///
  /// Copies them to a new array. Waits for the device. Complexity: O(n). If there is no memory for
  /// the array, that is a failure, and the result is `[]`.
  public var scalars: [Element] {
    // Fails here if there is no memory for a copy, before Swift's allocation would trap.
    let plain = value.contiguous
    guard Size.isAvailable(plain.count, of: Element.self, for: "scalars") else { return [] }
    return Array(unsafeUninitializedCapacity: plain.count) { buffer, count in
      let bytes = UnsafeMutableRawBufferPointer(buffer).prefix(
        plain.count * Element.dtype.byteCount)
      plain.download(into: UnsafeMutableRawBufferPointer(rebasing: bytes))
      count = plain.count
    }
  }

  /// Calls `body` with the elements in row-major order.
  ///
  /// Waits for the device. No elements are copied where they are contiguous in the CPU's memory;
  /// elsewhere they are copied first, in O(n).
  ///
  /// ```swift
  /// let x = Tensor<Float>([1, 2, 3])
  /// let last = x.withScalars { scalars in scalars[scalars.count - 1] }
  /// print(last)   // 3.0
  /// ```
  ///
  /// - Throws: What `body` throws.
  public func withScalars<Result>(_ body: (Span<Element>) throws -> Result) rethrows -> Result {
    let plain = value.contiguous
    guard plain.count > 0, plain.backend === CPUBackend.shared else {
      return try body(scalars.span)
    }
    return try plain.withBytes { try body($0.assumingMemoryBound(to: Element.self).span) }
  }

  /// The element of a tensor that has exactly one, whatever its rank.
  ///
  /// Waits for the device. Precondition: `count` is 1. A failed tensor gives 0 (or false).
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

  /// The same elements without the recording: no gradient flows through the result.
  ///
  /// Returns a view: no elements are copied.
  public func detached() -> Tensor { Tensor(value.detached) }

  /// The elements converted to another element type.
  ///
  /// Floats truncate toward zero to integers and saturate, and NaN gives 0. Integers keep their low
  /// bits. Every number but 0 becomes true. Other conversions round to nearest, ties to even, once.
  /// Gradients flow back through a cast between floating types. Returns the tensor itself if the
  /// type is the same, otherwise a copy. Complexity: O(n).
  public func cast<Target: TensorElement>(to target: Target.Type) -> Tensor<Target> {
    Tensor<Target>(value.cast(to: Target.dtype))
  }
}

extension TensorElement {
  /// The element whose bits are all zero: 0, or false.
  static var zeroBits: Self {
    withUnsafeTemporaryAllocation(of: Self.self, capacity: 1) { memory in
      let raw = UnsafeMutableRawBufferPointer(memory)
      raw.initializeMemory(as: UInt8.self, repeating: 0)
      return raw.loadUnaligned(as: Self.self)
    }
  }
}
