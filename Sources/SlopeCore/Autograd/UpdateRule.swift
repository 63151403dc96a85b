/// How an optimiser changes a parameter and its own state: a traced formula, one pass over memory.
package struct UpdateRule: Sendable {
  let function: PointwiseFunction
  let stateCount: Int
  /// The number of run-time scalars.
  package var scalarCount: Int { function.scalarCount }

  /// Traces a formula.
  ///
  /// - Parameter formula: maps the parameter's value, its gradient, the states and the run-time
  ///   scalars (at most 16) to the new value, then the new states.
  package init(
    _ name: String, states: Int, scalars: Int,
    _ formula: (
      _ value: Expression, _ gradient: Expression, _ states: [Expression],
      _ scalars: [Expression]
    ) -> [Expression]
  ) {
    stateCount = states
    function = PointwiseFunction(name, inputs: 2 + states, scalars: scalars) {
      formula($0[0], $0[1], Array($0[2..<2 + states]), Array($0[(2 + states)...]))
    }
  }
}
