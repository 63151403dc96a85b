import FoundationEssentials
import Slope

/// A tensor in the form of the golden file: bytes in Base64, a formula, or samples.
struct GoldenTensor: Decodable, Sendable {
  let dtype: String
  let shape: [Int]
  let b64: String?
  let formula: Formula?
  let flatIndices: [Int]?
  let values: [Number]?
  let sum: Number?

  private enum CodingKeys: String, CodingKey {
    case dtype, shape, b64, formula, values, sum
    case flatIndices = "flat_indices"
  }

  /// `x[i] = ((i · mul + add) mod mod − sub) / div` over the flat index `i`.
  ///
  /// Whole numbers are computed exactly.
  struct Formula: Decodable, Sendable {
    let mul, add, mod: Int
    let sub, div: Number

    /// The element at flat index `i`, or nil if the products overflow.
    func element(_ i: Int) -> Number? {
      let (product, overflow) = i.multipliedReportingOverflow(by: mul)
      let (sum, carry) = product.addingReportingOverflow(add)
      guard !overflow, !carry else { return nil }
      let remainder = sum % mod
      let number = remainder < 0 ? remainder + mod : remainder
      if case .integer(let sub) = sub, case .integer(let div) = div {
        let (quotient, rest) = (Int128(number) - sub).quotientAndRemainder(dividingBy: div)
        // A zero may be negative, which no integer is.
        if rest == 0, quotient != 0 { return .integer(quotient) }
      }
      return .real((Double(number) - sub.doubleValue) / div.doubleValue)
    }
  }

  /// The most elements of a formula: files are small, but what they ask for need not be.
  static let largestFormula = 1 << 26

  func readType() throws -> DType {
    guard let type = DType.allCases.first(where: { $0.name == dtype }) else {
      throw Unsupported("unknown dtype '\(dtype)'")
    }
    return type
  }

  func readCount() throws -> Int {
    guard let count = elementCount(ofUntrusted: shape) else {
      throw Malformed("shape \(shape) is not possible")
    }
    guard shape.count <= Shape.maximumRank else {
      throw Unsupported("shape \(shape) has more than \(Shape.maximumRank) axes")
    }
    return count
  }

  /// The elements, decoded and checked.
  func read() throws -> TensorData {
    let type = try readType()
    let count = try readCount()
    if let formula { return try evaluate(formula, type: type, count: count) }
    guard let b64 else { throw Malformed("a tensor has neither b64 nor formula") }
    guard let data = Data(base64Encoded: b64) else { throw Malformed("b64 is not valid Base64") }
    let (byteCount, overflow) = count.multipliedReportingOverflow(by: type.byteCount)
    guard !overflow, byteCount == data.count else {
      throw Malformed("\(dtype) \(shape) does not fit \(data.count) bytes of b64")
    }
    if type == .bool, let bad = data.first(where: { $0 > 1 }) {
      throw Malformed("a bool is \(bad), neither 0 nor 1")
    }
    return TensorData(dtype: type, shape: shape, bytes: Array(data))
  }

  private func evaluate(_ formula: Formula, type: DType, count: Int) throws -> TensorData {
    guard formula.mod > 0, formula.div.doubleValue != 0 else {
      throw Malformed("a formula's mod must be positive and its div not zero")
    }
    guard count <= GoldenTensor.largestFormula else {
      throw Malformed("a formula asks for \(count) elements; \(Self.largestFormula) are the limit")
    }
    var elements: [Number] = []
    elements.reserveCapacity(count)
    for i in 0..<count {
      guard let element = formula.element(i) else { throw Malformed("a formula overflows at \(i)") }
      elements.append(element)
    }
    return TensorData(shape: shape, numbers: elements, as: type)
  }
}

extension TensorData {
  /// Doubles converted to another element type: rounded to nearest, or clamped to the integers.
  public init(shape: [Int], values: [Double], as dtype: DType) {
    self.init(shape: shape, numbers: values.map { .real($0) }, as: dtype)
  }

  /// Numbers converted to an element type: rounded to nearest, or clamped to the integers.
  public init(shape: [Int], numbers: [Number], as dtype: DType) {
    func pack<T: BitwiseCopyable>(_ convert: (Number) -> T) -> [UInt8] {
      numbers.map(convert).withUnsafeBytes(Array.init)
    }
    func integers<T: IntegerElement>(_: T.Type) -> [UInt8] {
      pack {
        switch $0 {
        case .integer(let value): T(clamping: value)
        case .real(let value): T(clamping: value)
        }
      }
    }
    let bytes =
      switch dtype {
      case .bool: pack { $0.doubleValue == 0 ? UInt8(0) : 1 }
      case .uint8: integers(UInt8.self)
      case .uint16: integers(UInt16.self)
      case .uint32: integers(UInt32.self)
      case .uint64: integers(UInt64.self)
      case .int8: integers(Int8.self)
      case .int16: integers(Int16.self)
      case .int32: integers(Int32.self)
      case .int64: integers(Int64.self)
      case .float16: pack { Float16($0.doubleValue) }
      case .bfloat16: pack { BFloat16($0.doubleValue) }
      case .float32: pack { Float($0.doubleValue) }
      case .float64: pack { $0.doubleValue }
      }
    self.init(dtype: dtype, shape: shape, bytes: bytes)
  }
}

/// What is wrong with a line of a golden file.
struct Malformed: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
