import SlopeCore
import SlopeData
import TestSupport
import Testing

@testable import SlopeTabular

@Suite struct TabularModelFileTests {
  private static let table = Table([
    Column("a", [1.5, 2, nil, 4, 8, 9]), Column("b/\"ü\"", ["p", "q", "p", nil, "q", "p"]),
    Column(
      "day",
      [0, 40, 80, 120, 160, 200].map { DateTime(microsecondsSince1970: $0 * 86_400_000_000) }),
    Column("y", [1.0 / 3, 2, 3, 4, 5, 6]),
  ])

  private static func model(_ seed: UInt64 = 1) throws -> TabularModel<Double> {
    var options = linearOptions("y")
    options.split = .fractions(training: 1, validation: 0, test: 0)
    options.hidden = [3]
    options.activation = .tanh
    options.epochs = 1
    options.seed = seed
    return try TabularModel<Double>.fit(table, options).model
  }

  private func saved(
    _ folder: TemporaryFolder, _ change: (inout Safetensors) -> Void = { _ in }
  ) throws -> String {
    let path = folder.file("model")
    try TabularModelFile.write(try Self.model(), to: path)
    var file = try Safetensors(path: path)
    change(&file)
    try file.write(to: path)
    return path
  }

  /// Why a changed file is refused.
  private func message(_ change: (inout Safetensors) -> Void) throws -> String {
    let folder = try TemporaryFolder()
    let path = try saved(folder, change)
    do {
      let model = try TabularModelFile(path: path).model(as: Double.self)
      return "no refusal: \(try model.predict(Self.table).numbers)"
    } catch let error as FileError {
      #expect(!"\(error)".contains("\n"))
      return error.message
    }
  }

  private func message(replacing old: String, by new: String) throws -> String {
    try message { file in
      let text = file.metadata["slope.schema"] ?? ""
      let parts = text.split(separator: old, omittingEmptySubsequences: false)
      #expect(parts.count > 1, "\(old) is not in \(text)")
      file.metadata["slope.schema"] = parts.joined(separator: new)
    }
  }

  @Test func aModelComesBackAsItWas() throws {
    let folder = try TemporaryFolder()
    let file = try TabularModelFile(path: try saved(folder))
    let original = try Self.model()
    #expect(file.schema.pipeline == original.schema.pipeline)
    #expect(file.schema.training?.scores == original.schema.training?.scores)
    #expect(file.schema.training?.seed == 1 && file.schema.training?.source == "table")
    #expect(file.dtype == .float64)
    let expected = try original.predict(Self.table)
    #expect(try file.model(as: Double.self).predict(Self.table) == expected)
    #expect(expected.rowCount == 6 && Set(expected.numbers).count == 6)
    #expect(throws: FileError.self) { try file.model(as: Float.self) }
    #expect(
      try Safetensors(path: folder.file("model")).names
        == ["0.bias", "0.weight", "2.bias", "2.weight"])
  }

  // MARK: Versions

  @Test func modelsOfTheFormatBeforePredict() throws {
    let table = Table([Column("z", [0, 1, 4]), Column("x", [0.0, 1, 2])])
    for (name, expected) in [
      ("linear", [-8.907922, -5.0043483, -1.139762]), ("network", [56.200558, 54.51168, 47.41018]),
    ] {
      let path = packageFile("Tests/Fixtures/tabular-1-\(name).safetensors")
      let model = try TabularModelFile(path: path).model(as: Float.self)
      #expect(model.task == .regression && model.schema.target == "y")
      #expect(model.schema.features == ["x", "z"] && model.schema.training == nil)
      #expect(abs(model.schema.baseline[0] - 58.708_333_333_333_34) < 1e-13)
      for (found, value) in zip(try model.predict(table).numbers, expected) {
        #expect(abs(found - value) < 1e-5)
      }
      let folder = try TemporaryFolder()
      try model.save(to: folder.file("new"))
      #expect(
        try TabularModel(contentsOf: folder.file("new")).predict(table) == model.predict(table))
    }
    let missing = Table([Column("z", [0, nil]), Column("x", [0.0, 1])])
    let path = packageFile("Tests/Fixtures/tabular-1-linear.safetensors")
    let model = try TabularModel(contentsOf: path)
    #expect(throws: TableError("table: row 2: column \"z\": the value is missing")) {
      try model.predict(missing)
    }
  }

  @Test func aLaterFormatIsRefusedByItsVersion() throws {
    let message = try message { $0.metadata["slope.format"] = "tabular 3" }
    #expect(message.hasPrefix("a model of format \"tabular 3\", which this version ("))
    #expect(message.contains(SlopeVersion.number) && message.contains("knows \"tabular 2\""))
    #expect(try self.message { $0.metadata["slope.format"] = "tree 1" }.contains("not a model"))
    #expect(try self.message { $0.metadata["slope.format"] = nil }.contains("not a model"))
  }

  @Test(arguments: [
    #"{"activation":"relu","features":[],"hidden":[],"target":{"deviation":1,"mean":0,"name":"y"}}"#,
    #"{"activation":"relu","features":[{"deviation":0,"mean":0,"name":"x"}],"hidden":[],"target":{"deviation":1,"mean":0,"name":"y"}}"#,
    #"{"activation":"relu","features":[{"deviation":1,"mean":0,"name":"x"}],"hidden":[],"target":{"deviation":-1,"mean":0,"name":"y"}}"#,
    #"{"activation":"relu","features":[{"deviation":1,"mean":0,"name":"x"}],"hidden":[-1],"target":{"deviation":1,"mean":0,"name":"y"}}"#,
    #"{"activation":"relu","features":[{"deviation":1,"mean":0,"name":"y"}],"hidden":[],"target":{"deviation":1,"mean":0,"name":"y"}}"#,
    #"{"activation":"relu","features":[{"deviation":1,"mean":0,"name":"x"}],"hidden":[]}"#,
  ]) func faultySchemasOfTheFormatBeforeAreRefused(schema: String) throws {
    let message = try message {
      $0.metadata["slope.format"] = "tabular 1"
      $0.metadata["slope.schema"] = schema
    }
    #expect(message.hasPrefix("its schema "), "\(message)")
  }

  @Test func aModelOfTheVersionBeforeLacksWhatIsNew() throws {
    let folder = try TemporaryFolder()
    let path = try saved(folder) { file in
      let text = file.metadata["slope.schema"] ?? ""
      guard let start = text.firstRange(of: "\"checksum\":\""),
        let end = text[start.upperBound...].firstRange(of: "\",")
      else {
        Issue.record("no checksum in \(text)")
        return
      }
      // As a file of bytes that were changed has none.
      file.metadata["slope.checksum"] = nil
      file.metadata["slope.schema"] = text.replacingCharacters(
        in: start.lowerBound..<end.upperBound, with: "")
    }
    let model = try TabularModelFile(path: path).model(as: Double.self)
    let training = try #require(model.schema.training)
    #expect(training.checksum == nil && training.otherCurve == nil)
    #expect(try model.predict(Self.table) == Self.model().predict(Self.table))
  }

  // MARK: Faults

  @Test func noFlippedBitGivesOtherNumbers() throws {
    let folder = try TemporaryFolder()
    let whole = try readFile(try saved(folder))
    let expected = try Self.model().predict(Self.table)
    var (generator, refused) = (SystemRandomNumberGenerator(), 0)
    for _ in 0..<400 {
      var bytes = whole
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      let bit = UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
      bytes[place] ^= bit
      let path = try folder.write(bytes, to: "flipped")
      guard let file = try? TabularModelFile(path: path),
        let model = try? file.model(as: Double.self)
      else {
        refused += 1
        continue
      }
      // Blanks of the header, and the name of the checksum.
      #expect(try model.predict(Self.table) == expected, "byte \(place), bit \(bit)")
    }
    #expect(refused > 350)
  }

  @Test func aModelWithoutAChecksumIsRead() throws {
    let folder = try TemporaryFolder()
    let path = try saved(folder)
    var file = try Safetensors(path: path)
    #expect(file.metadata["slope.checksum"]?.count == 16)
    file.metadata["slope.checksum"] = nil
    try file.write(to: path)
    #expect(
      try TabularModelFile(path: path).model(as: Double.self).predict(Self.table)
        == Self.model().predict(Self.table))
  }

  @Test func faultyTensorsAreRefused() throws {
    #expect(
      try message { $0.insert(Tensor<Double>([1]), as: "4.bias") }.contains("its schema lacks"))
    #expect(
      try message { $0.insert(Tensor<Float>([1]), as: "2.bias") }.contains("not all float32"))
    #expect(
      try message { $0.insert(Tensor<Double>([.nan]), as: "2.bias") }.contains("not finite"))
    #expect(
      try message { $0.insert(Tensor<Double>([.infinity]), as: "2.bias") }.contains("not finite"))
    #expect(
      try message { $0.insert(Tensor<Double>([1, 2]), as: "2.bias") }
        .contains("tensor 2.bias of shape [1] is missing"))
  }

  @Test func schemasThatAreNoneAreRefused() throws {
    #expect(try message { $0.metadata["slope.schema"] = nil }.contains("not a model"))
    for text in ["", "{}", "[]", "null", "{", "\u{0}", String(repeating: "[", count: 10_000)] {
      #expect(
        try message { $0.metadata["slope.schema"] = text } == "its schema cannot be read", "\(text)"
      )
    }
  }

  @Test(arguments: [
    (#""activation":"tanh""#, #""activation":"gelu""#, "cannot be read"),
    (#""name":"a""#, #""name":"y""#, "share a name"),
    (#""target":"y""#, #""target":"a""#, "the target is one of its features"),
    ("\"hidden\":[3]", "\"hidden\":[4]", "0.weight of shape [4, "),
    ("\"hidden\":[3]", "\"hidden\":[]", "0.weight of shape [1, "),
    ("\"hidden\":[3]", "\"hidden\":[-3]", "a hidden layer of -3 units"),
    ("\"hidden\":[3]", "\"hidden\":[0]", "a hidden layer of 0 units"),
    (
      "\"hidden\":[3]", "\"hidden\":[3,9223372036854775807]",
      "a hidden layer of 9223372036854775807"
    ),
    ("\"hidden\":[3]", "\"hidden\":[3,16777216,16777216]", "is missing"),
    ("\"hidden\":[3]", "\"hidden\":[3e99]", "cannot be read"),
    ("\"targetDeviation\":", "\"targetDeviation\":-", "the scale of the target"),
    ("\"targetDeviation\":", "\"targetDeviation\":0,\"x\":", "the scale of the target"),
    ("\"targetMean\":", "\"targetMean\":1e999,\"x\":", "cannot be read"),
    ("\"baseline\":[", "\"baseline\":[1,", "its baseline does not fit"),
    (#""task":{"regression":{}}"#, #""task":{"classification":{"classes":[]}}"#, "fewer than two"),
    (
      #""task":{"regression":{}}"#, #""task":{"classification":{"classes":["p"]}}"#,
      "fewer than two"
    ),
    (
      #""task":{"regression":{}}"#, #""task":{"classification":{"classes":["p","p"]}}"#,
      "named twice"
    ),
    (
      #""task":{"regression":{}}"#, #""task":{"classification":{"classes":["p","q"]}}"#,
      "its baseline does not fit"
    ),
    (#""task":{"regression":{}}"#, #""task":{}"#, "cannot be read"),
    (#""scale":"#, #""scale":0,"x":"#, "is not positive"),
    (#""scale":"#, #""scale":-1,"x":"#, "is not positive"),
    (#""scale":"#, #""scale":null,"x":"#, "cannot be read"),
    (#""levels":{"_0":{"#, #""levels":{"_0":{"hasMissing":3,"#, "cannot be read"),
    (#""outputNames":["a","#, #""outputNames":["#, "not those that are named"),
    (#""hasMissing":true"#, #""hasMissing":false"#, "not those that are named"),
    (#""levels":["p","q"]}"#, #""levels":["p","p"]}"#, "occurs twice"),
    (#"["month","day""#, #"["day""#, "not those that are named"),
    (#""kind":"number""#, #""kind":"complex""#, "cannot be read"),
  ]) func faultySchemasAreRefused(old: String, new: String, expected: String) throws {
    let found = try message(replacing: old, by: new)
    #expect(found.contains(expected), "\(found)")
  }

  @Test func aSchemaWithoutColumnsIsRefused() throws {
    let message = try message { file in
      let text = file.metadata["slope.schema"] ?? ""
      let start = text.firstRange(of: "\"entries\":[")?.upperBound ?? text.endIndex
      let end = text.firstRange(of: "]},\"target\":")?.lowerBound ?? text.endIndex
      file.metadata["slope.schema"] = String(text[..<start] + text[end...])
    }
    #expect(message == "its schema is faulty: it has no features")
  }

  // MARK: Writing

  @Test func aModelThatCouldNotBeReadIsNotWritten() throws {
    let folder = try TemporaryFolder()
    let path = try saved(folder)
    let before = try folder.read("model")
    func message<Element: FloatingElement>(_ model: TabularModel<Element>) throws -> String {
      let error = try #require(throws: FileError.self) {
        try TabularModelFile.write(model, to: path)
      }
      #expect(try folder.read("model") == before && folder.names == ["model"])
      return error.message
    }
    let infinite = try Self.model()
    let shape = infinite.network.parameters()[0].tensor.shape
    infinite.network.parameters()[0].tensor = Tensor<Double>.full(shape, .infinity)
    #expect(
      try message(infinite) == "not written: tensor 0.weight has elements that are not finite")
    func odd(_ change: (inout TabularSchema) -> Void) throws -> TabularModel<Double> {
      let model = try Self.model()
      var schema = model.schema
      change(&schema)
      return model.with(schema)
    }
    #expect(
      try message(
        try odd { $0.pipeline = FittedPipeline(standardized: [("a", 0, 1), ("a", 0, 1)]) }
      )
      .contains("share a name"))
    #expect(try message(try odd { $0.targetMean = .nan }).contains("not finite"))
    #expect(try message(try odd { $0.target = "a" }).contains("one of its features"))
    #expect(
      try message(TabularModel<Float16>(schema: Self.model().schema, generator: Generator(seed: 1)))
        .contains("not all float32 or all float64"))
    for (frequencies, words) in [
      ([0.5, 0.45], "its classes' frequencies sum to 0.95"), ([1.5, -0.5], "are not in 0...1"),
    ] {
      let classes = try odd {
        ($0.task, $0.baseline) = (.classification(classes: ["a", "b"]), frequencies)
      }
      #expect(try message(classes).contains(words))
    }
  }
}
