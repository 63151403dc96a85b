import SlopeCore
import SlopeData
import SlopeNN
import SlopeTraining

extension TabularFitter {
  /// The rows by which the initial values are chosen, at most: enough for deviations within a few percent,
  /// and no more memory than steps take.
  private static var initialRowCount: Int { 1024 }

  /// How the networks are made and trained.
  var recipe: RealMLPRecipe {
    let isClassification = rows.task.isClassification
    var recipe: RealMLPRecipe =
      options.quality == .fast
      ? .fast(isClassification: isClassification) : .good(isClassification: isClassification)
    recipe.epochs = options.networkEpochs ?? recipe.epochs
    if isClassification, !metric.needsProbabilities { recipe.labelSmoothing = 0.1 }
    return recipe
  }

  /// The most numbers of a row that are embedded: the waves of all of them are in memory at each step.
  static var mostEmbeddedNumbers: Int { 500 }

  /// The shape of the networks of a recipe, before the training rows are read.
  func realMLPShape(_ recipe: RealMLPRecipe) -> RealMLPShape {
    let inputs = NetworkInputs(pipeline)
    let areEmbedded = inputs.numbers.count <= Self.mostEmbeddedNumbers
    return RealMLPShape(
      members: recipe.members, inputs: inputs, hidden: recipe.hidden,
      outputCount: max(1, rows.task.classes.count), activation: recipe.activation,
      numberEmbedding: areEmbedded ? recipe.numberEmbedding : 1, waves: recipe.waves,
      levelEmbedding: recipe.levelEmbedding,
      range: rows.task.isClassification ? nil : [0, 0])
  }

  /// Networks with their first values, what trains them, and their schema; see `realMLP`.
  func realMLPTraining(
    _ recipe: RealMLPRecipe, _ folds: [Fold] = []
  ) throws -> (RealMLPTraining<Element>, TabularSchema) {
    var schema = try schema()
    let targets = learntTargets
    let features = try encoded.tensor(rows: training) as Tensor<Element>
    var shape = realMLPShape(recipe)
    shape.inputs.fit(features)
    shape.range = range(of: targets, schema)
    schema.realMLP = shape
    let network = RealMLP<Element>(
      shape, frequencyDeviation: recipe.frequencyDeviation, generator: generator,
      dropoutSeed: options.seed)
    let inputs = shape.inputs.arranged(features)
    let someRows = generator.permutation(training.count).prefix(Self.initialRowCount).map {
      Int($0)
    }
    network.initialize(
      by: inputs.taking(Tensor(someRows, on: inputs.device)).unsqueezed(at: 0),
      generator: generator)
    let steps = RealMLPTraining(
      network: network, recipe: recipe,
      rows: NetworkRows(
        features: inputs, targets: targets, weights: try rowWeights(targets), schema: schema,
        asksForClasses: true), generator: generator, metric: metric,
      rowsOfMembers: folds.isEmpty ? nil : folds.map(\.training), deadline: deadline)
    return (steps, schema)
  }

  /// Networks side by side that are trained by steps.
  ///
  /// With folds there is a member for each, which learns from the fold's training rows, and together
  /// they are judged by the validation rows of all folds, each predicted by its own member. Throws
  /// `TooFewEpochs` if there is time for less than `leastEpochs`.
  func realMLP(
    _ recipe: RealMLPRecipe, folds: [Fold] = [], leastEpochs: Int = 1,
    progress: (TabularProgress) -> Void = { _ in }
  ) throws -> NetworksFit<Element> {
    var recipe = recipe
    if !folds.isEmpty { recipe.members = folds.count }
    let (steps, first) = try realMLPTraining(recipe, folds)
    let network = steps.network
    var (shape, schema) = (network.shape, first)
    return try fit(
      network, schema, by: steps, inputs: steps.rows.all.features, folds: folds,
      leastEpochs: leastEpochs,
      progress: progress
    ) { temperature in
      shape.temperature = temperature
      schema.realMLP = shape
      return (network.with(shape), schema)
    }
  }
}
