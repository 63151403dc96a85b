/// The zeros around the planes of a convolution.
///
/// An integer literal is the same number on all sides, `[1, 2]` one row above and below and two
/// columns on the left and right. PyTorch: the argument `padding`, a number, a pair or a word.
public enum ConvolutionPadding: Sendable, Hashable {
  /// Rows above and below, and columns on the left and right; along one axis the width counts.
  case margins(Pair)
  /// As many that the output has the input's extents, with a stride of 1; of an odd number one more
  /// after than before.
  case same
  /// None.
  case valid
}

extension ConvolutionPadding: ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  /// The same number on all sides.
  public init(integerLiteral number: Int) { self = .margins(Pair(number)) }

  /// One number, or one for rows and one for columns.
  ///
  /// Precondition: there are one or two.
  public init(arrayLiteral numbers: Int...) {
    if !(1...2).contains(numbers.count) {
      reportFailure(operation: "padding", "\(numbers) are not one or two numbers")
    }
    self = .margins(Pair(numbers.first ?? 0, numbers.last ?? 0))
  }
}

extension ConvolutionPadding: CustomStringConvertible {
  /// The numbers, or the word.
  public var description: String {
    switch self {
    case .margins(let pair): "\(pair)"
    case .same: "same"
    case .valid: "valid"
    }
  }
}
