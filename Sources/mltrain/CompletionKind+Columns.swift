import ArgumentParser
import Slope
import SlopeData

extension CompletionKind {
  /// The names of the columns of the table that is on the command line.
  static let columns = CompletionKind.custom { words, _, _ in columnNames(on: words) }

  /// The names of the columns of the first table among the words of a command line; none without one.
  ///
  /// Only regular files are opened: a pipe would have to be waited for, and what it holds would be lost.
  private static func columnNames(on words: [String]) -> [String] {
    var options = CSVOptions()
    options.hasHeader = !words.contains("--no-header")
    // What these options name is no table.
    let others: Set = ["--config", "--log", "--output", "-o"]
    for (before, word) in zip(words, words.dropFirst())
    where !others.contains(before) && isRegularFile(word) {
      if let names = try? Table.columnNames(csv: word, options: options) { return names }
    }
    return []
  }
}
