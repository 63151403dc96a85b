import SlopeCore

/// One element while the reference computes with it: plain Swift numbers, no kernels.
///
/// Bool and all integers are held in 64 bits, `uint64` as its bit pattern.
enum Cell: Equatable {
  case real(Double)
  case integer(Int64)

  /// Reads an element.
  static func load(_ address: UnsafeRawPointer, _ dtype: DType) -> Cell {
    func integer<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type) -> Cell {
      .integer(Int64(truncatingIfNeeded: address.loadUnaligned(as: type)))
    }
    return switch dtype {
    case .bool: .integer(address.load(as: UInt8.self) == 0 ? 0 : 1)
    case .uint8: integer(UInt8.self)
    case .uint16: integer(UInt16.self)
    case .uint32: integer(UInt32.self)
    case .uint64: integer(UInt64.self)
    case .int8: integer(Int8.self)
    case .int16: integer(Int16.self)
    case .int32: integer(Int32.self)
    case .int64: integer(Int64.self)
    case .float16: .real(Double(address.loadUnaligned(as: Float16.self)))
    case .bfloat16:
      .real(Double(Float(bitPattern: UInt32(address.loadUnaligned(as: UInt16.self)) << 16)))
    case .float32: .real(Double(address.loadUnaligned(as: Float.self)))
    case .float64: .real(address.loadUnaligned(as: Double.self))
    }
  }

  /// Writes an element of type `dtype`, to which the cell was converted.
  func store(_ address: UnsafeMutableRawPointer, _ dtype: DType) {
    switch (self, dtype) {
    case (.integer(let value), .bool), (.integer(let value), .uint8), (.integer(let value), .int8):
      address.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
    case (.integer(let value), .uint16), (.integer(let value), .int16):
      address.storeBytes(of: UInt16(truncatingIfNeeded: value), as: UInt16.self)
    case (.integer(let value), .uint32), (.integer(let value), .int32):
      address.storeBytes(of: UInt32(truncatingIfNeeded: value), as: UInt32.self)
    case (.integer(let value), .uint64), (.integer(let value), .int64):
      address.storeBytes(of: value, as: Int64.self)
    case (.real(let value), .float16): address.storeBytes(of: Float16(value), as: Float16.self)
    case (.real(let value), .bfloat16):
      let bits = Float(value).bitPattern >> 16
      address.storeBytes(of: UInt16(truncatingIfNeeded: bits), as: UInt16.self)
    case (.real(let value), .float32): address.storeBytes(of: Float(value), as: Float.self)
    case (.real(let value), .float64): address.storeBytes(of: value, as: Double.self)
    default: preconditionFailure("a cell was not converted to \(dtype)")
    }
  }

  /// The number in another type, by the cast rules: one rounding of the exact value; real to
  /// integer truncates toward zero and saturates, NaN gives 0; anything but 0 is true.
  func converted(from source: DType, to target: DType) -> Cell {
    switch self {
    case .real(let value):
      if target.isFloating { return .real(value.rounded(to: target)) }
      if target == .bool { return .integer(value == 0 ? 0 : 1) }
      if value.isNaN { return .integer(0) }
      let (low, high) = target.integerBounds
      let whole = value.rounded(.towardZero)
      if whole <= Double(low) { return .integer(Int64(truncatingIfNeeded: low)) }
      if whole >= Double(high) { return .integer(Int64(truncatingIfNeeded: high)) }
      return .integer(Int64(truncatingIfNeeded: Int128(whole)))
    case .integer(let bits):
      if target == .bool { return .integer(bits == 0 ? 0 : 1) }
      if target.isFloating {
        let exact = source == .uint64 ? Int128(UInt64(bitPattern: bits)) : Int128(bits)
        return .real(Double(roundingOnce: exact, to: target))
      }
      return .integer(bits).wrapped(to: target)
    }
  }

  /// An integer with the low bits of `dtype`, sign-extended as it requires.
  func wrapped(to dtype: DType) -> Cell {
    guard case .integer(let value) = self else { return self }
    return switch dtype {
    case .bool, .uint8: .integer(Int64(UInt8(truncatingIfNeeded: value)))
    case .uint16: .integer(Int64(UInt16(truncatingIfNeeded: value)))
    case .uint32: .integer(Int64(UInt32(truncatingIfNeeded: value)))
    case .int8: .integer(Int64(Int8(truncatingIfNeeded: value)))
    case .int16: .integer(Int64(Int16(truncatingIfNeeded: value)))
    case .int32: .integer(Int64(Int32(truncatingIfNeeded: value)))
    default: self
    }
  }

  /// A number given as the bits of a compute type.
  static func constant(_ bits: UInt64, _ compute: DType) -> Cell {
    switch compute {
    case .float64: .real(Double(bitPattern: bits))
    case .float32: .real(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))))
    default: Cell.integer(Int64(bitPattern: bits)).wrapped(to: compute)
    }
  }
}

extension DType {
  /// The type in which programs on this type compute.
  var referenceComputeType: DType {
    switch self {
    case .bool: .uint8
    case .float16, .bfloat16: .float32
    default: self
    }
  }

  /// The least and the greatest integer.
  fileprivate var integerBounds: (Int128, Int128) {
    let bits = byteCount * 8
    let isSigned = [.int8, .int16, .int32, .int64].contains(self)
    return isSigned
      ? (-(Int128(1) << (bits - 1)), (Int128(1) << (bits - 1)) - 1) : (0, (Int128(1) << bits) - 1)
  }

  /// The significant bits and the least exponent of a floating type.
  private var precision: (bits: Int, leastExponent: Int) {
    switch self {
    case .float16: (11, -14)
    case .bfloat16: (8, -126)
    case .float32: (24, -126)
    default: (53, -1022)
    }
  }

  /// The distance between neighbours around `value`, and the greatest finite number.
  fileprivate func grid(at value: Double) -> (step: Double, greatest: Double) {
    let (bits, least) = precision
    let exponent = max(value == 0 ? least : Int(value.exponent), least)
    let step = Double(sign: .plus, exponent: exponent - bits + 1, significand: 1)
    let greatest =
      switch self {
      case .float16: 65504.0
      case .bfloat16: Double(Float(bitPattern: 0x7F7F_0000))
      case .float32: Double(Float.greatestFiniteMagnitude)
      default: Double.greatestFiniteMagnitude
      }
    return (step, greatest)
  }
}

extension Double {
  /// The nearest number of a floating type, ties to even, from the exact value: by dividing by the
  /// distance between neighbours, not by the machine's conversions.
  func rounded(to dtype: DType) -> Double {
    guard dtype != .float64, isFinite, self != 0 else { return self }
    let (step, greatest) = dtype.grid(at: self)
    let result = (self / step).rounded(.toNearestOrEven) * step
    if result.magnitude > greatest { return Double(signOf: self, magnitudeOf: .infinity) }
    return Double(signOf: self, magnitudeOf: result)
  }

  /// The nearest number of a floating type to an integer, rounded once.
  fileprivate init(roundingOnce value: Int128, to dtype: DType) {
    // Bits below the 60 highest matter only for ties.
    var (magnitude, shift) = (value.magnitude, 0)
    while magnitude >= 1 << 53 {
      magnitude = (magnitude >> 1) | (magnitude & 1)
      shift += 1
    }
    if shift > 0, dtype == .float64 {
      self = Double(value)
    } else {
      let scaled = Double(magnitude) * Double(sign: .plus, exponent: shift, significand: 1)
      self = (value < 0 ? -scaled : scaled).rounded(to: dtype)
    }
  }
}
