import Testing

@testable import SlopeCore

private let a = Tensor<Float>([6, -3])
private let b = Tensor<Float>([2, 4])

@Suite struct TensorArithmeticTests {
  @Test func threeOverloadsOfEachOperator() {
    #expect(show(a + b) == "[2] 8 1" && show(a + 2) == "[2] 8 -1" && show(2 + a) == "[2] 8 -1")
    #expect(show(a - b) == "[2] 4 -7" && show(a - 2) == "[2] 4 -5" && show(2 - a) == "[2] -4 5")
    #expect(show(a * b) == "[2] 12 -12" && show(a * 2) == "[2] 12 -6" && show(2 * a) == "[2] 12 -6")
    #expect(
      show(a / b) == "[2] 3 -0.75" && show(a / 2) == "[2] 3 -1.5" && show(12 / a) == "[2] 2 -4")
    #expect(show(-a) == "[2] -6 3" && show(-Tensor<Float>([0])) == "[1] -0")
  }

  @Test func assignmentLeavesOtherCopiesAlone() {
    var x = a
    let before = x
    x += b
    #expect(show(x) == "[2] 8 1")
    x -= b
    x *= b
    #expect(show(x) == "[2] 12 -12")
    x /= b
    x += 2
    x -= 1
    x *= 4
    x /= 2
    #expect(show(x) == "[2] 14 -4" && show(before) == "[2] 6 -3")
    x += Tensor<Float>([[1], [2]])
    #expect(show(x) == "[2, 2] 15 -3 16 -2")
  }

  @Test func operandsBroadcast() {
    let (row, column) = (Tensor([1, 2, 3]), Tensor([[10], [20]]))
    #expect(show(row + column) == "[2, 3] 11 12 13 21 22 23")
    #expect(show(column - row) == "[2, 3] 9 8 7 19 18 17")
    #expect(show(row * Tensor(2)) == "[3] 2 4 6" && show(Tensor(2) * row) == "[3] 2 4 6")
    #expect(show(row + Tensor([5])) == "[3] 6 7 8")
    #expect(show(Tensor([5]) - row) == "[3] 4 3 2")
    #expect(
      show(Tensor([[1, 2], [3, 4]]) + Tensor([[1, 2], [3, 4]]).transposed()) == "[2, 2] 2 5 5 8")
    #expect((Tensor<Float>.zeros([0, 1]) + Tensor<Float>.zeros([1, 3])).shape == [0, 3])
    #expect(failure { row + Tensor([1, 2]) } == "add: shapes [3] and [2] do not broadcast")
    #expect(
      failure { Tensor.where(Tensor([true, false]), row, row) }
        == "select: shapes [2], [3], [3] do not broadcast")
  }

  @Test func manyElements() {
    // Sizes beyond the shortest path, and beyond what one thread computes.
    for count in [4096, 4097, 100_000] {
      let x = Tensor<Int32>.arange(Int32(count))
      #expect((x + x).scalars == (0..<Int32(count)).map { 2 * $0 })
      let tall = x.reshaped(to: [count, 1])
      #expect((tall - Tensor<Int32>([1, 2]))[-1].scalars == [Int32(count) - 2, Int32(count) - 3])
    }
  }

  @Test func integersWrap() {
    #expect(show(Tensor<UInt8>([250, 5, 16]) + Tensor<UInt8>([10, 251, 240])) == "[3] 4 0 0")
    #expect(show(Tensor<UInt8>([5]) - 10) == "[1] 251" && show(Tensor<UInt8>([16]) * 16) == "[1] 0")
    #expect(
      show(Tensor<Int8>([127]) + 1) == "[1] -128" && show(-Tensor<Int8>([-128])) == "[1] -128")
    #expect(show(-Tensor<UInt8>([1])) == "[1] 255" && show(3 - Tensor<UInt8>([5])) == "[1] 254")
    #expect(
      show(Tensor([Int.max]) + 1) == "[1] \(Int.min)" && show(Tensor([Int.max]) * 2) == "[1] -2")
    #expect(show(Tensor<Int8>([-128, -7]).abs()) == "[2] -128 7")
    #expect(show(Tensor<UInt8>([16, 15]).square()) == "[2] 0 225")
  }

  @Test func boolIsOrAndAnd() {
    let (p, q) = (Tensor([true, true, false, false]), Tensor([true, false, true, false]))
    #expect(
      show(p + q) == "[4] true true true false" && show(p * q) == "[4] true false false false")
    #expect(show(p + false) == show(p) && show(true + p) == "[4] true true true true")
    #expect(show(p * true) == show(p) && show(false * p) == "[4] false false false false")
    var r = p
    r += q
    r *= q
    #expect(show(r) == "[4] true false true false")
  }

  @Test func divisions() {
    let (x, y) = (Tensor([7, -7, 7, -7, 5, .min]), Tensor([2, 2, -2, -2, 0, -1]))
    #expect(show(x / y) == "[6] 3 -3 -3 3 0 \(Int.min)")
    #expect(show(x.truncDivided(by: y)) == show(x / y))
    #expect(show(x.floorDivided(by: y)) == "[6] 3 -4 -4 3 0 \(Int.min)")
    #expect(show(x.remainder(y)) == "[6] 1 1 -1 -1 0 0" && show(x.fmod(y)) == "[6] 1 -1 1 -1 0 0")
    #expect(show(Tensor([7, -7]) / 2) == "[2] 3 -3" && show(7 / Tensor([2, 0])) == "[2] 3 0")
    let (u, v) = (Tensor<Double>([7, -7, 1, 0, 5.5]), Tensor<Double>([2, 2, 0, 0, -2]))
    #expect(show(u / v) == "[5] 3.5 -3.5 inf nan -2.75")
    #expect(
      show(u.floorDivided(by: v)).hasPrefix("[5] 3 -4 ")
        && show(u.floorDivided(by: v)).hasSuffix(" -3"))
    #expect(show(u.truncDivided(by: v)) == "[5] 3 -3 inf nan -2")
    #expect(
      show(u.remainder(v)) == "[5] 1 1 nan nan -0.5" && show(u.fmod(v)) == "[5] 1 -1 nan nan 1.5")
  }

  @Test func powers() {
    #expect(show(Tensor<UInt8>([2, 3]).pow(9)) == "[2] 0 227")
    #expect(show(Tensor([2, -3, 0]).pow(Tensor([10, 3, 0]))) == "[3] 1024 -27 1")
    #expect(show(Tensor<UInt8>([2]).pow(Tensor<UInt8>([200]))) == "[1] 0")
    #expect(show(Tensor<Float>([2, 4, 0]).pow(-1)) == "[3] 0.5 0.25 inf")
    #expect(
      show(Tensor<Double>([.nan, 1, -1, 4]).pow(Tensor([0, .nan, 0.5, 0.5]))) == "[4] 1 1 nan 2")
    #expect(failure { Tensor([2]).pow(-1) } == "pow: an integer has no power -1 among integers")
    #expect(
      failure { Tensor([2, 2]).pow(Tensor([1, -1])) }
        == "pow: an integer has no negative power among integers")
    #expect(failure { Tensor<Int8>([2]).pow(Tensor<Int8>([0])) } == nil)
    #expect(show(Tensor([Int]()).pow(Tensor([Int]()))) == "[0] ")
    #expect(failure { Tensor<Int>.failed.pow(Tensor([2])) } == nil)
  }

  @Test func clamping() {
    let x = Tensor<Float>([-2, -1, 0, 1, 2, .nan, .infinity])
    #expect(show(x.clamped(min: -1, max: 1)) == "[7] -1 -1 0 1 1 nan 1")
    #expect(show(x.clamped(min: 1, max: -1)) == "[7] -1 -1 -1 -1 -1 nan -1")
    #expect(show(x.clamped(min: .nan, max: 1)) == "[7] nan nan nan nan nan nan nan")
    #expect(show(x.clamped(min: -1, max: .nan)) == "[7] nan nan nan nan nan nan nan")
    #expect(show(x.clamped(min: -.infinity, max: 0.5)) == "[7] -2 -1 0 0.5 0.5 nan 0.5")
    #expect(show(Tensor<UInt8>([0, 7, 255]).clamped(min: 5, max: 9)) == "[3] 5 7 9")
    #expect(show(Tensor([-5, 0, 5]).clamped(min: -1, max: .max)) == "[3] -1 0 5")
  }

  @Test func extremaOfTwo() {
    let (x, y) = (Tensor<Float>([1, 5, .nan, 2, -0.0]), Tensor<Float>([3, 4, 0, .nan, 0]))
    #expect(
      show(maximum(x, y)).hasPrefix("[5] 3 5 nan nan ")
        && show(minimum(x, y)).hasPrefix("[5] 1 4 nan nan "))
    #expect(show(maximum(Tensor([1, 5]), Tensor([[3]]))) == "[1, 2] 3 5")
    #expect(show(minimum(Tensor<UInt8>([200]), Tensor<UInt8>([100]))) == "[1] 100")
  }

  @Test func sixteenBitFloatsRoundOncePerOperation() {
    #expect(
      show(Tensor<BFloat16>([256]) + 1) == "[1] 256"
        && show(Tensor<BFloat16>([256]) + 3) == "[1] 260")
    #expect(show(Tensor<Float16>([60000]) * 2) == "[1] inf")
    // In Float throughout: 256 + 1 + 1 would stay 256 if rounded in between.
    #expect(show(Pointwise { x in x + 1 + 1 }(Tensor<BFloat16>([256]))) == "[1] 258")
  }
}
