import Glibc
public import SlopeCore
import SlopeData
public import SlopeNN

/// Writes numbers, distributions and texts that TensorBoard shows.
///
/// ```swift
/// let model = Sequential<Float>(Linear(2, 8), ReLU(), Linear(8, 1))
/// let board = try TensorBoardWriter(folder: "runs/first")
/// try board.addText("two inputs, eight units", as: "model", step: 0)
/// for step in 1...3 { try board.addScalar(1 / Double(step), as: "loss", step: step) }
/// try board.addHistogram(model.parameters()[0].tensor, as: "weights", step: 3)
/// ```
///
/// `tensorboard --logdir runs` then shows each folder of `runs` as a run. Everything is in the file when a
/// call returns. A writer can be among the callbacks of a `Trainer`: it then adds the losses, the metrics
/// and the learning rates of each epoch, and with `follow(_:every:)` histograms of the parameters; a file
/// that cannot be written does not end the training, see `failure`.
///
/// PyTorch's counterpart is `torch.utils.tensorboard.SummaryWriter`.
public final class TensorBoardWriter: TrainingCallback {
  /// The path of the file.
  public var path: String { file.path }
  /// What went wrong as a callback, after which it writes no more; nil for nothing.
  public private(set) var failure: (any Error)?

  private let file: RecordFile
  /// What follows an epoch, such as histograms of parameters.
  private var followers: [(Int) throws -> Void] = []

  /// Begins a new file in a folder, which is made if there is none.
  ///
  /// - Parameter folder: the folder of the run.
  /// - Throws: `FileError` if the file cannot be made.
  public init(folder: String) throws {
    try makeFolder(folder)
    file = try Self.newFile(in: folder)
    var event = Self.event(step: 0)
    event.add("brain.Event:2", as: 3)
    try file.add(event.bytes)
  }

  /// A file whose name no other has, by which TensorBoard knows it and its age.
  private static func newFile(in folder: String) throws -> RecordFile {
    let seconds = Int(now)
    var number = 0
    while true {
      let path = "\(folder)/events.out.tfevents.\(seconds).slope.\(getpid()).\(number)"
      guard access(path, F_OK) == 0 else { return try RecordFile(path: path) }
      number += 1
    }
  }

  /// The seconds since 1970.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  // MARK: What is shown

  /// Adds a number, a point of a curve.
  ///
  /// - Parameters:
  ///   - number: the number, which is rounded to Float.
  ///   - tag: the name of the curve; a slash groups curves.
  ///   - step: the step or the epoch, by which points are ordered.
  /// - Throws: `FileError` if it cannot be written.
  public func addScalar(_ number: Double, as tag: String, step: Int) throws {
    try add(tag, step) { $0.add(Float(number), as: 2) }
  }

  /// Adds the distribution of a tensor's elements in thirty equal bins; waits for its device.
  ///
  /// Elements that are not finite are left out; nothing is added for a tensor without finite elements, and for
  /// one of an operation that failed.
  ///
  /// - Parameters:
  ///   - tensor: the elements.
  ///   - tag: the name of the distribution; a slash groups them.
  ///   - step: the step or the epoch, by which distributions are ordered.
  /// - Throws: `FileError` if it cannot be written.
  public func addHistogram<Element: FloatingElement>(
    _ tensor: Tensor<Element>, as tag: String, step: Int
  ) throws {
    guard !tensor.isFailed, let histogram = Histogram(tensor.scalars.map(\.doubleValue)) else {
      return
    }
    try add(tag, step) { $0.add(as: 5, histogram.encode) }
  }

  /// Adds a text, which TensorBoard shows as Markdown.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - tag: its name.
  ///   - step: the step or the epoch, by which texts are ordered.
  /// - Throws: `FileError` if it cannot be written.
  public func addText(_ text: String, as tag: String, step: Int) throws {
    try add(tag, step) { value in
      value.add(as: 9) { $0.addPlugin("text", content: []) }
      value.add(as: 8) { tensor in
        // A tensor of one text.
        tensor.add(7, as: 1)
        tensor.add(as: 2) { shape in shape.add(as: 2) { $0.add(1, as: 1) } }
        tensor.add(text, as: 8)
      }
    }
  }

  /// The value of a setting: a number, a text, or true or false.
  ///
  /// TensorBoard sorts runs by numbers, and filters them by a range.
  public enum Setting: Sendable, Hashable {
    /// A number.
    case number(Double)
    /// A text.
    case text(String)
    /// True or false.
    case truth(Bool)
  }

  /// Adds the settings of the run, which TensorBoard's table of hyperparameters compares with other runs.
  ///
  /// Values are written as literals, or as cases:
  ///
  /// ```swift
  /// let rate = 0.01
  /// let board = try TensorBoardWriter(folder: "runs/second")
  /// try board.addHyperparameters(["units": 8, "activation": "relu", "rate": .number(rate)])
  /// ```
  ///
  /// - Parameter settings: the names and values.
  /// - Throws: `FileError` if they cannot be written.
  public func addHyperparameters(_ settings: KeyValuePairs<String, Setting>) throws {
    try addHyperparameters(settings.map { ($0.key, $0.value) })
  }

  /// Adds the settings of the run by a list of names and values.
  package func addHyperparameters(_ settings: [(String, Setting)]) throws {
    var content = ProtobufWriter()
    content.add(0, as: 1)
    content.add(as: 3) { start in
      for (name, value) in settings {
        // An entry of a map from names to values.
        start.add(as: 1) { entry in
          entry.add(name, as: 1)
          entry.add(as: 2, value.encode)
        }
      }
      start.add(Self.now, as: 5)
    }
    try add("_hparams_/session_start_info", 0) { value in
      value.add(as: 9) { $0.addPlugin("hparams", content: content.bytes) }
      value.add(as: 8) { tensor in
        // TensorBoard wants a tensor in every value: one float of no axes.
        tensor.add(1, as: 1)
        tensor.add(as: 2) { _ in }
        tensor.add(Float(0), as: 5)
      }
    }
  }

  // MARK: Events

  /// The beginning of an `Event`: its time and step.
  private static func event(step: Int) -> ProtobufWriter {
    var event = ProtobufWriter()
    event.add(now, as: 1)
    event.add(step, as: 2)
    return event
  }

  /// Writes an `Event` with a `Summary` of one `Value`.
  private func add(
    _ tag: String, _ step: Int, _ content: (inout ProtobufWriter) -> Void
  ) throws {
    var event = Self.event(step: step)
    event.add(as: 5) { summary in
      summary.add(as: 1) { value in
        value.add(tag, as: 1)
        content(&value)
      }
    }
    try file.add(event.bytes)
  }

  // MARK: Training

  /// Adds histograms of a module's parameters after some epochs of a training whose callback this is.
  ///
  /// - Parameters:
  ///   - module: the module, whose parameters have their names as tags.
  ///   - interval: the epochs from one histogram to the next.
  public func follow<Element: FloatingElement>(
    _ module: some Module<Element>, every interval: Int = 1
  ) {
    let parameters = module.namedParameters()
    followers.append { [unowned self] epoch in
      guard epoch.isMultiple(of: max(1, interval)) else { return }
      for (name, parameter) in parameters {
        try addHistogram(parameter.tensor, as: name, step: epoch)
      }
    }
  }

  /// Adds the losses, metrics and learning rates of an epoch.
  public func epochEnded(_ record: EpochRecord, of epochCount: Int) -> TrainingDecision {
    guard failure == nil else { return .goOn }
    do {
      try add(record)
      for follower in followers { try follower(record.epoch) }
    } catch { failure = error }
    return .goOn
  }

  private func add(_ record: EpochRecord) throws {
    let step = record.epoch
    try addScalar(record.trainingLoss, as: "loss/training", step: step)
    if let loss = record.validationLoss {
      try addScalar(loss, as: "loss/validation", step: step)
    }
    for metric in Metric.allCases {
      guard let value = record.metrics[metric] else { continue }
      try addScalar(value, as: "validation/\(metric.shortName)", step: step)
    }
    for (group, rate) in record.learningRates.enumerated() {
      let tag = record.learningRates.count == 1 ? "learning rate" : "learning rate/group \(group)"
      try addScalar(rate, as: tag, step: step)
    }
  }
}

extension TensorBoardWriter.Setting: ExpressibleByStringLiteral, ExpressibleByFloatLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
  /// A text.
  public init(stringLiteral text: String) { self = .text(text) }
  /// A number.
  public init(floatLiteral number: Double) { self = .number(number) }
  /// A number.
  public init(integerLiteral number: Int) { self = .number(Double(number)) }
  /// True or false.
  public init(booleanLiteral isTrue: Bool) { self = .truth(isTrue) }

  /// Writes a `Value` of google.protobuf; a number that is not finite, which it cannot have, as a text.
  fileprivate func encode(into value: inout ProtobufWriter) {
    switch self {
    case .number(let number) where number.isFinite: value.add(number, as: 2)
    case .number(let number): value.add("\(number)", as: 3)
    case .text(let text): value.add(text, as: 3)
    case .truth(let isTrue): value.add(isTrue ? 1 : 0, as: 4)
    }
  }
}

extension ProtobufWriter {
  /// Adds to a `SummaryMetadata` which part of TensorBoard shows a value, and what it is told.
  fileprivate mutating func addPlugin(_ name: String, content: [UInt8]) {
    add(as: 1) { plugin in
      plugin.add(name, as: 1)
      plugin.add(content, as: 2)
    }
  }
}
