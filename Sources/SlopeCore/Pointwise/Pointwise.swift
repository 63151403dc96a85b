/// A function applied to every element: a formula over one to three operands, traced once.
///
/// It is fused into one pass over memory, on every device, and differentiated to any order. A formula of more than
/// 65,000 steps, or of more than 1,024 constants and results that are needed at once, is a failure when it
/// is used.
///
/// ```swift
/// extension Pointwise {
///   static let swish = Pointwise { x in x * x.sigmoid() }
/// }
/// let y = Pointwise.swish(x)
/// ```
public struct Pointwise: Sendable {
  let function: PointwiseFunction

  /// The name in messages and graphs.
  public var name: String { function.name }

  /// A function of one operand.
  public init(_ name: String = "pointwise", _ formula: (Expression) -> Expression) {
    function = PointwiseFunction(name, inputs: 1) { formula($0[0]) }
  }

  /// A function of two operands, which broadcast.
  public init(_ name: String = "pointwise", _ formula: (Expression, Expression) -> Expression) {
    function = PointwiseFunction(name, inputs: 2) { formula($0[0], $0[1]) }
  }

  /// A function of three operands, which broadcast.
  public init(
    _ name: String = "pointwise", _ formula: (Expression, Expression, Expression) -> Expression
  ) {
    function = PointwiseFunction(name, inputs: 3) { formula($0[0], $0[1], $0[2]) }
  }
}
