import CKernels
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
      kept(PointwiseFunction(.exp)) == "[] output" && kept(PointwiseFunction(.tanh)) == "[] output"
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
