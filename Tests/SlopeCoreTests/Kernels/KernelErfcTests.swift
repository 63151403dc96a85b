import CKernels
import Testing

/// erfc keeps its relative accuracy as far as the subnormal numbers, on every level.
@Suite(.serialized) struct KernelErfcTests {
  /// Arguments and results to 60 digits by mpmath, rounded to Double.
  private static let table: [(Double, Double)] = [
    (-27, 2), (-5, 1.9999999999984626), (-1, 1.8427007929497148), (-0.5, 1.5204998778130465),
    (-0x1p-30, 1.000000001050885), (0x1p-30, 0.999999998949115), (0.25, 0.7236736098317631),
    (0.5, 0.4795001221869535), (1, 0.15729920705028513), (2, 0.004677734981047266),
    (3.5, 7.430983723414128e-07), (5, 1.537459794428035e-12), (7.25, 1.1466900814815012e-24),
    (9, 4.13703174651381e-37), (10, 2.088487583762545e-45), (10.0625, 5.923626748077675e-46),
    (10.1875, 4.655529930176312e-47), (10.25, 1.2900138905042904e-47),
    (12.5, 6.231942781979911e-70), (20, 5.395865611607901e-176), (26, 5.663192408856143e-296),
    (26.5, 2.2109076642637343e-307), (27, 5.23705e-319), (27.125, 6.03e-322),
    (27.21875, 5e-324), (27.25, 0), (30, 0),
  ]

  @Test func tailsAreAccurateAsFarAsTheSubnormals() {
    let arguments = Self.table.map(\.0)
    forEachLevel { level in
      let (float, double) = (KernelMemory(.float32, arguments), KernelMemory(.float64, arguments))
      for memory in [float, double] {
        slope_apply(
          .erfc, memory.dtype, memory.pointer, memory.pointer, nil, nil, Int64(arguments.count))
        #expect(memory.isIntact)
      }
      for (index, (x, exact)) in Self.table.enumerated() {
        let (single, wide) = (Float(float.number(index).double), double.number(index).double)
        #expect((wide - exact).magnitude <= 2 * exact.ulp, "\(x), level \(level): \(wide)")
        let rounded = Float(exact)
        #expect((single - rounded).magnitude <= 2 * rounded.ulp, "\(x), level \(level): \(single)")
      }
    }
  }

  @Test(arguments: [KernelDType.float32, .float64])
  func specialArgumentsGiveExactResults(dtype: KernelDType) {
    forEachLevel { level in
      let memory = KernelMemory(
        dtype, [0, -0.0, .infinity, -.infinity, 1e30, -1e30, 0x1p-140, -0x1p-140, .nan])
      slope_apply(.erfc, dtype, memory.pointer, memory.pointer, nil, nil, 9)
      #expect(Array(memory.doubles.prefix(8)) == [1, 1, 0, 2, 0, 2, 1, 1], "level \(level)")
      #expect(memory.doubles[8].isNaN)
    }
  }

  /// Against glibc's function of a wider type, at random arguments in every part of the range.
  @Test(arguments: [(KernelDType.float32, 10.25, 1.76), (.float64, 27.3, 1.7)])
  func errorsAreSmallEverywhere(dtype: KernelDType, end: Double, bound: Double) {
    var random = KernelRandom(seed: 5)
    let count = 20_000
    let memory = KernelMemory(
      dtype,
      (0..<count).map { index in
        let x = random.uniform()
        switch index % 4 {
        case 0: return x * end
        case 1: return x * 3
        case 2: return -x * 6
        default: return x * Double(sign: .plus, exponent: -random.below(30), significand: 1)
        }
      })
    let arguments = memory.doubles
    slope_apply(.erfc, dtype, memory.pointer, memory.pointer, nil, nil, Int64(count))
    guard MemoryLayout<WideFloat>.size > 8 || dtype == .float32 else { return }
    for (x, result) in zip(arguments, memory.doubles) {
      let exact = KernelReference.elementary("erfc", WideFloat(x), 0) ?? 0
      let ulp = dtype == .float32 ? Double(Float(exact).ulp) : Double(exact).ulp
      let error = Double((WideFloat(result) - exact).magnitude) / ulp
      #expect(error <= bound, "\(x): \(result)")
    }
  }
}
