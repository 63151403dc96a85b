import Slope

/// Special functions, for floating-point elements.
func specialOperations<Element: FloatingElement>() -> [Operation<Element>] {
  let eps = ["eps": 0.125] as Attributes
  let places: [Sample.Input] = [.numbers([3, 4], -0.5...1.5), .numbers([2, 0], 0...1)]
  return [
    .unary("erfc", "x.erfc()", on: -2...2) { $0.erfc() },
    .unary("erfinv", "x.erfinv()", on: -0.9...0.9) { $0.erfinv() },
    .unary("lgamma", "x.lgamma()", on: 0.3...5) { $0.lgamma() },
    .unary("digamma", "x.digamma()", on: 0.4...5) { $0.digamma() },
    Operation(
      "polygamma", "x.polygamma(n)",
      checked: [1, 2, 3].map { Sample([.numbers([2, 3], 0.8...3)], ["n": .integer($0)]) },
      tried: [
        Sample([.numbers([4], -2.9 ... -2.1)], ["n": 1]),
        Sample([.numbers([], 1...2)], ["n": 0]),
      ]
    ) { [try $0[0].polygamma(try $0.attributes.int("n"))] },
    .unary("sinc", "x.sinc()", on: -2.3...2.3) { $0.sinc() },
    Operation(
      "logit", "x.logit(eps: 1e-6)",
      checked: [.numbers([3, 4], 0.05...0.95), .numbers([], 0.1...0.3)].map { Sample([$0]) }
        + places.map { Sample([$0], eps) }
    ) { arguments in
      guard arguments.attributes.has("eps") else { return [try arguments[0].logit()] }
      return [try arguments[0].logit(eps: try arguments.attributes.scalar("eps"))]
    },
    .binary("xlogy", "x.xlogy(y)", on: -2...2, and: 0.5...3) { $0.xlogy($1) },
    .binary("xlog1py", "x.xlog1py(y)", on: -2...2, and: -0.5...3) { $0.xlog1py($1) },
    .binary("logaddexp", "x.logAddExp(y)", on: -2...2) { $0.logAddExp($1) },
    .binary("logaddexp2", "x.logAddExp2(y)", on: -2...2) { $0.logAddExp2($1) },
    .unary("rad2deg", "x.rad2deg()", on: -4...4, exact: true) { $0.rad2deg() },
    .unary("deg2rad", "x.deg2rad()", on: -180...180, exact: true) { $0.deg2rad() },
  ]
}
