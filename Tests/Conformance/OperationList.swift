import Slope

/// The list of operations, one table for each element type.
///
/// It stands in several files, by the element types that an operation takes: `ElementOperations`
/// (every type), `NumericOperations`, `IntegerOperations`, `BooleanOperations`, and for floating
/// point `FloatingOperations`, `ReductionOperations`, `LossOperations`, `TrainingOperations`,
/// `ProgramOperations`.
public enum OperationList {
  /// The operations on Bool.
  public static func boolean() -> [Operation<Bool>] {
    elementOperations() + booleanOperations()
  }

  /// The operations on an integer type.
  public static func integer<E: IntegerElement>(_: E.Type) -> [Operation<E>] {
    elementOperations() + numericOperations() + integerOperations()
  }

  /// The operations on a floating-point type.
  public static func floating<E: FloatingElement>(_: E.Type) -> [Operation<E>] {
    elementOperations() + numericOperations() + floatingOperations() + activationOperations()
      + statisticsOperations() + lossOperations() + trainingOperations() + programOperations()
  }

  /// Every operation's names and the element types that it takes, in alphabetical order.
  public static func summary() -> [OperationSummary] {
    var found: [String: OperationSummary] = [:]
    func add<E: Element>(_ operations: [Operation<E>]) {
      for operation in operations {
        let new = OperationSummary(
          name: operation.name, spelling: operation.spelling, types: [],
          isDifferentiable: operation.isDifferentiable)
        found[operation.name, default: new].types.append(E.dtype)
      }
    }
    func addInteger<E: IntegerElement>(_ type: E.Type) { add(integer(type)) }
    func addFloating<E: FloatingElement>(_ type: E.Type) { add(floating(type)) }
    // The floating form is the one whose spelling and gradient are shown.
    addFloating(Float.self)
    addFloating(Double.self)
    addFloating(Float16.self)
    addFloating(BFloat16.self)
    addInteger(Int8.self)
    addInteger(Int16.self)
    addInteger(Int32.self)
    addInteger(Int64.self)
    addInteger(UInt8.self)
    addInteger(UInt16.self)
    addInteger(UInt32.self)
    addInteger(UInt64.self)
    add(boolean())
    return found.values.sorted { $0.name < $1.name }
  }
}

/// One row of the table of operations.
public struct OperationSummary: Sendable {
  /// PyTorch's name.
  public let name: String
  /// How it is written in Swift.
  public let spelling: String
  /// The element types that it takes.
  public internal(set) var types: [DType]
  /// Whether gradients flow through it.
  public let isDifferentiable: Bool
}
