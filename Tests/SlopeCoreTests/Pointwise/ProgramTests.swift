import CKernels
import TestSupport
import Testing

@testable import SlopeCore

private func function(
  _ inputs: Int, _ scalars: Int = 0, _ trace: @escaping ([Expression]) -> Expression
) -> PointwiseFunction {
  PointwiseFunction("test", inputs: inputs, scalars: scalars, trace)
}

@Suite struct ProgramTests {
  @Test func aLonePrimitiveIsKnown() {
    #expect(
      Functions.add.program(.float32).single == .add
        && Functions.select.program(.int8).single == .select)
    #expect(
      Functions.add.program(.bool).single == .logicalOr
        && Functions.multiply.program(.bool).single == .logicalAnd)
    #expect(
      function(2) { $0[1] - $0[0] }.program(.float32).single == nil
        && function(2) { $0[0] - $0[0] }.program(.float32).single == nil)
    #expect(
      function(2) { $0[0].exp() }.program(.float32).single == nil
        && function(1) { $0[0].exp().sin() }.program(.float32).single == nil)
    #expect(Functions.addScalar.program(.float32).single == .add)
    #expect(Functions.subtractFromScalar.program(.float32).single == nil)
  }

  @Test func programsAreCompiledOnceForEachType() {
    let f = function(1) { $0[0] * 2.7 }
    #expect(
      f.program(.float32) === f.program(.float32) && f.program(.float32) !== f.program(.float64))
    #expect(
      f.program(.int8).problem == "2.7 is not a number of int8"
        && f.program(.float64).constantBits == [(2.7).bitPattern]
    )
    #expect(
      f.program(.bfloat16).constantBits == [UInt64((2.7 as Float).bitPattern)]
        && f.program(.float16).dtype == .float16)
  }

  @Test func registersAreInputsScalarsConstantsTemporaries() {
    let program = function(2, 1) { ($0[0] + $0[2]) * ($0[1] - 3) }.program(.float32)
    #expect(
      program.inputCount == 2 && program.scalarCount == 1 && program.constantBits.count == 1
        && program.outputCount == 1)
    #expect(
      program.steps.map(\.primitive) == ["add", "subtract", "multiply"]
        && program.steps[0].arguments == [0, 2] && program.steps[1].arguments == [1, 3])
    #expect(
      program.steps[0].destination == 4 && program.steps[1].destination == 5
        && program.registerCount == 6)
    #expect(program.outputRegisters == [program.steps[2].destination])
    // A chain needs one temporary.
    #expect(function(1) { $0[0].exp().sin().cos().tanh() }.program(.float32).registerCount == 2)
    #expect(
      function(1) { $0[0] }.program(.float32).outputRegisters == [0]
        && function(0, 1) { $0[0] }.program(.int8).outputRegisters == [0])
  }

  @Test func resultsOfSeveralRootsAreKept() {
    let f = PointwiseFunction("two", inputs: 1) { (x: [Expression]) -> [Expression] in
      let e = x[0] + 1
      return [e, e * e, x[0], e * e + e]
    }
    let program = f.program(.int64)
    #expect(
      program.outputCount == 4 && program.steps.count == 3
        && Set(program.outputRegisters).count == 4 && program.outputRegisters[2] == 0)
  }

  /// Terms like xⁱ with a constant each, the deepest on the right: evaluated from the left, each
  /// would wait.
  private func nested(_ count: Int, from start: Int = 0) -> PointwiseFunction {
    function(1) { operands in
      var sum = operands[0]
      for index in start..<start + count {
        sum = operands[0] * Expression(Double(index) + 2) - sum.abs()
      }
      return sum
    }
  }

  @Test func aChainThatOpensOnTheRightNeedsFewTemporaries() throws {
    let program = nested(1000).program(.float64)
    #expect(program.problem == nil && program.registerCount <= 1 + 1000 + 4)
    let x: [Double] = (0..<5).map { Double($0) * 0.25 - 0.5 }
    let result = applyPointwise(nested(1000), Tensor(x).value, record: false)
    let expected = x.map { x in
      (0..<1000).reduce(x) { x * (Double($1) + 2) - abs($0) }
    }
    #expect(Tensor<Double>(result).scalars == expected)
    // A short formula stays in the order in which it is written.
    #expect(nested(3).program(.float32).steps.map(\.primitive).first == "multiply")
  }

  @Test func aProgramOfTooManyRegistersIsRefused() {
    let message =
      "test: 1030 constants and 2 intermediate results are more than the 1024 of one program"
    let sum = function(1) { x in
      (0..<1030).reduce(x[0]) { $0 + x[0] * Expression(Double($1) + 2) }
    }
    #expect(failure { applyPointwise(sum, Tensor<Float>([1]).value, record: false) } == message)
    #expect(sum.program(.float32).steps.isEmpty && sum.program(.float32).registerCount == 1)
    let fits = function(1) { x in
      (0..<1022).reduce(x[0]) { $0 + x[0] * Expression(Double($1) + 2) }
    }
    // Long enough for the workers, whose stacks hold a tile of each register.
    let count = 200_000
    for dtype in [DType.float32, .float64, .float16] {
      let ones = Tensor<Float>.ones([count]).value.cast(to: dtype)
      let found = Tensor<Double>(applyPointwise(fits, ones, record: false).cast(to: .float64))
        .scalars
      let want = dtype == .float16 ? Double.infinity : 1 + 1022 * 1021 / 2 + 2 * 1022
      #expect(found.allSatisfy { $0 == want })
      let total = reduced(
        .sum, fits, [ones].span, programType: dtype, nest: [count], axes: nil,
        keepingAxes: false, output: .float64, record: false)
      let sum = Tensor<Double>(total).item()
      #expect(dtype == .float16 || sum == want * Double(count))
    }
  }

  /// All operands are converted, and hundreds of results wait for each other.
  @Test func programsWithManyResultsAtOnceRunOnTheWorkers() {
    let wide = function(16) { x in
      let terms = (0..<400).map { x[$0 % 16] * Expression(Double($0 % 100) + 2) }
      return (0..<400).reduce(x[0]) { $0 + terms[$1] * terms[($1 * 7 + 3) % 400] }
    }
    #expect(wide.program(.int64).registerCount > 300)
    let numbers = (0..<16).map { Int16($0 * 5 - 33) }
    func run(_ count: Int) -> Value {
      let inputs = numbers.map { Tensor<Int16>.full([count], $0).value }
      return applyPointwise(wide, inputs, programType: .int64, output: .int64)
    }
    let expected = withDevice(Device(ReferenceBackend.shared)) { Tensor<Int>(run(1)).item() }
    #expect(Tensor<Int>(run(200_000)).scalars.allSatisfy { $0 == expected })
  }

  @Test func aChainOfTensOfThousandsOfStepsRunsWithItsDerivative() {
    let chain = Pointwise { x in
      (0..<20_000).reduce(x) { sum, _ in sum * 0.5 + x }
    }
    let x = Parameter(Tensor<Float>([3]))
    let y = chain(x.tensor)
    y.backward(seed: Tensor([1]))
    #expect(y.scalars == [6] && x.grad?.scalars == [2])
  }

  @Test func aDerivativeOfTooManyStepsIsRefused() {
    let deep = Pointwise { x in (0..<30_000).reduce(x) { y, _ in y.sigmoid() } }
    let x = Parameter(Tensor<Float>([3]))
    let y = deep(x.tensor)
    #expect(y.scalars[0].isFinite)
    #expect(
      failure { y.backward(seed: Tensor([1])) }?.hasSuffix("steps are too many for one program")
        == true)
    #expect(x.grad == nil)
  }

  @Test func aFormulaOfAMillionTermsIsRefusedAndFreed() {
    for opensOnTheRight in [false, true] {
      let long = Pointwise { x in
        (0..<1_000_000).reduce(x) { sum, _ in opensOnTheRight ? x - sum : sum - x }
      }
      let x = Parameter(Tensor<Float>([3]))
      #expect(
        failure { long(x.tensor) } == "pointwise: 1000001 steps are too many for one program")
    }
    // A node that is used elsewhere stays when its user is removed.
    var kept = Expression(2)
    do {
      var chain = kept + 1
      let middle = chain
      for _ in 0..<100_000 { chain = -chain }
      kept = middle
    }
    #expect(function(1) { $0[0] + kept }.program(.float32).steps.count == 2)
  }

  @Test func adjointsKeepWhatTheyNeed() {
    func kept(_ f: PointwiseFunction, _ input: Int = 0) -> String {
      let adjoint = f.adjoint(input)
      return "\(adjoint.savedInputs.sorted())" + (adjoint.savesOutput ? " output" : "")
        + (adjoint.isPassThrough ? " pass" : "") + (adjoint.function == nil ? " none" : "")
    }
    #expect(
      kept(Functions.add) == "[] pass" && kept(Functions.add, 1) == "[] pass"
        && kept(Functions.subtract, 1) == "[]")
    #expect(
      kept(Functions.multiply) == "[1]" && kept(Functions.multiply, 1) == "[0]"
        && kept(Functions.divide) == "[1]" && kept(Functions.divide, 1) == "[1] output")
    #expect(
      kept(PointwiseFunction(.exp)) == "[] output" && kept(PointwiseFunction(.tanh)) == "[0]"
        && kept(PointwiseFunction(.sin)) == "[0]")
    #expect(
      kept(PointwiseFunction(.sqrt)) == "[] output" && kept(Functions.less) == "[] none"
        && kept(Functions.select) == "[] none" && kept(Functions.select, 1) == "[0]")
    #expect(
      kept(Functions.multiplyScalar) == "[]" && kept(PointwiseFunction(.floor)) == "[]"
        && kept(PointwiseFunction(.isNaN)) == "[] none")
    #expect(
      kept(function(2) { $0[0] }, 1) == "[] none"
        && kept(Functions.squaredDifference, 1) == "[0, 1]")
    let five = function(5) { $0[0] * $0[4] }
    #expect(
      five.adjoint(4) === five.adjoint(4) && kept(five, 4) == "[0]" && kept(five, 3) == "[] none"
        && five.adjoint(0) === five.adjoint(0))
  }

  @Test func aReferenceIsPublishedOnce() {
    final class Item: Sendable {}
    let reference = AtomicReference<Item>()
    let (first, second) = (Item(), Item())
    #expect(
      reference.load() == nil && reference.publish(first) === first
        && reference.publish(second) === first && reference.load() === first)
    weak var held: Item?
    do {
      let other = AtomicReference<Item>()
      held = other.publish(Item())
      #expect(held != nil && other.load() === held)
    }
    #expect(held == nil)
  }
}
