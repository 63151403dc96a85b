import Slope
import SlopeData

/// A page of `mltrain help`: what holds for several commands, in at most 40 lines of 80 columns.
struct HelpTopic {
  /// One word, by which the page is asked for.
  let name: String
  /// What the page is about, for the list of pages.
  let summary: String
  /// The lines of the page.
  let text: String

  static let all = [
    data, columns, models, metrics, devices, checkpoints, files, exitCodes, environment, config,
  ]

  /// The list of pages, as it is below the help of all commands.
  static var list: String {
    let width = (all.map(\.name.count).max() ?? 0) + 2
    let lines = all.map { topic in
      "  " + topic.name + String(repeating: " ", count: width - topic.name.count) + topic.summary
    }
    return "TOPICS:\n" + lines.joined(separator: "\n")
      + "\n\n  See 'mltrain help <topic>' for a page about one."
  }

  /// The page as it is printed.
  var page: String { "\(name.uppercased()): \(summary)\n\n\(text)\n" }
}
