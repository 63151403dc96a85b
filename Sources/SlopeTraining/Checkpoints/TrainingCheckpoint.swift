import FoundationEssentials
import SlopeCore
import SlopeData

/// A file by which a training goes on, with the tensors and, as JSON, everything else.
///
/// The model's state is under `model.`, that of its best epoch under `best.`, the optimiser's under
/// `optimizer.`, callbacks' under `callback.`, each with a number, and the sum of the losses so far is
/// `losses`.
package struct TrainingCheckpoint {
  /// Everything but the tensors.
  struct Header: Codable {
    var format = TrainingCheckpoint.format
    var version = SlopeVersion.number
    var identity: TrainingIdentity
    var history: TrainingHistory
    var stopping: EarlyStopping?
    var bestValue: Double?
    var step: Int
    var batch: Int
    var lossRowCount: Int
    var rates: [Double]
    var learningRates: [Double]
    var weightDecays: [Double]
    var scheduler: LearningRateSchedulerState?
    var optimizerSteps: [Int]
    /// Where the generators were when the epoch began, from which its order is drawn again.
    var generatorsOfEpoch: [Generator.State]
    var generators: [Generator.State]
    var seconds: Double
    var isOver: Bool
  }

  static let format = "training 1"
  private static let key = "slope.checkpoint"

  var header: Header
  var file: Safetensors

  init(_ header: Header) {
    self.header = header
    file = Safetensors()
  }

  /// Reads a checkpoint; throws `FileError` for a file that is none.
  init(path: String) throws { try self.init(path: path, try Safetensors(path: path)) }

  /// The checkpoint of a file that was read from `path`.
  init(path: String, _ file: Safetensors) throws {
    func fault(_ message: String) -> FileError { FileError(file: path, message: message) }
    self.file = file
    guard let text = file.metadata[Self.key] else {
      throw fault("not a checkpoint of a training")
    }
    try file.checkIntegrity(of: path, isRequired: true)
    struct Format: Decodable { let format: String }
    let bytes = Data(text.utf8)
    guard let format = try? JSONDecoder.ofCheckpoints.decode(Format.self, from: bytes).format else {
      throw fault("a damaged checkpoint")
    }
    guard format == Self.format else {
      throw fault(
        "a checkpoint of the format \(format.quotedForMessage), not \(Self.format.quotedForMessage)"
      )
    }
    struct Version: Decodable { let version: String }
    let version = try? JSONDecoder.ofCheckpoints.decode(Version.self, from: bytes).version
    guard version == nil || version == SlopeVersion.number else {
      throw fault(
        "a checkpoint of version \((version ?? "").quotedForMessage), not \(SlopeVersion.number): its "
          + "numbers may differ")
    }
    do {
      header = try JSONDecoder.ofCheckpoints.decode(Header.self, from: bytes)
    } catch {
      throw fault("a damaged checkpoint: \(error)")
    }
  }

  /// The most epochs of the training whose checkpoints a folder has; nil if there are none.
  package static func epochs(in folder: String) throws -> Int? {
    try CheckpointFolder(folder).newestReadable()?.checkpoint.header.identity.epochs
  }

  /// Writes the checkpoint, whole or not at all.
  func write(to path: String) throws {
    var file = file
    file.metadata[Self.key] = String(
      decoding: try JSONEncoder.ofCheckpoints.encode(header), as: UTF8.self)
    file.seal()
    try file.write(to: path)
  }

  /// Adds tensors, each under a prefix and its name.
  mutating func insert<Element>(_ tensors: [String: Tensor<Element>], under prefix: String) {
    for (name, tensor) in tensors { file.insert(tensor, as: prefix + name) }
  }

  /// The tensors under a prefix, by the rest of their names.
  func tensors<Element: TensorElement>(
    under prefix: String, as _: Element.Type
  ) -> [String: Tensor<Element>] {
    var found: [String: Tensor<Element>] = [:]
    for name in file.names where name.hasPrefix(prefix) {
      found[String(name.dropFirst(prefix.count))] = file.tensor(name, as: Element.self)
    }
    return found
  }
}

/// What must be alike in a training that goes on by a checkpoint.
struct TrainingIdentity: Codable, Hashable {
  var dtype: String
  var optimizer: String
  var schedule: String
  var weightDecaySchedule: String
  var metric: String
  var earlyStopping: String
  var epochs: Int
  var batches: Int
  var batchSize: Int
  var generators: Int
  var callbacks: Int
  var data: String

  /// What differs in another training, for a message; nil if nothing does.
  func difference(from other: TrainingIdentity) -> String? {
    let properties: [(name: String, of: KeyPath<TrainingIdentity, String>)] = [
      ("data", \.data), ("element type", \.dtype), ("optimiser", \.optimizer),
      ("schedule", \.schedule), ("schedule of decays", \.weightDecaySchedule),
      ("metric", \.metric), ("early stopping", \.earlyStopping),
    ]
    for (name, path) in properties where self[keyPath: path] != other[keyPath: path] {
      return "with the \(name) \(self[keyPath: path]), not \(other[keyPath: path])"
    }
    let counts: [(name: String, of: KeyPath<TrainingIdentity, Int>)] = [
      ("epochs", \.epochs), ("batches an epoch", \.batches), ("rows a batch", \.batchSize),
      ("generators", \.generators), ("callbacks with a state", \.callbacks),
    ]
    for (name, path) in counts where self[keyPath: path] != other[keyPath: path] {
      return "of \(self[keyPath: path]) \(name), not \(other[keyPath: path])"
    }
    return nil
  }
}

extension JSONEncoder {
  /// Sorted keys, so that equal checkpoints are equal bytes, and any Double.
  static var ofCheckpoints: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return encoder
  }
}

extension JSONDecoder {
  static var ofCheckpoints: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return decoder
  }
}
