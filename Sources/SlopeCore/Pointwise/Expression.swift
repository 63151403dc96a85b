internal import CKernels

/// A scalar formula, traced from a Swift closure: what a `Pointwise` function computes per element.
///
/// Write it with operators, literals and the methods below. A Swift `if` on a traced value does not
/// compile; use `Expression.select`. Literals are kept as `Double` and converted once to the type in
/// which the formula is computed.
public struct Expression: Sendable {
  let node: Node

  init(_ node: Node) { self.node = node }
}

/// A vertex of an expression's graph.
final class Node: Sendable {
  enum Kind: Hashable, Sendable {
    case input(Int)
    /// A run-time scalar.
    case scalar(Int)
    /// The bits of a Double, so that −0 differs from 0.
    case constant(UInt64)
    case apply(Primitive)
  }

  let kind: Kind
  /// Changed only when nothing else refers to this node.
  nonisolated(unsafe) private(set) var arguments: [Node]

  init(_ kind: Kind, _ arguments: [Node] = []) {
    self.kind = kind
    self.arguments = arguments
  }

  /// Frees the nodes that only this node refers to one by one.
  ///
  /// A formula of a million nested terms would otherwise be freed by as many nested calls.
  deinit {
    var list = arguments
    arguments = []
    while var node = list.popLast() {
      guard isKnownUniquelyReferenced(&node) else { continue }
      list += node.arguments
      node.arguments = []
    }
  }

  convenience init(number: Double) { self.init(.constant(number.bitPattern)) }

  static func apply(_ primitive: Primitive, _ arguments: Node...) -> Node {
    Node(.apply(primitive), arguments)
  }
}

extension Expression: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  /// A constant of the formula.
  public init(floatLiteral value: Double) { self.init(Node(number: value)) }
  /// A constant of the formula.
  public init(integerLiteral value: Int) { self.init(Node(number: Double(value))) }

  /// A constant of the formula.
  public init(_ value: Double) { self.init(Node(number: value)) }

  static func apply(_ primitive: Primitive, _ arguments: Expression...) -> Expression {
    Expression(Node(.apply(primitive), arguments.map(\.node)))
  }
}

extension Expression {
  /// The sum; on Bool, "or".
  ///
  /// Integers wrap.
  public static func + (left: Expression, right: Expression) -> Expression {
    .apply(.add, left, right)
  }

  /// The difference.
  ///
  /// Integers wrap.
  public static func - (left: Expression, right: Expression) -> Expression {
    .apply(.subtract, left, right)
  }

  /// The product; on Bool, "and".
  ///
  /// Integers wrap.
  public static func * (left: Expression, right: Expression) -> Expression {
    .apply(.multiply, left, right)
  }

  /// The quotient; integers truncate toward zero, and a divisor of 0 gives 0.
  public static func / (left: Expression, right: Expression) -> Expression {
    .apply(.divide, left, right)
  }

  /// The negated number.
  ///
  /// Integers wrap.
  public static prefix func - (operand: Expression) -> Expression { .apply(.negate, operand) }

  /// 1 where `left` is less than `right`, else 0.
  public static func .< (left: Expression, right: Expression) -> Expression {
    .apply(.less, left, right)
  }
  /// 1 where `left` is less than or equal to `right`, else 0.
  public static func .<= (left: Expression, right: Expression) -> Expression {
    .apply(.lessOrEqual, left, right)
  }
  /// 1 where `left` is greater than `right`, else 0.
  public static func .> (left: Expression, right: Expression) -> Expression {
    .apply(.less, right, left)
  }
  /// 1 where `left` is greater than or equal to `right`, else 0.
  public static func .>= (left: Expression, right: Expression) -> Expression {
    .apply(.lessOrEqual, right, left)
  }
  /// 1 where both are equal, else 0.
  public static func .== (left: Expression, right: Expression) -> Expression {
    .apply(.equal, left, right)
  }
  /// 1 where both differ, else 0.
  public static func .!= (left: Expression, right: Expression) -> Expression {
    .apply(.notEqual, left, right)
  }

  /// `first` where `condition` is not zero, else `second`.
  ///
  /// Only the chosen side receives the gradient.
  public static func select(
    _ condition: Expression, _ first: Expression, _ second: Expression
  ) -> Expression {
    .apply(.select, condition, first, second)
  }

  /// The larger of both; NaN if either is NaN.
  public static func maximum(_ left: Expression, _ right: Expression) -> Expression {
    .apply(.maximum, left, right)
  }

  /// The smaller of both; NaN if either is NaN.
  public static func minimum(_ left: Expression, _ right: Expression) -> Expression {
    .apply(.minimum, left, right)
  }

  /// `self` raised to `exponent`.
  public func pow(_ exponent: Expression) -> Expression { .apply(.power, self, exponent) }

  /// `|self|`; the smallest integer stays the same.
  ///
  /// The gradient is 0 at 0 and at NaN.
  public func abs() -> Expression { .apply(.abs, self) }
  /// −1, 0 or 1; 0 for NaN.
  ///
  /// The gradient is 0.
  public func sign() -> Expression { .apply(.sign, self) }
  /// The largest integer not above `self`.
  ///
  /// The gradient is 0.
  public func floor() -> Expression { .apply(.floor, self) }
  /// The smallest integer not below `self`.
  ///
  /// The gradient is 0.
  public func ceil() -> Expression { .apply(.ceil, self) }
  /// The integer part, rounded toward zero.
  ///
  /// The gradient is 0.
  public func trunc() -> Expression { .apply(.trunc, self) }
  /// The nearest integer, halves to even.
  ///
  /// The gradient is 0.
  public func round() -> Expression { .apply(.round, self) }
  /// `√self`, correctly rounded; NaN below 0.
  public func sqrt() -> Expression { .apply(.sqrt, self) }
  /// `1 / √self`.
  public func rsqrt() -> Expression { .apply(.rsqrt, self) }
  /// `1 / self`.
  public func reciprocal() -> Expression { .apply(.reciprocal, self) }
  /// `self²`.
  ///
  /// Integers wrap.
  public func square() -> Expression { .apply(.square, self) }
  /// e to the power of `self`.
  public func exp() -> Expression { .apply(.exp, self) }
  /// 2 to the power of `self`.
  public func exp2() -> Expression { .apply(.exp2, self) }
  /// `exp(self) − 1`, accurate for small numbers.
  public func expm1() -> Expression { .apply(.expm1, self) }
  /// The natural logarithm: −∞ at 0, NaN below.
  public func log() -> Expression { .apply(.log, self) }
  /// The logarithm to base 2: −∞ at 0, NaN below.
  public func log2() -> Expression { .apply(.log2, self) }
  /// The logarithm to base 10: −∞ at 0, NaN below.
  public func log10() -> Expression { .apply(.log10, self) }
  /// `log(1 + self)`, accurate for small numbers.
  public func log1p() -> Expression { .apply(.log1p, self) }
  /// The sine of an angle in radians.
  public func sin() -> Expression { .apply(.sin, self) }
  /// The cosine of an angle in radians.
  public func cos() -> Expression { .apply(.cos, self) }
  /// The tangent of an angle in radians.
  public func tan() -> Expression { .apply(.tan, self) }
  /// The angle from −π/2 to π/2 whose sine is `self`; NaN where `|self| > 1`.
  public func asin() -> Expression { .apply(.asin, self) }
  /// The angle from 0 to π whose cosine is `self`; NaN where `|self| > 1`.
  public func acos() -> Expression { .apply(.acos, self) }
  /// The angle from −π/2 to π/2 whose tangent is `self`.
  public func atan() -> Expression { .apply(.atan, self) }
  /// The hyperbolic sine.
  public func sinh() -> Expression { .apply(.sinh, self) }
  /// The hyperbolic cosine.
  public func cosh() -> Expression { .apply(.cosh, self) }
  /// The hyperbolic tangent; ±1 at ±∞.
  public func tanh() -> Expression { .apply(.tanh, self) }
  /// The inverse of `sinh`.
  public func asinh() -> Expression { .apply(.asinh, self) }
  /// The inverse of `cosh`, not negative; NaN below 1.
  public func acosh() -> Expression { .apply(.acosh, self) }
  /// The inverse of `tanh`: ±∞ at ±1, NaN beyond.
  public func atanh() -> Expression { .apply(.atanh, self) }
  /// The error function, `2/√π · ∫₀ˣ exp(−t²) dt`.
  public func erf() -> Expression { .apply(.erf, self) }
  /// `1 / (1 + exp(−self))`.
  public func sigmoid() -> Expression { .apply(.sigmoid, self) }
  /// `max(self, 0)`; NaN stays NaN.
  ///
  /// The gradient at 0 is 0.
  public func relu() -> Expression { .apply(.relu, self) }
}
