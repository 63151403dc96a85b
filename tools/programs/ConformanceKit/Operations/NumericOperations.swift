import Slope

/// Operations of every element type with arithmetic.
func numericOperations<Element: NumericElement>() -> [Operation<Element>] {
  arithmetic() + ordering() + truths() + reductions() + products()
    + sequences()
}

private func arithmetic<Element: NumericElement>() -> [Operation<Element>] {
  [
    .binary("add", "x + y", on: -2...2, exact: true) { $0 + $1 },
    .binary("sub", "x - y", on: -2...2, exact: true) { $0 - $1 },
    .binary("mul", "x * y", on: -2...2, exact: true) { $0 * $1 },
    .binary("div", "x / y", on: -2...2, and: 0.5...2, exact: true) { $0 / $1 }
      .differing("integers truncate and keep their type"),
    .binary("floor_divide", "x.floorDivided(by: y)", exact: true) { $0.floorDivided(by: $1) }
      .differing("an integer divided by 0 gives 0"),
    .binary("trunc_divide", "x.truncDivided(by: y)") { $0.truncDivided(by: $1) }
      .differing("an integer divided by 0 gives 0"),
    // Within one period the quotient is constant, so that the derivative exists.
    .binary("remainder", "x.remainder(y)", on: 0.1...0.9, and: 1...2, exact: true) {
      $0.remainder($1)
    }.differing("an integer's remainder by 0 is 0"),
    .binary("fmod", "x.fmod(y)", on: 2.1...2.9, and: 1.5...2, exact: true) { $0.fmod($1) }
      .differing("an integer's remainder by 0 is 0"),
    .binary("pow", "x.pow(y)", on: 0.5...2, and: -2...2) { $0.pow($1) }
      .differing("a negative exponent of an integer is a failure"),
    Operation(
      "pow_scalar", "x.pow(2)",
      checked: [2, 3, 0.5, -1].map {
        Sample([.numbers([2, 3], 0.5...2)], ["exponent": .number($0)])
      }
    ) { [try $0[0].pow(try $0.attributes.scalar("exponent"))] },
    .unary("neg", "-x", on: -2...2, exact: true) { -$0 },
    .unary("abs", "x.abs()", on: -2...2, exact: true) { $0.abs() },
    .unary("sign", "x.sign()", exact: true) { $0.sign() },
    .unary("square", "x.square()", on: -2...2, exact: true) { $0.square() },
    .unary("relu", "x.relu()", on: -2...2, exact: true) { $0.relu() },
  ]
}

/// Extrema of two and comparisons, of every type.
func ordering<Element: TensorElement>() -> [Operation<Element>] {
  [
    .binary("maximum", "maximum(x, y)", on: -2...2, and: -1.9...2.1, exact: true) {
      maximum($0, $1)
    },
    .binary("minimum", "minimum(x, y)", on: -2...2, and: -1.9...2.1, exact: true) {
      minimum($0, $1)
    },
    .binary("lt", "x .< y", exact: true) { $0 .< $1 },
    .binary("le", "x .<= y", exact: true) { $0 .<= $1 },
    .binary("gt", "x .> y", exact: true) { $0 .> $1 },
    .binary("ge", "x .>= y", exact: true) { $0 .>= $1 },
  ]
}

private func truths<Element: NumericElement>() -> [Operation<Element>] {
  [
    // Conditions are Booleans here, not numbers; anything but zero counts as true, NaN too.
    .binary("logical_and", "x.cast(to: Bool.self).logicalAnd(…)", exact: true) {
      $0.cast(to: Bool.self).logicalAnd($1.cast(to: Bool.self))
    },
    .binary("logical_or", "x.cast(to: Bool.self).logicalOr(…)", exact: true) {
      $0.cast(to: Bool.self).logicalOr($1.cast(to: Bool.self))
    },
    .binary("logical_xor", "x.cast(to: Bool.self).logicalXor(…)", exact: true) {
      $0.cast(to: Bool.self).logicalXor($1.cast(to: Bool.self))
    },
    .unary("logical_not", "x.cast(to: Bool.self).logicalNot()", exact: true) {
      $0.cast(to: Bool.self).logicalNot()
    },
  ]
}

/// Samples of a reduction over all axes, one, and several.
func reductionSamples(_ domain: ClosedRange<Double> = -2...2) -> [Sample] {
  let block = Sample.Input.numbers([2, 3, 4], domain)
  return [
    Sample([block]), Sample([block], ["dims": [1]]),
    Sample([block], ["dims": [0, -1], "keepdim": true]),
    Sample([.numbers([], domain)]),
  ]
}

/// Samples of an operation along one axis, or over all elements.
func axisSamples() -> [Sample] {
  let block = Sample.Input.numbers([2, 3, 4], -2...2)
  return [
    Sample([block]), Sample([block], ["dim": 1]),
    Sample([block], ["dim": -1, "keepdim": true]), Sample([.numbers([], -2...2)], ["dim": 0]),
  ]
}

/// The extrema over axes, of every type.
func extrema<Element: TensorElement>() -> [Operation<Element>] {
  [
    .reduction(
      "amax", "x.max(axes: axes)", exact: true, checked: reductionSamples(), all: { $0.max() },
      along: { $0.max(axes: $1, keepingAxes: $2) }),
    .reduction(
      "amin", "x.min(axes: axes)", exact: true, checked: reductionSamples(), all: { $0.min() },
      along: { $0.min(axes: $1, keepingAxes: $2) }),
  ]
}

private func reductions<Element: NumericElement>() -> [Operation<Element>] {
  extrema() + [
    .reduction(
      "sum", "x.sum(axes: axes)", checked: reductionSamples(), all: { $0.sum() },
      along: { $0.sum(axes: $1, keepingAxes: $2) }),
    .reduction(
      "prod", "x.product(axes: axes)", checked: reductionSamples(), all: { $0.product() },
      along: { $0.product(axes: $1, keepingAxes: $2) }),
    Operation("argmax", "x.argmax(axis: axis)", exact: true, tried: axisSamples()) {
      [
        try $0[0].argmax(
          axis: try $0.attributes.optionalInt("dim"),
          keepingAxes: try $0.attributes.flag("keepdim"))
      ]
    },
    Operation("argmin", "x.argmin(axis: axis)", exact: true, tried: axisSamples()) {
      [
        try $0[0].argmin(
          axis: try $0.attributes.optionalInt("dim"),
          keepingAxes: try $0.attributes.flag("keepdim"))
      ]
    },
  ]
}

extension Operation {
  /// An operation over `dims` (nil: all axes), which keeps the axes with extent 1 if `keepdim`.
  static func reduction<R: TensorElement>(
    _ name: String, _ spelling: String, exact: Bool = false, checked samples: [Sample],
    all: @escaping @Sendable (Tensor<Element>) -> Tensor<R>,
    along: @escaping @Sendable (Tensor<Element>, _ axes: [Int], _ keepsAxes: Bool) -> Tensor<R>
  ) -> Operation {
    Operation(name, spelling, exact: exact, checked: samples) { arguments in
      let x = try arguments[0]
      let keeps = try arguments.attributes.flag("keepdim")
      var axes = try arguments.attributes.optionalInts("dims")
      if axes == nil, keeps { axes = Array(0..<x.rank) }
      return [axes.map { along(x, $0, keeps) } ?? all(x)]
    }
  }
}

private func products<Element: NumericElement>() -> [Operation<Element>] {
  let shapes: [([Int], [Int])] = [
    ([3, 5], [5, 4]), ([5], [5]), ([3, 5], [5]), ([5], [5, 4]), ([2, 3, 5], [2, 5, 4]),
    ([2, 3, 5], [5, 4]), ([3, 5], [2, 5, 4]), ([2, 1, 3, 5], [3, 5, 2]), ([3, 0], [0, 2]),
  ]
  let samples = shapes.map {
    Sample([.numbers($0, -2...2), .numbers($1, -1...1)])
  }
  return [
    Operation("matmul", "matmul(x, y)", checked: samples) { [matmul(try $0[0], try $0[1])] },
    Operation(
      "matmul_tt", "matmul(x.transposed(), y.transposed())",
      checked: [Sample([.numbers([5, 3], -2...2), .numbers([4, 5], -1...1)])]
    ) { [matmul(try $0[0].transposed(), try $0[1].transposed())] },
    Operation(
      "matmul_strided", "matmul(x[…], y[…])",
      checked: [Sample([.numbers([6, 10], -2...2), .numbers([10, 4], -1...1)])]
    ) {
      let (x, y) = (try $0[0], try $0[1])
      guard x.rank == 2, y.rank == 2 else { throw Unsupported("operands that are not matrices") }
      return [
        matmul(
          x[stride(from: 0, to: x.shape[0], by: 2), stride(from: 0, to: x.shape[1], by: 2)],
          y[stride(from: 1, to: y.shape[0], by: 2), 0..<y.shape[1]])
      ]
    },
    Operation(
      "outer", "x.unsqueezed(at: 1) * y", exact: true,
      checked: [Sample([.numbers([3], -2...2), .numbers([4], -2...2)])]
    ) { [try $0[0].unsqueezed(at: 1) * $0[1]] },
  ]
}

private func sequences<Element: NumericElement>() -> [Operation<Element>] {
  [
    Operation(
      "arange", "Tensor.arange(start, end, step: step)", exact: true,
      tried: [Sample([], ["start": 2, "stop": 9, "step": 3])]
    ) {
      [try numbers(of: Element.self, $0.attributes)]
    }
  ]
}

/// Floating-point arguments are computed with in Double.
private func numbers<Element: NumericElement>(
  of _: Element.Type, _ attributes: Attributes
) throws -> Tensor<Element> {
  func floating<F: FloatingElement>(_: F.Type) throws -> any AnyTensor {
    Tensor<F>.arange(
      try attributes.double("start"), try attributes.double("stop"),
      step: try attributes.double("step"))
  }
  if let type = Element.self as? any FloatingElement.Type,
    let tensor = try floating(type) as? Tensor<Element>
  {
    return tensor
  }
  return Tensor<Element>.arange(
    try attributes.scalar("start"), try attributes.scalar("stop"),
    step: try attributes.scalar("step"))
}

extension Attributes {
  /// A number of an element type, which must hold it exactly if it is an integer.
  func scalar<Element: NumericElement>(_ name: String) throws -> Element {
    if case .integer(let whole) = try number(name),
      let type = Element.self as? any IntegerElement.Type
    {
      func exactly<I: IntegerElement>(_: I.Type) -> Element? { I(exactly: whole) as? Element }
      guard let element = exactly(type) else {
        throw Unsupported("\(Element.dtype) cannot hold \(whole)")
      }
      return element
    }
    let value = try double(name)
    let element = Element(clamping: value)
    if !Element.dtype.isFloating, element.doubleValue != value {
      throw Unsupported("\(Element.dtype) cannot hold \(value)")
    }
    return element
  }

  /// A shape, of at most as many axes as a tensor can have.
  func shape(_ name: String) throws -> [Int] {
    let extents = try ints(name)
    guard extents.count <= Shape.maximumRank else { throw Unsupported("\(extents.count) axes") }
    return extents
  }
}
