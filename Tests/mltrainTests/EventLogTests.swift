import FoundationEssentials
import Glibc
import SlopeData
import TestSupport
import Testing

/// `mltrain fit --log`.
struct EventLogTests {
  /// What a line of the log has.
  private struct Event: Decodable {
    struct Result: Decodable {
      let model: String
      let epochs: Int
    }
    let event: String
    let seconds: Double
    let epoch: Int?
    let epochs: Int?
    let metric: String?
    let trainingError: Double?
    let validationScore: Double?
    let path: String?
    let message: String?
    let file: String?
    let target: String?
    let device: String?
    let result: Result?
  }

  private static func fit(
    _ arguments: [String], in folder: TemporaryFolder
  ) throws -> CommandRun {
    try folder.write(MessyTable.text, to: "messy.csv")
    return try CommandRun(
      [
        "fit", "messy.csv", "--model", "mlp", "--quality", "fast", "--epochs", "6", "--device",
        "cpu",
        "--checkpoint-every", "2steps", "-o", "model",
      ] + MessyTable.price + arguments, in: folder)
  }

  private static func events(_ folder: TemporaryFolder) throws -> [Event] {
    try folder.text("log").split(separator: "\n").map {
      try JSONDecoder().decode(Event.self, from: Data($0.utf8))
    }
  }

  @Test func itHasALineForEachEvent() throws {
    let folder = try TemporaryFolder()
    let run = try Self.fit(["--log", "log", "--quiet"], in: folder)
    #expect(run.exitCode == 0 && run.error == "")
    let events = try Self.events(folder)
    #expect(events.first?.event == "fit" && events.last?.event == "result")
    #expect(events.first?.file == "messy.csv" && events.first?.target == "price")
    #expect(events.first?.device == "cpu")
    #expect(events.last?.result?.model == "model" && events.last?.result?.epochs == 6)
    let epochs = events.filter { $0.event == "epoch" }
    #expect(epochs.map(\.epoch) == [1, 2, 3, 4, 5, 6])
    #expect(epochs.allSatisfy { $0.epochs == 6 && $0.metric == "rmse" && $0.trainingError! > 0 })
    #expect(epochs.allSatisfy { $0.validationScore! > 0 })
    let checkpoints = events.filter { $0.event == "checkpoint" }
    #expect(
      checkpoints.first?.path?.hasSuffix("model.run/training-01/step-0000000002.safetensors")
        == true)
    // Warnings are there although nothing is printed.
    #expect(
      events.contains { $0.event == "warning" && $0.message?.hasPrefix("messy.csv: ") == true })
    let seconds = events.map(\.seconds)
    #expect(seconds == seconds.sorted() && seconds[0] >= 0 && (seconds.last ?? 0) < 600)
    // Another fit adds its lines.
    _ = try Self.fit(["--log", "log", "--quiet"], in: folder)
    #expect(try Self.events(folder).count == 2 * events.count)
  }

  @Test func failuresAreThereToo() throws {
    let folder = try TemporaryFolder()
    let run = try Self.fit(["--log", "log", "--quiet", "--drop", "sice"], in: folder)
    #expect(run.exitCode == 1)
    let last = try #require(try Self.events(folder).last)
    #expect(last.event == "failed")
    #expect("mltrain: \(last.message ?? "")\n" == run.error)
    #expect(last.message?.contains("no column is named \"sice\", did you mean \"size\"?") == true)
  }

  @Test func aLogThatIsNotWrittenIsNamed() throws {
    let folder = try TemporaryFolder()
    let run = try Self.fit(["--log", "/dev/full"], in: folder)
    #expect(run.exitCode == 0)
    #expect(
      run.error.hasSuffix("warning: /dev/full: has not all events: No space left on device\n"),
      "\(run.error)")
  }

  @Test func itIsNeitherWhatIsReadNorWhatIsWritten() throws {
    let folder = try TemporaryFolder()
    let input = try Self.fit(["--log", "messy.csv"], in: folder)
    #expect(input.exitCode == 1)
    #expect(
      input.error == "mltrain: messy.csv: the log would be added to the file it is trained on\n")
    #expect(try folder.text("messy.csv") == MessyTable.text)
    try folder.write("old", to: "model")
    let output = try Self.fit(["--log", "model"], in: folder)
    #expect(output.error == "mltrain: model: the log would be added to the model\n")
    unlink(folder.file("model"))
    let both = try Self.fit(["--log", "./model"], in: folder)
    #expect(both.error == "mltrain: ./model: the log would be added to the model\n")
    let none = try Self.fit(["--log", "none/log"], in: folder)
    #expect(
      none.exitCode == 1
        && none.error == "mltrain: none/log: cannot be written: No such file or directory\n")
  }
}
