import SlopeCore

/// A computation in the terms of ONNX, which grows by a node at a time.
///
/// A value is known by its name, which is unique: first come the inputs, whose names are given, and the
/// outputs, which are reserved.
package struct ONNXGraph {
  /// The types of elements that are used.
  package enum ElementType: Int, Sendable {
    case float = 1
    case int64 = 7
    case string = 8
    case bool = 9
    case double = 11

    /// The name of the type.
    package var name: String { "\(self)" }
  }

  /// An input or output: a name, the type of its elements, and its extents; nil is the number of rows.
  package struct Port: Sendable {
    package let name: String
    package let type: ElementType
    package let shape: [Int?]
  }

  /// What a node is told besides its inputs.
  package enum Attribute: Sendable {
    case integer(Int)
    case integers([Int])
    case number(Double)
    case text(String)
    case texts([String])
  }

  /// An operation.
  struct Node: Sendable {
    let operation: String
    let domain: String
    let inputs: [String]
    let output: String
    let attributes: [(name: String, value: Attribute)]
  }

  /// A tensor that is part of the graph.
  struct Constant: Sendable {
    enum Elements: Sendable {
      case floats([Float])
      case doubles([Double])
      case integers([Int])
      case texts([String])
    }

    let name: String
    let shape: [Int]
    let elements: Elements
  }

  package private(set) var inputs: [Port] = []
  private(set) var outputs: [Port] = []
  private(set) var nodes: [Node] = []
  private(set) var constants: [Constant] = []
  /// What the names of new values begin with, such as `2.` for those of the third layer.
  package var scope = ""
  /// The first constant that is of an operation that failed; nil for none.
  package private(set) var failed: String?
  private var taken: Set<String> = []
  private var counts: [String: Int] = [:]

  /// A graph without nodes.
  package init() {}

  /// A name that no other value has.
  private mutating func unique(_ name: String) -> String {
    guard !taken.insert(name).inserted else { return name }
    while true {
      counts[name, default: 1] += 1
      let numbered = "\(name)_\(counts[name, default: 1])"
      if taken.insert(numbered).inserted { return numbered }
    }
  }

  // MARK: Inputs and outputs

  /// Adds an input; false if its name is taken.
  @discardableResult
  package mutating func addInput(
    _ name: String, _ type: ElementType, _ shape: [Int?]
  ) -> Bool {
    guard taken.insert(name).inserted else { return false }
    inputs.append(Port(name: name, type: type, shape: shape))
    return true
  }

  /// A name for an output, with `predicted` before it as often as it is taken.
  package mutating func reserveOutput(_ name: String) -> String {
    var name = name
    while !taken.insert(name).inserted { name = "predicted \(name)" }
    return name
  }

  /// Makes a value an output under a reserved name.
  package mutating func addOutput(
    _ value: String, as name: String, _ type: ElementType, _ shape: [Int?]
  ) {
    nodes.append(
      Node(operation: "Identity", domain: "", inputs: [value], output: name, attributes: []))
    outputs.append(Port(name: name, type: type, shape: shape))
  }

  /// Throws for a constant that is of an operation that failed.
  package func check() throws {
    if let failed { throw ONNXError("\(failed): a parameter of an operation that failed") }
  }

  // MARK: Nodes

  /// Adds an operation, and returns the name of its output.
  package mutating func add(
    _ operation: String, _ inputs: String..., attributes: KeyValuePairs<String, Attribute> = [:],
    domain: String = ""
  ) -> String {
    add(operation, of: inputs, attributes: attributes, domain: domain)
  }

  /// Adds an operation on a list of values, and returns the name of its output.
  package mutating func add(
    _ operation: String, of inputs: [String], attributes: KeyValuePairs<String, Attribute> = [:],
    domain: String = ""
  ) -> String {
    let output = unique(scope + operation)
    nodes.append(
      Node(
        operation: operation, domain: domain, inputs: inputs, output: output,
        attributes: attributes.map { (name: $0.key, value: $0.value) }))
    return output
  }

  /// Adds a conversion to another type.
  package mutating func cast(_ value: String, to type: ElementType) -> String {
    add("Cast", value, attributes: ["to": .integer(type.rawValue)])
  }

  /// Adds a concatenation, if there is more than one value.
  package mutating func concatenate(_ values: [String], axis: Int) -> String {
    values.count == 1
      ? values[0] : add("Concat", of: values, attributes: ["axis": .integer(axis)])
  }

  // MARK: Constants

  private mutating func add(
    _ name: String, _ shape: [Int], _ elements: Constant.Elements
  ) -> String {
    let name = unique(scope + name)
    constants.append(Constant(name: name, shape: shape, elements: elements))
    return name
  }

  /// Adds numbers of the type of `Element`, float or double.
  package mutating func constant<Element: FloatingElement>(
    _ name: String, _ numbers: [Element], _ shape: [Int]
  ) -> String {
    add(
      name, shape,
      Element.dtype == .float64
        ? .doubles(numbers.map(\.doubleValue)) : .floats(numbers.map { Float($0.doubleValue) }))
  }

  /// Adds the elements of a tensor; waits for its device.
  package mutating func constant<Element: FloatingElement>(
    _ name: String, _ tensor: Tensor<Element>
  ) -> String {
    if tensor.isFailed, failed == nil { failed = scope + name }
    return constant(name, tensor.scalars, Array(tensor.shape))
  }

  /// Adds a number of the type of `Element`, float or double.
  package mutating func constant<Element: FloatingElement>(
    _ name: String, _ number: Double, as element: Element.Type
  ) -> String {
    constant(name, [Element(clamping: number)], [])
  }

  /// Adds integers.
  package mutating func constant(_ name: String, _ integers: [Int], _ shape: [Int]) -> String {
    add(name, shape, .integers(integers))
  }

  /// Adds a list of integers, such as a shape.
  package mutating func constant(_ name: String, _ integers: [Int]) -> String {
    constant(name, integers, [integers.count])
  }

  /// Adds texts.
  package mutating func constant(_ name: String, texts: [String]) -> String {
    add(name, [texts.count], .texts(texts))
  }
}

extension FloatingElement {
  /// The type in ONNX; nil for those of 16 bits.
  package static var onnxType: ONNXGraph.ElementType? {
    switch dtype {
    case .float32: .float
    case .float64: .double
    default: nil
    }
  }
}
