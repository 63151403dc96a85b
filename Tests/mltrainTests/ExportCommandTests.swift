import FoundationEssentials
import SlopeCore
import SlopeData
import TestSupport
import Testing

/// `mltrain export`.
struct ExportCommandTests {
  /// A model of the messy table.
  private static func fit(_ arguments: [String]) throws -> TemporaryFolder {
    let (folder, run) = try MessyTable.fit(arguments + ["--quiet"])
    #expect(run.exitCode == 0, "\(run.error)")
    return folder
  }

  @Test func theFilePredictsAsTheCommandDoes() throws {
    let folder = try Self.fit(["--target", "grade", "--drop", "price", "--drop", "day"])
    let run = try CommandRun(["export", "model", "model.onnx"], in: folder)
    #expect(run.exitCode == 0 && run.error.isEmpty, "\(run.error)")
    #expect(
      run.output == """
        wrote model.onnx

                name           type
        input   kind           string[N, 1]
        input   size           double[N, 1]
        input   open           double[N, 1]
        output  label          string[N]
        output  probabilities  double[N, 3]

        """)
    let file = try ONNXFile(try folder.read("model.onnx"))
    #expect(file.about == "Predicts \"grade\", 3 classes, from 3 columns of a table.")
    let rows = MessyTable.text.split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let outputs = try file.outputs(of: [
      "kind": .texts(rows.map { $0[3] == "NA" ? "" : $0[3] }, [rows.count, 1]),
      "size": .column(rows.map { Double($0[4]) ?? .nan }),
      "open": .column(rows.map { $0[5] == "true" ? 1 : 0 }),
    ])
    let told = try jsonObject(
      try CommandRun(["predict", "model", "messy.csv", "--json"], in: folder).output)
    guard case .texts(let labels, _)? = outputs["label"],
      case .numbers(let probabilities)? = outputs["probabilities"]
    else {
      Issue.record("no outputs")
      return
    }
    #expect(told["predictions"]?.elements == labels.map { .string($0) })
    let wanted = told["probabilities"]?.elements.flatMap { $0.elements.compactMap(\.number) } ?? []
    #expect(wanted.count == 3 * rows.count)
    for (found, wanted) in zip(probabilities.scalars, wanted) {
      #expect(abs(found - wanted) < 1e-12)
    }
  }

  @Test func jsonNamesInputsAndOutputs() throws {
    let folder = try Self.fit(["--target", "price", "--drop", "grade"])
    let run = try CommandRun(["export", "model", "model.onnx", "--json"], in: folder)
    let object = try jsonObject(run.output)
    #expect(object["file"] == "model.onnx")
    #expect(object["inputs"]?.elements.map { $0["name"] } == ["day", "kind", "size", "open"])
    #expect(
      object["inputs"]?.elements.map { $0["type"] } == ["int64", "string", "double", "double"])
    let output = try #require(object["outputs"]?.elements.first)
    #expect(output["name"] == "prediction" && output["type"] == "double")
    #expect(output["shape"] == [nil, 1])
  }

  @Test func standardOutputHasTheFileAlone() throws {
    let folder = try Self.fit(["--target", "price", "--drop", "grade", "--drop", "day"])
    let file = try CommandRun(["export", "model", "model.onnx"], in: folder)
    let run = try CommandRun(["export", "model", "-"], in: folder, streams: ">out 2>text")
    #expect(run.exitCode == 0 && file.exitCode == 0)
    #expect(try folder.read("out") == folder.read("model.onnx"))
    let text = try folder.text("text")
    #expect(text == file.output.replacing("model.onnx", with: "/dev/stdout"))
  }

  @Test func whatCannotBeExportedIsSaidInOneLine() throws {
    let folder = try Self.fit(["--target", "price", "--drop", "grade"])
    func refusal(_ arguments: [String]) throws -> String {
      let run = try CommandRun(["export"] + arguments, in: folder)
      #expect(run.exitCode == 1 && run.output.isEmpty)
      return run.error
    }
    #expect(
      try refusal(["model", "model"]).contains("the ONNX file would replace the model"))
    #expect(try refusal(["messy.csv", "model.onnx"]).contains("messy.csv: not a safetensors file"))
    #expect(try refusal(["model", "none/model.onnx"]).contains("No such file or directory"))
  }
}

extension ONNXFile.Value {
  /// A column of numbers.
  fileprivate static func column(_ numbers: [Double]) -> ONNXFile.Value {
    .numbers(Tensor(shape: [numbers.count, 1], scalars: numbers, on: .cpu))
  }
}
