/// Text from a file or an argument, made safe to print.
///
/// Messages must contain neither control codes of a terminal nor line breaks.
extension String {
  /// This text with control codes, format characters and line separators as `\n` or `\u{1B}`.
  package var withControlsEscaped: String {
    guard unicodeScalars.contains(where: \.mustBeEscaped) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      result += scalar.mustBeEscaped ? scalar.escaped(asASCII: true) : String(scalar)
    }
    return result
  }

  /// This text in quotation marks, controls escaped, cut after 60 characters.
  package var quotedForMessage: String {
    let head = prefix(60)
    let cut = head.endIndex == endIndex ? "" : "…"
    return "\"" + String(head).withControlsEscaped + cut + "\""
  }
}

extension String {
  /// This text in quotation marks, cut after 60 characters, with non-ASCII characters as `\u{E9}`.
  ///
  /// For names that look the same.
  package var quotedAsASCII: String {
    let head = unicodeScalars.prefix(60)
    let cut = head.endIndex == unicodeScalars.endIndex ? "" : "…"
    return "\"" + head.map { $0.escaped(asASCII: true) }.joined() + cut + "\""
  }
}

extension Unicode.Scalar {
  fileprivate var mustBeEscaped: Bool {
    if value < 0x80 { return value < 0x20 || value == 0x7F }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned:
      return true
    default: return false
    }
  }
}

extension String {
  /// This text as an argument in a shell command of a message: quoted where it is not one word.
  package var quotedAsArgument: String {
    let isWord =
      !isEmpty && first != "-"
      && unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || $0.properties.numericType != nil
          || "_.:/+-".unicodeScalars.contains($0)
      }
    return isWord ? self : quotedForMessage
  }
}
