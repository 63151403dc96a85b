import SlopeCore
import SlopeData
import Testing

@testable import SlopeTabular

/// Predictions with other cells in a column are those of a table that has these cells.
struct ChangedColumnsTests {
  /// Columns of each kind, some of them with missing cells.
  private static let columns: [Column] = {
    let a = TabularCases.a
    let rows = TabularCases.a.indices
    return [
      Column("number", rows.map { $0 % 7 == 0 ? nil : a[$0] }),
      Column("few", rows.map { $0 % 11 == 3 ? nil : ["red", "green", "blue"][$0 * $0 % 3] }),
      Column("many", rows.map { "level \($0 * 7 % 19)" }),
      Column("flag", rows.map { a[$0] > 0.3 }),
      Column("day", rows.map { DateTime(microsecondsSince1970: $0 * 86_400_000_000) }),
      Column("same", rows.map { _ in 1.0 }),
      Column("other", TabularCases.b),
    ]
  }()

  enum Kind: CaseIterable { case linear, networks, layers, ensemble }

  private static func model(_ kind: Kind, _ target: Column) throws -> TabularModel<Float> {
    var options = TabularCases.options
    switch kind {
    case .linear: options.model = .linear
    case .networks: (options.model, options.quality, options.networkEpochs) = (.mlp, .fast, 2)
    case .layers: (options.model, options.hidden, options.epochs) = (.automatic, [8], 2)
    case .ensemble:
      options.model = .automatic
      (options.quality, options.trials, options.networkEpochs) = (.best, 2, 2)
    }
    let table = Table(columns + [TabularCases.parts(), target])
    return try TabularModel<Float>.fit(table, options).model
  }

  private static func values(_ predictions: TabularPredictions) -> [Double] {
    predictions.numbers + predictions.probabilities
  }

  @Test(arguments: Kind.allCases, [false, true])
  func theyAreThoseOfATableWithThem(kind: Kind, isOfClasses: Bool) throws {
    let target = Column("y", isOfClasses ? TabularCases.triples : [])
    let model = try Self.model(kind, isOfClasses ? target : Column("y", TabularCases.target))
    // More rows than are predicted at a time, of which some occur twice.
    let table = Table(Self.columns).taking((0..<700).map { $0 * 3 % 600 })
    let changed = try ChangedColumns(model, table)
    let replacements = Self.columns.flatMap { column in
      [
        column.taking((0..<700).map { $0 * 5 % 600 }),
        column.taking([Int](repeating: 1, count: 700)),
      ]
    }
    let found = try changed.predictions(replacing: replacements)
    #expect(found.count == replacements.count)
    for (column, found) in zip(replacements, found) {
      let (found, wanted) = (
        Self.values(found), Self.values(try model.predict(table.adding(column)))
      )
      #expect(found.count == wanted.count)
      // A linear model adds what has changed; networks compute the same.
      let tolerance = kind == .linear || kind == .ensemble ? 1e-12 : 0
      #expect(
        zip(found, wanted).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) },
        "\(column.name)")
    }
    // What is not read changes nothing.
    let asBefore = try changed.predictions(replacing: [
      Column("nothing", [Double](repeating: 1, count: 700))
    ])
    #expect(asBefore.map(Self.values) == [Self.values(try model.predict(table))])
    #expect(try changed.predictions(replacing: []).isEmpty)
  }

  @Test func cellsOfAnotherKindAreRefused() throws {
    let model = try Self.model(.linear, Column("y", TabularCases.target))
    let changed = try ChangedColumns(model, Table(Self.columns))
    let error = #expect(throws: TableError.self) {
      try changed.predictions(replacing: [Column("number", [String](repeating: "a", count: 600))])
    }
    #expect(
      error?.message
        == "table: column \"number\" holds categories, but numbers in the rows that the model was "
        + "fitted to")
  }

  @Test func theirCostIsThatOfTheModel() throws {
    let target = Column("y", TabularCases.target)
    let linear = try Self.model(.linear, target)
    let networks = try Self.model(.networks, target)
    let ensemble = try Self.model(.ensemble, target)
    #expect(ChangedColumns.multiplyAdds(of: linear) == 100)
    let count = Double(try #require(networks.schema.parameterCount))
    let inputs = Double(networks.schema.pipeline.outputCount)
    #expect(ChangedColumns.multiplyAdds(of: networks) == count + 10 * inputs)
    let models = try #require(ensemble.network as? TabularEnsemble<Float>).models
    #expect(
      ChangedColumns.multiplyAdds(of: ensemble)
        == models.reduce(0) { $0 + ChangedColumns.multiplyAdds(of: $1) })
  }
}
