/// A number that went wrong inside `Numerics.check { }`, and where.
///
/// Its text names the operation, what came of it, the element and the operands:
/// `log: -inf at [1]: log(0.0)`.
public struct NumericsError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What can go wrong with a number.
  public enum Kind: Sendable, Hashable, CaseIterable {
    /// A result that is not a number.
    case nan
    /// A result beyond the range of its floating type, or at a pole.
    case infinity
    /// An integer that is not the exact result but its remainder modulo 2ⁿ.
    case wrap
    /// The quotient or remainder of an integer and zero, for which the result is 0.
    case divisionByZero
    /// A cast that changed the number.
    ///
    /// A cast to a floating type is lossy if it gave infinity, or if the type does not hold the
    /// integer.
    case lossyCast
  }

  /// The kind of fault.
  public let kind: Kind

  /// The operation, such as `log`; in a backward pass `gradient of log`.
  public let operation: String

  /// The step of the operation in which it happened: the operation, or a primitive of a fused
  /// formula.
  public let step: String

  /// The element's index in the result of the operation, one number for each axis.
  public let index: [Int]

  /// The operands of the step there.
  public let operands: [Operand]

  /// The result of the step there.
  public let result: Number

  /// The error in one line.
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

    /// The number as a `Double` (rounded for large 64-bit integers).
    public var doubleValue: Double {
      switch exact {
      case .real(let value): value
      case .integer(let value): Double(value)
      }
    }

    /// The number as printed in its own type; true is 1.
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

  /// An operand of a step: one number, or a row of numbers that it reduces.
  public struct Operand: Sendable, Hashable, CustomStringConvertible {
    /// The numbers; only the first eight of a longer row.
    public let numbers: [Number]
    /// The count of numbers.
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

    /// `0.0`, or `[1.0, 2.0]`; a longer row ends in the count.
    public var description: String {
      let list = numbers.map { "\($0)" }.joined(separator: ", ")
      guard isRow else { return list }
      return count == numbers.count ? "[\(list)]" : "[\(list), … \(count) numbers]"
    }
  }
}
