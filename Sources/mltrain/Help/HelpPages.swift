import ArgumentParser
import CommandSupport
import Slope
import SlopeCore
import SlopeData

/// What `mltrain` prints beside what the parser of its arguments knows: examples, topics, and by what it
/// computes on this machine.
enum HelpPages {
  /// The text that is printed for help and the version.
  ///
  /// - Parameters:
  ///   - text: what the parser would print.
  ///   - arguments: what was asked.
  /// - Returns: help with the examples of a command, or with the list of topics; the page of a topic; the
  ///   version with what computes here. Any other text is as it was.
  /// - Throws: `ValidationError` for a page that there is not.
  static func page(_ text: String, _ arguments: [String]) throws -> String {
    if text == MLTrain.configuration.version { return text + "\n" + kernels }
    guard text.hasPrefix("OVERVIEW: ") else { return text }
    let text = text.trimmingLastNewline
    let isHelpCommand = arguments.first == "help"
    let asked = isHelpCommand ? arguments.dropFirst().first : arguments.first
    guard let asked, !asked.hasPrefix("-") else { return text + "\n\n" + HelpTopic.list }
    let topic = isHelpCommand ? HelpTopic.all.first { $0.name == asked } : nil
    if MLTrain.commandNames.contains(asked) {
      let parts = [text, CommandExamples.text(of: asked), topic?.page]
      return parts.compactMap { $0?.trimmingLastNewline }.joined(separator: "\n\n")
    }
    guard isHelpCommand, asked != "help" else { return text }
    if let topic { return topic.page.trimmingLastNewline }
    let names = MLTrain.shownCommandNames + HelpTopic.all.map(\.name)
    let nearest = names.nearestOrLonger(than: asked).map { ", did you mean '\($0)'?" } ?? "."
    throw ValidationError(
      "There is no page about '\(asked.withControlsEscaped)'\(nearest) "
        + "'mltrain help' lists the pages.")
  }

  /// By what this machine computes, in three lines.
  private static var kernels: String {
    """
    loops: \(KernelNames.loops)
    products: \(KernelNames.products.withControlsEscaped)
    OpenCL: \(KernelNames.openCL.withControlsEscaped)
    """
  }
}

extension String {
  /// The text without one newline at its end.
  fileprivate var trimmingLastNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
