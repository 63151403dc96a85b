import Slope
import SlopeData
import TestSupport
import Testing

struct ModelCardTests {
  private static func model(_ target: String = "y") throws -> TabularModel<Float> {
    let x = (0..<50).map { Double($0 * 3 % 50) }
    let table = Table([
      Column("x", x), Column("a `b`", (0..<50).map { $0 % 3 == 0 ? "p" : "q" }),
      Column("y", x.map { 2 * $0 + 1 }), Column("kind", x.map { $0 < 20 ? "low" : "high" }),
    ])
    var options = TabularOptions(target: target)
    options.model = .linear
    options.drop = target == "y" ? ["kind"] : ["y"]
    return try TabularModel<Float>.fit(table, options).model
  }

  @Test func aCardSaysWhatTheModelIs() throws {
    let model = try Self.model()
    let card = model.schema.card
    #expect(
      card.hasPrefix(
        "# `y`\n\nA linear model, which predicts a number.\n\n## Inputs\n\n- `x`: number, "))
    #expect(card.contains("\n- `` a `b` ``: category, 2 levels, 2 inputs\n"))
    #expect(!card.contains("- `kind`"))
    let training = try #require(model.schema.training)
    #expect(
      card.contains(
        "## Training\n\n50 rows of `\(training.source)`; seed 42, \(training.epochs) \(training.epochs == 1 ? "epoch" : "epochs"); Slope \(training.version).\n"
      ))
    #expect(
      card.contains("| part | rows | RMSE | R² | RMSE of the baseline |\n|---|--:|--:|--:|--:|\n"))
    let test = try #require(training.scores["test"])
    let numbers = [
      test.rootMeanSquaredError, test.rSquared, test.baselineMeanSquaredError?.squareRoot(),
    ].map { $0?.figures ?? "–" }
    #expect(card.contains("| test | 10 | \(numbers.joined(separator: " | ")) |\n"))
    #expect(card.hasSuffix("like those of the table.\n"))
  }

  @Test func aCardOfClassesNamesThem() throws {
    let model = try Self.model("kind")
    #expect(model.schema.card.contains("predicts one of 2 classes: `high`, `low`.\n"))
    #expect(
      model.schema.card.contains(
        "| part | rows | accuracy | log loss | log loss of the baseline |\n"))
  }

  @Test func theFileHasTheCard() throws {
    let folder = try TemporaryFolder()
    let model = try Self.model()
    try model.save(to: folder.file("a.st"))
    let file = try Safetensors(path: folder.file("a.st"))
    #expect(file.metadata["slope.card"] == model.schema.card)
    // It is covered by the checksum.
    var changed = file
    changed.metadata["slope.card"] = "a better model"
    try changed.write(to: folder.file("b.st"))
    #expect(throws: FileError.self) { try TabularModelFile(path: folder.file("b.st")) }
    // A model of no training has a card without scores.
    var schema = model.schema
    schema.training = nil
    #expect(!schema.card.contains("## Training") && schema.card.contains("## Inputs"))
  }
}
