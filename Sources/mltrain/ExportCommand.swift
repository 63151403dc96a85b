import ArgumentParser
import CommandSupport
import Slope
import SlopeData
import SlopeTabular
import SlopeTraining

/// `mltrain export`: writes a model as a file of ONNX.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model as an ONNX file, for other programs and languages.",
    discussion: """
      The file holds all of the model, what it does to the columns included. It has an input for each \
      column, by name, of one value a row: a double for a number (NaN where it is missing; 1 or 0 for true \
      or false), a string for a category (empty where it is missing), the microseconds since 1970 for a date \
      (-2^63 where it is missing). It answers with prediction, or for \
      classes with label and probabilities. Prints the inputs and outputs.
      """)

  @Argument(help: "The model file that mltrain fit wrote.", completion: .file())
  var model: String

  @Argument(help: "The file to write; - is standard output.", completion: .file())
  var file: String

  @Flag(help: "Print one JSON object instead of a table.")
  var json = false

  func run() throws {
    let path = file == "-" ? "/dev/stdout" : file
    try refuseToReplace(model, with: "the ONNX file would replace the model", at: path)
    let modelFile = try TabularModelFile(path: model)
    // Before the work: can the file be written?
    let target = try AtomicFile(path: path)
    let isStandardOutput = StandardOutput.isPlace(of: target)
    // Nothing is computed: no other device is asked for.
    let exported = try withDevice(.cpu) {
      switch modelFile.dtype {
      case .float64: try ONNXModel(try modelFile.model(as: Double.self))
      default: try ONNXModel(try modelFile.model(as: Float.self))
      }
    }
    try exported.write(to: target, called: path)
    let text = json ? exported.json(path).text + "\n" : exported.table(path)
    if isStandardOutput { StandardError.writeRaw(text) } else { try StandardOutput.write(text) }
  }
}

extension ONNXModel {
  fileprivate func table(_ path: String) -> String {
    let columns =
      inputs.map { ["input", $0.name, $0.typeText] }
      + outputs.map { ["output", $0.name, $0.typeText] }
    let rows = [["", "name", "type"]] + columns.map { [$0[0], $0[1].shownCell, $0[2]] }
    return "wrote \(path.withControlsEscaped)\n\n"
      + AlignedTable(rows: rows, leftAligned: [0, 1, 2]).text
  }

  fileprivate func json(_ path: String) -> JSON {
    func list(_ ports: [ONNXModel.Port]) -> JSON {
      .array(
        ports.map { port in
          .object([
            ("name", .string(port.name)), ("type", .string(port.type)),
            ("shape", .array(port.shape.map { $0.map(JSON.integer) ?? .null })),
          ])
        })
    }
    return .object([
      ("file", .string(path)), ("inputs", list(inputs)), ("outputs", list(outputs)),
    ])
  }
}
