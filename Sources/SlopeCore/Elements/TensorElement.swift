/// The type of a tensor's elements.
///
/// Conforming types are `Bool`, `UInt8` … `UInt64`, `Int8` … `Int64`, `Int` (stored as `Int64`),
/// `Float16`, `BFloat16`, `Float` and `Double`. Other types must not conform: kernels exist only
/// for the thirteen cases of `DType`.
///
/// Write a function for tensors of several types with the protocol that has what it needs:
/// `TensorElement` for views, comparisons and sums; `NumericElement` for arithmetic, which Bool
/// lacks; `IntegerElement` for bits; `FloatingElement` for `exp`, means and gradients.
///
/// ```swift
/// func span<Element: NumericElement>(_ x: Tensor<Element>) -> Element {
///   (x.max() - x.min()).item()
/// }
/// print(span(Tensor<Int>([1, 5, 2])), span(Tensor<BFloat16>([1, 5, 2])))   // 4 4.0
/// ```
///
/// Such generic code is as fast as any other: loops over elements run in kernels, which are chosen
/// by `dtype` at run time. Next: `DType`, `Tensor.cast(to:)`, docs/overflow.md.
public protocol TensorElement: Sendable, BitwiseCopyable, Hashable, LosslessStringConvertible {
  /// The element type as a value.
  static var dtype: DType { get }

  /// The type of sums and products: 64-bit integers for Bool and integers, else the type itself.
  associatedtype Accumulated: TensorElement = Self

  /// The element as a bit pattern of the type in which kernels compute with it, in the low bytes.
  var computeBits: UInt64 { get }
}

/// An element type with arithmetic: every one except `Bool`.
///
/// Its tensors have `-`, `/`, `pow`, `argmax`, `arange`, `randint` and the like, and can be the
/// operands of a `Pointwise` function.
public protocol NumericElement: TensorElement, Comparable, ExpressibleByIntegerLiteral {
  /// The nearest representable number; integers truncate toward zero and saturate, and NaN gives 0.
  init(clamping value: Double)

  /// The number as a `Double`, rounded for large 64-bit integers.
  var doubleValue: Double { get }
}

/// An integer element type; arithmetic on tensors of it wraps modulo 2ⁿ.
public protocol IntegerElement: NumericElement, FixedWidthInteger {}

/// A floating-point element type: `Float16`, `BFloat16`, `Float` or `Double`.
///
/// Its tensors have means, functions such as `exp`, and gradients; a `Parameter` has one of these
/// element types.
///
/// ```swift
/// func standardized<Element: FloatingElement>(_ x: Tensor<Element>) -> Tensor<Element> {
///   (x - x.mean()) / x.std()
/// }
/// print(standardized(Tensor<Float>([1, 2, 3])))   // tensor([-1.,  0.,  1.])
/// ```
public protocol FloatingElement: NumericElement, ExpressibleByFloatLiteral
where Accumulated == Self {
  /// The type in which kernels compute and optimisers keep their states: `Float` for 16-bit
  /// elements, otherwise the type itself.
  associatedtype Computed: FloatingElement = Self where Computed.Computed == Computed

  /// The nearest representable number, ties to even.
  init(_ value: Double)
}

extension Bool: TensorElement {
  /// Sums count the elements that are true, in 64 bits.
  public typealias Accumulated = Int
  /// The element type `bool`.
  public static var dtype: DType { .bool }
  /// 1 for true, 0 for false.
  public var computeBits: UInt64 { self ? 1 : 0 }
}

extension IntegerElement {
  /// The integer in two's complement, extended to 64 bits.
  public var computeBits: UInt64 { UInt64(truncatingIfNeeded: self) }
  /// The nearest `Double`, ties to even; exact up to 2⁵³.
  public var doubleValue: Double { Double(self) }

  /// The integer part of `value`, or the nearest bound if that is out of range; NaN gives 0.
  public init(clamping value: Double) {
    if value.isNaN {
      self = 0
    } else if value >= Double(Self.max) {
      self = .max
    } else if value <= Double(Self.min) {
      self = .min
    } else {
      self = Self(value)
    }
  }
}

extension UInt8: IntegerElement {
  /// Sums and products are 64-bit integers, which wrap.
  public typealias Accumulated = Int
  /// The element type `uint8`.
  public static var dtype: DType { .uint8 }
}
extension UInt16: IntegerElement {
  /// Sums and products are 64-bit integers, which wrap.
  public typealias Accumulated = Int
  /// The element type `uint16`.
  public static var dtype: DType { .uint16 }
}
extension UInt32: IntegerElement {
  /// Sums and products are 64-bit integers, which wrap.
  public typealias Accumulated = Int
  /// The element type `uint32`.
  public static var dtype: DType { .uint32 }
}
extension UInt64: IntegerElement {
  /// The element type `uint64`; sums stay unsigned.
  public static var dtype: DType { .uint64 }
}
extension Int8: IntegerElement {
  /// Sums and products are 64-bit integers, which wrap.
  public typealias Accumulated = Int
  /// The element type `int8`.
  public static var dtype: DType { .int8 }
}
extension Int16: IntegerElement {
  /// Sums and products are 64-bit integers, which wrap.
  public typealias Accumulated = Int
  /// The element type `int16`.
  public static var dtype: DType { .int16 }
}
extension Int32: IntegerElement {
  /// Sums and products are 64-bit integers, which wrap.
  public typealias Accumulated = Int
  /// The element type `int32`.
  public static var dtype: DType { .int32 }
}
extension Int64: IntegerElement {
  /// The element type `int64`.
  public static var dtype: DType { .int64 }
}

/// Stored as `Int64`; the default type of integer literals conforms, so that long formulas are
/// checked quickly.
extension Int: IntegerElement {
  /// The element type `int64`.
  public static var dtype: DType { .int64 }
}

extension Float: FloatingElement {
  /// Kernels compute in the type itself.
  public typealias Computed = Float
  /// The element type `float32`.
  public static var dtype: DType { .float32 }
  /// The bits of the number.
  public var computeBits: UInt64 { UInt64(bitPattern) }
  /// The same number as a `Double`; exact.
  public var doubleValue: Double { Double(self) }
  /// The nearest number to `value`, ties to even; infinite beyond the range.
  public init(clamping value: Double) { self = Float(value) }
}

extension Double: FloatingElement {
  /// Kernels compute in the type itself.
  public typealias Computed = Double
  /// The element type `float64`.
  public static var dtype: DType { .float64 }
  /// The bits of the number.
  public var computeBits: UInt64 { bitPattern }
  /// The number itself.
  public var doubleValue: Double { self }
  /// `value` itself.
  public init(clamping value: Double) { self = value }
}

extension Float16: FloatingElement {
  /// Kernels compute in `Float`.
  public typealias Computed = Float
  /// The element type `float16`.
  public static var dtype: DType { .float16 }
  /// The bits of the number as a `Float`, the type in which kernels compute with it.
  public var computeBits: UInt64 { UInt64(Float(self).bitPattern) }
  /// The same number as a `Double`; exact.
  public var doubleValue: Double { Double(self) }
  /// The nearest number to `value`, ties to even; infinite beyond the range.
  public init(clamping value: Double) { self = Float16(value) }
}
