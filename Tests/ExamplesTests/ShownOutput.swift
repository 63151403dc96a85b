/// What a document shows of a block's output, and whether a run printed it.
struct ShownOutput {
  /// A line of `…` alone stands for any lines.
  var lines: [String] = []

  /// Whether `printed` is what is shown.
  ///
  /// Numbers may differ in the sixth digit, as sums do between processors; empty lines at the end
  /// do not count.
  func agrees(with printed: String) -> Bool {
    let printed = printed.split(separator: "\n", omittingEmptySubsequences: false)
    return ShownOutput.agree(
      ShownOutput.trimmed(lines), ShownOutput.trimmed(printed.map(String.init)))
  }

  private static func trimmed(_ lines: [String]) -> ArraySlice<String> {
    lines[...((lines.lastIndex { !$0.isEmpty } ?? -1))]
  }

  private static func agree(_ shown: ArraySlice<String>, _ printed: ArraySlice<String>) -> Bool {
    guard let line = shown.first else { return printed.isEmpty }
    if line == "…" {
      return (printed.startIndex...printed.endIndex).contains {
        agree(shown.dropFirst(), printed[$0...])
      }
    }
    guard let other = printed.first, agree(line, other) else { return false }
    return agree(shown.dropFirst(), printed.dropFirst())
  }

  private static func agree(_ shown: String, _ printed: String) -> Bool {
    let (words, others) = (words(of: shown), words(of: printed))
    return words.count == others.count
      && zip(words, others).allSatisfy { word, other in
        if word == other { return true }
        guard let a = Double(word), let b = Double(other) else { return false }
        return abs(a - b) <= 1e-5 * max(abs(a), abs(b))
      }
  }

  /// The words and numbers of a line, without the spaces that align numbers.
  private static func words(of line: String) -> [Substring] {
    line.split { " ,()[]".contains($0) }
  }
}
