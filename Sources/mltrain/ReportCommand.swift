import ArgumentParser
import CommandSupport
import Slope
import SlopeData
import SlopeReport
import SlopeTabular

/// `mltrain report`: a page about a model and the rows of a CSV file with their targets.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a page about a model and how good it is on a CSV file.",
    discussion: """
      FILE has the columns that the model reads, and its target; rows without a target do not count. \
      The page is one HTML file, which needs no other: scores, the course of the training, charts of \
      predictions and errors, which columns matter and how, the columns, and the worst predictions. \
      mltrain fit --report writes one about the rows that the fit has not learnt from.
      """)

  @Argument(help: "The model file that mltrain fit wrote.", completion: .file())
  var model: String

  @Argument(help: "The CSV file; - is standard input.", completion: .file())
  var file: String

  @Option(
    name: [.long, .customShort("o")],
    help: ArgumentHelp(
      "The page to write (default: MODEL's name with .html, in this folder).", valueName: "file"),
    completion: .file())
  var output: String?

  @OptionGroup(title: "Reading")
  var reading: TableArguments

  @Option(
    help: ArgumentHelp("A column with what each row counts.", valueName: "column"),
    completion: .columns)
  var weight: String?

  @Flag(help: "No warnings.")
  var quiet = false

  @OptionGroup
  var device: DeviceOption

  @OptionGroup
  var config: ConfigOption

  func run() throws {
    let modelFile = try TabularModelFile(path: model)
    try withDevice(try device.device(for: modelFile.dtype)) {
      switch modelFile.dtype {
      case .float64: try report(try modelFile.model(as: Double.self))
      default: try report(try modelFile.model(as: Float.self))
      }
    }
  }

  private func report<Element: FloatingElement>(_ model: TabularModel<Element>) throws {
    // Before the work: can the page be written?
    let output = self.output ?? FitCommand.defaultOutput(for: self.model, ending: ".html")
    for input in [self.model, file] where output != "-" {
      try refuseToReplace(input, with: "the page would replace what it is about", at: output)
    }
    let page = output == "-" ? nil : try AtomicFile(path: output)
    let isStandardOutput = page.map { StandardOutput.isPlace(of: $0) } ?? true
    let schema = model.schema
    let table = try schema.labelledTable(
      csv: file, reading, weight: weight,
      beside: TableUse("its report", bytesPerValue: 16, bytesPerRow: 256))
    let progress = ProgressReport(isQuiet: quiet)
    progress.warn(of: table, for: schema)
    var report = try TabularReport(model, on: table, weights: weight)
    report.command =
      "mltrain report "
      + CommandLine.arguments.dropFirst(2).map(\.wordForShell)
      .joined(separator: " ")
    if let page { try report.write(to: page) } else { try StandardOutput.write(report.html) }
    if !isStandardOutput {
      try StandardOutput.write("report: \(output)".withControlsEscaped + "\n")
    }
  }
}
