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

  /// The function of every element of `x`.
  public func callAsFunction<E: NumericElement>(_ x: Tensor<E>) -> Tensor<E> {
    apply([x.value], E.dtype)
  }

  /// The function of every pair of elements.
  public func callAsFunction<E: NumericElement>(_ x: Tensor<E>, _ y: Tensor<E>) -> Tensor<E> {
    apply([x.value, y.value], E.dtype)
  }

  /// The function of every three elements.
  public func callAsFunction<E: NumericElement>(
    _ x: Tensor<E>, _ y: Tensor<E>, _ z: Tensor<E>
  ) -> Tensor<E> {
    apply([x.value, y.value, z.value], E.dtype)
  }

  private func apply<E: Element>(_ operands: [Value], _ dtype: DType) -> Tensor<E> {
    guard operands.count == function.inputCount else {
      return Tensor(
        Value.failure(
          function.name, "takes \(function.inputCount) operands, not \(operands.count)",
          dtype: dtype))
    }
    return Tensor(SlopeCore.pointwise(function, operands, programType: dtype, output: dtype))
  }
}
