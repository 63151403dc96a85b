/// A number for each axis of a plane: height, then width.
///
/// What convolutions and pools take for a kernel's extents, a stride, a padding or a dilation. One
/// integer stands for both axes, a list of two for each by itself:
///
/// ```swift
/// let square: Pair = 3
/// let oblong: Pair = [3, 5]
/// print(square, oblong, oblong.width)   // [3, 3] [3, 5] 5
/// ```
///
/// PyTorch: an integer or a tuple of two.
public struct Pair: Sendable, Hashable {
  /// The number for the axis of rows.
  public var height: Int
  /// The number for the axis of columns.
  public var width: Int

  /// A number for each axis.
  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  /// One number for both axes.
  public init(_ number: Int) { self.init(number, number) }
}

extension Pair: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  /// One number for both axes: `3`.
  public init(integerLiteral number: Int) { self.init(number) }

  /// A number for both axes, `[3]`, or one for each, `[3, 5]`.
  ///
  /// Precondition: there are one or two.
  public init(arrayLiteral numbers: Int...) {
    if !(1...2).contains(numbers.count) {
      reportFailure(operation: "pair", "\(numbers) are not one or two numbers")
    }
    self.init(numbers.first ?? 0, numbers.last ?? 0)
  }
}

extension Pair: CustomStringConvertible {
  /// Both numbers in brackets: `[3, 5]`.
  public var description: String { "[\(height), \(width)]" }
}

extension Pair {
  /// Both numbers, mapped.
  func map(_ transform: (Int) -> Int) -> Pair { Pair(transform(height), transform(width)) }

  /// Whether both numbers satisfy a condition.
  func allSatisfy(_ isTrue: (Int) -> Bool) -> Bool { isTrue(height) && isTrue(width) }

  /// The product of both, or nil where it overflows.
  var product: Int? { Size.product(height, width) }
}
