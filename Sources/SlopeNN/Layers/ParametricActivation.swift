public import SlopeCore

/// An activation that each unit can weaken or strengthen: `x + weight · (f(x) − x)`.
///
/// With weight 1 it is the function f, with 0 the identity. The input and the output are
/// `[…, units]`; with members `[members, rows, units]`.
///
/// PyTorch's nearest counterpart is `nn.PReLU`.
///
/// Source: D. Holzmüller, L. Grinsztajn and I. Steinwart, "Better by default: strong pre-tuned MLPs
/// and boosted trees on tabular data", NeurIPS 2024, arXiv:2407.04491.
public struct ParametricActivation<Element: FloatingElement>: Layer {
  /// The function.
  public let function: ParametricFunction

  /// The weights of the function, `[units]` or `[members, units]`; 1 at first.
  public let weight: Parameter<Element>

  /// The activation of `count` units, on the default device.
  ///
  /// Precondition: no count is negative.
  ///
  /// - Parameters:
  ///   - function: the function of elements.
  ///   - count: the number of units.
  ///   - members: the number of layers side by side; nil for one without an axis for it.
  public init(_ function: ParametricFunction, _ count: Int, members: Int? = nil) {
    if count < 0 || members ?? 0 < 0 {
      reportFailure(operation: "ParametricActivation", "\(count) units, \(members ?? 1) members")
    }
    self.function = function
    weight = Parameter(
      .ones(Shape((members.map { [max($0, 0)] } ?? []) + [max(count, 0)]), on: .default))
  }

  /// The weights in a shape that broadcasts over the rows.
  package var rowWeight: Tensor<Element> {
    weight.shape.count > 1 ? weight.tensor.unsqueezed(at: -2) : weight.tensor
  }

  /// The activated input, in its shape.
  ///
  /// Precondition: the last extent of `input` is the layer's number of units.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    function.parametric(input, rowWeight)
  }
}

extension ParametricActivation {
  /// The function and the number of units and members.
  public var description: String {
    let members = weight.shape.count > 1 ? ", members: \(weight.shape[0])" : ""
    return "ParametricActivation(\(function), \(weight.shape.last ?? 0)\(members))"
  }
}

/// The function of a `ParametricActivation`.
public enum ParametricFunction: String, Sendable, Hashable, Codable, CaseIterable {
  /// The scaled exponential linear unit, `λ · x` above 0, else `λ · α · (exp(x) − 1)`.
  ///
  /// Source: G. Klambauer et al., "Self-normalizing neural networks", 2017, arXiv:1706.02515.
  case selu
  /// `x · tanh(softplus(x))`.
  ///
  /// Source: D. Misra, "Mish: a self regularized non-monotonic activation function", 2019,
  /// arXiv:1908.08681.
  case mish
  /// The larger of x and 0.
  case relu

  /// The function in a formula.
  package func callAsFunction(_ x: Expression) -> Expression {
    switch self {
    case .relu: x.relu()
    case .selu: x.selu()
    case .mish: x.mish()
    }
  }

  /// `x + weight · (f(x) − x)` of elements.
  fileprivate var parametric: Pointwise {
    switch self {
    case .relu: Parametric.relu
    case .selu: Parametric.selu
    case .mish: Parametric.mish
    }
  }
}

/// The formulas, traced once.
private enum Parametric {
  static let relu = make(.relu)
  static let selu = make(.selu)
  static let mish = make(.mish)

  private static func make(_ function: ParametricFunction) -> Pointwise {
    Pointwise("parametric \(function)") { x, weight in
      // The difference f(x) − x would lose what is small beside x.
      (1 - weight) * x + weight * function(x)
    }
  }
}
