/// The element type of a tensor, as a value at run time.
///
/// `Tensor<Float>` has its element type at compile time, as a generic parameter; its `dtype` is the
/// same type as a value, for messages, tables and files. There are thirteen:
///
/// | case | Swift type | bytes |
/// |---|---|---|
/// | `bool` | `Bool` | 1 |
/// | `uint8`, `uint16`, `uint32`, `uint64` | `UInt8` … `UInt64` | 1, 2, 4, 8 |
/// | `int8`, `int16`, `int32`, `int64` | `Int8` … `Int64`, `Int` as `int64` | 1, 2, 4, 8 |
/// | `float16`, `bfloat16` | `Float16`, `BFloat16` | 2 |
/// | `float32`, `float64` | `Float`, `Double` | 4, 8 |
///
/// ```swift
/// let x = Tensor<Float>([1, 2, 3])
/// print(x.dtype, x.count * x.dtype.byteCount)   // float32 12
/// print(Device.cpu.dtypes.count)                // 13
/// ```
///
/// The CPU has them all; an OpenCL device has no `float64` where its driver lacks `cl_khr_fp64`.
/// 16-bit floats are stored in 16 bits and computed in `float32`. Raw values are those of the
/// kernels' own enumeration. Next: `TensorElement`, `Tensor.cast(to:)`.
public enum DType: UInt8, CaseIterable, Sendable, Hashable, CustomStringConvertible {
  case bool, uint8, uint16, uint32, uint64, int8, int16, int32, int64
  case float16, bfloat16, float32, float64

  /// The name that PyTorch and NumPy use, such as `float32`.
  public var name: String {
    switch self {
    case .bool: "bool"
    case .uint8: "uint8"
    case .uint16: "uint16"
    case .uint32: "uint32"
    case .uint64: "uint64"
    case .int8: "int8"
    case .int16: "int16"
    case .int32: "int32"
    case .int64: "int64"
    case .float16: "float16"
    case .bfloat16: "bfloat16"
    case .float32: "float32"
    case .float64: "float64"
    }
  }

  /// The name, such as `float32`.
  public var description: String { name }

  /// The size of one element in memory, in bytes.
  public var byteCount: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .float16, .bfloat16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }

  /// Whether elements are floating-point numbers, which can have gradients.
  public var isFloating: Bool { rawValue >= DType.float16.rawValue }

  /// Whether elements are integers, to which Bool does not belong.
  public var isInteger: Bool { self != .bool && !isFloating }

  /// Whether elements are signed integers.
  var isSignedInteger: Bool {
    rawValue >= DType.int8.rawValue && rawValue <= DType.int64.rawValue
  }

  /// The type in which a pointwise program on elements of this type computes.
  var computeType: DType {
    switch self {
    case .bool: .uint8
    case .float16, .bfloat16: .float32
    default: self
    }
  }

  /// The type of a sum or product: 64-bit integers, or the type itself for floating point.
  var accumulatedType: DType {
    if isFloating { return self }
    return self == .uint64 ? .uint64 : .int64
  }
}
