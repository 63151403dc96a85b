import FoundationEssentials

/// A JSON value whose objects keep the order of their members, which `JSONEncoder` does not.
///
/// `JSONEncoder` encodes texts, since it knows what must be escaped.
indirect enum JSON {
  case object([(String, JSON)])
  case array([JSON])
  case string(String)
  case boolean(Bool)
  case null
  case integer(Int)
  case unsigned(UInt64)
  /// A number; NaN, infinities and nil are null.
  case number(Double?)

  /// The value on one line.
  var text: String {
    switch self {
    case .object(let members):
      let list = members.map { Self.quoted($0.0) + ":" + $0.1.text }
      return "{" + list.joined(separator: ",") + "}"
    case .array(let elements):
      return "[" + elements.map(\.text).joined(separator: ",") + "]"
    case .string(let text): return Self.quoted(text)
    case .boolean(let value): return value ? "true" : "false"
    case .null: return "null"
    case .integer(let value): return "\(value)"
    case .unsigned(let value): return "\(value)"
    case .number(let value):
      // Swift's shortest round-trip form of a finite number is JSON.
      guard let value, value.isFinite else { return "null" }
      return "\(value)"
    }
  }

  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    // Encoding a String cannot fail; an empty string is still JSON if it ever does.
    guard let data = try? encoder.encode(text) else { return "\"\"" }
    // Control codes that JSON allows must not reach a terminal either.
    var result = ""
    for scalar in String(decoding: data, as: UTF8.self).unicodeScalars {
      let isControl = scalar.value >= 0x7F && scalar.value < 0xA0
      result += isControl ? "\\u00" + String(scalar.value, radix: 16) : String(scalar)
    }
    return result
  }
}
