import CKernels
import Testing

/// Elementary functions within 2 ulp, on random bits, near 1, and at the special values.
@Suite(.serialized) struct KernelAccuracyTests {
  static let count = 4000

  @Test(arguments: [KernelDType.float32, .float64])
  func elementaryFunctionsAreWithinTwoUlp(dtype: KernelDType) {
    forEachLevel { level in
      for primitive in KernelReference.primitives {
        let name = KernelReference.name(primitive)
        guard KernelReference.elementary(name, 1, 1) != nil else { continue }
        let (a, b) = operands(dtype, seed: UInt64(primitive.rawValue))
        let target = KernelMemory(dtype, count: Self.count)
        slope_apply(
          primitive, dtype, target.pointer, a.pointer, b.pointer, nil, Int64(Self.count))
        var worst = 0.0
        var place = 0
        for index in 0..<Self.count {
          let wide = KernelReference.elementary(
            name, WideFloat(a.number(index).double), WideFloat(b.number(index).double))
          let error = ulps(target.number(index).double, wide ?? 0, dtype)
          if error > worst { (worst, place) = (error, index) }
        }
        // Without a wider format, the reference itself may be off by two.
        var bound = MemoryLayout<WideFloat>.size > 8 || dtype == .float32 ? 2.0 : 4.0
        // An exponential, a sum, its square and a quotient.
        if name == "sigmoidSlope" { bound += 1.5 }
        #expect(
          worst <= bound,
          "\(name) of \(dtype), level \(level), at \(a.number(place).double)")
        #expect(target.isIntact)
      }
    }
  }

  /// Blocks in which all elements are near 0 have a loop of their own.
  @Test func sineAndCosineOfFloatRoundOnce() {
    var random = KernelRandom(seed: 9)
    let numbers = (0..<Self.count).map { index in
      let x = random.uniform() * 2 - 1
      switch index % 4 {
      case 0: return Double(Float(x * 4))
      case 1: return Double(Float(Double(random.below(2_000_000)) * .pi / 2))
      case 2: return Double(Float(x * 0x1p22))
      default: return index < 8 ? [0.0, -0.0][index / 4] : Double(Float(x * 0x1p-60))
      }
    }
    forEachLevel { level in
      for primitive in [Primitive.sin, .cos] {
        let near = KernelMemory(.float32, numbers)
        let source = KernelMemory(copy: near)
        let count = Int64(Self.count)
        slope_apply(primitive, .float32, near.pointer, near.pointer, nil, nil, count)
        let name = KernelReference.name(primitive)
        var worst = 0.0
        for (index, number) in numbers.enumerated() {
          let wide = KernelReference.elementary(name, WideFloat(number), 0) ?? 0
          worst = max(worst, ulps(near.number(index).double, wide, .float32))
        }
        #expect(worst < 0.502, "\(name), level \(level)")
        #expect(near.isIntact)
        // With one element of each block far from 0 the others keep their bits.
        let mixed = KernelMemory(copy: source)
        for (place, far) in zip(
          stride(from: 100, to: Self.count, by: 256), [4_194_305, -.infinity, .nan, 1e38, 5e6])
        {
          mixed[place] = KernelDType.float32.cast(.floating(far))
        }
        slope_apply(primitive, .float32, mixed.pointer, mixed.pointer, nil, nil, count)
        let (all, some) = (near.allBits, mixed.allBits)
        let differing = (0..<Self.count).filter { all[$0] != some[$0] }
        #expect(differing == [100, 356, 612, 868, 1124], "\(name), level \(level)")
      }
    }
  }

  @Test(arguments: [KernelDType.float32, .float64])
  func levelsGiveTheSameBits(dtype: KernelDType) {
    for primitive in KernelReference.primitives where slope_primitive_exists(primitive, dtype) {
      let (a, b) = operands(dtype, seed: 100 + UInt64(primitive.rawValue))
      var first: [UInt64]?
      forEachLevel { level in
        let target = KernelMemory(dtype, count: Self.count)
        slope_apply(
          primitive, dtype, target.pointer, a.pointer, b.pointer, a.pointer, Int64(Self.count))
        let bits = target.allBits
        guard let reference = first else {
          first = bits
          return
        }
        let differs = (0..<Self.count).first { !dtype.same(bits[$0], reference[$0]) }
        #expect(differs == nil, "\(KernelReference.name(primitive)) of \(dtype), level \(level)")
      }
    }
  }

  private func operands(_ dtype: KernelDType, seed: UInt64) -> (KernelMemory, KernelMemory) {
    var random = KernelRandom(seed: seed)
    let specials =
      KernelRandom.specials + [88.72, 88.73, -103.9, -104.1, 709.7, 709.8, -745.1, -745.2]
      + [0.625, -0.625, 0.6249, 0.92773, 0.92774, 4, 0x1p-10, -0x1p-10, 0x1p-9, 1e-40, -1e-40]
      + [
        0x1p-1030, 0x1p-1074, 0.70710678, 1.41421356, 17.4, -17.5, 38, -38, 1 - 0x1p-24,
        1 + 0x1p-23,
      ]
    func numbers() -> [KernelNumber] {
      (0..<Self.count).map { index in
        if index < specials.count { return .floating(specials[index]) }
        let x = random.uniform() * 2 - 1
        switch index % 6 {
        case 0: return dtype.number(random.next())
        case 1: return .floating(x * 2)
        case 2: return .floating(x * 20)
        case 3: return .floating(x * (dtype == .float32 ? 110 : 760))
        case 4:
          return .floating(1 + x * Double(sign: .plus, exponent: -random.below(30), significand: 1))
        default:
          return .floating(x * Double(sign: .plus, exponent: -random.below(60), significand: 1))
        }
      }
    }
    let a = KernelMemory(dtype, numbers())
    return (a, KernelMemory(dtype, numbers().reversed()))
  }

  /// The distance in units in the last place of the result that the type would have.
  private func ulps(_ result: Double, _ exact: WideFloat, _ dtype: KernelDType) -> Double {
    if exact.isNaN { return result.isNaN ? 0 : .infinity }
    if result.isNaN { return .infinity }
    let isFloat = dtype == .float32
    let greatest = isFloat ? Double(Float.greatestFiniteMagnitude) : .greatestFiniteMagnitude
    if result.isInfinite || exact.isInfinite || exact.magnitude > WideFloat(greatest) {
      let overflows = exact.magnitude > WideFloat(greatest) * (1 - (isFloat ? 0x1p-22 : 0x1p-51))
      let isClose = result.magnitude >= greatest
      return overflows && isClose && (result < 0) == (exact < 0) ? 0 : .infinity
    }
    if exact == 0 {
      return result == 0 && result.sign == exact.sign ? 0 : .infinity
    }
    let digits = isFloat ? 23 : 52
    let smallest = isFloat ? -149 : -1074
    let unit = max(Int(exact.exponent) - digits, smallest)
    let distance = (WideFloat(result) - exact).magnitude
    return Double(distance * WideFloat(sign: .plus, exponent: -unit, significand: 1))
  }
}
