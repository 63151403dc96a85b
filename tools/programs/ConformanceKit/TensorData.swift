import Slope

/// A tensor as plain bytes: the single form in which expected and computed results are compared.
public struct TensorData: Sendable, Hashable {
  /// The type of the elements.
  public let dtype: DType

  /// The extents, outermost axis first.
  public let shape: [Int]

  /// Row-major elements in the machine's byte order.
  public let bytes: [UInt8]

  /// Elements given as bytes; `bytes.count` is the number of elements times their size.
  public init(dtype: DType, shape: [Int], bytes: [UInt8]) {
    self.dtype = dtype
    self.shape = shape
    self.bytes = bytes
  }

  /// The number of elements.
  public var count: Int { bytes.count / dtype.byteCount }

  /// The element at a position in row-major order.
  public subscript(index: Int) -> Number {
    precondition(index >= 0 && index < count, "element \(index) of \(count)")
    return bytes.withUnsafeBytes { raw in
      func load<T: BitwiseCopyable>(_ type: T.Type) -> T {
        raw.loadUnaligned(fromByteOffset: index * MemoryLayout<T>.size, as: type)
      }
      return switch dtype {
      case .bool: .integer(load(UInt8.self) == 0 ? 0 : 1)
      case .uint8: .integer(Int128(load(UInt8.self)))
      case .uint16: .integer(Int128(load(UInt16.self)))
      case .uint32: .integer(Int128(load(UInt32.self)))
      case .uint64: .integer(Int128(load(UInt64.self)))
      case .int8: .integer(Int128(load(Int8.self)))
      case .int16: .integer(Int128(load(Int16.self)))
      case .int32: .integer(Int128(load(Int32.self)))
      case .int64: .integer(Int128(load(Int64.self)))
      case .float16: .real(Double(load(Float16.self)))
      case .bfloat16: .real(Double(Float(bitPattern: UInt32(load(UInt16.self)) << 16)))
      case .float32: .real(Double(load(Float.self)))
      case .float64: .real(load(Double.self))
      }
    }
  }
}

/// An element of any type, exactly.
public enum Number: Sendable, Hashable, CustomStringConvertible, Decodable {
  case integer(Int128)
  case real(Double)

  /// Reads a number of JSON; one of 64 bits without a fraction is exact.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Int.self) {
      self = .integer(Int128(value))
    } else if let value = try? container.decode(UInt64.self) {
      self = .integer(Int128(value))
    } else {
      self = .real(try container.decode(Double.self))
    }
  }

  /// The nearest `Double`.
  public var doubleValue: Double {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    }
  }

  /// The shortest decimal that parses to the same number.
  public var description: String {
    switch self {
    case .integer(let value): value.description
    case .real(let value): value.description
    }
  }
}

/// The number of elements of a shape from a file, or nil if it is not a shape.
func elementCount(ofUntrusted shape: [Int]) -> Int? {
  var count = 1
  for extent in shape {
    guard extent >= 0 else { return nil }
    let (product, overflow) = count.multipliedReportingOverflow(by: extent)
    guard !overflow else { return nil }
    count = product
  }
  return count
}
