import Foundation
import SlopeCore
import SlopeData
import SlopeNN
import TestSupport
import Testing

@testable import SlopeTabular

/// Models whose predictions are averaged, in memory and in files.
struct TabularEnsembleTests {
  /// Two linear models on one column, of which the second ignores it.
  private static func fits(_ target: Column) throws -> (
    first: TabularModel<Float>, second: TabularModel<Float>, table: Table
  ) {
    let table = TabularCases.table([TabularCases.a, TabularCases.b], target)
    var options = TabularCases.options
    options.model = .linear
    let first = try TabularModel<Float>.fit(table, options).model
    options.drop = ["x0"]
    return (first, try TabularModel<Float>.fit(table, options).model, table)
  }

  /// Both models, of which the first counts `weight`.
  private static func ensemble(
    _ first: TabularModel<Float>, _ second: TabularModel<Float>, weight: Double = 0.25
  ) -> TabularModel<Float> {
    var schema = first.schema
    (schema.targetMean, schema.targetDeviation) = (0, 1)
    schema.ensemble = [
      TabularEnsembleMember(schema: first.schema, weight: weight),
      TabularEnsembleMember(schema: second.schema, weight: 1 - weight),
    ]
    return TabularModel(
      schema: schema,
      ensemble: TabularEnsemble(models: [first, second], weights: [weight, 1 - weight]))
  }

  @Test func numbersAreAveragedByWeights() throws {
    let (first, second, table) = try Self.fits(Column("y", TabularCases.target))
    let model = Self.ensemble(first, second)
    let mean = zip(try first.predict(table).numbers, try second.predict(table).numbers).map {
      0.25 * $0 + 0.75 * $1
    }
    #expect(try model.predict(table).numbers == mean)
    #expect(model.coefficients == nil && model.task == .regression)
    #expect(model.parameters().count == 4)
    let some = try model.predictions(of: table, rows: [7, 3])
    #expect(some.numbers == [mean[7], mean[3]] && some.rowCount == 2)
  }

  @Test(arguments: [TabularCases.pairs, TabularCases.triples])
  func probabilitiesAreAveragedByWeights(target: [String]) throws {
    let (first, second, table) = try Self.fits(Column("y", target))
    let model = Self.ensemble(first, second, weight: 0.5)
    let (one, two) = (try first.predict(table), try second.predict(table))
    let mean = zip(one.probabilities, two.probabilities).map { 0.5 * $0 + 0.5 * $1 }
    let found = try model.predict(table)
    #expect(found.probabilities == mean && found.numbers.isEmpty)
    #expect(try model.evaluate(table).logLoss != first.evaluate(table).logLoss)
  }

  @Test func aFileHasAllModels() throws {
    let (first, second, table) = try Self.fits(Column("y", TabularCases.triples))
    let model = Self.ensemble(first, second)
    let folder = try TemporaryFolder()
    let path = folder.file("model")
    try model.save(to: path)
    let file = try TabularModelFile(path: path)
    #expect(file.schema == model.schema)
    #expect(
      file.schema.parameterShapes.map(\.name) == [
        "models.0.network.0.weight", "models.0.network.0.bias", "models.1.network.0.weight",
        "models.1.network.0.bias",
      ])
    #expect(file.schema.parameterShapes.map(\.name) == model.network.namedParameters().map(\.name))
    #expect(file.schema.parameterCount == 3 * 3 + 3 * 2)
    let read = try TabularModel(contentsOf: path)
    #expect(try read.predict(table) == model.predict(table))
    let ensemble = try #require(read.network as? TabularEnsemble<Float>)
    #expect(ensemble.weights == [0.25, 0.75])
  }

  @Test func faultySchemasAreNamed() throws {
    let (first, second, _) = try Self.fits(Column("y", TabularCases.target))
    let (other, _, _) = try Self.fits(Column("y", TabularCases.pairs))
    let good = Self.ensemble(first, second).schema
    #expect(good.fault == nil)
    func fault(_ change: (inout TabularSchema) -> Void) -> String {
      var schema = good
      change(&schema)
      return schema.fault ?? "none"
    }
    #expect(fault { $0.ensemble = [] } == "an ensemble of no models")
    #expect(fault { $0.hidden = [3] } == "an ensemble that is a network too")
    #expect(
      fault { $0.ensemble?[1].weight = 0.5 } == "the models of an ensemble count 0.75 together")
    #expect(fault { $0.ensemble?[1].weight = -0.5 } == "a model of an ensemble counts -0.5")
    #expect(fault { $0.ensemble?[0].weight = .nan } == "a model of an ensemble counts nan")
    #expect(fault { $0.ensemble?[0].weight = 1.5 } == "a model of an ensemble counts 1.5")
    #expect(
      fault { $0.ensemble?[1].schema = other.schema }
        == "the models of an ensemble predict different things")
    #expect(
      fault { $0.ensemble?[1].schema.target = "x0" }
        == "the models of an ensemble predict different things")
    #expect(fault { $0.ensemble?[0].schema = good } == "an ensemble of ensembles")
    #expect(
      fault { $0.ensemble?[0].schema.targetDeviation = 0 } == "the scale of the target is no scale")
  }

  @Test func whatCountsNothingIsLeftOut() throws {
    func numbers(_ values: [Double]) -> TabularPredictions {
      TabularPredictions(outputs: values, task: .regression, mean: 0, deviation: 1)
    }
    let mean = TabularPredictions.mean(
      of: [numbers([.nan, 1]), numbers([4, 8])], weights: [0, 1])
    #expect(mean?.numbers == [4, 8])
    #expect(TabularPredictions.mean(of: [], weights: []) == nil)
  }

  @Test func partsOfRowsArePutTogether() throws {
    func of(_ outputs: [Double], _ task: PredictionTask) -> TabularPredictions {
      TabularPredictions(outputs: outputs, task: task, mean: 0, deviation: 1)
    }
    let numbers = try #require(
      TabularPredictions(
        [of([7, 8], .regression), of([9], .regression)], places: [[2, 0], [1]], count: 3))
    #expect(numbers.numbers == [8, 9, 7] && numbers.rowCount == 3 && numbers.probabilities.isEmpty)
    let task = PredictionTask.classification(classes: ["a", "b"])
    let classes = try #require(
      TabularPredictions([of([-50], task), of([50, 0], task)], places: [[1], [2, 0]], count: 3))
    #expect(classes.classIndices == [0, 0, 1] && classes.probabilities[0] == 0.5)
    #expect(classes.numbers.isEmpty && classes.rowCount == 3)
    #expect(TabularPredictions([], places: [], count: 0) == nil)
  }
}
