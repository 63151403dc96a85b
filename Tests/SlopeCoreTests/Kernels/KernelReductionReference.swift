import CKernels

/// The possible results of a reduction: one number, or for floating-point sums a neighbourhood of
/// it.
struct KernelReductionReference {
  let value: KernelNumber
  private let tolerance: Double

  /// Reduces numbers of a compute type by plain loops.
  static func reduce(_ kind: KernelReduction, _ numbers: [KernelNumber], _ compute: KernelDType)
    -> KernelReductionReference
  {
    switch kind {
    case .argMaximum: return .init(.integer(Int128(extremum(numbers, <))), 0)
    case .argMinimum: return .init(.integer(Int128(extremum(numbers, >))), 0)
    case .maximum: return .init(numbers[extremum(numbers, <)], 0)
    case .minimum: return .init(numbers[extremum(numbers, >)], 0)
    case .sum, .mean, .product: break
    }
    guard compute.isFloating else {
      var total: UInt64 = kind == .product ? 1 : 0
      for number in numbers {
        let bits = UInt64(truncatingIfNeeded: number.integer)
        if kind == .product { total &*= bits } else { total &+= bits }
      }
      let integer = compute.isSigned ? Int128(Int64(bitPattern: total)) : Int128(total)
      if kind != .mean { return .init(.integer(integer), 0) }
      return .init(.floating(Double(integer) / Double(numbers.count)), 0)
    }
    var (total, magnitude) = (WideFloat(kind == .product ? 1 : 0), WideFloat(0))
    for number in numbers {
      if kind == .product {
        total *= WideFloat(number.double)
      } else {
        total += WideFloat(number.double)
        magnitude += WideFloat(number.double.magnitude)
      }
    }
    if kind == .product { return .init(.floating(Double(total)), Double(total.magnitude) * 1e-12) }
    if kind == .mean {
      total /= WideFloat(numbers.count)
      magnitude /= WideFloat(numbers.count)
    }
    let unit = compute == .float64 ? 6e-15 : 1.2e-7
    return .init(.floating(Double(total)), Double(magnitude) * unit)
  }

  private init(_ value: KernelNumber, _ tolerance: Double) {
    self.value = value
    self.tolerance = tolerance
  }

  /// The first NaN, otherwise the first number that no other is `beyond`.
  private static func extremum(
    _ numbers: [KernelNumber], _ isBelow: (Int128, Int128) -> Bool
  ) -> Int {
    var best = 0
    for index in numbers.indices {
      switch (numbers[best], numbers[index]) {
      case (.integer(let old), .integer(let new)):
        if isBelow(old, new) { best = index }
      case (.floating(let old), .floating(let new)):
        if old.isNaN { return best }
        let isMaximum = isBelow(0, 1)
        if new.isNaN || (isMaximum ? old < new : old > new) { best = index }
      default: break
      }
    }
    return best
  }

  /// Whether `bits` of type `dtype` are the result, rounded to that type.
  func allows(_ bits: UInt64, _ dtype: KernelDType) -> Bool {
    if dtype.same(bits, dtype.cast(value)) { return true }
    guard case .floating(let exact) = value, dtype.isFloating else { return false }
    let result = dtype.number(bits).double
    if exact == 0, result == 0 { return true }
    let low = dtype.number(dtype.cast(.floating(exact - tolerance))).double
    let high = dtype.number(dtype.cast(.floating(exact + tolerance))).double
    return tolerance > 0 && result >= low && result <= high
  }
}
