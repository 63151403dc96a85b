import Slope

/// Signs, exponents, neighbours and fractions, for floating-point elements.
func partsOperations<Element: FloatingElement>() -> [Operation<Element>] {
  [
    Operation(
      "copysign", "x.copysign(y)", exact: true,
      checked: [
        Sample([.numbers([3, 4], -2...2), .numbers([4], -2...2)]),
        Sample([.numbers([2, 1], -2...2), .numbers([], -2...2)]),
        Sample([.numbers([5], -2...2)], ["other": -1]),
      ]
    ) { arguments in
      let x = try arguments[0]
      if arguments.inputs.count > 1 { return [x.copysign(try arguments[1])] }
      return [x.copysign(try arguments.attributes.scalar("other"))]
    },
    .binary("nextafter", "x.nextafter(y)", exact: true) { $0.nextafter($1) },
    Operation(
      "ldexp", "x.ldexp(exponents)",
      checked: [
        Sample([.numbers([3, 4], -2...2), .indices([4], below: 9)]),
        Sample([.numbers([3], -2...2), .numbers([2, 1], -2...2)]),
      ]
    ) { arguments in
      let x = try arguments[0]
      if let exponents = try? arguments[1] { return [x.ldexp(exponents)] }
      return [x.ldexp(try arguments.indices(1))]
    },
    Operation(
      "frexp", "x.frexp()", exact: true,
      checked: [[3, 4], [], [0]].map { Sample([.numbers($0, -5.3...5.3)]) }
    ) { arguments in
      let (mantissa, exponent) = try arguments[0].frexp()
      return [mantissa, exponent]
    },
    Operation(
      "nan_to_num", "x.nanToNum()", exact: true,
      checked: [
        Sample([.numbers([2, 3, 4], -2...2)]),
        Sample([.numbers([3], -2...2)], ["nan": 1, "posinf": 2, "neginf": -3]),
      ]
    ) { arguments in
      func number(_ name: String) throws -> Element? {
        arguments.attributes.has(name) ? try arguments.attributes.scalar(name) : nil
      }
      return [
        try arguments[0].nanToNum(
          nan: try number("nan") ?? 0, positiveInfinity: try number("posinf"),
          negativeInfinity: try number("neginf"))
      ]
    },
    .unary("isposinf", "x.isPositiveInfinity()", exact: true) { $0.isPositiveInfinity() },
    .unary("isneginf", "x.isNegativeInfinity()", exact: true) { $0.isNegativeInfinity() },
    .unary("frac", "x.frac()", on: -2.3...2.3, exact: true) { $0.frac() },
    Operation(
      "round", "x.round(decimals: 2)", exact: true,
      checked: [Sample([.numbers([2, 3, 4], -2...2)]), Sample([.numbers([], -2...2)])]
        + [2, -1].map { Sample([.numbers([3, 4], -29.3...30.1)], ["decimals": .integer($0)]) }
    ) { [try $0[0].round(decimals: try $0.attributes.optionalInt("decimals") ?? 0)] },
  ]
}
