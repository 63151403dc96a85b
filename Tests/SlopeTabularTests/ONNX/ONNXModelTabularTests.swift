import SlopeCore
import SlopeNN
import SlopeTraining
import TestSupport
import Testing

@testable import SlopeData
@testable import SlopeTabular

/// Exported models of tables, computed by an evaluator of their files (TestSupport).
///
/// tools/check-onnx compares them with onnxruntime.
struct ONNXModelTabularTests {
  private static let count = 120

  /// Columns of every kind, with missing cells; a category of few levels and one of many.
  private static func columns(_ target: Column) -> [Column] {
    let cities = ["Bern", "Chur", "é, \"x\""]
    func sparse<Value>(_ every: Int, _ cell: (Int) -> Value) -> [Value?] {
      (0..<count).map { $0 % every == 0 ? nil : cell($0) }
    }
    return [
      Column("a size", sparse(7) { 1e6 + TabularCases.a[$0] }),
      Column("b", Array(TabularCases.b.prefix(count))),
      Column("rooms", (0..<count).map { ($0 * 7) % 5 }),
      Column("open", sparse(11) { $0 % 3 == 0 }),
      Column("seldom", (0..<count).map { $0 % 3 == 0 ? 7.0 : nil }),
      Column("city", sparse(13) { cities[$0 * 5 % 3] }),
      Column("street", sparse(17) { "street \($0 * $0 % 23)" }),
      TabularCases.parts(count), target,
    ]
  }

  private static let numbers = Column(
    "y", (0..<count).map { 300 + 50 * TabularCases.a[$0] - 20 * TabularCases.b[$0] })
  private static let pairs = Column("y", Array(TabularCases.pairs.prefix(count)))
  private static let triples = Column("y", Array(TabularCases.triples.prefix(count)))

  /// A fit whose columns beside the target and the parts are those of a table of new rows, too.
  private static func fit<Element: FloatingElement>(
    _ target: Column, _ element: Element.Type = Float.self,
    _ change: (inout TabularOptions) -> Void = { _ in }
  ) throws -> TabularModel<Element> {
    var options = TabularCases.options
    options.networkEpochs = 2
    change(&options)
    return try TabularModel<Element>.fit(Table(columns(target)), options).model
  }

  /// New rows: levels and numbers that training never saw, and rows in which everything is missing.
  private static let newRows = Table([
    Column("a size", [1e6, nil, -1e300, 1e6 + 1, 2e6]),
    Column("b", [0.5, nil, 1e300, -3, 0]), Column("rooms", [1, nil, 1_000_000, 2, -3]),
    Column("open", [true, nil, false, true, nil]), Column("seldom", [nil, nil, 7, 8.5, nil]),
    Column("city", ["Bern", nil, "Genf", "é, \"x\"", "Chur"]),
    Column("street", ["street 1", nil, "nowhere", "street 4", "street 22"]),
  ])

  /// What the columns of a table are to the inputs of a file.
  private static func inputs(_ file: ONNXFile, _ table: Table) throws -> [String: ONNXFile.Value] {
    var inputs: [String: ONNXFile.Value] = [:]
    for port in file.inputs {
      #expect(port.shape == ["N", "1"])
      let column = try table.column(port.name)
      if port.type == 8 {
        let cells = try column.cells(as: String.self)
        inputs[port.name] = .texts(cells.map { $0 ?? "" }, [cells.count, 1])
      } else if port.type == 7 {
        let cells = try column.cells(as: DateTime.self)
        inputs[port.name] = .numbers(
          Tensor(
            shape: [cells.count, 1],
            scalars: cells.map { Double($0?.microsecondsSince1970 ?? .min) }, on: .cpu))
      } else {
        #expect(port.type == 11)
        let reader = try #require(NumberReader(column))
        inputs[port.name] = .numbers(
          Tensor(
            shape: [column.count, 1], scalars: (0..<column.count).map { reader[$0, .nan] }, on: .cpu
          ))
      }
    }
    return inputs
  }

  private static func file<Element>(_ model: TabularModel<Element>) throws -> ONNXFile {
    let folder = try TemporaryFolder()
    try ONNXModel(model).write(to: folder.file("model.onnx"))
    return try ONNXFile(try folder.read("model.onnx"))
  }

  /// Compares a model's predictions on tables with those of its file.
  private static func compare<Element>(
    _ model: TabularModel<Element>, _ tables: [Table], tolerance: Double = 1e-5,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = try file(model)
    for table in tables {
      let wanted = try model.predict(table)
      let outputs = try file.outputs(of: try inputs(file, table))
      func numbers(_ name: String) -> [Double] {
        guard case .numbers(let tensor)? = outputs[name] else { return [] }
        return tensor.scalars
      }
      let isClassification = model.task.isClassification
      let found = numbers(isClassification ? "probabilities" : "prediction")
      let all = isClassification ? wanted.probabilities : wanted.numbers
      #expect(found.count == all.count && !all.isEmpty, sourceLocation: sourceLocation)
      for (found, wanted) in zip(found, all) {
        #expect(
          abs(found - wanted) <= tolerance * max(1, abs(wanted)), sourceLocation: sourceLocation)
      }
      guard isClassification else { continue }
      guard case .texts(let labels, let shape)? = outputs["label"] else {
        Issue.record("no label", sourceLocation: sourceLocation)
        continue
      }
      #expect(
        labels == wanted.classes && shape == [labels.count], sourceLocation: sourceLocation)
    }
  }

  private static func tables(_ target: Column) -> [Table] { [Table(columns(target)), newRows] }

  @Test func aLinearModelOfNumbers() throws {
    try Self.compare(try Self.fit(Self.numbers), Self.tables(Self.numbers), tolerance: 1e-12)
  }

  @Test(arguments: [pairs, triples]) func aLinearModelOfClasses(target: Column) throws {
    try Self.compare(try Self.fit(target), Self.tables(target), tolerance: 1e-12)
  }

  @Test func levelsOfFewRowsShareAnInput() throws {
    let model = try Self.fit(Self.numbers) { $0.maximumLevels = 5 }
    #expect(model.schema.pipeline.outputNames.contains("street=other"))
    try Self.compare(model, Self.tables(Self.numbers), tolerance: 1e-12)
  }

  @Test(arguments: [numbers, pairs, triples]) func plainLayers(target: Column) throws {
    let model = try Self.fit(target) { options in
      (options.hidden, options.activation, options.epochs) = ([5, 4], .tanh, 3)
    }
    try Self.compare(model, Self.tables(target))
  }

  @Test(arguments: [TabularOptions.Quality.fast, .good], [numbers, pairs, triples])
  func networksForTables(quality: TabularOptions.Quality, target: Column) throws {
    let model = try Self.fit(target) { options in
      (options.model, options.quality, options.networkEpochs) = (.mlp, quality, 40)
    }
    let shape = try #require(model.schema.realMLP)
    #expect(shape.inputs.codes.count == 1 && shape.members == (quality == .fast ? 1 : 4))
    try Self.compare(model, Self.tables(target), tolerance: 1e-5)
  }

  @Test func networksOfDoubles() throws {
    let model = try Self.fit(Self.triples, Double.self) { $0.model = .mlp }
    try Self.compare(model, Self.tables(Self.triples), tolerance: 1e-9)
  }

  @Test func logarithmsAreUndone() throws {
    let target = Column("y", (0..<Self.count).map { 1 + Double($0 * $0) })
    let model = try Self.fit(target) { options in
      (options.model, options.targetLogarithm) = (.mlp, true)
    }
    #expect(model.schema.targetIsLogarithm == true)
    try Self.compare(model, Self.tables(target))
  }

  @Test func aTemperatureSharpensProbabilities() throws {
    for target in [Self.pairs, Self.triples] {
      let model = try Self.fit(target) { $0.model = .mlp }
      let network = try #require(model.network as? RealMLP<Float>)
      var (shape, schema) = (network.shape, model.schema)
      shape.temperature = 0.4
      schema.realMLP = shape
      try Self.compare(
        TabularModel(schema: schema, network: network.with(shape)), Self.tables(target))
    }
  }

  @Test(arguments: [numbers, pairs, triples]) func ensemblesWithTabM(target: Column) throws {
    let model = try Self.fit(target) { options in
      options.model = .automatic
      (options.quality, options.trials, options.networkEpochs) = (.best, 2, 6)
    }
    let found = try #require(model.network as? TabularEnsemble<Float>)
    // All kinds with weights of their own, whatever was kept.
    let networks = try Self.fit(target) { $0.model = .mlp }
    let members = found.models + [networks, try Self.fit(target), try Self.tabM(like: networks)]
    let weights = members.indices.map { Double($0 + 1) }
    let sum = weights.reduce(0, +)
    var schema = model.schema
    schema.ensemble = zip(members, weights).map {
      TabularEnsembleMember(schema: $0.schema, weight: $1 / sum)
    }
    let mixed = TabularModel(
      schema: schema,
      ensemble: TabularEnsemble(models: members, weights: weights.map { $0 / sum }))
    try Self.compare(mixed, Self.tables(target), tolerance: 1e-5)
    #expect(try Self.file(mixed).inputs.map(\.name) == networks.schema.features)
  }

  /// Ensembles of TabM with initial values that take the inputs of other networks.
  private static func tabM(like model: TabularModel<Float>) throws -> TabularModel<Float> {
    let other = try #require(model.schema.realMLP)
    let edges = other.inputs.numbers.indices.map {
      [-1, 0.25 * Double($0), 2.5] + [3, 4].prefix($0)
    }
    let shape = TabMShape(
      ensembles: 2, members: 3, inputs: other.inputs, hidden: [6, 5],
      outputCount: other.outputCount, edges: edges, numberEmbedding: 4, levelEmbedding: 2,
      temperature: 0.7, range: other.range)
    let network = TabM<Float>(shape, generator: Generator(seed: 5))
    // What bins add is 0 at first.
    network.numbers?.linear.tensor = .uniform(
      network.numbers?.linear.shape ?? [], from: -1, to: 1, generator: Generator(seed: 6), on: .cpu)
    var schema = model.schema
    (schema.realMLP, schema.tabM) = (nil, shape)
    return TabularModel(schema: schema, network: network)
  }

  /// Moments of all centuries, in each of the months and around the ends of February.
  private static let moments: [DateTime?] = [
    "2024-02-29T23:59:59.999999", "1900-02-28", "1900-03-01T00:00:01", "2000-02-29",
    "2000-12-31T12:30",
    "1970-01-01", "1969-12-31T23:00", "0000-01-01", "0001-03-01", "9999-12-31T23:59",
    "2023-07-04T05:00",
    "1600-02-29", "2100-04-30T08:15", "2199-10-01", "2020-05-17", "2021-06-15", "2022-08-09",
    "2019-09-30",
    "2018-11-05T21:45", "2017-01-31",
  ].map { DateTime($0) }

  @Test(arguments: [false, true]) func datesAreTheirParts(hasMissing: Bool) throws {
    let dates = (0..<Self.count).map { row -> DateTime? in
      hasMissing && row % 9 == 0 ? nil : Self.moments[row % Self.moments.count]
    }
    let table = Table([
      Column("day", dates), Column("b", Array(TabularCases.b.prefix(Self.count))),
      TabularCases.parts(Self.count), Self.numbers,
    ])
    for model in [TabularOptions.Model.linear, .mlp] {
      var options = TabularCases.options
      (options.model, options.networkEpochs) = (model, 2)
      let fit = try TabularModel<Float>.fit(table, options)
      #expect(
        fit.model.schema.pipeline.outputNames.prefix(5) == [
          "day year", "day month", "day day", "day weekday", "day hour",
        ])
      let new = Table([Column("day", [Self.moments[0], nil]), Column("b", [0.5, 1])])
      try Self.compare(
        fit.model, [table, new], tolerance: model == .linear ? 1e-12 : 2e-6)
    }
  }

  @Test func aDateOfWhichOnlyItsPresenceIsKnown() throws {
    let day = DateTime("2024-05-06")
    let table = Table([
      Column("day", (0..<Self.count).map { $0 % 4 == 0 ? nil : day }),
      TabularCases.parts(Self.count),
      Self.numbers,
    ])
    let model = try TabularModel<Float>.fit(table, TabularCases.options).model
    #expect(model.schema.pipeline.outputNames == ["day missing"])
    try Self.compare(model, [table], tolerance: 1e-12)
  }

  @Test func numbersNearTheEndsOfDouble() throws {
    let (a, b) = (TabularCases.a.prefix(Self.count), TabularCases.b.prefix(Self.count))
    let table = Table([
      Column("x", a.map { $0 * 1.7e308 }), Column("z", b.map { 1e-290 + $0 * 1e-295 }),
      TabularCases.parts(Self.count), Column("y", a.map { 1e-60 + $0 * 1e-62 }),
    ])
    let model = try TabularModel<Float>.fit(table, TabularCases.options).model
    let file = try Self.file(model)
    let (wanted, outputs) = (
      try model.predict(table).numbers, try file.outputs(of: try Self.inputs(file, table))
    )
    guard case .numbers(let found)? = outputs["prediction"] else {
      Issue.record("no prediction")
      return
    }
    for (found, wanted) in zip(found.scalars, wanted) {
      #expect(abs(found - wanted) <= 1e-12 * abs(wanted))
    }
    // onnxruntime leaves out the addition of what is 0 as a Float.
    for (name, value) in file.constants where name.hasPrefix("center") || name.hasPrefix("mean") {
      guard case .numbers(let tensor) = value else { continue }
      #expect(tensor.scalars.allSatisfy { $0 == 0 || abs($0) > 1e-30 }, "\(name)")
    }
  }

  @Test func theFileSaysWhatItIs() throws {
    let model = try Self.fit(Self.triples)
    let file = try Self.file(model)
    #expect(file.format.version == 8 && file.format.producer == "Slope")
    #expect(file.format.producerVersion == SlopeVersion.number)
    #expect(file.operations.map(\.domain) == ["", "ai.onnx.ml"])
    #expect(file.operations.map(\.version) == [17, 3])
    #expect(file.about == "Predicts \"y\", 3 classes, from 7 columns of a table.")
    #expect(file.metadata["slope.target"] == "y")
    #expect(file.metadata["slope.task"] == "classification")
    #expect(file.metadata["slope.schema"]?.contains("\"target\":\"y\"") == true)
    #expect(
      file.outputs == [
        ONNXFile.Port(name: "label", type: 8, shape: ["N"]),
        ONNXFile.Port(name: "probabilities", type: 11, shape: ["N", "3"]),
      ])
    let numbers = try Self.file(try Self.fit(Self.numbers))
    #expect(numbers.outputs == [ONNXFile.Port(name: "prediction", type: 11, shape: ["N", "1"])])
    #expect(numbers.about == "Predicts \"y\", numbers, from 7 columns of a table.")
    #expect(numbers.metadata["slope.task"] == "regression")
  }

  @Test func outputsNeverHaveTheNamesOfColumns() throws {
    let (a, b) = (TabularCases.a.prefix(Self.count), TabularCases.b.prefix(Self.count))
    func names(_ target: Column) throws -> [String] {
      let table = Table([
        Column("prediction", Array(a)), Column("label", Array(b)), Column("MatMul", Array(a)),
        TabularCases.parts(Self.count), target,
      ])
      let file = try Self.file(try TabularModel<Float>.fit(table, TabularCases.options).model)
      #expect(Set(file.nodes.map(\.output)).count == file.nodes.count)
      #expect(Set(file.nodes.map(\.output)).isDisjoint(with: file.inputs.map(\.name)))
      return file.outputs.map(\.name)
    }
    #expect(try names(Self.numbers) == ["predicted prediction"])
    #expect(try names(Self.pairs) == ["predicted label", "probabilities"])
  }

  @Test func whatIsNotExportedIsNamed() throws {
    let nameless = Table([
      Column("", Array(TabularCases.a.prefix(Self.count))), TabularCases.parts(Self.count),
      Self.numbers,
    ])
    let other = try TabularModel<Float>.fit(nameless, TabularCases.options).model
    let error = #expect(throws: ONNXError.self) { _ = try ONNXModel(other) }
    #expect(error?.description.hasPrefix("column \"\": ONNX has no input without a name") == true)
  }
}
