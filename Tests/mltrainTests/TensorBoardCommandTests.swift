import SlopeData
import TestSupport
import Testing

/// `mltrain fit --tensorboard`.
struct TensorBoardCommandTests {
  /// The numbers of a run's curves, and the names of its other values.
  private static func run(
    _ name: String, in folder: TemporaryFolder
  ) throws -> (
    curves: [String: [(step: Int, value: Float)]], others: [String], histograms: [String: [Int]]
  ) {
    let path = name.isEmpty ? folder.file("board") : folder.file("board/\(name)")
    let files = folderNames(path)?.filter { $0.contains("tfevents") } ?? []
    #expect(files.count == 1, "\(files)")
    let bytes = try readFile("\(path)/\(files[0])")
    var (curves, others): ([String: [(step: Int, value: Float)]], [String]) = ([:], [])
    var histograms: [String: [Int]] = [:]
    var place = 0
    while place < bytes.count {
      let count = Int(bytes[place]) + 256 * Int(bytes[place + 1])
      let event = try ProtobufMessage(Array(bytes[(place + 12)..<(place + 12 + count)]))
      place += count + 16
      guard let value = try event.messages(5).first?.messages(1).first else { continue }
      let tag = value.texts(1)[0]
      if let number = value.floats(2).first {
        curves[tag, default: []].append((event.integers(2)[0], number))
      } else {
        others.append(tag)
        if try !value.messages(5).isEmpty { histograms[tag, default: []] += event.integers(2) }
      }
    }
    return (curves, others, histograms)
  }

  private static func fit(_ folder: TemporaryFolder, _ arguments: [String]) throws -> CommandRun {
    try folder.write(MessyTable.text, to: "messy.csv")
    return try CommandRun(
      [
        "fit", "messy.csv", "--model", "mlp", "--quality", "fast", "--epochs", "4", "--device",
        "cpu", "--quiet", "-o", "model", "--tensorboard", "board",
      ] + MessyTable.price + arguments, in: folder)
  }

  @Test func eachTrainingIsARun() throws {
    let folder = try TemporaryFolder()
    let fit = try Self.fit(folder, ["--log", "log"])
    #expect(fit.exitCode == 0 && fit.error.isEmpty, "\(fit.error)")
    let (curves, others, histograms) = try Self.run("training-1", in: folder)
    #expect(Set(curves.keys) == ["training/RMSE", "validation/RMSE", "learning rate"])
    // Nothing else is there but histograms, in each epoch of four, of what the result has.
    #expect(others.count == histograms.values.reduce(0) { $0 + $1.count })
    #expect(histograms.values.allSatisfy { $0 == [1, 2, 3, 4] })
    #expect(try histograms.keys.sorted() == Self.run("", in: folder).histograms.keys.sorted())
    #expect(histograms.keys.contains("layers.0.weight"))
    #expect(curves.values.allSatisfy { $0.map(\.step) == [1, 2, 3, 4] })
    // The numbers are those of the log.
    let epochs = try folder.text("log").split(separator: "\n").map { try jsonObject(String($0)) }
      .filter { $0["event"] == "epoch" }
    #expect(
      curves["training/RMSE"]?.map(\.value)
        == epochs.map { Float($0["trainingError"]?.number ?? 0) })
    #expect(
      curves["validation/RMSE"]?.map(\.value)
        == epochs.map { Float($0["validationScore"]?.number ?? 0) })
    #expect(curves["learning rate"]?.allSatisfy { $0.value >= 0 && $0.value < 1 } == true)
  }

  @Test func parametersAreShownAfterEachTenthOfTheEpochs() throws {
    let folder = try TemporaryFolder()
    let tenths = [3, 5, 8, 10, 13, 15, 18, 20, 23, 25]
    #expect(try Self.fit(folder, ["--epochs", "25"]).exitCode == 0)
    let networks = try Self.run("training-1", in: folder).histograms
    #expect(networks["layers.0.weight"] == tenths)
    // A plain network, too, whose last weights are those of the result.
    let plain = try CommandRun(
      [
        "fit", "messy.csv", "--model", "linear", "--hidden", "4", "--epochs", "25", "--patience",
        "0", "--batch-size", "16", "--learning-rate", "0.01", "--device", "cpu", "--quiet", "-o",
        "model", "--tensorboard", "board",
      ] + MessyTable.price, in: folder)
    #expect(plain.exitCode == 0, "\(plain.error)")
    let steps = try Self.run("training-2", in: folder).histograms
    #expect(
      steps == ["0.weight", "0.bias", "2.weight", "2.bias"].reduce(into: [:]) { $0[$1] = tenths })
  }

  @Test func aModelThatIsSolvedHasARunForEachPenalty() throws {
    let folder = try TemporaryFolder()
    try folder.write(MessyTable.text, to: "messy.csv")
    let fit = try CommandRun(
      ["fit", "messy.csv", "--model", "linear", "--quiet", "-o", "model", "--tensorboard", "board"]
        + MessyTable.grade, in: folder)
    #expect(fit.exitCode == 0, "\(fit.error)")
    let runs = (folderNames(folder.file("board")) ?? []).filter { $0.hasPrefix("training-") }
    #expect(runs.sorted() == ["training-1", "training-2", "training-3"])
    for name in runs {
      let (curves, others, _) = try Self.run(name, in: folder)
      #expect(others.isEmpty)
      let steps = curves["training/log loss"]?.map(\.step) ?? []
      #expect(!steps.isEmpty && steps == Array(1...steps.count), "\(name): \(steps)")
    }
  }

  @Test func theResultIsARunOfItsOwn() throws {
    let folder = try TemporaryFolder()
    let fit = try Self.fit(folder, [])
    #expect(fit.exitCode == 0)
    let (curves, others, _) = try Self.run("", in: folder)
    #expect(
      Set(curves.keys) == [
        "train/RMSE", "train/MAE", "validation/RMSE", "validation/MAE", "test/RMSE", "test/MAE",
      ])
    #expect(others.prefix(2) == ["_hparams_/session_start_info", "scores"])
    #expect(others.contains("layers.0.weight") && others.contains("scale.weight"))
    let table = fit.output.split(separator: "\n").first { $0.hasPrefix("test ") }
    let wanted = table?.split(separator: " ").compactMap { Double($0) } ?? []
    let found = Double(curves["test/RMSE"]?.first?.value ?? 0)
    #expect(wanted.contains { abs($0 - found) < 1e-5 * found }, "\(wanted), \(found)")
  }

  @Test func anotherFitHasRunsBesideTheFirst() throws {
    let folder = try TemporaryFolder()
    for _ in 0..<2 { #expect(try Self.fit(folder, []).exitCode == 0) }
    let runs = try #require(folderNames(folder.file("board"))).filter { !$0.contains("events") }
    #expect(runs.sorted() == ["training-1", "training-2"])
  }

  @Test func aFolderThatCannotBeMadeEndsTheFitBeforeItsWork() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "board")
    let fit = try Self.fit(folder, [])
    #expect(fit.exitCode == 1 && fit.error.hasPrefix("mltrain: board/events.out.tfevents."))
    #expect(fit.error.hasSuffix(": cannot be written: Not a directory\n"))
    #expect(!folder.names.contains("model"))
  }
}
