import Slope

/// What the library computes for a case, as one JSON object on one line.
///
/// `{"id": …, "outputs": [{"dtype": …, "shape": …, "v": […]}]}`, or `{"id": …, "error": …}`; with
/// `"grads": […]` for a case that asks for gradients, null for an operand that has none. Numbers that
/// JSON cannot write are the texts `nan`, `inf` and `-inf`.
public struct OutputLine: Sendable {
  /// The object.
  public let json: String

  /// Runs a case.
  public init(_ golden: GoldenCase, runner: CaseRunner) {
    let result: String
    do {
      let found = try runner.results(of: golden)
      var fields = "\"outputs\": " + Self.list(found.outputs)
      if golden.gradients != nil { fields += ", \"grads\": " + Self.list(found.gradients) }
      result = fields
    } catch {
      result = "\"error\": " + Self.quoted("\(error)")
    }
    json = "{\"id\": " + Self.quoted(golden.id) + ", " + result + "}"
  }

  private static func list(_ tensors: [TensorData?]) -> String {
    "[" + tensors.map { $0.map(text) ?? "null" }.joined(separator: ", ") + "]"
  }

  private static func text(_ data: TensorData) -> String {
    let numbers = (0..<data.count).map { index in
      let number = data[index]
      guard case .real(let value) = number, !value.isFinite else { return number.description }
      return quoted(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")
    }
    return "{\"dtype\": \"\(data.dtype.name)\", \"shape\": \(data.shape), \"v\": ["
      + numbers.joined(separator: ", ") + "]}"
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{0}"..<" ":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
