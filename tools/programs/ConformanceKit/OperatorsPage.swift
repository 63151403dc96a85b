import Slope

/// The page of the documentation that lists every operation, made from the list of operations.
public enum OperatorsPage {
  /// The page as Markdown.
  public static func text() -> String {
    var lines = [
      "# Operations",
      "",
      "Made from the list of operations by `swift run -c release conformance --operators`; a test",
      "compares them. Names are PyTorch's, as in the golden files; ∂ marks what has a gradient, of any",
      "order. Everything runs on the CPU and on OpenCL devices, which give the same results; Double only",
      "on devices that have it. The last column says what differs from PyTorch, beside the rules of",
      "[the numeric contract](numerics.md), which hold for all.",
      "",
      "| PyTorch | in Swift | element types | devices | ∂ | what differs |",
      "|---|---|---|---|---|---|",
    ]
    for operation in OperationList.summary() {
      let mark = operation.isDifferentiable ? "∂" : ""
      lines.append(
        "| `\(operation.name)` | `\(operation.spelling.replacing("|", with: "\\|"))` "
          + "| \(types(operation.types)) | CPU, OpenCL | \(mark) | \(operation.differs ?? "") |")
    }
    lines += ["", "## What is refused", ""]
    lines += [
      "Words of PyTorch that have no counterpart here, each with the reason and what to write instead.",
      "", "| PyTorch | why, and what to write |", "|---|---|",
    ]
    for refusal in RefusedOperation.all {
      lines.append("| \(refusal.names.replacing("|", with: "\\|")) | \(refusal.reason) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The list as a source file of `mltrain`, which prints it.
  public static func source() -> String {
    var lines = [
      "// Made from the list of operations by `swift run -c release conformance --operator-table`; a test",
      "// compares them.", "extension OperationRow {",
      "  /// Each line: PyTorch's name, ∂ where it has a gradient, element types, and how it is written.",
      "  static let table = #\"\"\"",
    ]
    for operation in OperationList.summary() {
      lines.append(
        "    \(operation.name) \(operation.isDifferentiable ? "∂" : "-") \(types(operation.types)): "
          + operation.spelling)
    }
    lines += ["    \"\"\"#", "}"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// The element types in short.
  private static func types(_ types: [DType]) -> String {
    var words: [String] = []
    func add(_ word: String, _ group: [DType]) {
      if group.allSatisfy(types.contains) { words.append(word) }
    }
    add("Bool", [.bool])
    add("integers", OperationList.integerTypes.map { $0.dtype })
    add("floating", OperationList.floatingTypes.map { $0.dtype })
    return words.count == 3 ? "all" : words.joined(separator: ", ")
  }
}
