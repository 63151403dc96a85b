import Slope

extension DType {
  /// The Swift type of a numeric element type; nil for Bool, which has no arithmetic.
  var numericType: (any NumericElement.Type)? {
    switch self {
    case .bool: nil
    case .uint8: UInt8.self
    case .uint16: UInt16.self
    case .uint32: UInt32.self
    case .uint64: UInt64.self
    case .int8: Int8.self
    case .int16: Int16.self
    case .int32: Int32.self
    case .int64: Int64.self
    case .float16: Float16.self
    case .bfloat16: BFloat16.self
    case .float32: Float.self
    case .float64: Double.self
    }
  }

  /// The Swift type of a floating-point element type.
  var floatingType: (any FloatingElement.Type)? { numericType as? any FloatingElement.Type }

  /// The roof of the type's arithmetic; nil for integers.
  ///
  /// 16-bit floats are computed in Float.
  var roof: Roof? {
    switch self {
    case .float64: .float64
    case .float16, .bfloat16, .float32: .float32
    default: nil
    }
  }
}

/// The element types that `--dtype` selected.
struct DTypeChoice: Equatable {
  /// The types on which everything is measured.
  let full: [DType]
  /// The types on which one product and one sum are measured.
  var brief: [DType] = []

  /// What is measured by default.
  static let usual = DTypeChoice(
    full: [.float32, .float64], brief: [.float16, .bfloat16, .int32])

  /// Everything on every numeric type.
  static let every = DTypeChoice(full: DType.allCases.filter { $0.numericType != nil })

  /// Reads `all` or `NAME[,NAME]`; nil if a name is not that of a numeric type.
  init?(_ text: String) {
    if text == "all" {
      self = .every
      return
    }
    var full: [DType] = []
    for name in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let dtype = DTypeChoice.every.full.first(where: { $0.name == name }) else { return nil }
      if !full.contains(dtype) { full.append(dtype) }
    }
    self.init(full: full)
  }

  init(full: [DType], brief: [DType] = []) {
    self.full = full
    self.brief = brief
  }
}
