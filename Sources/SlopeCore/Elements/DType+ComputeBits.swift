extension DType {
  /// The bit pattern of `value` in the type in which programs on this type compute.
  func computeBits(of value: Double) -> UInt64 {
    switch self {
    case .bool: value != 0 ? 1 : 0
    case .uint8: UInt8(clamping: value).computeBits
    case .uint16: UInt16(clamping: value).computeBits
    case .uint32: UInt32(clamping: value).computeBits
    case .uint64: UInt64(clamping: value)
    case .int8: Int8(clamping: value).computeBits
    case .int16: Int16(clamping: value).computeBits
    case .int32: Int32(clamping: value).computeBits
    case .int64: Int64(clamping: value).computeBits
    case .float16, .bfloat16, .float32: UInt64(Float(value).bitPattern)
    case .float64: value.bitPattern
    }
  }
}
