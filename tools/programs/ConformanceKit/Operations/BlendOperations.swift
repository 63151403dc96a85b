import Slope

/// Weighted sums, bounds and steps, of every element type with arithmetic.
func blendOperations<Element: NumericElement>() -> [Operation<Element>] {
  let pairs: [([Int], [Int], [Int])] = [
    ([3, 4], [3, 4], [3, 4]), ([2, 1, 3], [4, 1], [3]), ([], [2], []), ([0, 2], [1], [2]),
  ]
  let triples = pairs.map {
    Sample([.numbers($0, -2...2), .numbers($1, -2...2), .numbers($2, 0.5...2)])
  }
  let scaled = [Sample(triples[0].inputs, ["value": 3])]
  let bounds = pairs.map {
    Sample([.numbers($0, -2...2), .numbers($1, -1.5...0.5), .numbers($2, -0.4...1.6)])
  }
  return [
    Operation(
      "addcmul", "x.addingElementProduct(y, z, value: 1)", exact: true, checked: triples + scaled
    ) {
      [
        try $0[0].addingElementProduct(
          try $0[1], try $0[2], value: try $0.attributes.number("value", else: 1))
      ]
    },
    Operation(
      "clamp", "x.clamped(min: low, max: high)", exact: true,
      checked: [
        Sample([.numbers([3, 4], -2...2)], ["min": -1, "max": 1]),
        Sample([.numbers([3, 4], -2...2)], ["min": 1]),
        Sample([.numbers([3, 4], -2...2)], ["max": 1]),
      ] + bounds
    ) { [try clamped($0)] },
    Operation(
      "clamp_min", "x.clamped(min: low)", exact: true,
      checked: [
        Sample([.numbers([3, 4], -2...2), .numbers([4], -1.9...2.1)]),
        Sample([.numbers([3, 4], -2...2)], ["min": 1]),
      ]
    ) {
      let x = try $0[0]
      if $0.inputs.count > 1 { return [x.clamped(min: try $0[1])] }
      return [x.clamped(min: try $0.attributes.scalar("min"))]
    },
    Operation(
      "clamp_max", "x.clamped(max: high)", exact: true,
      checked: [
        Sample([.numbers([3, 4], -2...2), .numbers([4], -1.9...2.1)]),
        Sample([.numbers([3, 4], -2...2)], ["max": 1]),
      ]
    ) {
      let x = try $0[0]
      if $0.inputs.count > 1 { return [x.clamped(max: try $0[1])] }
      return [x.clamped(max: try $0.attributes.scalar("max"))]
    },
    .binary("heaviside", "x.heaviside(y)", on: -2...2, exact: true) { $0.heaviside($1) },
    .unary("signbit", "x.signbit()", exact: true) { $0.signbit() },
    Operation(
      "rsub", "y - x", exact: true,
      checked: [
        Sample([.numbers([3, 4], -2...2), .numbers([4], -2...2)]),
        Sample([.numbers([3], -2...2), .numbers([3], -2...2)], ["alpha": 2]),
      ]
    ) {
      let alpha: Element = try $0.attributes.number("alpha", else: 1)
      return [try $0[1] - (alpha == 1 ? try $0[0] : try $0[0] * alpha)]
    },
    .unary("positive", "x", on: -2...2, exact: true) { $0 },
    .unary("sgn", "x.sign()", exact: true) { $0.sign() },
    Operation("isclose", "x.isClose(to: y)", exact: true, tried: closenessSamples()) {
      let (x, y) = (try $0[0], try $0[1])
      return [
        x.isClose(
          to: y, relativeTolerance: try $0.attributes.optionalDouble("rtol") ?? 1e-5,
          absoluteTolerance: try $0.attributes.optionalDouble("atol") ?? 1e-8,
          equalNaN: try $0.attributes.flag("equal_nan"))
      ]
    },
    Operation("allclose", "x.allClose(to: y)", exact: true, tried: closenessSamples()) {
      let (x, y) = (try $0[0], try $0[1])
      let isClose = x.allClose(
        to: y, relativeTolerance: try $0.attributes.optionalDouble("rtol") ?? 1e-5,
        absoluteTolerance: try $0.attributes.optionalDouble("atol") ?? 1e-8,
        equalNaN: try $0.attributes.flag("equal_nan"))
      return [Tensor<Bool>.full([], isClose, on: x.device)]
    },
  ]
}

private func closenessSamples() -> [Sample] {
  let shapes: [([Int], [Int])] = [([3, 4], [4]), ([], [2]), ([0], [1])]
  return shapes.map { Sample([.numbers($0, -2...2), .numbers($1, -2...2)]) }
    + shapes.map {
      Sample(
        [.numbers($0, -2...2), .numbers($1, -2...2)],
        ["rtol": 0.25, "atol": 0.5, "equal_nan": true])
    }
}

private func clamped<Element: NumericElement>(_ arguments: Arguments<Element>) throws
  -> Tensor<Element>
{
  let (x, attributes) = (try arguments[0], arguments.attributes)
  if arguments.inputs.count > 2 {
    return x.clamped(min: try arguments[1], max: try arguments[2])
  }
  guard attributes.has("min") else { return x.clamped(max: try attributes.scalar("max")) }
  guard attributes.has("max") else { return x.clamped(min: try attributes.scalar("min")) }
  return x.clamped(min: try attributes.scalar("min"), max: try attributes.scalar("max"))
}

/// Equality of whole tensors, of every type.
func wholeEquality<Element: TensorElement>() -> [Operation<Element>] {
  let shapes: [([Int], [Int])] = [([3, 4], [3, 4]), ([2], [1, 2]), ([], []), ([0], [0])]
  return [
    Operation(
      "equal", "x.elementsEqual(y)", exact: true,
      tried: shapes.map { Sample([.numbers($0, -2...2), .numbers($1, -2...2)]) }
    ) { [Tensor<Bool>.full([], try $0[0].elementsEqual(try $0[1]), on: try $0[0].device)] }
  ]
}

/// Divisors, of integers.
func divisorOperations<Element: IntegerElement>() -> [Operation<Element>] {
  [
    .binary("gcd", "x.gcd(y)", exact: true) { $0.gcd($1) },
    .binary("lcm", "x.lcm(y)", exact: true) { $0.lcm($1) },
  ]
}

/// Blends of floating-point elements.
func floatingBlendOperations<Element: FloatingElement>() -> [Operation<Element>] {
  [
    Operation(
      "addcdiv", "x.addingElementQuotient(y, z, value: 1)", exact: true,
      checked: [1, 3].map {
        Sample(
          [.numbers([2, 1, 3], -2...2), .numbers([4, 1], -2...2), .numbers([3], 0.5...2)],
          ["value": .integer($0)])
      }
    ) {
      [
        try $0[0].addingElementQuotient(
          try $0[1], try $0[2], value: try $0.attributes.number("value", else: 1))
      ]
    },
    Operation(
      "lerp", "x.interpolated(to: y, weight: 0.25)", exact: true,
      checked: [0.25, 0.75].map {
        Sample([.numbers([3, 4], -2...2), .numbers([4], -2...2)], ["weight": .number($0)])
      } + [Sample([.numbers([3, 1], -2...2), .numbers([4], -2...2), .numbers([3, 4], -1...2)])]
    ) {
      let (x, end) = (try $0[0], try $0[1])
      if $0.inputs.count > 2 { return [x.interpolated(to: end, weight: try $0[2])] }
      return [x.interpolated(to: end, weight: try $0.attributes.scalar("weight"))]
    },
    .unary("fix", "x.trunc()", on: -2...2, exact: true) { $0.trunc() },
    .binary("true_divide", "x / y", on: -2...2, and: 0.5...2, exact: true) { $0 / $1 },
    .binary(
      "float_power", "x.cast(to: Double.self).pow(y.cast(to: Double.self))", on: 0.5...2,
      and: -2...2
    ) { $0.cast(to: Double.self).pow($1.cast(to: Double.self)) },
  ]
}

extension Attributes {
  /// A number of an element type, or another one if it is not given.
  func number<Element: NumericElement>(_ name: String, else other: Element) throws -> Element {
    has(name) ? try scalar(name) : other
  }
}
