internal import CKernels

extension Primitive {
  /// Whether the result for integers may differ from the exact one.
  var mayWrap: Bool {
    switch self {
    case .negate, .abs, .square, .add, .subtract, .multiply, .divide, .floorDivide, .truncDivide,
      .remainder, .fmod, .power, .shiftLeft, .gcd:
      true
    default: false
    }
  }

  /// What went wrong in the computation of `result` from integers, if anything.
  func fault(_ operands: [Int128], _ result: Int128) -> NumericsError.Kind? {
    let a = operands[0]
    let b = operands.count > 1 ? operands[1] : 0
    let exact: Int128?
    switch self {
    case .negate: exact = -a
    case .abs: exact = a < 0 ? -a : a
    case .square: exact = product(a, a)
    case .add: exact = a + b
    case .subtract: exact = a - b
    case .multiply: exact = product(a, b)
    case .divide, .truncDivide, .floorDivide:
      if b == 0 { return .divisionByZero }
      // Only a quotient by −1 can be out of range.
      exact = b == -1 ? -a : result
    case .remainder, .fmod: return b == 0 ? .divisionByZero : nil
    case .power:
      if b < 0 { return a == 0 ? .divisionByZero : nil }
      exact = raised(a, to: b)
    // Only the least number's own magnitude is out of range.
    case .gcd: exact = result < 0 ? -result : result
    case .shiftLeft: exact = (0..<64).contains(b) ? a << b : a == 0 ? 0 : nil
    default: return nil
    }
    return exact == result ? nil : .wrap
  }
}

/// The product, or nil where it is beyond 128 bits.
private func product(_ a: Int128, _ b: Int128) -> Int128? {
  let (product, overflow) = a.multipliedReportingOverflow(by: b)
  return overflow ? nil : product
}

/// The power, or nil where it is beyond 128 bits.
///
/// Precondition: the exponent is not negative.
private func raised(_ base: Int128, to exponent: Int128) -> Int128? {
  if base == 0 || base == 1 { return exponent == 0 ? 1 : base }
  if base == -1 { return exponent % 2 == 0 ? 1 : -1 }
  var result: Int128? = 1
  var left = exponent
  while left > 0, let factor = result {
    result = product(factor, base)
    left -= 1
  }
  return result
}

/// The sum of integers, or nil where it is beyond 128 bits.
func exactSum(_ numbers: some Sequence<Int128?>) -> Int128? {
  var sum: Int128 = 0
  for number in numbers {
    guard let number else { return nil }
    let (next, overflow) = sum.addingReportingOverflow(number)
    if overflow { return nil }
    sum = next
  }
  return sum
}

/// The product of integers, or nil if it is beyond 128 bits; 0 if any of them is 0.
func exactProduct(_ numbers: [Int128]) -> Int128? {
  if numbers.contains(0) { return 0 }
  var result: Int128 = 1
  for number in numbers {
    guard let next = product(result, number) else { return nil }
    result = next
  }
  return result
}

/// The sum of the products of pairs, or nil if one of these is beyond 128 bits.
func exactProductSum(_ left: [Int128], _ right: [Int128]) -> Int128? {
  exactSum(zip(left, right).lazy.map { product($0, $1) })
}
