import ArgumentParser
import CommandSupport
import Slope
import SlopeData
import SlopeTabular

/// `mltrain inspect`: what is in a model file.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a model reads and predicts, and how it was trained.")

  @Argument(help: "The model file that mltrain fit wrote.", completion: .file())
  var model: String

  @Flag(help: "Print one JSON object instead of tables.")
  var json = false

  @Flag(help: "Print the model card, as Markdown.")
  var card = false

  func validate() throws {
    if json, card { throw ValidationError("--json and --card ask for two outputs.") }
  }

  func run() throws {
    let file = try TabularModelFile(path: model)
    let shown = card ? file.schema.card : json ? self.json(file).text + "\n" : text(file)
    try StandardOutput.write(shown)
  }

  private func text(_ file: TabularModelFile) -> String {
    let schema = file.schema
    var text = model.withControlsEscaped + ": " + schema.taskText + "\n"
    text +=
      "layers: \(schema.layersText); \((schema.parameterCount ?? 0).grouped) parameters, "
      + "\(file.dtype.name)\n\n"
    text += FittedPipeline.table(of: schema.pipeline.columns) + "\n"
    guard let training = schema.training else { return text }
    text += "\n" + TabularScores.table(training.scores, schema.task)
    text +=
      "\ntrained on \(training.source.withControlsEscaped): \(training.rowCount.grouped) rows, "
      + "seed \(training.seed), \(training.epochs) epochs"
    if let best = training.bestEpoch { text += " (the best was \(best))" }
    if training.isRefitted == true { text += ", then fitted to the validation rows too" }
    text += ", Slope \(training.version.withControlsEscaped)\n"
    return text + (training.keptText.map { "\($0)\n" } ?? "")
  }

  private func json(_ file: TabularModelFile) -> JSON {
    let schema = file.schema
    var members: [(String, JSON)] = [
      ("model", .string(model)), ("target", .string(schema.target)),
      ("task", .string(schema.task.name)),
      ("classes", .array(schema.task.classes.map { .string($0) })),
      ("features", .array(schema.features.map { .string($0) })),
      ("inputs", .array(schema.pipeline.outputNames.map { .string($0) })),
      ("hidden", .array(schema.hiddenOfNetworks.map { .integer($0) })),
      ("activation", schema.activationName.map { .string($0) } ?? .null),
      ("networks", .integer(schema.networkCount)),
      ("parameters", .integer(schema.parameterCount ?? 0)),
      ("dtype", .string(file.dtype.name)), ("schema", schema.columnsJSON),
    ]
    // Of a model of an earlier version nothing is known.
    let training = schema.training
    members += [
      ("source", training.map { .string($0.source) } ?? .null),
      ("rows", training.map { .integer($0.rowCount) } ?? .null),
      ("seed", training.map { .unsigned($0.seed) } ?? .null),
      ("epochs", training.map { .integer($0.epochs) } ?? .null),
      ("bestEpoch", (training?.bestEpoch).map(JSON.integer) ?? .null),
      ("refitted", (training?.isRefitted).map(JSON.boolean) ?? .null),
      ("folds", (training?.folds).map(JSON.integer) ?? .null),
      ("metric", (training?.metric?.argument).map { .string($0) } ?? .null),
      ("candidates", training.candidatesJSON),
      ("version", training.map { .string($0.version) } ?? .null),
      (
        "parts",
        .object(
          TablePart.allCases.map { part in
            (
              part.rawValue,
              (training?.scores[part.rawValue]).map { $0.json(schema.task) } ?? .null
            )
          })
      ),
    ]
    return .object(members)
  }
}

extension TabularSchema {
  /// The networks side by side, of all models of an ensemble; a TabM counts one for all of its members.
  fileprivate var networkCount: Int {
    ensemble.map { $0.reduce(0) { $0 + $1.schema.networkCount } } ?? realMLP?.members
      ?? tabM?.ensembles ?? 1
  }

  /// The function after each hidden layer; nil for a linear model.
  fileprivate var activationName: String? {
    realMLP?.activation.rawValue ?? tabM.map { _ in Activation.relu.rawValue }
      ?? (hidden.isEmpty ? nil : activation.rawValue)
  }
}
