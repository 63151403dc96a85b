import CKernels
import TestSupport
import Testing

/// The special functions of special.h, and lgamma, against references with more digits.
@Suite(.serialized) struct KernelSpecialTests {
  private func numbers(_ random: inout KernelRandom, _ count: Int) -> [Double] {
    (0..<count).map { index in
      let x = random.uniform()
      switch index % 5 {
      case 0: return Double(Float(x * 20))
      case 1: return Double(Float(-x * 30))
      case 2: return Double(Float(1.4 + x * 0.2))
      case 3: return Double(Float(x * 1000))
      default:
        return Double(
          Float(x * Double(sign: .plus, exponent: random.below(80) - 40, significand: 1)))
      }
    }
  }

  private func results(
    _ primitive: Primitive, _ dtype: KernelDType, _ a: [Double], _ b: [Double]? = nil
  ) -> [Double] {
    let (left, right) = (KernelMemory(dtype, a), KernelMemory(dtype, b ?? a))
    let target = KernelMemory(dtype, count: a.count)
    slope_apply(
      primitive, dtype, target.pointer, left.pointer, right.pointer, nil, Int64(a.count))
    #expect(target.isIntact && left.isIntact && right.isIntact)
    return target.doubles
  }

  /// The largest error in relation to the result and, near its zeros, to 1.
  private func largestError(
    _ found: [Double], _ wanted: [SpecialNumber], relativeOnly: Bool = false
  ) -> Double {
    zip(found, wanted).reduce(0) { worst, pair in
      let (got, exact) = pair
      if got.isNaN || exact.isNaN { return got.isNaN && exact.isNaN ? worst : .infinity }
      if got.isInfinite {
        return exact.magnitude > 3e38 && (exact < 0) == (got < 0) ? worst : .infinity
      }
      let scale = relativeOnly ? exact.magnitude : max(1, exact.magnitude)
      return max(worst, Double((SpecialNumber(got) - exact).magnitude / max(scale, 1e-300)))
    }
  }

  @Test(arguments: [(KernelDType.float32, 6e-8), (.float64, 4e-15)])
  func digammaAndLogGamma(dtype: KernelDType, bound: Double) {
    var random = KernelRandom(seed: 3)
    let x = numbers(&random, 5000)
    forEachLevel { level in
      let digamma = largestError(
        results(.digamma, dtype, x), x.map { SpecialFunctions.digamma(.init($0)) })
      #expect(digamma < bound, "digamma, level \(level): \(digamma)")
      let lgamma = largestError(
        results(.lgamma, dtype, x), x.map { SpecialFunctions.lgamma(.init($0)) })
      #expect(lgamma < bound, "lgamma, level \(level): \(lgamma)")
    }
  }

  @Test(arguments: [1.0, 2, 3, 6, 11])
  func polygammaAgreesWithItsSum(order: Double) {
    var random = KernelRandom(seed: 4)
    let x = numbers(&random, 400).map { max(min($0, 1000), -40) }.filter { $0 != $0.rounded() }
    let orders = x.map { _ in order }
    let wanted = x.map { SpecialFunctions.polygamma(.init(order), .init($0)) }
    let positive = zip(x, wanted).map { $0 > 0 ? $1 : 0 }
    let found = results(.polygamma, .float64, orders, x)
    let onPositive = zip(x, found).map { $0 > 0 ? $1 : 0 }
    #expect(largestError(onPositive, positive, relativeOnly: true) < 3e-15)
    #expect(largestError(found, wanted) < 1e-12)
    // In Float the result is rounded once.
    let narrow = results(.polygamma, .float32, orders, x)
    for (got, exact) in zip(narrow, wanted) where exact.magnitude < 1e38 && exact.magnitude > 1e-30
    {
      #expect(
        (SpecialNumber(got) - exact).magnitude <= 0.51 * SpecialNumber(Float(exact).ulp) + 1e-12)
    }
  }

  @Test(arguments: [KernelDType.float32, .float64])
  func inverseErrorFunctionNearItsEnds(dtype: KernelDType) {
    var random = KernelRandom(seed: 5)
    let count = 3000
    let y = (0..<count).map { index -> Double in
      let x = random.uniform()
      switch index % 4 {
      case 0: return Double(Float(x * 2 - 1))
      case 1:
        return Double(
          Float(1 - x * Double(sign: .plus, exponent: -random.below(24), significand: 1)))
      case 2: return Double(Float(-0.5 - (x - 0.5) / 64))
      default:
        return Double(Float(x * Double(sign: .plus, exponent: -random.below(100), significand: 1)))
      }
    }
    for (number, found) in zip(y, results(.erfinv, dtype, y)) where number.magnitude < 1 {
      let exact = SpecialFunctions.erfinv(.init(number))
      let unit = dtype == .float32 ? Double(Float(exact).ulp) : Double(exact).ulp
      let error = Double((SpecialNumber(found) - exact).magnitude)
      #expect(error <= (dtype == .float32 ? 0.51 : 2.5) * unit, "\(number): \(found)")
    }
    let edges = results(.erfinv, dtype, [1, -1, 1.5, -2, .nan, 0, -0.0])
    #expect(
      edges[0] == .infinity && edges[1] == -.infinity && edges[5] == 0 && edges[6].sign == .minus)
    #expect(edges[2].isNaN && edges[3].isNaN && edges[4].isNaN)
  }
}
