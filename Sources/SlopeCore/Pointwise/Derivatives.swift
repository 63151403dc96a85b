internal import CKernels

/// The derivative of each primitive, as what its arguments *receive* when its result receives `g`.
///
/// Products with a partial derivative appear only where the function has one everywhere that
/// matters; `select` hands `g` to one side and zero to the other, and never multiplies.
/// The tie and NaN rules are those of docs/numerics.md.
extension ExpressionBuilder {
  /// What the arguments of `node` receive; nil where an argument has no gradient.
  mutating func adjoints(of node: Node, _ primitive: Primitive, receiving g: Node) -> [Node?] {
    let x = node.arguments[0]
    let y = node
    // `dy/dx` of a smooth function of one argument, through the output where that is shorter.
    let slope: Node
    // No `default`: a primitive without a rule must not compile.
    switch primitive {
    case .add: return [g, g]
    case .subtract: return [g, apply(.negate, g)]
    case .multiply:
      let b = node.arguments[1]
      return [apply(.multiply, g, b), apply(.multiply, g, x)]
    case .divide:
      let b = node.arguments[1]
      return [
        apply(.divide, g, b), apply(.negate, apply(.multiply, g, apply(.divide, y, b))),
      ]
    case .power: return powerAdjoints(y, g)
    case .atan2: return quotientAdjoints(y, g)
    case .hypot:
      let b = node.arguments[1]
      return [
        apply(.multiply, g, apply(.divide, x, y)), apply(.multiply, g, apply(.divide, b, y)),
      ]
    case .maximum, .minimum: return extremumAdjoints(node, isMaximum: primitive == .maximum, g)
    case .select:
      let zero = constant(0)
      return [nil, apply(.select, x, g, zero), apply(.select, x, zero, g)]
    case .fmod, .remainder: return remainderAdjoints(node, primitive, g)
    case .copy: return [g]
    case .negate: return [apply(.negate, g)]
    case .abs: return [absAdjoint(x, g)]
    case .floor, .ceil, .trunc, .round, .sign: return [constant(0)]
    case .floorDivide, .truncDivide: return [constant(0), constant(0)]
    case .isNaN, .logicalNot, .bitwiseNot: return [nil]
    case .less, .lessOrEqual, .equal, .notEqual, .logicalAnd, .logicalOr, .bitwiseAnd, .bitwiseOr,
      .bitwiseXor, .shiftLeft, .shiftRight:
      return [nil, nil]
    case .sqrt: slope = apply(.divide, constant(0.5), y)
    case .rsqrt: slope = apply(.multiply, constant(-0.5), apply(.multiply, y, apply(.square, y)))
    case .reciprocal: slope = apply(.negate, apply(.square, y))
    case .square: slope = apply(.multiply, constant(2), x)
    case .exp: slope = y
    case .exp2: slope = apply(.multiply, y, constant(0.693147180559945309417))
    case .expm1: slope = apply(.add, y, constant(1))
    case .log: slope = apply(.reciprocal, x)
    case .log2: slope = apply(.reciprocal, apply(.multiply, x, constant(0.693147180559945309417)))
    case .log10: slope = apply(.reciprocal, apply(.multiply, x, constant(2.30258509299404568402)))
    case .log1p: slope = apply(.reciprocal, apply(.add, x, constant(1)))
    case .sin: slope = apply(.cos, x)
    case .cos: slope = apply(.negate, apply(.sin, x))
    case .tan: slope = apply(.add, constant(1), apply(.square, y))
    case .asin: slope = apply(.rsqrt, apply(.subtract, constant(1), apply(.square, x)))
    case .acos:
      slope = apply(.negate, apply(.rsqrt, apply(.subtract, constant(1), apply(.square, x))))
    case .atan: slope = apply(.reciprocal, apply(.add, apply(.square, x), constant(1)))
    case .sinh: slope = apply(.cosh, x)
    case .cosh: slope = apply(.sinh, x)
    case .tanh: slope = apply(.subtract, constant(1), apply(.square, y))
    case .asinh: slope = apply(.rsqrt, apply(.add, apply(.square, x), constant(1)))
    case .acosh:
      // √(x²−1) as a product, which is defined for all x ≥ 1 and NaN below, as acosh is.
      slope = apply(.rsqrt, apply(.subtract, apply(.square, x), constant(1)))
    case .atanh: slope = apply(.reciprocal, apply(.subtract, constant(1), apply(.square, x)))
    case .erf:
      // 2/√π · exp(−x²)
      slope = apply(
        .multiply, constant(1.12837916709551257390), apply(.exp, apply(.negate, apply(.square, x))))
    case .sigmoid: slope = apply(.multiply, y, apply(.subtract, constant(1), y))
    }
    return [apply(.multiply, g, slope)]
  }

  /// x^p: the base receives 0 where p = 0, the exponent 0 where x = 0 and p ≥ 0.
  private mutating func powerAdjoints(_ y: Node, _ g: Node) -> [Node?] {
    let (x, p) = (y.arguments[0], y.arguments[1])
    let zero = constant(0)
    let isFlat = apply(.equal, p, zero)
    // The side that is not chosen must have no infinite derivative either: 0 · ∞ is NaN.
    let lowered = apply(
      .power, x, apply(.subtract, apply(.select, isFlat, constant(1), p), constant(1)))
    let base = apply(
      .select, isFlat, zero, apply(.multiply, g, apply(.multiply, p, lowered)))
    let flat = apply(
      .logicalAnd, apply(.equal, x, zero), apply(.lessOrEqual, zero, p))
    let exponent = apply(
      .select, flat, zero,
      apply(.multiply, g, apply(.multiply, y, apply(.log, apply(.select, flat, constant(1), x)))))
    return [base, exponent]
  }

  /// atan2(a, b): a receives g·b/(a²+b²), b receives −g·a/(a²+b²); 0 at the origin.
  private mutating func quotientAdjoints(_ node: Node, _ g: Node) -> [Node?] {
    let (a, b) = (node.arguments[0], node.arguments[1])
    let zero = constant(0)
    let norm = apply(.add, apply(.square, a), apply(.square, b))
    let scale = apply(.select, apply(.equal, norm, zero), zero, apply(.divide, g, norm))
    return [apply(.multiply, scale, b), apply(.negate, apply(.multiply, scale, a))]
  }

  /// max(a, b): half of g to each at a tie, all of it to the chosen one, and to both if one is NaN.
  private mutating func extremumAdjoints(_ node: Node, isMaximum: Bool, _ g: Node) -> [Node?] {
    let (a, b) = (node.arguments[0], node.arguments[1])
    let zero = constant(0)
    let tie = apply(.equal, a, b)
    let half = apply(.multiply, g, constant(0.5))
    let firstIsLess = apply(.select, apply(.less, a, b), zero, g)
    let secondIsLess = apply(.select, apply(.less, b, a), zero, g)
    return [
      apply(.select, tie, half, isMaximum ? firstIsLess : secondIsLess),
      apply(.select, tie, half, isMaximum ? secondIsLess : firstIsLess),
    ]
  }

  /// a − b·⌊a/b⌋ (or truncated): a receives g, b receives −g·⌊a/b⌋.
  private mutating func remainderAdjoints(_ node: Node, _ primitive: Primitive, _ g: Node)
    -> [Node?]
  {
    let quotient = apply(
      primitive == .fmod ? .truncDivide : .floorDivide, node.arguments[0], node.arguments[1])
    return [g, apply(.negate, apply(.multiply, g, quotient))]
  }

  /// |x|: g with the sign of x; 0 at 0 and at NaN.
  private mutating func absAdjoint(_ x: Node, _ g: Node) -> Node {
    let zero = constant(0)
    return apply(
      .select, apply(.less, zero, x), g,
      apply(.select, apply(.less, x, zero), apply(.negate, g), zero))
  }
}
