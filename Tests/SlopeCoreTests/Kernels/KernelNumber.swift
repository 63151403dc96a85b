import CKernels

/// A number of any element type, exactly: integers and Bool as integers, floats as Double.
enum KernelNumber {
  case integer(Int128)
  case floating(Double)

  var double: Double {
    switch self {
    case .integer(let value): Double(value)
    case .floating(let value): value
    }
  }

  var integer: Int128 {
    switch self {
    case .integer(let value): value
    case .floating(let value): Int128(value)
    }
  }
}

extension KernelDType {
  static let all: [KernelDType] = (UInt8(0)...12).compactMap { KernelDType(rawValue: $0) }
  static let integers = all.filter { !$0.isFloating && $0 != .bool }
  /// The types in which programs compute.
  static let computing = integers + [.float32, .float64]

  var isFloating: Bool { rawValue >= KernelDType.float16.rawValue }
  var isSigned: Bool { rawValue >= KernelDType.int8.rawValue }
  var byteCount: Int { [1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 2, 4, 8][Int(rawValue)] }
  var bitCount: Int { byteCount * 8 }

  var compute: KernelDType {
    switch self {
    case .bool: .uint8
    case .float16, .bfloat16: .float32
    default: self
    }
  }

  /// The range of an integer type.
  var range: ClosedRange<Int128> {
    let one = Int128(1)
    return isSigned
      ? -(one << (bitCount - 1))...(one << (bitCount - 1)) - 1 : 0...(one << bitCount) - 1
  }

  /// The number that `bits` (in the low bytes) represent.
  func number(_ bits: UInt64) -> KernelNumber {
    switch self {
    case .bool: .integer(bits & 0xFF == 0 ? 0 : 1)
    case .uint8: .integer(Int128(UInt8(truncatingIfNeeded: bits)))
    case .uint16: .integer(Int128(UInt16(truncatingIfNeeded: bits)))
    case .uint32: .integer(Int128(UInt32(truncatingIfNeeded: bits)))
    case .uint64: .integer(Int128(bits))
    case .int8: .integer(Int128(Int8(truncatingIfNeeded: bits)))
    case .int16: .integer(Int128(Int16(truncatingIfNeeded: bits)))
    case .int32: .integer(Int128(Int32(truncatingIfNeeded: bits)))
    case .int64: .integer(Int128(Int64(truncatingIfNeeded: bits)))
    case .float16: .floating(KernelDType.half(UInt16(truncatingIfNeeded: bits)))
    case .bfloat16: .floating(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16)))
    case .float32: .floating(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))))
    case .float64: .floating(Double(bitPattern: bits))
    }
  }

  /// The bits of `number` after a cast to this type, by the rules of the numeric contract.
  func cast(_ number: KernelNumber) -> UInt64 {
    switch (self, number) {
    case (.bool, .integer(let value)): return value == 0 ? 0 : 1
    case (.bool, .floating(let value)): return value == 0 ? 0 : 1
    case (.float32, .integer(let value)): return UInt64(Float(value).bitPattern)
    case (.float32, .floating(let value)): return UInt64(Float(value).bitPattern)
    case (.float64, _): return number.double.bitPattern
    case (.float16, _), (.bfloat16, _): return UInt64(narrow(number))
    case (_, .integer(let value)): return mask(UInt64(truncatingIfNeeded: value))
    case (_, .floating(let value)):
      if value.isNaN { return 0 }
      let clamped = max(min(value, Double(range.upperBound)), Double(range.lowerBound))
      let integer = min(Int128(clamped), range.upperBound)
      return mask(UInt64(truncatingIfNeeded: integer))
    }
  }

  /// The low bytes that belong to an element.
  func mask(_ bits: UInt64) -> UInt64 {
    byteCount == 8 ? bits : bits & ((1 << UInt64(bitCount)) - 1)
  }

  /// Whether two elements are the same bits, or both NaN.
  func same(_ a: UInt64, _ b: UInt64) -> Bool {
    if mask(a) == mask(b) { return true }
    return isFloating && number(a).double.isNaN && number(b).double.isNaN
  }

  private static func half(_ bits: UInt16) -> Double {
    let fraction = Double(bits & 0x3FF)
    let exponent = Int(bits >> 10 & 0x1F)
    let sign: Double = bits >> 15 == 0 ? 1 : -1
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign * Double(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
    }
  }

  /// The nearest 16-bit float, found by comparing with both neighbours; ties to even.
  private func narrow(_ number: KernelNumber) -> UInt16 {
    let value = number.double
    let infinity: UInt16 = self == .float16 ? 0x7C00 : 0x7F80
    if value.isNaN { return infinity | 1 }
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    // The magnitudes of 16-bit floats grow with their bits.
    var low: UInt16 = 0
    var high = infinity
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if compare(magnitude(middle), number) <= 0 { low = middle } else { high = middle }
    }
    if compare(magnitude(high), number) <= 0 { return sign | high }
    let midpoint = (magnitude(low) + magnitude(high)) / 2
    let order = compare(midpoint, number)
    return sign | (order < 0 || (order == 0 && low & 1 == 1) ? high : low)
  }

  /// The magnitude of a 16-bit float, with the number after the greatest for infinity.
  private func magnitude(_ bits: UInt16) -> Double {
    if self == .float16 { return bits == 0x7C00 ? 65536 : KernelDType.half(bits) }
    return bits == 0x7F80 ? 0x1p128 : Double(Float(bitPattern: UInt32(bits) << 16))
  }

  /// Compares `magnitude` with that of `number`, exactly.
  private func compare(_ magnitude: Double, _ number: KernelNumber) -> Int {
    if case .integer(let value) = number, magnitude < 0x1p100, magnitude.rounded() == magnitude {
      let left = Int128(magnitude)
      let right = Int128(value.magnitude)
      return left < right ? -1 : left > right ? 1 : 0
    }
    let other = number.double.magnitude
    return magnitude < other ? -1 : magnitude > other ? 1 : 0
  }
}
