/// A number that went wrong inside `Numerics.check { }`, and where.
///
/// Its description names the operation, what resulted, the index of the element and the operands:
///
/// ```swift
/// do {
///   try Numerics.check { _ = Tensor<Float>([1, 0]).log() }
/// } catch let error as NumericsError {
///   print(error)                            // log: -inf at [1]: log(0.0)
///   print(error.kind, error.index)          // infinity [1]
///   print(error.operands, error.result)     // [0.0] -inf
/// }
/// ```
public struct NumericsError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The ways in which a number can go wrong.
  public enum Kind: Sendable, Hashable, CaseIterable {
    /// NaN: a result that is not a number.
    case nan
    /// A result beyond the range of its floating-point type, or at a pole.
    case infinity
    /// An integer that is not the exact result but its remainder modulo 2ⁿ.
    case wrap
    /// The quotient or the remainder of an integer and zero, for which the result is 0.
    case divisionByZero
    /// A cast that changed the number.
    ///
    /// To a floating-point type: one that gave infinity, or an integer that the type cannot
    /// represent.
    case lossyCast
  }

  /// The kind of fault.
  public let kind: Kind

  /// The operation, such as `log`, or `gradient of log` in a backward pass.
  public let operation: String

  /// The step of the operation in which it happened: the operation itself, or a primitive of a
  /// fused formula.
  public let step: String

  /// The index of the element in the result of the operation, one number for each axis.
  public let index: [Int]

  /// The operands of that step.
  public let operands: [Operand]

  /// The result of that step.
  public let result: Number

  /// The whole error in one line.
  public var description: String {
    let what =
      switch kind {
      case .nan, .infinity: "\(result)"
      case .wrap: "wraps to \(result) (\(result.dtype))"
      case .divisionByZero: "division by zero"
      case .lossyCast: "lossy cast to \(result) (\(result.dtype))"
      }
    let list = operands.map { "\($0)" }.joined(separator: ", ")
    return "\(operation): \(what) at \(index): \(step)(\(list))"
  }
}

extension NumericsError {
  /// An element of a tensor: a number of its element type.
  public struct Number: Sendable, Hashable, CustomStringConvertible {
    /// The element type.
    public let dtype: DType
    /// The element's bits, those of a narrow type in the low bytes.
    let bits: UInt64

    init(_ dtype: DType, bits: UInt64) {
      self.dtype = dtype
      self.bits = dtype.byteCount == 8 ? bits : bits & (1 << (8 * UInt64(dtype.byteCount)) - 1)
    }

    /// The number as a `Double`, rounded for large 64-bit integers.
    public var doubleValue: Double {
      switch exact {
      case .real(let value): value
      case .integer(let value): Double(value)
      }
    }

    /// The number as its own type prints it; true is 1.
    public var description: String {
      if isNaN { return "nan" }
      return switch dtype {
      case .float16: "\(Float16(bitPattern: UInt16(truncatingIfNeeded: bits)))"
      case .float32: "\(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))"
      case .bfloat16, .float64: "\(doubleValue)"
      default: "\(integer)"
      }
    }
  }

  /// An operand of a step: one number, or a row of numbers that the step reduces.
  public struct Operand: Sendable, Hashable, CustomStringConvertible {
    /// The numbers, of a long row the first eight.
    public let numbers: [Number]
    /// The number of numbers in the whole row.
    public let count: Int
    private let isRow: Bool

    init(_ number: Number) {
      numbers = [number]
      count = 1
      isRow = false
    }

    init(row: [Number]) {
      numbers = Array(row.prefix(8))
      count = row.count
      isRow = true
    }

    /// The number, such as `0.0`, or the row, such as `[1.0, 2.0]`; a long row ends with its count.
    public var description: String {
      let list = numbers.map { "\($0)" }.joined(separator: ", ")
      guard isRow else { return list }
      return count == numbers.count ? "[\(list)]" : "[\(list), … \(count) numbers]"
    }
  }
}
