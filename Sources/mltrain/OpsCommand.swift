import ArgumentParser
import CommandSupport
import Slope

/// `mltrain ops`: the operations of the library.
struct OpsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ops",
    abstract: "List the operations on tensors.",
    discussion: """
      Every operation has a line: PyTorch's name, how it is written in Swift, the element types that \
      it takes, and ∂ where gradients flow through it.
      """)

  @Argument(help: "Only operations whose name or spelling contains this text.")
  var text: String?

  @Option(
    help: "Only operations on this element type, such as uint8 or bfloat16.",
    completion: .list(DType.allCases.map(\.description)))
  var dtype: String?

  func validate() throws {
    if let dtype, OperationRow.dtype(dtype) == nil {
      let names = DType.allCases.map(\.description).joined(separator: ", ")
      throw ValidationError("--dtype \(dtype): the element types are \(names).")
    }
  }

  func run() throws {
    let dtype = dtype.flatMap(OperationRow.dtype)
    let rows = OperationRow.all.filter { row in
      (dtype.map(row.takes) ?? true) && (text.map(row.mentions) ?? true)
    }
    guard !rows.isEmpty else {
      throw TensorError(operation: "ops", message: "no operation contains '\(text ?? "")'")
    }
    let names = rows.map(\.name.count).max() ?? 0
    let spellings = rows.map(\.spelling.count).max() ?? 0
    var page = ""
    for row in rows {
      page += row.name.padded(to: names + 2) + row.spelling.padded(to: spellings + 2)
      page += row.isDifferentiable ? row.types.padded(to: 20) + "∂\n" : row.types + "\n"
    }
    try StandardOutput.write(page)
  }
}

/// One operation of the table.
struct OperationRow {
  let name: String
  let isDifferentiable: Bool
  /// Groups of element types, separated by commas, or `all`.
  let types: String
  let spelling: String

  static let all: [OperationRow] = table.split(separator: "\n").compactMap { line in
    let parts = line.split(separator: " ", maxSplits: 2)
    guard parts.count == 3, let colon = parts[2].firstRange(of: ": ") else { return nil }
    return OperationRow(
      name: String(parts[0]), isDifferentiable: parts[1] == "∂",
      types: String(parts[2][..<colon.lowerBound]),
      spelling: String(parts[2][colon.upperBound...]))
  }

  static func dtype(_ name: String) -> DType? { DType.allCases.first { $0.description == name } }

  func takes(_ dtype: DType) -> Bool {
    let group = dtype == .bool ? "Bool" : dtype.isFloating ? "floating" : "integers"
    return types == "all" || types.has(group)
  }

  func mentions(_ text: String) -> Bool { name.has(text) || spelling.has(text) }
}

extension String {
  /// Whether another text is in this one.
  ///
  /// Not by `contains`, which here is Foundation's: it would bring 34 MB of tables into a static binary.
  fileprivate func has(_ text: String) -> Bool { firstRange(of: text) != nil }

  /// The text, padded with blanks to a width.
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
