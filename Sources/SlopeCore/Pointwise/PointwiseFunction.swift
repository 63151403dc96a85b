internal import CKernels
import Synchronization

/// An expression with its compiled programs and its derivatives, each made when first needed.
final class PointwiseFunction: Sendable {
  /// The operation's name in messages and graphs.
  let name: String
  let inputCount: Int
  /// The count of run-time scalars, which follow the inputs and have no gradient.
  let scalarCount: Int
  let roots: [Node]

  private let programs = InlineArray<13, AtomicReference<Program>> { _ in AtomicReference() }
  private let adjoints = InlineArray<4, AtomicReference<Adjoint>> { _ in AtomicReference() }
  private let laterAdjoints = Mutex<[Int: Adjoint]>([:])
  private let jointAdjoints = Mutex<[UInt32: JointAdjoint]>([:])

  init(_ name: String, inputs: Int, scalars: Int = 0, _ roots: [Node]) {
    self.name = name
    inputCount = inputs
    scalarCount = scalars
    self.roots = roots
  }

  /// A function of one primitive.
  convenience init(_ primitive: Primitive) {
    let inputs = (0..<primitive.arity).map { Node(.input($0)) }
    self.init(
      primitive.name, inputs: primitive.arity, [Node(.apply(primitive), inputs)])
  }

  /// Traces a closure over inputs, then run-time scalars.
  convenience init(
    _ name: String, inputs: Int, scalars: Int = 0, _ trace: ([Expression]) -> Expression
  ) {
    self.init(name, inputs: inputs, scalars: scalars) { [trace($0)] }
  }

  /// Traces a closure with several results.
  convenience init(
    _ name: String, inputs: Int, scalars: Int = 0, _ trace: ([Expression]) -> [Expression]
  ) {
    let operands =
      (0..<inputs).map { Expression(Node(.input($0))) }
      + (0..<scalars).map { Expression(Node(.scalar($0))) }
    self.init(name, inputs: inputs, scalars: scalars, trace(operands).map(\.node))
  }

  /// The program for elements of `dtype`.
  @inline(__always)
  func program(_ dtype: DType) -> Program {
    let index = Int(dtype.rawValue)
    if let known = programs[index].load() { return known }
    return compile(dtype)
  }

  private func compile(_ dtype: DType) -> Program {
    programs[Int(dtype.rawValue)].publish(
      Program(roots, inputCount: inputCount, scalarCount: scalarCount, dtype: dtype))
  }

  /// What input `index` receives, as a function of the operands that it needs.
  func adjoint(_ index: Int) -> Adjoint {
    guard index < 4 else {
      return laterAdjoints.withLock {
        if let known = $0[index] { return known }
        let made = Adjoint(of: self, input: index)
        $0[index] = made
        return made
      }
    }
    return adjoints[index].load() ?? adjoints[index].publish(Adjoint(of: self, input: index))
  }

  /// Whether some step is computed from others: the adjoints of a primitive have none to share.
  var hasInnerSteps: Bool {
    roots[0].arguments.contains { !$0.arguments.isEmpty }
  }

  /// What several inputs receive, by one function; nil where one for each is as short.
  ///
  /// The inputs are the bits of a mask.
  func jointAdjoint(_ inputs: UInt32) -> JointAdjoint? {
    guard inputs.nonzeroBitCount > 1 else { return nil }
    let adjoint = jointAdjoints.withLock {
      if let known = $0[inputs] { return known }
      let made = JointAdjoint(
        of: self, inputs: (0..<inputCount).filter { inputs >> UInt32($0) & 1 != 0 })
      $0[inputs] = made
      return made
    }
    return adjoint.isShorter ? adjoint : nil
  }
}
