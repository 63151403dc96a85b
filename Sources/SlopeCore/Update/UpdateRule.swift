/// How an optimiser changes a parameter and its own states: a traced formula, one pass over memory.
///
/// ```swift
/// let momentum = UpdateRule("momentum", states: 1, scalars: 2) { value, gradient, states, scalars in
///   let velocity = scalars[1] * states[0] + gradient
///   return [value - scalars[0] * velocity, velocity]
/// }
/// ```
public struct UpdateRule: Sendable {
  /// In an object, so that a copy of the rule costs one reference.
  private final class Formula: Sendable {
    let function: PointwiseFunction
    let stateCount: Int
    let problem: String?

    init(_ function: PointwiseFunction, stateCount: Int, problem: String?) {
      self.function = function
      self.stateCount = stateCount
      self.problem = problem
    }
  }

  private let formula: Formula

  var function: PointwiseFunction { formula.function }
  /// The number of states.
  public var stateCount: Int { formula.stateCount }
  /// The number of run-time scalars.
  public var scalarCount: Int { formula.function.scalarCount }

  /// The most run-time scalars.
  static let maximumScalarCount = 16

  /// Why it cannot run on elements of a type, if so.
  func problem(_ dtype: DType) -> String? { formula.problem ?? function.program(dtype).problem }

  /// Whether there is nothing that `problem` would tell.
  @inline(__always)
  func canRun(_ dtype: DType) -> Bool {
    formula.problem == nil && formula.function.program(dtype).problem == nil
  }

  /// Traces a formula; numbers that change between steps are scalars, so that no step compiles anything.
  ///
  /// Precondition: at most 16 scalars, and as many results as there are states and one more.
  ///
  /// - Parameter formula: maps the parameter's value, its gradient, the states and the run-time
  ///   scalars to the new value, then the new states.
  public init(
    _ name: String, states: Int, scalars: Int,
    _ formula: (
      _ value: Expression, _ gradient: Expression, _ states: [Expression],
      _ scalars: [Expression]
    ) -> [Expression]
  ) {
    let inputs = 2 + max(states, 0)
    let traced = PointwiseFunction(name, inputs: inputs, scalars: max(scalars, 0)) {
      formula($0[0], $0[1], Array($0[2..<inputs]), Array($0[inputs...]))
    }
    let problem: String? =
      if states < 0 || scalars < 0 {
        "a rule of \(states) states and \(scalars) scalars"
      } else if scalars > UpdateRule.maximumScalarCount {
        "\(scalars) scalars are more than \(UpdateRule.maximumScalarCount)"
      } else if traced.roots.count != states + 1 {
        "\(traced.roots.count) results of a formula for a value and \(states) states"
      } else {
        nil
      }
    self.formula = Formula(traced, stateCount: inputs - 2, problem: problem)
    if let problem { reportFailure(operation: name, problem) }
  }
}
