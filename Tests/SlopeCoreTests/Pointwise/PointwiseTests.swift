import Testing

@testable import SlopeCore

private let x = Tensor<Float>([-1.5, 0, 0.7, 3, .nan, .infinity, -0.0])
private let y = Tensor<Float>([2, -0.5, 1.1, 3, 1, 2, 0])
private let z = Tensor<Float>([0.3, 4, -2, 1, 0, 1, -0.0])

/// The bits of the elements; all NaNs are equal.
private func bits(_ tensor: Tensor<Float>) -> [UInt32] {
  tensor.scalars.map { $0.isNaN ? 1 : $0.bitPattern }
}

private struct Fused: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let expression: @Sendable (Expression) -> Expression
  let operation: @Sendable (Tensor<Float>) -> Tensor<Float>

  init(
    _ name: String, _ expression: @escaping @Sendable (Expression) -> Expression,
    _ operation: @escaping @Sendable (Tensor<Float>) -> Tensor<Float>
  ) {
    (testDescription, self.expression, self.operation) = (name, expression, operation)
  }
}

private func truth(_ tensor: Tensor<Bool>) -> Tensor<Float> { tensor.cast(to: Float.self) }

private let unary = [
  Fused("abs", { $0.abs() }, { $0.abs() }), Fused("sign", { $0.sign() }, { $0.sign() }),
  Fused("floor", { $0.floor() }, { $0.floor() }),
  Fused("ceil", { $0.ceil() }, { $0.ceil() }), Fused("trunc", { $0.trunc() }, { $0.trunc() }),
  Fused("round", { $0.round() }, { $0.round() }),
  Fused("sqrt", { $0.sqrt() }, { $0.sqrt() }), Fused("rsqrt", { $0.rsqrt() }, { $0.rsqrt() }),
  Fused("reciprocal", { $0.reciprocal() }, { $0.reciprocal() }),
  Fused("square", { $0.square() }, { $0.square() }), Fused("exp", { $0.exp() }, { $0.exp() }),
  Fused("exp2", { $0.exp2() }, { $0.exp2() }),
  Fused("expm1", { $0.expm1() }, { $0.expm1() }), Fused("log", { $0.log() }, { $0.log() }),
  Fused("log2", { $0.log2() }, { $0.log2() }),
  Fused("log10", { $0.log10() }, { $0.log10() }), Fused("log1p", { $0.log1p() }, { $0.log1p() }),
  Fused("sin", { $0.sin() }, { $0.sin() }),
  Fused("cos", { $0.cos() }, { $0.cos() }), Fused("tan", { $0.tan() }, { $0.tan() }),
  Fused("asin", { $0.asin() }, { $0.asin() }),
  Fused("acos", { $0.acos() }, { $0.acos() }), Fused("atan", { $0.atan() }, { $0.atan() }),
  Fused("sinh", { $0.sinh() }, { $0.sinh() }),
  Fused("cosh", { $0.cosh() }, { $0.cosh() }), Fused("tanh", { $0.tanh() }, { $0.tanh() }),
  Fused("asinh", { $0.asinh() }, { $0.asinh() }),
  Fused("acosh", { $0.acosh() }, { $0.acosh() }), Fused("atanh", { $0.atanh() }, { $0.atanh() }),
  Fused("erf", { $0.erf() }, { $0.erf() }),
  Fused("sigmoid", { $0.sigmoid() }, { $0.sigmoid() }), Fused("negate", { -$0 }, { -$0 }),
  Fused("pow", { $0.pow(2.5) }, { $0.pow(2.5) }),
  Fused("add", { $0 + 0.1 }, { $0 + 0.1 }), Fused("subtract", { 0.1 - $0 }, { 0.1 - $0 }),
  Fused("multiply", { $0 * 0.1 }, { $0 * 0.1 }),
  Fused("divide", { $0 / 0.1 }, { $0 / 0.1 }), Fused("less", { $0 .< 0.7 }, { truth($0 .< 0.7) }),
  Fused("lessOrEqual", { $0 .<= 0 }, { truth($0 .<= 0) }),
  Fused("greater", { $0 .> 0 }, { truth($0 .> 0) }),
  Fused("greaterOrEqual", { $0 .>= 0 }, { truth($0 .>= 0) }),
  Fused("equal", { $0 .== 0 }, { truth($0 .== 0) }),
  Fused("notEqual", { $0 .!= 0 }, { truth($0 .!= 0) }),
  Fused("maximum", { .maximum($0, 0.5) }, { maximum($0, Tensor(0.5)) }),
  Fused("minimum", { .minimum(0.5, $0) }, { minimum(Tensor(0.5), $0) }),
  Fused("select", { .select($0, 2, $0) }, { Tensor.where($0 .!= 0, Tensor(2), $0) }),
  Fused("polynomial", { x in x * x * x - 2 * x + 0.1 }, { $0 * $0 * $0 - 2 * $0 + 0.1 }),
  Fused(
    "chain", { ($0.exp() + $0.sin()) / ($0.square() + 3) - $0 },
    { ($0.exp() + $0.sin()) / ($0.square() + 3) - $0 }),
]

@Suite struct PointwiseTests {
  @Test(arguments: unary)
  private func fusedEqualsOperationByOperation(_ item: Fused) {
    let function = Pointwise { item.expression($0) }
    #expect(bits(function(x)) == bits(item.operation(x)))
    // The same after another operation, in one program.
    let later = Pointwise { item.expression($0 * 0.3) + $0 }
    #expect(bits(later(x)) == bits(item.operation(x * 0.3) + x))
    let many = Tensor<Float>.linspace(-2, 2, count: 5000)
    #expect(bits(later(many)) == bits(item.operation(many * 0.3) + many))
  }

  @Test func twoAndThreeOperandsBroadcast() {
    let two = Pointwise { x, y in (x - y) * y.exp() }
    let three = Pointwise("blend") { x, y, t in x + (y - x) * t }
    #expect(
      bits(two(x, y)) == bits((x - y) * y.exp()) && bits(three(x, y, z)) == bits(x + (y - x) * z))
    #expect(
      show(three(Tensor<Float>([0, 10]), Tensor<Float>([[10], [20]]), Tensor<Float>(0.5)))
        == "[2, 2] 5 10 10 15")
    #expect(
      show(two(Tensor<Float>([[1, 2], [3, 4]]).transposed(), Tensor<Float>([0])))
        == "[2, 2] 1 3 2 4")
    #expect(show(Pointwise { x, y in y - x }(Tensor([1, 2]), Tensor([10, 10]))) == "[2] 9 8")
    #expect(
      show(Pointwise { x, y in x - x }(Tensor([1, 2]), Tensor([10, 10]))) == "[2] 0 0"
        && show(Pointwise { x, y in y }(Tensor([1]), Tensor([7, 8]))) == "[2] 7 8")
    #expect(
      show(
        Pointwise { x, y, c in .select(c, x, y) }(Tensor([1, 2]), Tensor([3, 4]), Tensor([0, 5])))
        == "[2] 3 2")
    #expect(
      failure { three(Tensor<Float>([1, 2]), Tensor<Float>([1, 2, 3]), Tensor<Float>(1)) }
        == "blend: shapes [2], [3], [] do not broadcast")
  }

  /// Arrays that no cache holds are computed by smaller tiles.
  @Test func longArraysHaveTheBitsOfTheirParts() {
    let f = Pointwise("f") { x, y, z in (x * y + z).sigmoid() }
    let count = (1 << 21) + 1000
    let generator = Generator(seed: 7, algorithm: .philox)
    let (x, y, z) = (
      Tensor<Float>.normal([count], generator: generator, on: .cpu),
      Tensor<Float>.normal([count], generator: generator, on: .cpu),
      Tensor<Float>.normal([1], generator: generator, on: .cpu)
    )
    let whole = f(x, y, z)
    #expect(whole.count == count)
    for start in stride(from: 0, to: count, by: 300_007) {
      let part = start..<min(start + 300_007, count)
      #expect((f(x[part], y[part], z) .== whole[part]).all().item(), "from \(start)")
    }
  }

  @Test func theNumberOfOperandsIsChecked() {
    let (one, two) = (Pointwise { $0 + 1 }, Pointwise("add2") { x, y in x + y })
    #expect(
      failure { two(x) } == "add2: takes 2 operands, not 1"
        && failure { one(x, y) } == "pointwise: takes 1 operands, not 2")
    #expect(failure { two(x, y, z) } == "add2: takes 2 operands, not 3")
  }

  @Test func constantsAndIdentities() {
    #expect(
      show(Pointwise { _ in 2.5 }(Tensor<Float>([1, 2]))) == "[2] 2.5 2.5"
        && show(Pointwise { $0 }(Tensor([3, 4]))) == "[2] 3 4")
    #expect(
      show(Pointwise { $0 * 1 }(Tensor<Float>([3, .nan]))) == "[2] 3 nan"
        && show(Pointwise { -(-$0) }(Tensor<Float>([-0.0]))) == "[1] -0")
    #expect(
      failure { Pointwise { $0 + 2.9 }(Tensor([1])) } == "pointwise: 2.9 is not a number of int64"
        && failure { Pointwise { $0 * 300 }(Tensor<UInt8>([1])) }
          == "pointwise: 300.0 is not a number of uint8"
    )
    #expect(
      failure { Pointwise("root") { $0.sqrt() }(Tensor([4])) }
        == "root: sqrt is not defined on int64")
    #expect(show(Pointwise { $0 * 255 }(Tensor<UInt8>([2]))) == "[1] 254")
    #expect(
      show(Pointwise { $0 * 100 }(Tensor<Int8>([2]))) == "[1] -56"
        && show(Pointwise { Expression(0.1) + $0 * 0 }(Tensor<Double>([1]))) == "[1] 0.1")
    // The two zeros are different constants.
    #expect(
      show(Pointwise { .select($0 .< 0, Expression(-0.0), 0) }(Tensor<Float>([-1, 1])))
        == "[2] -0 0")
    #expect(
      show(Pointwise { .select($0 .< 0, 0, Expression(-0.0)) }(Tensor<Float>([-1, 1])))
        == "[2] 0 -0")
    #expect(
      show(
        Pointwise { .select($0 .< 0, Expression(.nan), Expression(.nan) * 0 + 1) }(
          Tensor<Float>([-1]))) == "[1] nan")
  }

  @Test func zeroesAndNaNAreNotSimplifiedAway() {
    let special = Tensor<Float>([-0.0, 0, .nan, .infinity])
    #expect(
      show(Pointwise { $0 + 0 }(special)) == "[4] 0 0 nan inf"
        && show(Pointwise { $0 - 0 }(special)) == "[4] -0 0 nan inf")
    #expect(
      show(Pointwise { $0 * 0 }(special)) == "[4] -0 0 nan nan"
        && show(Pointwise { $0 - $0 }(special)) == "[4] 0 0 nan nan")
    #expect(
      show(Pointwise { $0 / $0 }(special)) == "[4] nan nan nan nan"
        && show(Pointwise { 0 - $0 }(special)) == "[4] 0 0 nan -inf")
    #expect(
      show(Pointwise { .maximum($0, $0) }(special)) == "[4] -0 0 nan inf"
        && show(Pointwise { $0 .== $0 }(special)) == "[4] 1 1 0 1")
    #expect(show(Pointwise { 1 / (1 / $0) }(special)) == "[4] -0 0 nan inf")
  }

  @Test func derivativesOfUserFunctions() {
    let cube = Pointwise { x in x * x * x }
    let p = Parameter(Tensor<Double>([2, -1]))
    cube(p.tensor).sum().backward()
    #expect(show(p.grad) == "[2] 12 3")
    let first =
      gradients(of: cube(p.tensor).sum(), withRespectTo: [p], recorded: true)[0] ?? p.tensor
    #expect(show(gradients(of: first.sum(), withRespectTo: [p])[0]) == "[2] 12 -6")
    let three = Pointwise { x, y, z in x * y.exp() + .select(z .> 0, x * z, y) }
    let points = [
      Tensor<Double>([0.3, -2]), Tensor<Double>([[0.5], [1.5]]), Tensor<Double>([0.7, -0.4]),
    ]
    for order in 1...2 {
      #expect(
        checkGradient(at: points, order: order, tolerance: 1e-5) { three($0[0], $0[1], $0[2]) }
          .isCorrect)
    }
    let constant = Pointwise { _ in 3 }
    #expect(
      gradients(of: constant(p.tensor).sum() + p.tensor.sum() * 0, withRespectTo: [p])[0].map {
        show($0)
      } == "[2] 0 0")
    let q = Parameter(Tensor<Float>([-1, 0, 2]))
    Pointwise.relu(q.tensor).sum().backward()
    #expect(show(q.grad) == "[3] 0 0 1")
  }

  @Test func longFormulas() {
    // More registers than a few, each value used late.
    let wide = Pointwise { x in
      let terms = (1...24).map { x + Expression(Double($0)) }
      return terms.reduce(0) { $0 + $1 } + terms.reversed().reduce(0) { $0 - $1 * $1 }
    }
    let expected =
      (1...24).map { 2 + $0 }.reduce(0, +) - (1...24).map { (2 + $0) * (2 + $0) }.reduce(0, +)
    #expect(show(wide(Tensor([2]))) == "[1] \(expected)")
    let deep = Pointwise { x in (0..<300).reduce(x) { sum, _ in sum + x } }
    #expect(show(deep(Tensor([2, 3]))) == "[2] 602 903")
  }
}
