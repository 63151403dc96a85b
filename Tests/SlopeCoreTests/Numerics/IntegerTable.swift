import CKernels

@testable import SlopeCore

/// Every integer operation on pairs of the type's limits and of small numbers.
///
/// References are computed in 128 bits, or without overflow by Swift's own operators, and truncated
/// to the type.
func integerTable<Element: IntegerElement>(_: Element.Type) -> PairTable<Element> {
  let small: [Int] = [
    0, 1, 2, 3, 5, 7, 8, 10, 15, 16, 31, 32, 63, 64, 100, 127, 128, 200, 250, 255, -1, -2, -3, -7,
    -100,
  ]
  var numbers = small.map { Element(truncatingIfNeeded: $0) } + [.min, .min + 1, .max - 1, .max]
  numbers = numbers.enumerated().filter { numbers.firstIndex(of: $1) == $0 }.map(\.element)
  var table = PairTable(numbers)
  addArithmetic(&table)
  addDivisions(&table)
  addBits(&table)
  addComparisons(&table)
  return table
}

private func addArithmetic<Element: IntegerElement>(_ table: inout PairTable<Element>) {
  table.add("add", { $0 + $1 }, { $0 + $1 }, { $0 &+ $1 })
  table.add("subtract", { $0 - $1 }, { $0 - $1 }, { $0 &- $1 })
  table.add("multiply", { $0 * $1 }, { $0 * $1 }, { $0 &* $1 })
  table.add("negate", { x, _ in -x }, { x, _ in -x }, { x, _ in 0 &- x })
  table.add("abs", { x, _ in x.abs() }, { x, _ in x.abs() }, { x, _ in x < 0 ? 0 &- x : x })
  table.add("square", { x, _ in x.square() }, { x, _ in x.square() }, { x, _ in x &* x })
  table.add("sign", { x, _ in x.sign() }, { x, _ in x.sign() }, { x, _ in x.signum() })
  // A negative exponent is a failure of the tensor's method; formulas are not given one here.
  table.add(
    "power", { $0.pow(maximum($1, Tensor(0))) }, { $0.pow(.maximum($1, 0)) },
    { power($0, max($1, 0)) })
}

private func addDivisions<Element: IntegerElement>(_ table: inout PairTable<Element>) {
  table.add("divide", { $0 / $1 }, { $0 / $1 }, { quotient($0, $1) })
  table.add(
    "truncDivide", { $0.truncDivided(by: $1) }, { .apply(.truncDivide, $0, $1) },
    { quotient($0, $1) })
  table.add(
    "floorDivide", { $0.floorDivided(by: $1) }, { .apply(.floorDivide, $0, $1) },
    { flooredQuotient($0, $1) })
  table.add(
    "remainder", { $0.remainder($1) }, { .apply(.remainder, $0, $1) },
    { $1 == 0 ? 0 : $0 &- flooredQuotient($0, $1) &* $1 })
  table.add(
    "fmod", { $0.fmod($1) }, { .apply(.fmod, $0, $1) },
    { $1 == 0 ? 0 : $0 &- quotient($0, $1) &* $1 })
}

private func addBits<Element: IntegerElement>(_ table: inout PairTable<Element>) {
  table.add("and", { $0 & $1 }, { .apply(.bitwiseAnd, $0, $1) }, { $0 & $1 })
  table.add("or", { $0 | $1 }, { .apply(.bitwiseOr, $0, $1) }, { $0 | $1 })
  table.add("xor", { $0 ^ $1 }, { .apply(.bitwiseXor, $0, $1) }, { $0 ^ $1 })
  table.add("not", { x, _ in ~x }, { x, _ in .apply(.bitwiseNot, x) }, { x, _ in ~x })
  // A negative shift count is like one that is too large.
  table.add(
    "shiftLeft", { $0.shiftedLeft(by: $1) }, { .apply(.shiftLeft, $0, $1) },
    { isInWidth($1) ? $0 &<< $1 : 0 })
  table.add(
    "shiftRight", { $0.shiftedRight(by: $1) }, { .apply(.shiftRight, $0, $1) },
    { isInWidth($1) ? $0 &>> $1 : $0 < 0 ? 0 &- 1 : 0 })
}

private func addComparisons<Element: IntegerElement>(_ table: inout PairTable<Element>) {
  table.add("maximum", { maximum($0, $1) }, { .maximum($0, $1) }, { max($0, $1) })
  table.add("minimum", { minimum($0, $1) }, { .minimum($0, $1) }, { min($0, $1) })
  table.add(
    "clamped", { x, _ in x.clamped(min: 3, max: 100) }, { x, _ in .maximum(.minimum(x, 100), 3) },
    { x, _ in min(max(x, 3), 100) })
  table.add("relu", { x, _ in x.relu() }, { x, _ in .maximum(x, 0) }, { x, _ in max(x, 0) })
  table.add("less", { ($0 .< $1).cast(to: Element.self) }, { $0 .< $1 }, { $0 < $1 ? 1 : 0 })
  table.add("atMost", { ($0 .<= $1).cast(to: Element.self) }, { $0 .<= $1 }, { $0 <= $1 ? 1 : 0 })
  table.add("equal", { ($0 .== $1).cast(to: Element.self) }, { $0 .== $1 }, { $0 == $1 ? 1 : 0 })
  table.add("differ", { ($0 .!= $1).cast(to: Element.self) }, { $0 .!= $1 }, { $0 != $1 ? 1 : 0 })
}

/// The quotient toward zero; 0 for division by 0, and the least number divided by −1 is itself.
private func quotient<Element: IntegerElement>(_ a: Element, _ b: Element) -> Element {
  b == 0 ? 0 : Element(truncatingIfNeeded: Int128(a) / Int128(b))
}

private func flooredQuotient<Element: IntegerElement>(_ a: Element, _ b: Element) -> Element {
  if b == 0 { return 0 }
  let (whole, rest) = Int128(a).quotientAndRemainder(dividingBy: Int128(b))
  return Element(truncatingIfNeeded: rest != 0 && (rest < 0) != (b < 0) ? whole - 1 : whole)
}

/// The low bits of a power, by repeated squaring; an even number to the power of the type's width
/// or more is 0.
private func power<Element: IntegerElement>(_ base: Element, _ exponent: Element) -> Element {
  if base & 1 == 0, exponent >= Element.bitWidth { return 0 }
  // The odd numbers modulo 2ⁿ are a group, and the order of every element divides 2ⁿ⁻¹.
  var left = UInt64(exponent) & (UInt64.max >> UInt64(65 - Element.bitWidth))
  var (result, factor): (Element, Element) = (1, base)
  while left != 0 {
    if left & 1 == 1 { result = result &* factor }
    factor = factor &* factor
    left >>= 1
  }
  return result
}

private func isInWidth<Element: IntegerElement>(_ places: Element) -> Bool {
  places >= 0 && places < Element.bitWidth
}
