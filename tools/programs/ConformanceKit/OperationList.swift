import Slope

/// The list of operations, one table for each element type.
///
/// It is divided into files by the element types that an operation takes: `ElementOperations`
/// (every type), `NumericOperations`, `IntegerOperations`, `BooleanOperations`, and for floating
/// point `FloatingOperations`, `ReductionOperations`, `LossOperations`, `TrainingOperations`,
/// `ProgramOperations`; `placeOperations` (every type) and those next to it choose and write
/// elements by their places.
public enum OperationList {
  // Lists of types, which are opened one by one at run time: named in the source, each would be
  // compiled to separate tables, which takes minutes.

  /// The integer types.
  public static let integerTypes: [any IntegerElement.Type] = [
    UInt8.self, UInt16.self, UInt32.self, UInt64.self, Int8.self, Int16.self, Int32.self,
    Int64.self,
  ]

  /// The floating-point types.
  public static let floatingTypes: [any FloatingElement.Type] = [
    Float.self, Double.self, Float16.self, BFloat16.self,
  ]

  /// The operations on Bool.
  public static func boolean() -> [Operation<Bool>] {
    everyOperations() + booleanOperations() + booleanPlaceOperations() + slidingOperations()
  }

  /// The operations on an integer type.
  public static func integer<Element: IntegerElement>(_: Element.Type) -> [Operation<Element>] {
    everyOperations() + arithmeticOperations() + integerOperations() + classOperations()
      + positionOperations() + countOperations() + divisorOperations()
  }

  /// The operations on a floating-point type.
  public static func floating<Element: FloatingElement>(_: Element.Type) -> [Operation<Element>] {
    everyOperations() + arithmeticOperations() + floatingScanOperations() + addedProductOperations()
      + spreadOperations() + quantileOperations() + floatingOperations() + specialOperations()
      + partsOperations() + floatingBlendOperations() + activationOperations() + unitOperations()
      + statisticsOperations() + normOperations()
      + layerOperations() + lossOperations() + trainingOperations() + programOperations()
      + histogramOperations() + poolOperations() + marginLossOperations() + distanceOperations()
  }

  /// The operations that every element type has.
  private static func everyOperations<Element: TensorElement>() -> [Operation<Element>] {
    elementOperations() + rearrangingOperations() + creationOperations() + shapeOperations()
      + paddingOperations() + joiningOperations() + placeOperations() + differenceOperations()
      + wholeEquality()
  }

  /// The operations that every element type but Bool has.
  private static func arithmeticOperations<Element: NumericElement>() -> [Operation<Element>] {
    numericOperations() + runningOperations() + einsumOperations() + spacedOperations()
      + vectorOperations() + numericPlaceOperations() + searchOperations() + extremumOperations()
      + productOperations() + blendOperations() + convolutionOperations()
      + maximaOperations()
  }

  /// Every operation's name and the element types that it takes, in alphabetical order.
  public static func summary() -> [OperationSummary] {
    var found: [String: OperationSummary] = [:]
    func add<Element: TensorElement>(_ operations: [Operation<Element>]) {
      for operation in operations {
        let new = OperationSummary(
          name: operation.name, spelling: operation.spelling, types: [],
          isDifferentiable: operation.isDifferentiable, differs: operation.differs)
        found[operation.name, default: new].types.append(Element.dtype)
      }
    }
    func addInteger<Element: IntegerElement>(_ type: Element.Type) { add(integer(type)) }
    func addFloating<Element: FloatingElement>(_ type: Element.Type) { add(floating(type)) }
    // Spelling and gradient are shown for the floating-point form.
    for type in floatingTypes { addFloating(type) }
    for type in integerTypes { addInteger(type) }
    add(boolean())
    return found.values.sorted { $0.name < $1.name }
  }
}

/// One row of the table of operations.
public struct OperationSummary: Sendable {
  /// PyTorch's name.
  public let name: String
  /// The expression in Swift.
  public let spelling: String
  /// The element types that it takes.
  public internal(set) var types: [DType]
  /// Whether gradients flow through it.
  public let isDifferentiable: Bool
  /// What differs from PyTorch; nil if nothing does.
  public let differs: String?
}
