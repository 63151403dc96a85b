import FoundationEssentials
public import SlopeCore
import SlopeData
import SlopeNN

/// A tabular model in a safetensors file.
///
/// The file has the parameters under PyTorch's names, and the schema as JSON under the metadata key
/// `slope.schema`: what the columns are, how they become inputs, and how the model was trained. For people
/// it has a model card under `slope.card`. The checksum of all of it is under `slope.checksum`, so that
/// damage is found; a file without one is read too.
/// `write(_:to:)` writes one; `init(path:)` reads one and checks it, and `model(as:)` then makes the
/// model. Models of the format before, linear or networks of standardised numbers, are read too.
public struct TabularModelFile: Sendable {
  private static let formatKey = "slope.format"
  private static let format = "tabular 2"
  private static let earlierFormat = "tabular 1"
  private static let schemaKey = "slope.schema"
  private static let cardKey = "slope.card"

  /// What the model reads and predicts, and how it was trained.
  public let schema: TabularSchema
  /// The element type of the model's parameters: float32 or float64.
  public let dtype: DType
  private let path: String
  private let file: Safetensors

  /// Reads the file at `path`.
  ///
  /// - Parameter path: the path of the file; `-` is standard input.
  /// - Throws: `FileError` if it cannot be read, is not a model of this kind, or is cut or
  ///   inconsistent.
  public init(path: String) throws {
    try self.init(try Safetensors(path: path), path: path)
  }

  /// The model file of a safetensors file in memory, if it is of this kind.
  init(_ file: Safetensors, path: String) throws {
    func fault(_ message: String) -> FileError { FileError(file: path, message: message) }
    self.file = file
    self.path = path
    guard let text = file.metadata[Self.schemaKey], let format = file.metadata[Self.formatKey]
    else { throw fault("not a model that mltrain wrote") }
    let schema: TabularSchema?
    switch format {
    case Self.format:
      schema = try? JSONDecoder().decode(TabularSchema.self, from: Data(text.utf8))
    case Self.earlierFormat:
      schema = (try? JSONDecoder().decode(EarlierSchema.self, from: Data(text.utf8)))?.schema
    default:
      throw fault(
        format.hasPrefix("tabular ")
          ? "a model of format \(format.quotedForMessage), which this version "
            + "(\(SlopeVersion.number)) does not know; it knows \(Self.format.quotedForMessage)"
          : "not a model that mltrain wrote")
    }
    guard let schema else { throw fault("its schema cannot be read") }
    if let message = schema.fault { throw fault("its schema is faulty: \(message)") }
    self.schema = schema

    var names: Set<String> = []
    var dtypes: Set<DType> = []
    for (name, shape) in schema.parameterShapes {
      guard let layout = file.layout(of: name), Shape(layout.shape) == shape else {
        throw fault("tensor \(name) of shape \(shape) is missing")
      }
      names.insert(name)
      dtypes.insert(layout.dtype)
    }
    guard names == Set(file.names) else { throw fault("it has tensors that its schema lacks") }
    guard let dtype = dtypes.first, dtypes.count == 1, dtype == .float32 || dtype == .float64
    else { throw fault("its tensors are not all float32 or all float64") }
    self.dtype = dtype
    if let name = file.names.first(where: { !file.isFinite($0) }) {
      throw fault("tensor \(name) has elements that are not finite")
    }
    try file.checkIntegrity(of: path)
  }

  /// The model, whose parameters are copied to the default device.
  ///
  /// - Parameter element: the element type, which must be that of the file's parameters, `dtype`.
  /// - Returns: a model with parameters of its own.
  /// - Throws: `FileError` if the parameters are of another type, not finite, or do not fit into
  ///   memory; and the failure of an operation, for example because a device has no memory for
  ///   them.
  public func model<Element: FloatingElement>(
    as element: Element.Type = Element.self
  ) throws -> TabularModel<Element> {
    try checked { try uncheckedModel() }
  }

  private func uncheckedModel<Element: FloatingElement>() throws -> TabularModel<Element> {
    // All tensors, and two copies of one tensor's scalars.
    guard (schema.parameterCount ?? .max) <= MachineMemory.remaining / 3 / dtype.byteCount else {
      throw FileError(file: path, message: "its parameters do not fit into memory")
    }
    return try model(of: schema, prefix: "")
  }

  /// The model of a schema whose parameters have names that begin with `prefix`.
  private func model<Element: FloatingElement>(
    of schema: TabularSchema, prefix: String
  ) throws -> TabularModel<Element> {
    func tensor(_ name: String) throws -> Tensor<Element> { try parameter(prefix + name) }
    if let ensemble = schema.ensemble {
      let models = try ensemble.enumerated().map { index, member in
        try model(of: member.schema, prefix: "models.\(index).network.") as TabularModel<Element>
      }
      return TabularModel(
        schema: schema,
        ensemble: TabularEnsemble(models: models, weights: ensemble.map(\.weight)))
    }
    /// A network with the file's parameters; its buffers follow from its shape.
    func loaded(_ network: some TabularNetwork<Element>) throws -> TabularModel<Element> {
      var state = network.state()
      for (name, _) in schema.parameterShapes { state[name] = try tensor(name) }
      try network.load(state)
      return TabularModel(schema: schema, network: network)
    }
    if let shape = schema.realMLP {
      return try loaded(RealMLP(shape, generator: Generator(seed: 0)))
    }
    if let shape = schema.tabM { return try loaded(TabM(shape, generator: Generator(seed: 0))) }
    let linears = try (0...schema.hidden.count).map { index in
      Linear(
        weight: Parameter(try tensor("\(2 * index).weight")),
        bias: Parameter(try tensor("\(2 * index).bias")))
    }
    return TabularModel(schema: schema, linears: linears)
  }

  private func parameter<Element: FloatingElement>(_ name: String) throws -> Tensor<Element> {
    guard let tensor = file.tensor(name, as: Element.self) else {
      throw FileError(file: path, message: "its tensors are \(dtype.name), not \(Element.self)")
    }
    return tensor
  }

  /// Writes `model` to `path`, whole or not at all.
  ///
  /// Waits for the parameters' device.
  ///
  /// - Parameters:
  ///   - model: the model to write.
  ///   - path: the path of the file.
  /// - Throws: `FileError` if the file cannot be written, and for a model that could not be read
  ///   again (parameters that are not finite or of 16 bits, an invalid schema); an older file then
  ///   stays as it was.
  public static func write<Element>(_ model: TabularModel<Element>, to path: String) throws {
    try write(model, to: try AtomicFile(path: path), called: path)
  }

  /// Writes to a file that has been opened, and commits it.
  package static func write<Element>(
    _ model: TabularModel<Element>, to target: AtomicFile, called path: String
  ) throws {
    let file = try contents(of: model, path)
    do {
      _ = try TabularModelFile(file, path: path)
    } catch let error as FileError {
      throw FileError(file: path, message: "not written: \(error.message)")
    }
    try file.write(to: target, called: path)
  }

  private static func contents<Element>(
    of model: TabularModel<Element>, _ path: String
  ) throws -> Safetensors {
    guard let schema = try? JSONEncoder.sorted.encode(model.schema) else {
      throw FileError(
        file: path, message: "not written: its schema has numbers that are not finite")
    }
    var file = Safetensors()
    file.metadata[formatKey] = format
    file.metadata[schemaKey] = String(decoding: schema, as: UTF8.self)
    file.metadata[cardKey] = model.schema.card
    for (name, parameter) in model.network.namedParameters() {
      file.insert(parameter.tensor, as: name)
      guard parameter.tensor.hasFiniteElements else {
        throw FileError(
          file: path, message: "not written: tensor \(name) has elements that are not finite")
      }
    }
    if let name = file.failed.min() {
      throw FileError(
        file: path, message: "not written: parameter \(name) is of an operation that failed")
    }
    file.seal()
    return file
  }
}

extension TabularModel {
  /// Writes the model to `path`, whole or not at all: see `TabularModelFile.write(_:to:)`.
  ///
  /// - Parameter path: the path of the file.
  /// - Throws: `FileError` if the file cannot be written, and for a model that could not be read again.
  public func save(to path: String) throws { try TabularModelFile.write(self, to: path) }
}

extension TabularModel where Element == Float {
  /// The model in the file at `path`, with its parameters as Floats.
  ///
  /// - Parameter path: the path of a file that `save(to:)` or `mltrain fit` wrote; `-` is standard
  ///   input.
  /// - Throws: `FileError` if it cannot be read or is no such model, also one of Double: for that
  ///   `TabularModelFile`.
  public init(contentsOf path: String) throws {
    self = try TabularModelFile(path: path).model(as: Float.self)
  }
}

/// The schema of the format "tabular 1": a regression on columns of numbers.
private struct EarlierSchema: Decodable {
  struct Column: Decodable {
    let name: String
    let mean: Double
    let deviation: Double
  }

  let features: [Column]
  let target: Column
  let hidden: [Int]
  let activation: Activation

  var schema: TabularSchema {
    TabularSchema(
      pipeline: FittedPipeline(
        standardized: features.map { (name: $0.name, mean: $0.mean, deviation: $0.deviation) }),
      task: .regression, target: target.name, targetMean: target.mean,
      targetDeviation: target.deviation, hidden: hidden, activation: activation,
      baseline: [target.mean])
  }
}

extension Tensor where Element: FloatingElement {
  /// Whether every element is a finite number; copies nothing from the CPU's memory.
  fileprivate var hasFiniteElements: Bool {
    withScalars { scalars in
      for index in 0..<scalars.count where !scalars[index].doubleValue.isFinite { return false }
      return true
    }
  }
}

extension JSONEncoder {
  /// An encoder that sorts keys, so that equal schemas are equal bytes.
  static var sorted: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }
}
