/// The type of a tensor's elements, as a value.
///
/// Raw values are those of the kernels' own enumeration.
public enum DType: UInt8, CaseIterable, Sendable, Hashable, CustomStringConvertible {
  case bool, uint8, uint16, uint32, uint64, int8, int16, int32, int64
  case float16, bfloat16, float32, float64

  /// The name that PyTorch and NumPy use: `float32`, `bool`, …
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

  /// The name: `float32`, `bool`, …
  public var description: String { name }

  /// The size of one element in memory.
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

  /// Whether elements are integers (not Bool).
  public var isInteger: Bool { self != .bool && !isFloating }

  /// Whether elements are integers with a sign.
  var isSignedInteger: Bool {
    rawValue >= DType.int8.rawValue && rawValue <= DType.int64.rawValue
  }

  /// The type in which a pointwise program on elements of this type holds its numbers.
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
