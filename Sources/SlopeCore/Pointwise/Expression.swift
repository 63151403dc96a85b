internal import CKernels

/// A symbolic scalar in the formula of a `Pointwise` function or an `UpdateRule`.
///
/// It stands for a number that is known only when the function runs. Operators, literals and the
/// methods below build a graph; nothing is computed. A Swift `if` on an expression does not
/// compile: use `Expression.select`. A Swift `for` loop is unrolled.
///
/// ```swift
/// let leakyRelu = Pointwise("leaky") { x in .select(x .> 0, x, 0.1 * x) }
/// print(leakyRelu(Tensor<Float>([-2, 3])))        // tensor([-0.2000,  3.0000])
///
/// let polynomial = Pointwise("polynomial") { x in
///   var sum: Expression = 0
///   for coefficient in [3.0, 2.0, 1.0] { sum = sum * x + Expression(coefficient) }
///   return sum
/// }
/// print(polynomial(Tensor<Double>(2)))            // tensor(17., dtype: float64)
/// ```
///
/// An expression is a value around a reference to a node; copying it costs one reference. Literals
/// are kept as `Double` and converted once to the element type in which the formula is computed. On
/// Bool, `+` is "or" and `*` is "and"; a step that an element type does not have, such as `exp` of
/// integers, is a failure when the function is applied. Integers wrap. The derivative of each step
/// is found automatically.
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
  /// Creates a constant of the formula from a literal.
  public init(floatLiteral value: Double) { self.init(Node(number: value)) }
  /// Creates a constant of the formula from a literal.
  public init(integerLiteral value: Int) { self.init(Node(number: Double(value))) }

  /// Creates a constant of the formula from a number.
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

  /// The quotient.
  ///
  /// Integers truncate toward zero, and division by 0 gives 0.
  public static func / (left: Expression, right: Expression) -> Expression {
    .apply(.divide, left, right)
  }

  /// The negated number.
  ///
  /// Integers wrap.
  public static prefix func - (operand: Expression) -> Expression { .apply(.negate, operand) }

  /// 1 where `left` is less than `right`, else 0; 0 for NaN.
  public static func .< (left: Expression, right: Expression) -> Expression {
    .apply(.less, left, right)
  }
  /// 1 where `left` is at most `right`, else 0; 0 for NaN.
  public static func .<= (left: Expression, right: Expression) -> Expression {
    .apply(.lessOrEqual, left, right)
  }
  /// 1 where `left` is greater than `right`, else 0; 0 for NaN.
  public static func .> (left: Expression, right: Expression) -> Expression {
    .apply(.less, right, left)
  }
  /// 1 where `left` is at least `right`, else 0; 0 for NaN.
  public static func .>= (left: Expression, right: Expression) -> Expression {
    .apply(.lessOrEqual, right, left)
  }
  /// 1 where both are equal, else 0; 0 for NaN.
  public static func .== (left: Expression, right: Expression) -> Expression {
    .apply(.equal, left, right)
  }
  /// 1 where both differ, else 0; 1 for NaN.
  public static func .!= (left: Expression, right: Expression) -> Expression {
    .apply(.notEqual, left, right)
  }

  /// `first` where `condition` is not 0, else `second`.
  ///
  /// Both sides are computed. Only the chosen side receives the gradient; the other receives 0, and
  /// so do its operands, also where its derivatives are infinite or NaN. Of a product in it that is
  /// 0 · ∞ this does not hold: products keep the rules of floating point.
  public static func select(
    _ condition: Expression, _ first: Expression, _ second: Expression
  ) -> Expression {
    .apply(.select, condition, first, second)
  }

  /// The larger of both; NaN if either is NaN.
  ///
  /// Of two equal operands each receives half of the gradient.
  public static func maximum(_ left: Expression, _ right: Expression) -> Expression {
    .apply(.maximum, left, right)
  }

  /// The smaller of both; NaN if either is NaN.
  ///
  /// Of two equal operands each receives half of the gradient.
  public static func minimum(_ left: Expression, _ right: Expression) -> Expression {
    .apply(.minimum, left, right)
  }

  /// `self` to the power of `exponent`.
  public func pow(_ exponent: Expression) -> Expression { .apply(.power, self, exponent) }

  /// The absolute value, `|self|`.
  ///
  /// The least signed integer stays as it is. The gradient is 0 at 0 and at NaN.
  public func abs() -> Expression { .apply(.abs, self) }
  /// The sign: −1, 0 or 1, and 0 for NaN.
  ///
  /// The gradient is 0.
  public func sign() -> Expression { .apply(.sign, self) }
  /// The largest integer that is not greater than `self`.
  ///
  /// The gradient is 0.
  public func floor() -> Expression { .apply(.floor, self) }
  /// The smallest integer that is not less than `self`.
  ///
  /// The gradient is 0.
  public func ceil() -> Expression { .apply(.ceil, self) }
  /// `self` rounded toward zero.
  ///
  /// The gradient is 0.
  public func trunc() -> Expression { .apply(.trunc, self) }
  /// The nearest integer, ties to even.
  ///
  /// The gradient is 0.
  public func round() -> Expression { .apply(.round, self) }
  /// The square root, `√self`, correctly rounded; NaN below 0.
  public func sqrt() -> Expression { .apply(.sqrt, self) }
  /// The reciprocal square root, `1 / √self`.
  public func rsqrt() -> Expression { .apply(.rsqrt, self) }
  /// The reciprocal, `1 / self`.
  public func reciprocal() -> Expression { .apply(.reciprocal, self) }
  /// The square, `self²`.
  ///
  /// Integers wrap.
  public func square() -> Expression { .apply(.square, self) }
  /// The exponential, e to the power of `self`.
  public func exp() -> Expression { .apply(.exp, self) }
  /// The exponential with base 2.
  public func exp2() -> Expression { .apply(.exp2, self) }
  /// `exp(self) − 1`, accurate for numbers near 0.
  public func expm1() -> Expression { .apply(.expm1, self) }
  /// The natural logarithm: −∞ at 0, NaN below.
  public func log() -> Expression { .apply(.log, self) }
  /// The logarithm with base 2: −∞ at 0, NaN below.
  public func log2() -> Expression { .apply(.log2, self) }
  /// The logarithm with base 10: −∞ at 0, NaN below.
  public func log10() -> Expression { .apply(.log10, self) }
  /// `log(1 + self)`, accurate for numbers near 0.
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
  /// The inverse hyperbolic sine.
  public func asinh() -> Expression { .apply(.asinh, self) }
  /// The inverse hyperbolic cosine, at least 0; NaN below 1.
  public func acosh() -> Expression { .apply(.acosh, self) }
  /// The inverse hyperbolic tangent: ±∞ at ±1, NaN beyond.
  public func atanh() -> Expression { .apply(.atanh, self) }
  /// The error function, `2/√π · ∫₀ˣ exp(−t²) dt`.
  public func erf() -> Expression { .apply(.erf, self) }
  /// The logistic sigmoid, `1 / (1 + exp(−self))`, without overflow.
  public func sigmoid() -> Expression { .apply(.sigmoid, self) }

  /// `self · factor`, but 0 where one of them is 0, also if the other is infinite or NaN.
  package func timesNoNaN(_ factor: Expression) -> Expression {
    .apply(.multiplyNoNaN, self, factor)
  }
  /// `self / divisor`, but 0 where `self` is 0 or `divisor` infinite, whatever the other is.
  package func dividedNoNaN(by divisor: Expression) -> Expression {
    .apply(.divideNoNaN, self, divisor)
  }
  /// The rectified linear unit, `max(self, 0)`; NaN stays NaN.
  ///
  /// The gradient is 0 at 0.
  public func relu() -> Expression { .apply(.relu, self) }
}
