/// The arithmetic of a backward pass, which operations implement
/// (Ops/Value+GradientArithmetic.swift).
protocol GradientArithmetic {
  /// A value of equal elements, given as the bits of the compute type.
  static func full(_ shape: Shape, _ dtype: DType, bits: UInt64, on backend: any Backend) -> Self

  /// The same numbers in another type, rounded once.
  func cast(to dtype: DType, record: Bool) -> Self

  /// The sum of two contributions to one gradient, of one shape and in the type of the first.
  func adding(_ other: Self, record: Bool) -> Self

  /// Zeros of a shape, with this value where the slice is.
  func embedded(in shape: Shape, at slice: Slice, record: Bool) -> Self

  /// Adds to this value's own memory where the slice is; false after a failure.
  func add(_ other: Self, at slice: Slice) -> Bool
}
