import Slope

/// The elementary functions of floating-point elements.
func floatingOperations<Element: FloatingElement>() -> [Operation<Element>] {
  rounding() + exponentials() + trigonometry() + truths()
}

private func rounding<Element: FloatingElement>() -> [Operation<Element>] {
  [
    .unary("floor", "x.floor()", on: -2...2, exact: true) { $0.floor() },
    .unary("ceil", "x.ceil()", on: -2...2, exact: true) { $0.ceil() },
    .unary("trunc", "x.trunc()", on: -2...2, exact: true) { $0.trunc() },
    Operation(
      "wrapping_cast", "x.wrappingCast(to: UInt8.self)", exact: true,
      tried: [Sample([.numbers([3, 5], -300...300)])]
    ) { [try $0[0].wrappingCast(to: UInt8.self)] },
  ]
}

private func exponentials<Element: FloatingElement>() -> [Operation<Element>] {
  [
    .unary("sqrt", "x.sqrt()", on: 0.5...4, exact: true) { $0.sqrt() },
    .unary("rsqrt", "x.rsqrt()", on: 0.5...4) { $0.rsqrt() },
    .unary("reciprocal", "x.reciprocal()", on: 0.5...2, exact: true) { $0.reciprocal() },
    .unary("exp", "x.exp()", on: -2...2) { $0.exp() },
    .unary("exp2", "x.exp2()", on: -2...2) { $0.exp2() },
    .unary("expm1", "x.expm1()", on: -2...2) { $0.expm1() },
    .unary("log", "x.log()", on: 0.5...4) { $0.log() },
    .unary("log2", "x.log2()", on: 0.5...4) { $0.log2() },
    .unary("log10", "x.log10()", on: 0.5...4) { $0.log10() },
    .unary("log1p", "x.log1p()", on: -0.5...3) { $0.log1p() },
    .unary("erf", "x.erf()", on: -2...2) { $0.erf() },
    .binary("hypot", "x.hypot(y)", on: 0.5...2, and: -2...2) { $0.hypot($1) },
  ]
}

private func trigonometry<Element: FloatingElement>() -> [Operation<Element>] {
  [
    .unary("sin", "x.sin()", on: -3...3) { $0.sin() },
    .unary("cos", "x.cos()", on: -3...3) { $0.cos() },
    .unary("tan", "x.tan()", on: -1...1) { $0.tan() },
    .unary("asin", "x.asin()", on: -0.9...0.9) { $0.asin() },
    .unary("acos", "x.acos()", on: -0.9...0.9) { $0.acos() },
    .unary("atan", "x.atan()", on: -3...3) { $0.atan() },
    .unary("sinh", "x.sinh()", on: -2...2) { $0.sinh() },
    .unary("cosh", "x.cosh()", on: -2...2) { $0.cosh() },
    .unary("tanh", "x.tanh()", on: -2...2) { $0.tanh() },
    .unary("asinh", "x.asinh()", on: -3...3) { $0.asinh() },
    .unary("acosh", "x.acosh()", on: 1.5...4) { $0.acosh() },
    .unary("atanh", "x.atanh()", on: -0.8...0.8) { $0.atanh() },
    .binary("atan2", "x.atan2(y)", on: 0.5...2, and: -2...2) { $0.atan2($1) },
  ]
}

private func truths<Element: FloatingElement>() -> [Operation<Element>] {
  [
    .unary("isnan", "x.isNaN()", exact: true) { $0.isNaN() },
    .unary("isinf", "x.isInfinite()", exact: true) { $0.isInfinite() },
    .unary("isfinite", "x.isFinite()", exact: true) { $0.isFinite() },
  ]
}
