import FoundationEssentials
import SlopeData
import TestSupport
import Testing

/// `mltrain fit` without a word about the model, and with one about quality and time.
@Suite struct FitQualityCommandTests {
  /// What `--json` says of the models that were fitted.
  private struct Report: Decodable {
    struct Candidate: Decodable {
      var model: String
      var validationScore: Double?
      var kept: Bool
      var weight: Double?
      var network: String?
    }
    var candidates: [Candidate]?
    var folds: Int?
    var epochs: Int
  }

  private static func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(MessyTable.text, to: "messy.csv")
    return folder
  }

  private static let fit = MessyTable.price + ["--quiet", "--epochs", "2"]

  private static func fitted(
    _ arguments: [String], in folder: TemporaryFolder
  ) throws -> CommandRun {
    try CommandRun(["fit", "messy.csv", "-o", "model"] + Self.fit + arguments, in: folder)
  }

  private static func report(
    _ arguments: [String], in folder: TemporaryFolder
  ) throws -> Report {
    let run = try fitted(arguments + ["--json"], in: folder)
    #expect(run.exitCode == 0, "\(run.error)")
    return try JSONDecoder().decode(Report.self, from: Data(run.output.utf8))
  }

  @Test func withoutAWordBothKindsAreFitted() throws {
    let folder = try Self.folder()
    let report = try Self.report([], in: folder)
    let candidates = try #require(report.candidates)
    #expect(candidates.map(\.model) == ["linear", "mlp"])
    #expect(candidates.count { $0.kept } == 1 && candidates.allSatisfy { $0.weight == nil })
    #expect(report.folds == nil)
    // A word about steps is one for a plain network.
    #expect(try Self.report(["--hidden", "3"], in: folder).candidates == nil)
    #expect(try Self.report(["--optimizer", "adam"], in: folder).candidates == nil)
    #expect(try Self.report(["--model", "linear"], in: folder).candidates == nil)
  }

  @Test func theBestIsAWeightedMeanOfFolds() throws {
    let folder = try Self.folder()
    let report = try Self.report(["--quality", "best", "--trials", "3"], in: folder)
    let candidates = try #require(report.candidates)
    #expect(Set(candidates.map { $0.network ?? $0.model }) == ["RealMLP", "TabM", "linear"])
    #expect(report.folds == 8 && candidates[0].model == "mlp" && candidates.count > 1)
    #expect(candidates.allSatisfy { $0.kept == (($0.weight ?? 0) > 0) })
    let sum = candidates.reduce(0) { $0 + ($1.weight ?? 0) }
    #expect(abs(sum - 1) < 1e-12)
    let text = try Self.fitted(["--quality", "best", "--trials", "1"], in: folder).output
    #expect(text.contains("kept: a weighted mean of "), "\(text)")
    #expect(text.contains("each row validates models of 8 folds that have not learnt from it"))
    let shown = try CommandRun(["inspect", "model"], in: folder)
    #expect(shown.exitCode == 0 && shown.output.contains("a weighted mean of"))
    let predicted = try CommandRun(["predict", "model", "messy.csv"], in: folder)
    #expect(predicted.exitCode == 0, "\(predicted.error)")
    #expect(try CommandRun(["evaluate", "model", "messy.csv"], in: folder).exitCode == 0)
  }

  @Test func secondsBoundTheEpochs() throws {
    let folder = try Self.folder()
    let run = try CommandRun(
      ["fit", "messy.csv", "-o", "model", "--json", "--epochs", "1000000", "--time", "0.2"]
        + MessyTable.price + ["--model", "mlp", "--quality", "fast"], in: folder)
    #expect(run.exitCode == 0, "\(run.error)")
    #expect(run.error.contains("there was time for "), "\(run.error)")
  }

  @Test(arguments: [
    (["--time", "5", "--model", "linear"], "--time 5 is a number of seconds"),
    (["--time", "5", "--hidden", "3"], "and --hidden for a plain network"),
    (["--time", "5", "--time", "6"], "--time is given twice"),
    (["--time", "a", "--time", "b"], "--time is given twice"),
    (["--time", "0"], "invalid"), (["--time", "-3"], "--time"), (["--time", "nan"], "invalid"),
    (["--trials", "2"], "--trials is for --quality best"),
    (["--quality", "best", "--trials", "0"], "at least 1 is needed"),
    (["--quality", "best", "--hidden", "3"], "--quality is for --model mlp or auto"),
  ]) func whatDoesNotFitIsAUsageError(arguments: [String], message: String) throws {
    let run = try Self.fitted(arguments, in: try Self.folder())
    #expect(run.exitCode == 64 && run.error.contains(message), "\(arguments): \(run.error)")
  }
}
