/// Checks the numbers in the result of one verb.
struct NumericsCheck {
  private let scope: FailureScope
  private let operation: String
  /// The shape of the result as the caller sees it.
  private let shape: Shape
  /// Where the axes of `shape` are in the caller's tensor, if in another order.
  private let order: [Int]?

  /// Runs a verb, then checks what it wrote if this task is checked.
  ///
  /// False if the result must not be used. After a failure in the scope nothing runs.
  static func run(
    _ operation: @autoclosure () -> String, _ shape: Shape, order: [Int]? = nil,
    verb: () -> Void, passes: (NumericsCheck) -> Bool
  ) -> Bool {
    guard let scope = FailureScope.checking else {
      verb()
      return true
    }
    if scope.hasFailed { return false }
    verb()
    if scope.hasFailed { return false }
    return passes(
      NumericsCheck(scope: scope, operation: operation(), shape: shape, order: order))
  }

  /// What went wrong in a step.
  struct Finding {
    var kind: NumericsError.Kind
    var step: String
    var operands: [NumericsError.Operand]
    var result: Number
  }

  /// Reports what was found at an element; true if nothing was.
  func passes(_ finding: Finding?, at position: Int) -> Bool {
    guard let finding else { return true }
    var index = shape.index(at: position)
    if let order {
      let own = index
      for (axis, place) in order.enumerated() { index[place] = own[axis] }
    }
    // A cast is a copy with a different output type.
    func named(_ name: String) -> String { name == "copy" ? "cast" : name }
    let name = BackwardScope.operation.map { "gradient of \(named($0))" } ?? named(operation)
    scope.record(
      NumericsError(
        kind: finding.kind, operation: name, step: named(finding.step), index: index,
        operands: finding.operands, result: finding.result))
    return false
  }

  /// Whether none of the numbers of a floating-point result went wrong.
  ///
  /// Calls `finding` for each that is not finite.
  func passes(
    numbersOf output: Output, _ shape: Shape,
    _ finding: (_ position: Int, _ result: Number) -> Finding?
  ) -> Bool {
    guard let results = HostElements(output, shape) else { return false }
    var start = 0
    while let position = results.firstNotFinite(from: start) {
      guard passes(finding(position, results[position]), at: position) else { return false }
      start = position + 1
    }
    return true
  }

  /// Whether `finding` finds nothing at any element.
  func passes(
    eachOf output: Output, _ shape: Shape,
    _ finding: (_ position: Int, _ result: Number) -> Finding?
  ) -> Bool {
    guard let results = HostElements(output, shape) else { return false }
    for position in 0..<results.count {
      guard passes(finding(position, results[position]), at: position) else { return false }
    }
    return true
  }
}

extension NumericsCheck.Finding {
  /// A NaN or an infinity.
  init(_ result: Number, _ step: String, _ operands: [NumericsError.Operand]) {
    self.init(
      kind: result.isNaN ? .nan : .infinity, step: step, operands: operands, result: result)
  }

  /// What went wrong in the reduction of rows, if NaN or infinity arose there.
  init?(_ result: Number, _ step: String, rows: [[Number]]) {
    guard result.arises(from: Array(rows.joined())) else { return nil }
    self.init(result, step, rows.map { NumericsError.Operand(row: $0) })
  }

  /// What went wrong in the reduction of integers whose exact result is `exact`; nil if nothing
  /// did.
  init?(_ result: Number, exact: Int128?, _ step: String, rows: [[Number]]) {
    if let exact, !result.isLossy(from: .integer(exact)) { return nil }
    self.init(
      kind: result.dtype.isFloating ? .lossyCast : .wrap, step: step,
      operands: rows.map { NumericsError.Operand(row: $0) }, result: result)
  }
}
