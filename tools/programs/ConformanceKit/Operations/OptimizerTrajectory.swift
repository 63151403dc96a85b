import Slope

/// The parameter after each step, `[steps, …]`, under the gradients of the second operand.
///
/// A gradient of the parameter's own shape is one step, after which the parameter is given alone. The
/// optimiser begins with the state that a case gives under PyTorch's `states`, as further operands or
/// attributes. A case that expects more outputs gets the states afterwards, too.
func trajectory<Element: FloatingElement>(
  _ arguments: Arguments<Element>, states names: [String],
  _ make: (Parameter<Element>) throws -> Optimizer<Element>
) throws -> [any AnyTensor] {
  let parameter = Parameter(try arguments[0].detached())
  let gradients = try arguments[1].detached()
  let optimizer = try make(parameter)
  let state = try GivenState(arguments, names, parameter.tensor)
  if let state {
    try optimizer.load(OptimizerState(steps: [state.step], tensors: [state.tensors(parameter)]))
  }
  let isOneStep = gradients.shape == parameter.shape
  let steps = isOneStep ? [gradients] : gradients.unstacked()
  var after: [Tensor<Element>] = []
  for gradient in steps {
    parameter.grad = gradient
    optimizer.step()
    // Copied, since the optimiser may update the parameter in place.
    after.append(Tensor(shape: parameter.tensor.shape, scalars: parameter.tensor.scalars))
    optimizer.zeroGrad()
  }
  let values = isOneStep ? after[0] : stack(after, axis: 0)
  guard let count = arguments.outputCount, count > 1 else { return [values] }
  let kept = optimizer.state().tensors[0]
  let isCentered = try arguments.attributes.flag("centered")
  return [values] + GivenState<Element>.named(kept, isCentered: isCentered).prefix(count - 1)
}

/// The state of an optimiser's parameter, under PyTorch's names.
private struct GivenState<Element: FloatingElement> {
  typealias State = Tensor<Element.Computed>

  /// The number of steps before.
  let step: Int
  private let names: [String]
  private var found: [String: State] = [:]

  /// Nil if a case gives none; throws `Unsupported` if it gives only a part.
  init?(_ arguments: Arguments<Element>, _ names: [String], _ parameter: Tensor<Element>) throws {
    self.names = names
    var attributes = arguments.attributes
    if case .object(let given)? = attributes.value("state") {
      attributes = Attributes(attributes.values.merging(given) { $1 })
    }
    var step = try attributes.optionalInt("step")
    for name in names where attributes.has(name) {
      guard let value = attributes.value(name), let numbers = value.numbers,
        numbers.count == parameter.count
      else { throw Unsupported("the state '\(name)'") }
      let data = TensorData(
        shape: Array(parameter.shape), numbers: numbers, as: Element.Computed.dtype)
      found[name] = try State(data).to(parameter.device)
    }
    for place in arguments.inputs.indices.dropFirst(2) {
      let name = try Self.name(of: place, arguments, names)
      if name == "step" {
        step = Int(arguments.inputs[place].data[0].doubleValue)
      } else if let tensor = arguments.inputs[place] as? Tensor<Element> {
        found[name] = tensor.detached().cast(to: Element.Computed.self)
      } else if let tensor = arguments.inputs[place] as? State {
        found[name] = tensor.detached()
      } else {
        throw Unsupported("the state '\(name)' is of \(arguments.inputs[place].dtype)")
      }
    }
    if found.isEmpty {
      guard step ?? 0 == 0 else { throw Unsupported("a step without a state") }
      return nil
    }
    // Of these only SGD has no count of its own; its first step is the one without a buffer.
    guard let step = step ?? (names == ["momentum_buffer"] ? 1 : nil) else {
      throw Unsupported("a state without its step")
    }
    self.step = step
  }

  /// What a further operand is: the name that the remark on it contains, or that of its place.
  private static func name(
    of place: Int, _ arguments: Arguments<Element>, _ names: [String]
  ) throws -> String {
    if case .array(let remarks)? = arguments.attributes.value("inputs"), place < remarks.count,
      case .string(let remark) = remarks[place],
      let name = (names + ["step"]).filter({ remark.contains($0) }).max(by: { $0.count < $1.count })
    {
      return name
    }
    guard place - 2 < names.count else { throw Unsupported("operand \(place)") }
    return names[place - 2]
  }

  /// The state in the order, and of the form, that the library's optimiser keeps.
  func tensors(_ parameter: Parameter<Element>) -> [State] {
    var found = found
    // RMSprop keeps the spread of the gradient around its mean.
    if let mean = found["grad_avg"], let square = found["square_avg"] {
      found["square_avg"] = square - mean * mean
    }
    let states = names.compactMap { found[$0] }
    // A 16-bit parameter has a copy to which the steps are added.
    return Element.Computed.self == Element.self
      ? states : states + [parameter.tensor.detached().cast(to: Element.Computed.self)]
  }

  /// The states that the library's optimiser has, in PyTorch's form and order.
  static func named(_ states: [State], isCentered: Bool) -> [any AnyTensor] {
    var states = states
    if Element.Computed.self != Element.self { states.removeLast() }
    if isCentered, states.count > 1 { states[0] = states[0] + states[1] * states[1] }
    return states.map { $0.cast(to: Element.self) }
  }
}

extension JSONValue {
  /// The numbers of a value, or of lists of any depth, in order; nil if one is no number.
  fileprivate var numbers: [Number]? {
    switch self {
    case .integer(let value): [.integer(Int128(value))]
    case .large(let value): [.integer(Int128(value))]
    case .number(let value): [.real(value)]
    case .array(let elements):
      elements.reduce([]) { found, element in
        guard let found, let more = element.numbers else { return nil }
        return found + more
      }
    default: nil
    }
  }
}
