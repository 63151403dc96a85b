import Slope

/// One operation of the library for elements of one type: the entry of *the* list of operations.
///
/// Conformance cases, gradient checks and the documentation's table of operators are made from the
/// list (`OperationList`): an operation is added here and nowhere else.
public struct Operation<Element: TensorElement>: Sendable {
  /// The operation's name in golden files: PyTorch's.
  public let name: String

  /// The expression in Swift, with operands `x`, `y`, `z`.
  public let spelling: String

  /// Operands on which derivatives are checked; empty if there is no derivative.
  public let differentiableSamples: [Sample]

  /// Operands on which the results of devices are compared.
  public let samples: [Sample]

  /// Whether the result is the exact one, rounded once, so that all devices give the same bits.
  public let isExact: Bool

  /// The number of operands that broadcast to one shape, elementwise; nil for other operations.
  public let arity: Int?

  /// What differs from PyTorch, for the page of operations; nil if nothing does.
  public private(set) var differs: String?

  /// Computes the outputs.
  public let call: @Sendable (Arguments<Element>) throws -> [any AnyTensor]

  /// An operation; `checked` samples are differentiated, `tried` ones are only computed.
  public init(
    _ name: String, _ spelling: String, exact: Bool = false, checked: [Sample] = [],
    tried: [Sample] = [], arity: Int? = nil,
    call: @escaping @Sendable (Arguments<Element>) throws -> [any AnyTensor]
  ) {
    self.name = name
    self.spelling = spelling
    differentiableSamples = checked
    samples = checked + tried
    isExact = exact || !Element.dtype.isFloating
    self.arity = arity
    self.call = call
  }

  /// The same operation with a remark on what differs from PyTorch.
  func differing(_ remark: String) -> Operation {
    var operation = self
    operation.differs = remark
    return operation
  }

  /// Whether gradients flow through the operation.
  public var isDifferentiable: Bool { !differentiableSamples.isEmpty }

  /// An operation on one tensor.
  ///
  /// `domain` is where it is differentiable, nil if nowhere.
  static func unary<R: TensorElement>(
    _ name: String, _ spelling: String, on domain: ClosedRange<Double>? = nil, exact: Bool = false,
    _ function: @escaping @Sendable (Tensor<Element>) -> Tensor<R>
  ) -> Operation {
    let samples = [[2, 3, 4], [], [1], [0]].map { Sample([.numbers($0, domain ?? -2...2)]) }
    let isDifferentiable = domain != nil
    return Operation(
      name, spelling, exact: exact, checked: isDifferentiable ? samples : [],
      tried: isDifferentiable ? [] : samples, arity: 1
    ) { [function(try $0[0])] }
  }

  /// An operation on two tensors that broadcast.
  static func binary<R: TensorElement>(
    _ name: String, _ spelling: String, on first: ClosedRange<Double>? = nil,
    and second: ClosedRange<Double>? = nil, exact: Bool = false,
    _ function: @escaping @Sendable (Tensor<Element>, Tensor<Element>) -> Tensor<R>
  ) -> Operation {
    let shapes: [([Int], [Int])] = [
      ([3, 4], [3, 4]), ([3, 4], [4]), ([2, 1, 3], [4, 1]), ([], [2]),
    ]
    let samples = shapes.map {
      Sample([.numbers($0, first ?? -2...2), .numbers($1, second ?? first ?? -2...2)])
    }
    let isDifferentiable = first != nil
    return Operation(
      name, spelling, exact: exact, checked: isDifferentiable ? samples : [],
      tried: isDifferentiable ? [] : samples, arity: 2
    ) { [function(try $0[0], try $0[1])] }
  }
}

/// The arguments of one call: tensors, the main ones of type `Element`, and named attributes.
public struct Arguments<Element: TensorElement>: Sendable {
  /// The arguments that are not tensors.
  public let attributes: Attributes

  /// The operands in order.
  public let inputs: [any AnyTensor]

  /// The number of outputs that the caller expects; nil where it takes what comes.
  public let outputCount: Int?

  /// Arguments of a call.
  public init(
    _ inputs: [any AnyTensor], _ attributes: Attributes = [:], outputCount: Int? = nil
  ) {
    self.inputs = inputs
    self.attributes = attributes
    self.outputCount = outputCount
  }

  /// Values and what belongs to them, such as indices, or only the first of these that are expected.
  ///
  /// PyTorch's operations return both; a case may state the values alone.
  func results(_ outputs: any AnyTensor...) -> [any AnyTensor] {
    guard let outputCount, outputCount > 0 else { return outputs }
    return Array(outputs.prefix(outputCount))
  }

  /// The operand at `index`, which must be of the main element type.
  public subscript(index: Int) -> Tensor<Element> {
    get throws { try input(index) }
  }

  /// All operands, which must be of the main element type.
  public func all() throws -> [Tensor<Element>] { try inputs.indices.map { try self[$0] } }

  /// A Boolean for each element.
  public func booleans(_ index: Int) throws -> Tensor<Bool> { try input(index) }

  /// Positions; every integer type is taken.
  public func indices(_ index: Int) throws -> Tensor<Int> {
    guard index < inputs.count else { throw Unsupported("operand \(index) is missing") }
    switch inputs[index] {
    case let tensor as Tensor<Int>: return tensor
    case let tensor as Tensor<Int64>: return tensor.cast(to: Int.self)
    case let tensor as Tensor<Int32>: return tensor.cast(to: Int.self)
    case let tensor: throw Unsupported("operand \(index) is of \(tensor.dtype)")
    }
  }

  private func input<T: TensorElement>(_ index: Int) throws -> Tensor<T> {
    guard index < inputs.count else { throw Unsupported("operand \(index) is missing") }
    guard let tensor = inputs[index] as? Tensor<T> else {
      throw Unsupported("operand \(index) is of \(inputs[index].dtype), not \(T.dtype)")
    }
    return tensor
  }
}

/// Operands and attributes on which an operation is tried.
public struct Sample: Sendable {
  /// One operand.
  public enum Input: Sendable {
    /// Distinct numbers from an interval, away from its middle and quarters.
    case numbers([Int], ClosedRange<Double>)
    /// Numbers from an interval that have no gradient, such as weights.
    case constants([Int], ClosedRange<Double>)
    /// Positions, which have no gradient.
    case indices([Int], below: Int)
    /// Booleans, which have no gradient.
    case booleans([Int])
  }

  /// The operands in order.
  public let inputs: [Input]
  /// The arguments that are not tensors.
  public let attributes: Attributes

  /// Operands and attributes.
  public init(_ inputs: [Input], _ attributes: Attributes = [:]) {
    self.inputs = inputs
    self.attributes = attributes
  }
}
