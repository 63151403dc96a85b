import Slope

/// Activations of straight pieces, and those that shrink or gate.
func unitOperations<Element: FloatingElement>() -> [Operation<Element>] {
  let matrix = Sample([.numbers([3, 4], -2...2)])
  return [
    .unary("relu6", "x.relu6()", on: -2...8, exact: true) { $0.relu6() },
    .unary("hardsigmoid", "x.hardsigmoid()", on: -4...4, exact: true) { $0.hardsigmoid() },
    .unary("hardswish", "x.hardswish()", on: -4...4, exact: true) { $0.hardswish() },
    .unary("tanhshrink", "x.tanhshrink()", on: -2...2) { $0.tanhshrink() },
    .unary("selu", "x.selu()", on: -2...2) { $0.selu() },
    .unary("mish", "x.mish()", on: -3...3) { $0.mish() },
    Operation(
      "celu", "x.celu(alpha: 1)",
      checked: [matrix, Sample(matrix.inputs, ["alpha": 1.5])]
    ) { [try $0[0].celu(alpha: try $0.attributes.number("alpha", else: 1))] },
    Operation(
      "softshrink", "x.softshrink(lambda: 0.5)", exact: true,
      checked: [matrix, Sample(matrix.inputs, ["lambd": 0.75])]
    ) { [try $0[0].softshrink(lambda: try $0.attributes.number("lambd", else: 0.5))] },
    Operation(
      "hardshrink", "x.hardshrink(lambda: 0.5)", exact: true,
      checked: [matrix, Sample(matrix.inputs, ["lambd": 0.75])]
    ) { [try $0[0].hardshrink(lambda: try $0.attributes.number("lambd", else: 0.5))] },
    Operation(
      "threshold", "x.threshold(0.1, value: 20)", exact: true,
      checked: [Sample(matrix.inputs, ["threshold": 0.125, "value": 20])]
    ) {
      [
        try $0[0].threshold(
          try $0.attributes.scalar("threshold"), value: try $0.attributes.scalar("value"))
      ]
    },
    Operation(
      "hardtanh", "x.hardtanh(min: -1, max: 1)", exact: true,
      checked: [matrix, Sample([.numbers([], -0.5...0.5)])]
        + [Sample(matrix.inputs, ["min_val": -0.75, "max_val": 1.5])]
    ) {
      [
        try $0[0].hardtanh(
          min: try $0.attributes.number("min_val", else: -1),
          max: try $0.attributes.number("max_val", else: 1))
      ]
    },
    Operation(
      "softplus", "x.softplus(beta: 1)",
      checked: [Sample([.numbers([3, 4], -4...4)]), Sample([.numbers([], -4...4)])]
        + [Sample([.numbers([3, 4], -4...4)], ["beta": 2, "threshold": 4])]
    ) {
      let attributes = $0.attributes
      guard attributes.has("beta") || attributes.has("threshold") else {
        return [try $0[0].softplus()]
      }
      return [
        try $0[0].softplus(
          beta: try attributes.number("beta", else: 1),
          threshold: try attributes.number("threshold", else: 20))
      ]
    },
    Operation(
      "prelu", "x.prelu(weight)", exact: true,
      checked: [
        Sample([.numbers([2, 3, 4], -2...2), .numbers([3], 0.1...0.5)]),
        Sample([.numbers([5], -2...2), .numbers([1], 0.1...0.5)]),
        Sample([.numbers([2, 3], -2...2), .numbers([], 0.1...0.5)]),
      ]
    ) { [try $0[0].prelu(try $0[1])] },
    Operation(
      "glu", "x.glu(axis: axis)",
      checked: [
        Sample([.numbers([3, 4], -2...2)]), Sample([.numbers([4, 3], -2...2)], ["dim": 0]),
        Sample([.numbers([2, 2, 3], -2...2)], ["dim": -2]),
      ]
    ) { [try $0[0].glu(axis: try $0.attributes.optionalInt("dim") ?? -1)] },
    Operation(
      "softmin", "x.softmin(axis: axis)",
      checked: [0, -1].map { Sample([.numbers([3, 4], -2...2)], ["dim": .integer($0)]) }
    ) { [try $0[0].softmin(axis: try $0.attributes.int("dim"))] },
  ]
}
