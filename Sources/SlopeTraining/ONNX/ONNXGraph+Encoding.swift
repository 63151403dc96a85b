import SlopeData

extension ONNXGraph {
  /// The version of the operations: what nodes mean.
  static var operationsVersion: Int { 17 }
  /// The version of the operations for tables, such as the encoder of texts.
  static var tableOperationsVersion: Int { 3 }
  /// The version of the file's format that came with them.
  private static var formatVersion: Int { 8 }
  /// The domain of the operations for tables.
  package static var tableDomain: String { "ai.onnx.ml" }

  /// The bytes of the file: a `ModelProto`.
  ///
  /// Source: onnx/onnx.proto of ONNX 1.12, whose numbers of fields these are.
  func encoded(name: String, about text: String, metadata: [(String, String)]) -> [UInt8] {
    var model = ProtobufWriter()
    model.add(Self.formatVersion, as: 1)
    model.add("Slope", as: 2)
    model.add(SlopeVersion.number, as: 3)
    model.add(text, as: 6)
    model.add(as: 7) { encode(into: &$0, name) }
    model.add(as: 8) {
      $0.add("", as: 1)
      $0.add(Self.operationsVersion, as: 2)
    }
    if nodes.contains(where: { $0.domain == Self.tableDomain }) {
      model.add(as: 8) {
        $0.add(Self.tableDomain, as: 1)
        $0.add(Self.tableOperationsVersion, as: 2)
      }
    }
    for (key, value) in metadata {
      model.add(as: 14) {
        $0.add(key, as: 1)
        $0.add(value, as: 2)
      }
    }
    return model.bytes
  }

  /// A `GraphProto`.
  private func encode(into graph: inout ProtobufWriter, _ name: String) {
    for node in nodes { graph.add(as: 1) { node.encode(into: &$0) } }
    graph.add(name, as: 2)
    for constant in constants { graph.add(as: 5) { constant.encode(into: &$0) } }
    for port in inputs { graph.add(as: 11) { port.encode(into: &$0) } }
    for port in outputs { graph.add(as: 12) { port.encode(into: &$0) } }
  }
}

extension ONNXGraph.Node {
  /// A `NodeProto`.
  fileprivate func encode(into node: inout ProtobufWriter) {
    for input in inputs { node.add(input, as: 1) }
    node.add(output, as: 2)
    node.add(output, as: 3)
    node.add(operation, as: 4)
    for (name, value) in attributes { node.add(as: 5) { Self.encode(value, name, into: &$0) } }
    if !domain.isEmpty { node.add(domain, as: 7) }
  }

  /// An `AttributeProto`.
  private static func encode(
    _ value: ONNXGraph.Attribute, _ name: String, into attribute: inout ProtobufWriter
  ) {
    attribute.add(name, as: 1)
    switch value {
    case .integer(let integer):
      attribute.add(integer, as: 3)
      attribute.add(2, as: 20)
    case .integers(let integers):
      for integer in integers { attribute.add(integer, as: 8) }
      attribute.add(7, as: 20)
    case .number(let number):
      attribute.add(Float(number), as: 2)
      attribute.add(1, as: 20)
    case .text(let text):
      attribute.add(text, as: 4)
      attribute.add(3, as: 20)
    case .texts(let texts):
      for text in texts { attribute.add(text, as: 9) }
      attribute.add(8, as: 20)
    }
  }
}

extension ONNXGraph.Constant {
  /// A `TensorProto`.
  fileprivate func encode(into tensor: inout ProtobufWriter) {
    for extent in shape { tensor.add(extent, as: 1) }
    func add<Number>(_ numbers: [Number], _ type: ONNXGraph.ElementType) {
      tensor.add(type.rawValue, as: 2)
      tensor.add(name, as: 8)
      // Raw data is little-endian, as the machine is.
      tensor.add(numbers.withUnsafeBytes { Array($0) }, as: 9)
    }
    switch elements {
    case .floats(let numbers): add(numbers, .float)
    case .doubles(let numbers): add(numbers, .double)
    case .integers(let integers): add(integers, .int64)
    case .texts(let texts):
      tensor.add(ONNXGraph.ElementType.string.rawValue, as: 2)
      for text in texts { tensor.add(text, as: 6) }
      tensor.add(name, as: 8)
    }
  }
}

extension ONNXGraph.Port {
  /// A `ValueInfoProto`.
  fileprivate func encode(into info: inout ProtobufWriter) {
    info.add(name, as: 1)
    info.add(as: 2) { type in
      type.add(as: 1) { tensor in
        tensor.add(self.type.rawValue, as: 1)
        tensor.add(as: 2) { shape in
          for extent in self.shape {
            shape.add(as: 1) { dimension in
              if let extent { dimension.add(extent, as: 1) } else { dimension.add("N", as: 2) }
            }
          }
        }
      }
    }
  }
}
