/// A 16-bit floating-point number with the exponent of `Float` and eight significant bits.
///
/// It has `Float`'s range in half the memory, and fewer digits than `Float16`: 256 + 1 is 256. It
/// is a storage type without arithmetic operators; convert single numbers to `Float` to compute
/// with them. Arithmetic on tensors of it is done in `Float` and rounded once per operation, to
/// nearest, ties to even.
///
/// ```swift
/// print(BFloat16(0.1).floatValue)              // 0.100097656
/// print(Tensor<BFloat16>([300]).square())      // tensor([90112.], dtype: bfloat16)
/// print(BFloat16.greatestFiniteMagnitude)      // 3.3895314e+38
/// ```
///
/// The page docs/overflow.md compares the floating-point types.
public struct BFloat16: Sendable, BitwiseCopyable {
  /// The sign, eight exponent bits and seven fraction bits.
  public var bitPattern: UInt16

  /// Creates the number with the given bits.
  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// The nearest number to `value`, ties to even; NaN stays NaN.
  public init(_ value: Float) {
    let bits = value.bitPattern
    if value.isNaN {
      bitPattern = UInt16(truncatingIfNeeded: bits >> 16) | 0x40
    } else {
      bitPattern = UInt16(truncatingIfNeeded: (bits + 0x7FFF + ((bits >> 16) & 1)) >> 16)
    }
  }

  /// The nearest number to `value`, ties to even, rounded once.
  public init(_ value: Double) {
    // Rounding to odd first prevents a false tie in the second rounding.
    var single = Float(value)
    if Double(single) != value, single.isFinite, single.bitPattern & 1 == 0 {
      single = Double(single) < value ? single.nextUp : single.nextDown
    } else if single.isInfinite, value.isFinite {
      single = value < 0 ? -Float.greatestFiniteMagnitude : .greatestFiniteMagnitude
    }
    self.init(single)
  }

  /// The same number as a `Float`; exact.
  public var floatValue: Float { Float(bitPattern: UInt32(bitPattern) << 16) }
}

/// The limits of the type, with the names of the standard library's types.
extension BFloat16 {
  /// The largest number, (2 − 2⁻⁷) · 2¹²⁷, about 3.4e38.
  public static var greatestFiniteMagnitude: BFloat16 { BFloat16(bitPattern: 0x7F7F) }
  /// The smallest positive normal number, 2⁻¹²⁶, about 1.2e−38: that of `Float`.
  public static var leastNormalMagnitude: BFloat16 { BFloat16(bitPattern: 0x0080) }
  /// The smallest positive number, which is subnormal: 2⁻¹³³, about 9.2e−41.
  public static var leastNonzeroMagnitude: BFloat16 { BFloat16(bitPattern: 0x0001) }
  /// The distance from 1 to the next larger number, 2⁻⁷.
  public static var ulpOfOne: BFloat16 { BFloat16(bitPattern: 0x3C00) }
  /// Infinity.
  public static var infinity: BFloat16 { BFloat16(bitPattern: 0x7F80) }
  /// The quiet NaN that computations give.
  public static var nan: BFloat16 { BFloat16(bitPattern: 0x7FC0) }
}

extension BFloat16: FloatingElement {
  /// Kernels compute in `Float`.
  public typealias Computed = Float
  /// The element type `bfloat16`.
  public static var dtype: DType { .bfloat16 }
  /// The bits of the number as a `Float`, the type in which kernels compute with it.
  public var computeBits: UInt64 { UInt64(floatValue.bitPattern) }
  /// The same number as a `Double`; exact.
  public var doubleValue: Double { Double(floatValue) }
  /// The nearest number to `value`, ties to even, rounded once; infinite beyond the range.
  public init(clamping value: Double) { self.init(value) }
  /// The nearest number to the literal.
  public init(floatLiteral value: Double) { self.init(value) }
  /// The nearest number to the literal; exact up to 256.
  public init(integerLiteral value: Int) { self.init(Double(value)) }

  /// Whether both are the same number: −0 equals 0, NaN equals nothing.
  public static func == (left: BFloat16, right: BFloat16) -> Bool {
    left.floatValue == right.floatValue
  }

  /// Whether `left` is less than `right`; false if either is NaN.
  public static func < (left: BFloat16, right: BFloat16) -> Bool {
    left.floatValue < right.floatValue
  }

  /// Hashes the number, so that −0 and 0 are equal.
  public func hash(into hasher: inout Hasher) { hasher.combine(floatValue) }

  /// The shortest decimal that reads back as the same `Float`.
  public var description: String { floatValue.description }

  /// The number written in `text`, or nil if there is none.
  public init?(_ text: String) {
    guard let value = Double(text) else { return nil }
    self.init(value)
  }
}
