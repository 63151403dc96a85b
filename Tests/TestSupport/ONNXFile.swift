import SlopeCore

/// A file of ONNX as tests read it, by the numbers of onnx.proto.
public struct ONNXFile: Sendable {
  /// An input or output.
  public struct Port: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// The number of the elements' type.
    public let type: Int
    /// Its extents; a text is the name of one that is free.
    public let shape: [String]

    /// A port of some name, type and extents.
    public init(name: String, type: Int, shape: [String]) {
      (self.name, self.type, self.shape) = (name, type, shape)
    }
  }

  /// An operation.
  public struct Node: Sendable {
    /// What it is called.
    public let operation: String
    /// The set of operations that it is of.
    public let domain: String
    /// The names of what it is given.
    public let inputs: [String]
    /// The name of what it answers.
    public let output: String
    /// Its attributes by name.
    public let attributes: [String: Attribute]
  }

  /// What a node is told.
  public struct Attribute: Sendable {
    /// The number of its type.
    public let type: Int
    /// Its number, if it is one.
    public let number: Float?
    /// Its integers.
    public let integers: [Int]
    /// Its texts.
    public let texts: [String]
  }

  /// A tensor: numbers of any type as Doubles, or texts.
  public enum Value: Sendable {
    /// Numbers; of booleans 1 and 0.
    case numbers(Tensor<Double>)
    /// Texts with their extents.
    case texts([String], [Int])
  }

  /// The version of the format, the program and its version.
  public let format: (version: Int, producer: String, producerVersion: String)
  /// The sets of operations with their versions.
  public let operations: [(domain: String, version: Int)]
  /// What the model is, for people.
  public let about: String
  /// The texts by name.
  public let metadata: [String: String]
  /// The operations, in order.
  public let nodes: [Node]
  /// The constants by name.
  public let constants: [String: Value]
  /// The names of the values that are integers, whose quotients are whole.
  let integers: Set<String>
  /// The inputs.
  public let inputs: [Port]
  /// The outputs.
  public let outputs: [Port]

  /// Reads the bytes of a file.
  public init(_ bytes: [UInt8]) throws {
    let model = try ProtobufMessage(bytes)
    format = (
      model.integers(1).first ?? 0, model.texts(2).first ?? "", model.texts(3).first ?? ""
    )
    operations = try model.messages(8).map {
      ($0.texts(1).first ?? "", $0.integers(2).first ?? 0)
    }
    about = model.texts(6).first ?? ""
    metadata = Dictionary(
      try model.messages(14).map { ($0.texts(1)[0], $0.texts(2)[0]) },
      uniquingKeysWith: { $1 })
    let graph = try model.messages(7)[0]
    nodes = try graph.messages(1).map { try Node($0) }
    constants = Dictionary(
      try graph.messages(5).map { ($0.texts(8)[0], try Self.value($0)) },
      uniquingKeysWith: { $1 })
    inputs = try graph.messages(11).map { try Port($0) }
    outputs = try graph.messages(12).map { try Port($0) }
    var integers = Set(inputs.filter { $0.type == 7 }.map(\.name))
    for tensor in try graph.messages(5) where tensor.integers(2) == [7] {
      integers.insert(tensor.texts(8)[0])
    }
    for node in nodes where ["Add", "Sub", "Mul", "Div", "Mod", "Where"].contains(node.operation) {
      if let last = node.inputs.last, integers.contains(last) { integers.insert(node.output) }
    }
    self.integers = integers
  }

  private static func value(_ tensor: ProtobufMessage) throws -> Value {
    let shape = tensor.integers(1)
    func numbers<Number>(_: Number.Type) -> [Number] {
      tensor.bytes(9)[0].withUnsafeBytes { bytes in
        (0..<(bytes.count / MemoryLayout<Number>.size)).map {
          bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.size, as: Number.self)
        }
      }
    }
    func made(_ numbers: [Double]) -> Value {
      .numbers(Tensor(shape: Shape(shape), scalars: numbers, on: .cpu))
    }
    switch tensor.integers(2)[0] {
    case 1: return made(numbers(Float.self).map { Double($0) })
    case 7: return made(numbers(Int.self).map { Double($0) })
    case 8: return .texts(tensor.texts(6), shape)
    case 11: return made(numbers(Double.self))
    default: throw ProtobufMessage.Damage()
    }
  }
}

extension ONNXFile.Node {
  fileprivate init(_ node: ProtobufMessage) throws {
    operation = node.texts(4)[0]
    domain = node.texts(7).first ?? ""
    inputs = node.texts(1)
    output = node.texts(2)[0]
    attributes = Dictionary(
      try node.messages(5).map { attribute in
        (
          attribute.texts(1)[0],
          ONNXFile.Attribute(
            type: attribute.integers(20)[0], number: attribute.floats(2).first,
            integers: attribute.integers(3) + attribute.integers(8),
            texts: attribute.texts(4) + attribute.texts(9))
        )
      }, uniquingKeysWith: { $1 })
  }
}

extension ONNXFile.Port {
  fileprivate init(_ info: ProtobufMessage) throws {
    let tensor = try info.messages(2)[0].messages(1)[0]
    name = info.texts(1)[0]
    type = tensor.integers(1)[0]
    shape = try tensor.messages(2)[0].messages(1).map { dimension in
      dimension.texts(2).first ?? "\(dimension.integers(1)[0])"
    }
  }
}
