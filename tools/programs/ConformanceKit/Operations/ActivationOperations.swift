import Slope

/// Activation functions.
func activationOperations<Element: FloatingElement>() -> [Operation<Element>] {
  [
    Operation(
      "leaky_relu", "x.leakyRelu(negativeSlope: 0.01)", exact: true,
      checked: [Sample([.numbers([3, 4], -2...2)], ["negative_slope": 0.125])]
    ) { [try $0[0].leakyRelu(negativeSlope: try $0.attributes.scalar("negative_slope"))] },
    .unary("sigmoid", "x.sigmoid()", on: -4...4) { $0.sigmoid() },
    .unary("silu", "x.silu()", on: -4...4) { $0.silu() },
    Operation(
      "elu", "x.elu(alpha: 1)",
      checked: [Sample([.numbers([3, 4], -2...2)], ["alpha": 1.5])]
    ) { [try $0[0].elu(alpha: try $0.attributes.scalar("alpha"))] },
    .unary("logsigmoid", "x.logSigmoid()", on: -4...4) { $0.logSigmoid() },
    .unary("gelu", "x.gelu()", on: -3...3) { $0.gelu() },
    .unary("gelu_tanh", "x.geluTanh()", on: -3...3) { $0.geluTanh() },
    .unary("softsign", "x.softsign()", on: -2...2) { $0.softsign() },
  ]
}

extension JSONValue: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral
{
  /// An attribute written out.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// An attribute written out.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// An attribute written out.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// An attribute written out.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An attribute written out.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}
