typealias Number = NumericsError.Number

/// The exact value of a number of any type.
enum ExactNumber: Equatable {
  case real(Double)
  case integer(Int128)
}

extension Number {
  var exact: ExactNumber {
    switch dtype {
    case .float16: .real(Double(Float16(bitPattern: UInt16(truncatingIfNeeded: bits))))
    case .bfloat16: .real(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16)))
    case .float32: .real(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))))
    case .float64: .real(Double(bitPattern: bits))
    default: .integer(integer)
    }
  }

  /// The value of an integer or Bool.
  var integer: Int128 {
    switch dtype {
    case .int8: Int128(Int8(truncatingIfNeeded: bits))
    case .int16: Int128(Int16(truncatingIfNeeded: bits))
    case .int32: Int128(Int32(truncatingIfNeeded: bits))
    case .int64: Int128(Int64(bitPattern: bits))
    default: Int128(bits)
    }
  }

  var isNaN: Bool {
    if case .real(let value) = exact { value.isNaN } else { false }
  }

  var isFinite: Bool {
    if case .real(let value) = exact { value.isFinite } else { true }
  }

  /// Whether NaN or infinity arose here, that is, none of the operands held it.
  ///
  /// NaN arises if no operand was NaN, infinity if all operands were finite.
  func arises(from operands: [Number]) -> Bool {
    if isFinite { return false }
    return isNaN ? !operands.contains { $0.isNaN } : operands.allSatisfy { $0.isFinite }
  }

  /// The number in the type in which a program computes, converted as a load converts it.
  func converted(to compute: DType) -> Number {
    if dtype == compute { return self }
    switch exact {
    case .real(let value): return Number(compute, bits: compute.computeBits(of: value))
    case .integer(let value):
      return switch compute {
      // Rounded once.
      case .float32: Number(compute, bits: UInt64(Float(value).bitPattern))
      case .float64: Number(compute, bits: Double(value).bitPattern)
      default: Number(compute, bits: bits)
      }
    }
  }

  /// Whether a cast of `source` that gave this number was lossy.
  ///
  /// A cast to Bool never is, nor is the rounding of a floating-point number to a narrower type.
  func isLossy(from source: ExactNumber) -> Bool {
    if dtype == .bool { return false }
    switch (source, exact) {
    case (.real(let before), .real(let after)): return before.isFinite && after.isInfinite
    case (.integer(let before), .integer(let after)): return before != after
    case (.real(let before), .integer(let after)): return Int128(exactly: before) != after
    case (.integer(let before), .real(let after)): return Int128(exactly: after) != before
    }
  }
}
