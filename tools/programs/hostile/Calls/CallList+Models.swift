import Slope
import SlopeCore
import SlopeData
import SlopeOptimizers
import SlopeTabular

/// Models of tables.
extension CallList {
  private static func options(_ draw: inout Draw) -> TabularOptions {
    func name(_ draw: inout Draw) -> String { draw.text(["a", "b", "kind", "day", "y", "", "z"]) }
    func names(_ draw: inout Draw) -> [String] { (0..<draw.below(3)).map { _ in name(&draw) } }
    var options = TabularOptions(target: draw.text(["y", "y", "kind", "kind", "a", "", "day"]))
    options.features = draw.once(in: 4) ? names(&draw) : nil
    options.drop = draw.once(in: 4) ? names(&draw) : []
    options.keep = draw.once(in: 4) ? names(&draw) : []
    options.task = draw.once(in: 4) ? draw.one(of: TabularOptions.Task.allCases) : nil
    switch draw.below(8) {
    case 0: options.split = .column(name(&draw))
    case 1:
      options.split = .groups(
        column: name(&draw), training: draw.number(), validation: draw.number(), test: 0.5)
    case 2: options.split = .time(column: name(&draw), training: 0.5, validation: 0.5, test: 0)
    case 3:
      options.split = .fractions(
        training: draw.number(), validation: draw.number(), test: draw.number())
    default: break
    }
    options.weightColumn = draw.once(in: 6) ? name(&draw) : nil
    if draw.once(in: 4) {
      options.classWeights = draw.bool() ? .balanced : .named(["x": draw.number()])
    }
    options.scaling = draw.one(of: Transform.Scaling.allCases)
    options.metric = draw.once(in: 4) ? draw.one(of: Metric.allCases) : nil
    options.refits = draw.once(in: 4)
    options.targetLogarithm = draw.once(in: 4) ? draw.bool() : nil
    options.maximumLevels = draw.once(in: 4) ? draw.int() : 64
    options.hidden = draw.once(in: 3) ? draw.ints(2) : []
    options.trainsBySteps = draw.bool()
    // Arguments that ask for a long training are not hostile, only work.
    options.epochs = draw.one(of: [0, 1, 2, -1, Int.min])
    options.model = .linear
    if draw.once(in: 8) {
      options.model = draw.one(of: TabularOptions.Model.allCases)
      options.quality = draw.one(of: TabularOptions.Quality.allCases)
      options.networkEpochs = draw.one(of: [0, 1, 2, -1, Int.min])
      options.trials = draw.one(of: [1, 1, 1, 0, Int.min])
      options.seconds = draw.once(in: 4) ? draw.one(of: [0, -1, .nan, 1e-3, .infinity]) : nil
    }
    options.patience = draw.bool() ? nil : draw.int()
    options.batchSize = draw.bool() ? .all : .rows(draw.int())
    options.learningRate = draw.bool() ? nil : draw.number()
    options.momentum = draw.bool() ? nil : draw.number()
    options.optimizer = draw.one(of: OptimizerKind.allCases)
    return options
  }

  func addModelCalls() {
    let folder = SmallFiles.shared
    let options = CallList.options
    func path(_ draw: inout Draw) -> String {
      draw.text([folder.model, folder.table, folder.tensors, "/dev/null", "", "/nowhere/file"])
    }
    func model() throws -> TabularModel<Float> { try TabularModel(contentsOf: folder.model) }
    func table(_ draw: inout Draw) throws -> Table {
      var csv = CSVOptions()
      if draw.bool() { csv.columns = [draw.text(["a", "b", "y"]), "kind"] }
      let table = try Table(csv: folder.table, options: csv)
      return draw.bool() ? table : table.taking((0..<draw.below(5)).map { _ in draw.below(12) })
    }
    add("TabularOptions.init(target:)") { draw in _ = options(&draw).epochs }
    add("TabularOptions.isSolved") { draw in _ = options(&draw).isSolved }
    add("TabularOptions.defaultLearningRate(inputCount:)") { draw in
      _ = options(&draw).defaultLearningRate(inputCount: draw.int())
    }
    add("TabularModel.fit(_:_:progress:)") { draw in
      let fit = try TabularModel<Float>.fit(Table(csv: folder.table), options(&draw))
      _ = fit.scores.count
      _ = fit.model.coefficients
    }
    add("TabularModel.fit(_:target:)") { draw in
      // A default training is long.
      let target = draw.once(in: 50) ? options(&draw).target : "nothing"
      _ = try TabularModel.fit(table(&draw), target: target).warnings
    }
    add("TabularFit.description") { draw in
      _ = try TabularModel<Double>.fit(Table(csv: folder.table), options(&draw)).description
    }
    add("TabularFit.candidates") { draw in
      _ = try TabularModel<Float>.fit(Table(csv: folder.table), options(&draw)).candidates
    }
    add("TabularModel.coefficients") { _ in _ = try model().coefficients }
    add("TabularModel.task") { _ in _ = try model().task }
    add("TabularModel.predict(_:)") { draw in _ = try model().predict(table(&draw)).rowCount }
    add("TabularPredictions.classIndices") { draw in
      _ = try model().predict(table(&draw)).classIndices
    }
    add("TabularPredictions.classes") { draw in _ = try model().predict(table(&draw)).classes }
    add("TabularModel.evaluate(_:weights:)") { draw in
      _ = try model().evaluate(
        table(&draw), weights: draw.bool() ? nil : draw.text(["a", "b", "kind", ""]))
    }
    let scores: KeyValuePairs<String, @Sendable (TabularScores) -> Any?> = [
      "accuracy": { $0.accuracy }, "areaUnderCurve": { $0.areaUnderCurve },
      "balancedAccuracy": { $0.balancedAccuracy }, "baselineAccuracy": { $0.baselineAccuracy },
      "baselineLogLoss": { $0.baselineLogLoss },
      "baselineMeanSquaredError": { $0.baselineMeanSquaredError }, "confusion": { $0.confusion },
      "logLoss": { $0.logLoss }, "mainError": { $0.mainError },
      "meanAbsoluteError": { $0.meanAbsoluteError }, "meanSquaredError": { $0.meanSquaredError },
      "rSquared": { $0.rSquared },
    ]
    for (name, read) in scores {
      add("TabularScores.\(name)") { draw in _ = read(try model().evaluate(table(&draw))) }
    }
    add("TabularSchema.card") { _ in _ = try model().schema.card }
    add("TabularSchema.features") { _ in _ = try model().schema.features }
    add("TabularSchema.parameterCount") { draw in
      var schema = try model().schema
      schema.hidden = draw.ints()
      _ = schema.parameterCount
    }
    add("PredictionTask.outputCount") { _ in _ = try model().task.outputCount }
    add("PredictionTask.classes") { _ in _ = try model().task.classes }
    add("PredictionTask.isClassification") { _ in _ = try model().task.isClassification }
    add("TabularModel.init(contentsOf:)") { draw in
      _ = try TabularModel(contentsOf: path(&draw)).schema.target
    }
    add("TabularModel.save(to:)") { draw in
      try model().save(to: draw.text([folder.written, "", "/nowhere/x", "/dev/full"]))
    }
    add("TabularModelFile.init(path:)") { draw in _ = try TabularModelFile(path: path(&draw)).dtype
    }
    add("TabularModelFile.model(as:)") { draw in
      _ = try TabularModelFile(path: folder.model).model(as: Double.self)
    }
    add("TabularModelFile.write(_:to:)") { draw in
      try TabularModelFile.write(model(), to: draw.text([folder.written, "", "/nowhere/x"]))
    }
  }
}
