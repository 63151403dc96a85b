import SlopeData

/// A model as a file of ONNX, which other programs and languages compute by.
///
/// ```swift
/// let network = Sequential<Float>(Linear(4, 8), ReLU(), Linear(8, 3), Softmax())
/// let model = try ONNXModel(network, inputShape: [4])
/// print(model.inputs, model.outputs)
/// // [input: float[N, 4]] [output: float[N, 3]]
/// try model.write(to: "network.onnx")
/// ```
///
/// `init(_:inputShape:)` takes layers and `init(_:)` a `TabularModel` with all that it does to its columns.
/// The file is of ONNX's operations of version 17 (and, for texts, `ai.onnx.ml` of version 3), which every
/// onnxruntime since 1.12 has. The number of rows N is free.
public struct ONNXModel: Sendable, CustomStringConvertible {
  private let graph: ONNXGraph
  private let name: String
  private let about: String
  private let metadata: [(String, String)]

  /// A model of a graph.
  ///
  /// - Parameters:
  ///   - graph: what is computed.
  ///   - name: the graph's name.
  ///   - about: what the model is, for people.
  ///   - metadata: texts by name that readers find in the file.
  package init(
    _ graph: ONNXGraph, name: String, about: String, metadata: [(String, String)] = []
  ) {
    (self.graph, self.name, self.about, self.metadata) = (graph, name, about, metadata)
  }

  /// An input or an output.
  public struct Port: Sendable, Hashable, CustomStringConvertible {
    /// The name by which programs give or ask for it.
    public let name: String
    /// The type of its elements: `float`, `double`, `int64` or `string`.
    public let type: String
    /// Its extents; nil is the number of rows.
    public let shape: [Int?]

    /// The type with the extents, such as `float[N, 4]`.
    public var typeText: String {
      "\(type)[\(shape.map { $0.map { "\($0)" } ?? "N" }.joined(separator: ", "))]"
    }

    /// The name, the type and the extents, such as `input: float[N, 4]`.
    public var description: String { "\(name): \(typeText)" }
  }

  /// What the model is given.
  public var inputs: [Port] { graph.inputs.map(\.described) }

  /// What the model answers.
  public var outputs: [Port] { graph.outputs.map(\.described) }

  /// The operations, one on a line.
  public var description: String { graph.description }

  /// The bytes of the file.
  func encoded() -> [UInt8] { graph.encoded(name: name, about: about, metadata: metadata) }

  /// Writes the file, whole or not at all.
  ///
  /// - Parameter path: the path of the file.
  /// - Throws: `FileError` if it cannot be written, and for a model of 2 GiB or more, which the format cannot
  ///   have; an older file then stays as it was.
  public func write(to path: String) throws {
    try write(to: try AtomicFile(path: path), called: path)
  }

  /// Writes to a file that has been opened, and commits it.
  package func write(to file: AtomicFile, called path: String) throws {
    guard graph.byteCount < 1 << 31 else {
      throw FileError(
        file: path, message: "not written: a model of 2 GiB or more, which ONNX cannot have")
    }
    try file.write(encoded())
    try file.commit()
  }
}

/// A model that ONNX cannot have, or that is not exported.
public struct ONNXError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is not exported, and why.
  public let description: String

  /// An error of one line.
  package init(_ description: String) { self.description = description.withControlsEscaped }
}

extension ONNXGraph.Port {
  /// What is told of it.
  var described: ONNXModel.Port { ONNXModel.Port(name: name, type: type.name, shape: shape) }
}

extension ONNXGraph {
  /// The bytes of all constants, and about those of the rest.
  var byteCount: Int {
    constants.reduce(nodes.count * 256) { sum, constant in
      switch constant.elements {
      case .floats(let numbers): sum + 4 * numbers.count
      case .doubles(let numbers): sum + 8 * numbers.count
      case .integers(let integers): sum + 8 * integers.count
      case .texts(let texts): sum + texts.reduce(0) { $0 + $1.utf8.count + 8 }
      }
    }
  }
}
