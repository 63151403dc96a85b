import Testing

@testable import SlopeCore

private let inf = Float.infinity

private let floating: [FaultCase] = [
  FaultCase("log: -inf at [1]: log(0.0)") { Tensor<Float>([1, 0, 0]).log() },
  FaultCase("log: nan at [2, 1]: log(-2.0)") {
    Tensor<Float>([[1, 2], [3, 4], [5, -2]]).log()
  },
  FaultCase("sqrt: nan at []: sqrt(-1.0)") { Tensor<Float>(-1).sqrt() },
  FaultCase("exp: inf at [1]: exp(710.0)") { Tensor<Double>([709, 710]).exp() },
  FaultCase("divide: nan at [1, 0]: divide(0.0, 0.0)") {
    Tensor<Float>([[1, 2], [0, 4]]) / Tensor<Float>([[1, 1], [0, 1]])
  },
  FaultCase("divide: inf at [0]: divide(2.0, 0.0)") { Tensor<Float>([2, 1]) / 0 },
  FaultCase("divide: -inf at [1]: divide(-2.0, 0.0)") { -2 / Tensor<Float>([1, 0]) },
  FaultCase("divide: inf at [0, 2]: divide(1.0, 0.0)") {
    Tensor<Float>([[1], [0]]) / Tensor<Float>([1, 2, 0])
  },
  FaultCase("log: -inf at [1, 1]: log(0.0)") {
    Tensor<Float>([[1, 2, 3], [4, 0, 6]]).transposed().log()
  },
  FaultCase("log: -inf at [1]: log(0.0)") { Tensor<Float>([0, 2, 0, 4])[1...].log() },
  FaultCase("subtract: nan at [0]: subtract(inf, inf)") {
    Tensor<Float>([inf]) - Tensor<Float>([inf])
  },
  FaultCase("subtract: nan at [1]: subtract(inf, inf)") { inf - Tensor<Float>([1, inf]) },
  FaultCase("multiply: nan at [0]: multiply(0.0, inf)") { Tensor<Float>([0]) * inf },
  FaultCase("multiply: inf at [1]: multiply(300.0, 300.0)") { Tensor<Float16>([1, 300]) * 300 },
  FaultCase("multiply: inf at [0]: multiply(1.7014118e+38, 2.0)") {
    Tensor<BFloat16>([BFloat16(0x1p127)]) * 2
  },
  FaultCase("power: inf at [0]: power(0.0, -1.0)") { Tensor<Float>([0]).pow(-1) },
  FaultCase("atanh: inf at [0]: atanh(1.0)") { Tensor<Float>([1]).atanh() },
  // The first faulty step of the element, though its own result is different.
  FaultCase("ratio: inf at [1]: exp(1000.0)") {
    Pointwise("ratio") { x in x.exp() / (x.exp() + 1) }(Tensor<Float>([1, 1000]))
  },
  // Only the branch that a select takes.
  FaultCase("safe: nan at [1]: sqrt(-1.0)") {
    Pointwise("safe") { x in .select(x .> 0, x.log(), x.sqrt()) }(Tensor<Float>([1, -1]))
  },
  FaultCase("safe: -inf at [0]: log(0.0)") {
    Pointwise("safe") { x in .select(x .<= 0, x.log(), x.sqrt()) }(Tensor<Float>([0, 4]))
  },
  FaultCase("step: inf at [0]: reciprocal(0.0)") {
    Pointwise("step") { x, y, z in x + y * z.reciprocal() }(
      Tensor<Float>([1]), Tensor<Float>([2]), Tensor<Float>([0]))
  },
  // Rounded once, at the end.
  FaultCase("sum: inf at [0]: add(60000.0, 60000.0)") {
    Pointwise("sum") { x, y in x + y }(Tensor<Float16>([60000]), Tensor<Float16>([60000]))
  },
  // A register that is used again.
  FaultCase("chain: inf at [0]: multiply(1e+20, 1e+20)") {
    Pointwise("chain") { x in (((x + 1) - 1) * x) * x - x }(Tensor<Float>([1e20]))
  },
]

private let integers: [FaultCase] = [
  FaultCase("add: wraps to 4 (uint8) at [1]: add(250, 10)") {
    Tensor<UInt8>([1, 250]) + Tensor<UInt8>([2, 10])
  },
  FaultCase("add: wraps to 4 (uint8) at [0]: add(250, 10)") { Tensor<UInt8>([250]) + 10 },
  FaultCase("subtract: wraps to 251 (uint8) at [1]: subtract(5, 10)") {
    Tensor<UInt8>([10, 5]) - Tensor<UInt8>([10, 10])
  },
  FaultCase("multiply: wraps to 0 (uint8) at [1, 0]: multiply(16, 16)") {
    Tensor<UInt8>([[15], [16]]) * Tensor<UInt8>([16])
  },
  FaultCase("add: wraps to -128 (int8) at [0]: add(127, 1)") { Tensor<Int8>([127]) + 1 },
  FaultCase("add: wraps to -32768 (int16) at [0]: add(32767, 1)") { Tensor<Int16>([32767]) + 1 },
  FaultCase("add: wraps to 0 (uint16) at [0]: add(65535, 1)") { Tensor<UInt16>([65535]) + 1 },
  FaultCase("add: wraps to 0 (uint32) at [0]: add(4294967295, 1)") { Tensor<UInt32>([.max]) + 1 },
  FaultCase("add: wraps to -2147483648 (int32) at [0]: add(2147483647, 1)") {
    Tensor<Int32>([.max]) + 1
  },
  FaultCase("negate: wraps to -128 (int8) at [1]: negate(-128)") { -Tensor<Int8>([-127, -128]) },
  FaultCase("negate: wraps to 255 (uint8) at [1]: negate(1)") { -Tensor<UInt8>([0, 1]) },
  FaultCase("abs: wraps to -128 (int8) at [1]: abs(-128)") { Tensor<Int8>([-127, -128]).abs() },
  FaultCase("square: wraps to 0 (uint8) at [1]: square(16)") { Tensor<UInt8>([15, 16]).square() },
  FaultCase("power: wraps to 0 (uint8) at [1]: power(2, 8)") {
    Tensor<UInt8>([2, 2]).pow(Tensor([7, 8]))
  },
  FaultCase("power: wraps to 0 (int64) at [3]: power(2, 200)") {
    Tensor<Int>([0, 1, -1, 2]).pow(200)
  },
  FaultCase("shiftLeft: wraps to 0 (uint8) at [2]: shiftLeft(2, 7)") {
    Tensor<UInt8>([1, 0, 2]).shiftedLeft(by: Tensor([7, 9, 7]))
  },
  FaultCase("shiftLeft: wraps to 0 (int64) at [1]: shiftLeft(1, 64)") {
    Tensor<Int>([1, 1]).shiftedLeft(by: Tensor([62, 64]))
  },
  FaultCase("shiftLeft: wraps to -9223372036854775808 (int64) at [0]: shiftLeft(1, 63)") {
    Tensor<Int>([1]).shiftedLeft(by: Tensor([63]))
  },
  FaultCase("divide: division by zero at [1]: divide(5, 0)") {
    Tensor<Int32>([5, 5]) / Tensor<Int32>([1, 0])
  },
  FaultCase("divide: division by zero at [0]: divide(0, 0)") { Tensor<UInt8>([0]) / 0 },
  FaultCase("truncDivide: division by zero at [0]: truncDivide(5, 0)") {
    Tensor<Int>([5]).truncDivided(by: Tensor([0]))
  },
  FaultCase("floorDivide: division by zero at [0]: floorDivide(5, 0)") {
    Tensor<Int>([5]).floorDivided(by: Tensor([0]))
  },
  FaultCase("remainder: division by zero at [0]: remainder(5, 0)") {
    Tensor<Int>([5]).remainder(Tensor([0]))
  },
  FaultCase("fmod: division by zero at [0]: fmod(5, 0)") { Tensor<Int>([5]).fmod(Tensor([0])) },
  FaultCase("divide: wraps to -128 (int8) at [1]: divide(-128, -1)") {
    Tensor<Int8>([-127, -128]) / -1
  },
  FaultCase("floorDivide: wraps to -128 (int8) at [0]: floorDivide(-128, -1)") {
    Tensor<Int8>([-128]).floorDivided(by: Tensor([-1]))
  },
  FaultCase("multiply: wraps to 1 (uint64) at [0]: multiply(\(UInt64.max), \(UInt64.max))") {
    Tensor<UInt64>([.max]) * .max
  },
  FaultCase("square: wraps to 1 (uint64) at [0]: square(\(UInt64.max))") {
    Tensor<UInt64>([.max]).square()
  },
  FaultCase("multiply: wraps to 0 (int64) at [0]: multiply(4611686018427387904, 4)") {
    Tensor<Int>([1 << 62]) * 4
  },
  // Every step is checked, even if the last one brings the number back.
  FaultCase("twice: wraps to 144 (uint8) at [0]: add(200, 200)") {
    Pointwise("twice") { x in (x + x) - x }(Tensor<UInt8>([200]))
  },
  FaultCase("either: wraps to 144 (uint8) at [1]: add(200, 200)") {
    Pointwise("either") { x in .select(x .< 200, x, x + x) }(Tensor<UInt8>([199, 200]))
  },
]

private let casts: [FaultCase] = [
  FaultCase("cast: lossy cast to 255 (uint8) at [1]: cast(300.7)") {
    Tensor<Float>([3, 300.7]).cast(to: UInt8.self)
  },
  FaultCase("cast: lossy cast to 1 (int64) at [0, 1]: cast(1.5)") {
    Tensor<Float>([[1, 1.5]]).cast(to: Int.self)
  },
  FaultCase("cast: lossy cast to 0 (int32) at [0]: cast(nan)") {
    Tensor<Double>([.nan]).cast(to: Int32.self)
  },
  FaultCase("cast: lossy cast to \(Int.max) (int64) at [0]: cast(inf)") {
    Tensor<Double>([.infinity]).cast(to: Int.self)
  },
  FaultCase("cast: lossy cast to 44 (uint8) at [2]: cast(300)") {
    Tensor<Int>([0, 255, 300]).cast(to: UInt8.self)
  },
  FaultCase("cast: lossy cast to \(UInt64.max) (uint64) at [0]: cast(-1)") {
    Tensor<Int>([-1]).cast(to: UInt64.self)
  },
  FaultCase("cast: lossy cast to -1 (int64) at [0]: cast(\(UInt64.max))") {
    Tensor<UInt64>([.max]).cast(to: Int.self)
  },
  FaultCase("cast: lossy cast to 16777216.0 (float32) at [1]: cast(16777217)") {
    Tensor<Int>([16_777_216, 16_777_217]).cast(to: Float.self)
  },
  FaultCase("cast: lossy cast to 2048.0 (float16) at [0]: cast(2049)") {
    Tensor<Int16>([2049]).cast(to: Float16.self)
  },
  FaultCase("cast: lossy cast to 256.0 (bfloat16) at [0]: cast(257)") {
    Tensor<Int16>([257]).cast(to: BFloat16.self)
  },
  FaultCase("cast: lossy cast to \(0x1p63) (float64) at [0]: cast(\(Int.max))") {
    Tensor<Int>([.max]).cast(to: Double.self)
  },
  FaultCase("cast: lossy cast to inf (float32) at [1]: cast(1e+300)") {
    Tensor<Double>([1e30, 1e300]).cast(to: Float.self)
  },
  FaultCase("cast: lossy cast to inf (float16) at [0]: cast(65520.0)") {
    Tensor<Float>([65520]).cast(to: Float16.self)
  },
]

/// Valid numbers.
private let fine: [FaultCase] = [
  FaultCase(nil) { Tensor<Float>([-1000, 1000]).sigmoid() },
  FaultCase(nil) { Tensor<Float>([1000, -1000]).softplus() },
  FaultCase(nil) { Tensor<Float>([1000, -1000]).logSigmoid() },
  FaultCase(nil) { Pointwise { x in 1 / (1 + x.exp()) }(Tensor<Float>([1000])) },
  FaultCase(nil) { Tensor<Float>([-inf, 1]) + 1 },
  FaultCase(nil) { Tensor<Float>([-inf, .nan]).exp() },
  FaultCase(nil) { Tensor<Float>([.nan]) + Tensor<Float>([inf]) },
  FaultCase(nil) { Tensor<Float>([1]) + inf },
  FaultCase(nil) { maximum(Tensor<Float>([-inf]), Tensor<Float>([-inf])) },
  FaultCase(nil) {
    Tensor.where(Tensor([true, false]), Tensor<Float>([1, 2]), Tensor<Float>(-inf))
  },
  // A constant of the formula.
  FaultCase(nil) {
    Pointwise { x in .select(x .> 0, x, Expression(-.infinity)) }(Tensor<Float>([1, -1]))
  },
  FaultCase(nil) { Tensor<Float>([.nan, 1, 5]).clamped(min: 0, max: 2) },
  FaultCase(nil) { Tensor<Float>([inf, .nan, 0]).isFinite() },
  FaultCase(nil) { Tensor<Float>(shape: [0], scalars: []).log() },
  FaultCase(nil) { Tensor<UInt8>([200, 100]).clamped(min: 100, max: 250) },
  FaultCase(nil) { Tensor<UInt8>([250]) + 5 },
  FaultCase(nil) { Tensor<Int8>([-128]).remainder(Tensor([-1])) },
  FaultCase(nil) { Tensor<Int8>([-128]).fmod(Tensor([-1])) },
  FaultCase(nil) { Tensor<Int8>([-7, 7]).floorDivided(by: Tensor([2, -2])) },
  FaultCase(nil) { Tensor<Int8>([-7, 7]) / -2 },
  FaultCase(nil) { Tensor<UInt8>([255]).shiftedRight(by: Tensor([4])) },
  FaultCase(nil) { ~Tensor<UInt8>([255]) ^ Tensor<UInt8>([1]) },
  FaultCase(nil) { Tensor<Int>([3, 0, -1, 1]).pow(Tensor([39, 0, 301, 900])) },
  FaultCase(nil) { Tensor<Int>([-2]).pow(63) },
  FaultCase(nil) { Tensor<Int>([-1]).shiftedLeft(by: Tensor([63])) },
  FaultCase(nil) { Tensor<UInt64>([1 << 32 - 1]).square() },
  FaultCase(nil) { Pointwise { x in .select(x .< 100, x + x, x) }(Tensor<UInt8>([99, 200])) },
  FaultCase(nil) { Tensor<Bool>([true, true]) + Tensor<Bool>([true, false]) },
  FaultCase(nil) { Tensor<Double>([0.1, 1e-300]).cast(to: Float.self) },
  FaultCase(nil) { Tensor<Float>([2, -128]).cast(to: Int8.self) },
  FaultCase(nil) { Tensor<Float>([-inf, .nan]).cast(to: Float16.self) },
  FaultCase(nil) { Tensor<Float>([.nan, 0.5]).cast(to: Bool.self) },
  FaultCase(nil) { Tensor<Int>([300]).cast(to: Bool.self) },
  FaultCase(nil) { Tensor<Bool>([true, false]).cast(to: Int8.self) },
  FaultCase(nil) { Tensor<Int>([2048, -1 << 40]).cast(to: Float.self) },
  FaultCase(nil) { Tensor<Int>.full([2], 7) },
  FaultCase(nil) { Tensor<Float>.full([2], .nan) },
]

@Suite struct NumericsPointwiseTests {
  @Test(arguments: floating) func namesWhereNaNAndInfinityArise(_ fault: FaultCase) throws {
    try fault.check()
  }

  @Test(arguments: integers) func namesWhereIntegersWrap(_ fault: FaultCase) throws {
    try fault.check()
  }

  @Test(arguments: casts) func namesLossyCasts(_ fault: FaultCase) throws { try fault.check() }

  @Test(arguments: fine) func leavesSoundNumbersAlone(_ fault: FaultCase) throws {
    try fault.check()
  }
}
