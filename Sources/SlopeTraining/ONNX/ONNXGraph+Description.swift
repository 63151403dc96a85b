extension ONNXGraph: CustomStringConvertible {
  /// A constant with more elements is described by its shape alone.
  private static var mostShown: Int { 12 }

  /// The inputs, the nodes and the outputs, one on a line.
  package var description: String {
    let constants = Dictionary(uniqueKeysWithValues: constants.map { ($0.name, $0) })
    func shown(_ name: String) -> String {
      constants[name].map { Self.text(of: $0) } ?? name
    }
    var lines = inputs.map { "input \($0.described)" }
    for node in nodes {
      let arguments =
        node.inputs.map(shown) + node.attributes.map { "\($0.name): \(Self.text(of: $0.value))" }
      lines.append(
        "\(node.output) = \(node.operation)(\(arguments.joined(separator: ", ")))")
    }
    lines += outputs.map { "output \($0.described)" }
    return lines.joined(separator: "\n")
  }

  private static func text(of attribute: Attribute) -> String {
    switch attribute {
    case .integer(let value): "\(value)"
    case .integers(let values): "\(values)"
    case .number(let value): "\(value)"
    case .text(let text): "\(text)"
    case .texts(let texts): "\(texts)"
    }
  }

  private static func text(of constant: Constant) -> String {
    func list(_ texts: [String]) -> String {
      if texts.count > mostShown { return "\(constant.name)\(constant.shape)" }
      if constant.shape.isEmpty, let text = texts.first { return text }
      let elements = "[" + texts.joined(separator: ", ") + "]"
      return constant.shape.count == 1 ? elements : "\(constant.shape)\(elements)"
    }
    switch constant.elements {
    case .floats(let numbers): return list(numbers.map { "\($0)" })
    case .doubles(let numbers): return list(numbers.map { "\($0)" })
    case .integers(let integers): return list(integers.map { "\($0)" })
    case .texts(let texts): return list(texts.map { "\"\($0)\"" })
    }
  }
}
