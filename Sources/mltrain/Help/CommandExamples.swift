import Slope

/// The examples below the help of a command: lines of a shell, each with what it is for.
///
/// A test runs them all, in the order of the page, in a folder that has datasets/.
struct CommandExamples {
  /// What a line is for, and the line.
  let lines: KeyValuePairs<String, String>

  /// The text below the help of the command called `name`; nil if it has none.
  static func text(of name: String) -> String? {
    guard let examples = all[name] else { return nil }
    return "EXAMPLES:\n"
      + examples.lines.map { "  # \($0.key)\n  \($0.value)\n" }.joined(separator: "\n")
  }

  private static let fitPenguins =
    "mltrain fit datasets/penguins.csv --target species --model linear"

  static let all: [String: CommandExamples] = [
    "fit": CommandExamples(lines: [
      "classes, by a linear model, which is solved in an instant": fitPenguins,
      "numbers, by one network and for five epochs; more of both is better":
        "mltrain fit datasets/diabetes.csv --target target --quality fast --epochs 5",
      "a plain network, under another name":
        "mltrain fit datasets/wine.csv --target target --hidden 16 -o wine16.st",
      "a word that stands for a missing cell in this table":
        "mltrain fit datasets/orders.csv --target delivery --missing floor --hidden 8",
    ]),
    "resume": CommandExamples(lines: [
      "goes on with: mltrain fit datasets/diabetes.csv --target target":
        "mltrain resume diabetes.run"
    ]),
    "predict": CommandExamples(lines: [
      "a model": fitPenguins,
      "its predictions, into a file":
        "mltrain predict penguins.safetensors datasets/penguins.csv -o species.csv",
      "the table and beside each row its prediction, to standard output":
        "mltrain predict penguins.safetensors datasets/penguins.csv --append",
    ]),
    "evaluate": CommandExamples(lines: [
      "a model": fitPenguins,
      "its scores on a table that has the target":
        "mltrain evaluate penguins.safetensors datasets/penguins.csv",
    ]),
    "report": CommandExamples(lines: [
      "a model": fitPenguins,
      "a page about it and its predictions":
        "mltrain report penguins.safetensors datasets/penguins.csv -o penguins.html",
      "the page of a fit, about the rows that it has not learnt from":
        "mltrain fit datasets/diabetes.csv --target target --model linear --report page.html",
    ]),
    "export": CommandExamples(lines: [
      "a model": fitPenguins,
      "the same for ONNX's runtimes": "mltrain export penguins.safetensors penguins.onnx",
    ]),
    "inspect": CommandExamples(lines: [
      "a model": fitPenguins,
      "what it reads and predicts": "mltrain inspect penguins.safetensors",
      "the same for programs": "mltrain inspect penguins.safetensors --json",
    ]),
    "describe": CommandExamples(lines: [
      "the columns of a table": "mltrain describe datasets/penguins.csv",
      "a year as a category instead of a number":
        "mltrain describe datasets/penguins.csv --categorical year",
    ]),
    "devices": CommandExamples(lines: [
      "the devices of this machine": "mltrain devices"
    ]),
    "tune": CommandExamples(lines: [
      "in half a minute, on the best OpenCL device": "mltrain tune --quick"
    ]),
    "ops": CommandExamples(lines: [
      "operations with a text in their names": "mltrain ops softmax",
      "operations on integers of eight bits": "mltrain ops --dtype int8",
    ]),
  ]
}
