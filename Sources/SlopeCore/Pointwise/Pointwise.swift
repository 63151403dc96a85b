/// A function of one to three operands, applied element by element: a formula that is traced once.
///
/// The closure runs once, on symbolic `Expression` values, when the function is created. Applied to
/// tensors, it runs as one kernel in one pass over memory, on every device and for every element
/// type on which its steps are defined, and it can be differentiated to any order.
///
/// ```swift
/// let mish = Pointwise("mish") { x in x * x.exp().log1p().tanh() }
/// let x = Parameter(Tensor<Float>([-1, 0, 1]))
/// let y = mish(x.tensor)
/// print(y)                 // tensor([-0.3034,  0.0000,  0.8651], operation: mish)
/// y.sum().backward()
/// if let gradient = x.grad { print(gradient) }   // tensor([0.0592, 0.6000, 1.0490])
///
/// let squaredDistance = Pointwise { x, y in (x - y).square() }
/// print(squaredDistance(Tensor<Float>([1, 2]), Tensor<Float>([0])))   // tensor([1., 4.])
/// ```
///
/// Keep a function in a `static let` or another constant, so that it is traced and compiled once:
///
/// ```swift
/// extension Pointwise {
///   static let swish = Pointwise("swish") { x in x * x.sigmoid() }
/// }
/// ```
///
/// **Storage.** A `Pointwise` is an immutable value; a copy shares the formula and what was
/// compiled of it. A program for an element type, and the derivatives, are made when first needed,
/// and an OpenCL kernel for each device. Equal parts of the formula are computed once.
///
/// **Memory.** A call allocates its result only, no intermediate results. For the backward pass it
/// keeps those operands, or the result, through which the derivative can be computed.
///
/// A fused function gives the same numbers as its operations one by one, except that 16-bit floats,
/// computed in `Float`, are rounded once at the end. A formula of more than 65,000 steps, or of
/// more than 1,024 constants and intermediate results that are needed at the same time, is a
/// failure when it is used.
///
/// Next: `Expression`, which lists what a formula may contain; Examples/OwnFunction.swift.
public struct Pointwise: Sendable {
  let function: PointwiseFunction

  /// The name of the function in messages and graphs.
  public var name: String { function.name }

  /// Creates a function of one operand.
  ///
  /// Runs `formula` once, to trace it.
  public init(_ name: String = "pointwise", _ formula: (Expression) -> Expression) {
    function = PointwiseFunction(name, inputs: 1) { formula($0[0]) }
  }

  /// Creates a function of two operands, which broadcast.
  ///
  /// Runs `formula` once, to trace it.
  public init(_ name: String = "pointwise", _ formula: (Expression, Expression) -> Expression) {
    function = PointwiseFunction(name, inputs: 2) { formula($0[0], $0[1]) }
  }

  /// Creates a function of three operands, which broadcast.
  ///
  /// Runs `formula` once, to trace it.
  public init(
    _ name: String = "pointwise", _ formula: (Expression, Expression, Expression) -> Expression
  ) {
    function = PointwiseFunction(name, inputs: 3) { formula($0[0], $0[1], $0[2]) }
  }

  /// Creates a function of `count` operands, which broadcast.
  package init(_ name: String, operands count: Int, _ formula: ([Expression]) -> Expression) {
    function = PointwiseFunction(name, inputs: count, formula)
  }
}
