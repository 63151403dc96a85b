/// How an optimiser changes a parameter and its states in one step: a traced formula.
///
/// The closure runs once, on symbolic `Expression` values, when the rule is created. Each step then
/// runs the formula for every element of a parameter in one pass over memory, as one kernel on
/// every device.
///
/// ```swift
/// let momentum = UpdateRule("momentum", states: 1, scalars: 2) {
///   value, gradient, states, scalars in
///   let velocity = scalars[1] * states[0] + gradient
///   return [value - scalars[0] * velocity, velocity]
/// }
/// print(momentum.stateCount, momentum.scalarCount)   // 1 2
/// ```
///
/// The results are the parameter's new value and then its new states. A number that changes between
/// steps, such as the learning rate, is a run-time scalar, so that no step compiles anything; one
/// that never changes may be a literal. The formula is compiled for each element type when it is
/// first used.
///
/// **Storage.** A rule is an immutable value; a copy shares the formula. It holds no states: the
/// optimiser keeps them, on the device of the parameter and with its shape and element type. The
/// new value and states are written in place where nothing else refers to that memory. For 16-bit
/// parameters the optimiser keeps states, and a copy of the parameter, in `Float`; the formula is
/// the same.
///
/// A custom optimiser is a subclass of `Optimizer` that returns a rule and the values of its
/// scalars: see Examples/OwnOptimizer.swift.
public struct UpdateRule: Sendable {
  /// An object, so that a copy of the rule costs one reference.
  private final class Formula: Sendable {
    let function: PointwiseFunction
    /// The formula of a master copy: the new value is the first result and, in full, the last.
    let master: PointwiseFunction
    let stateCount: Int
    let problem: String?

    init(_ function: PointwiseFunction, stateCount: Int, problem: String?) {
      self.function = function
      master = PointwiseFunction(
        function.name, inputs: function.inputCount, scalars: function.scalarCount,
        function.roots + function.roots.prefix(1))
      self.stateCount = stateCount
      self.problem = problem
    }
  }

  private let formula: Formula

  var function: PointwiseFunction { formula.function }
  /// The number of states that an optimiser keeps for each parameter.
  public var stateCount: Int { formula.stateCount }
  /// The number of run-time scalars that each step provides.
  public var scalarCount: Int { formula.function.scalarCount }

  /// The largest number of run-time scalars.
  static let maximumScalarCount = 16

  /// The program for elements of a type; with a master copy, that of the copy's type.
  @inline(__always)
  func program(_ dtype: DType, hasMaster: Bool) -> Program {
    hasMaster ? formula.master.program(dtype.computeType) : formula.function.program(dtype)
  }

  /// Why the rule cannot run on elements of a type, or nil if it can.
  func problem(_ dtype: DType) -> String? { formula.problem ?? function.program(dtype).problem }

  /// Whether `problem` is nil.
  @inline(__always)
  func canRun(_ dtype: DType) -> Bool {
    formula.problem == nil && formula.function.program(dtype).problem == nil
  }

  /// Creates a rule by tracing a formula.
  ///
  /// Precondition: no count is negative, there are at most 16 scalars, and the formula has one
  /// result more than there are states.
  ///
  /// - Parameters:
  ///   - name: The name of the rule in messages.
  ///   - states: The number of states of each parameter.
  ///   - scalars: The number of run-time scalars.
  ///   - formula: Maps the parameter's value, its gradient, its states and the run-time scalars to
  ///     the new value, followed by the new states.
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
