import SlopeCore
import SlopeData
import SlopeNN

extension TabularFitter {
  /// The most features that all embedded numbers become together: each member has them at each step.
  private static var mostEmbeddedFeatures: Int { 1024 }
  /// The least numbers that an embedded number becomes.
  private static var leastEmbedding: Int { 4 }

  /// The shape of the networks of a recipe, one ensemble for each fold.
  func tabMShape(
    _ recipe: TabMRecipe, ensembles: Int, features: Tensor<Element>
  ) -> TabMShape {
    var inputs = NetworkInputs(pipeline)
    inputs.fit(features)
    let count = inputs.numbers.count
    let embedding = min(recipe.numberEmbedding, Self.mostEmbeddedFeatures / max(1, count))
    let isEmbedded = count > 0 && embedding >= Self.leastEmbedding
    let edges =
      isEmbedded
      ? PiecewiseLinearEmbedding.edges(
        of: inputs.arranged(features)[0..., ..<count], count: recipe.bins) : []
    return TabMShape(
      ensembles: ensembles, members: recipe.members, inputs: inputs,
      hidden: recipe.hidden + (edges.isEmpty ? recipe.hidden.suffix(1) : []),
      outputCount: max(1, rows.task.classes.count), edges: edges,
      numberEmbedding: max(1, embedding), levelEmbedding: recipe.levelEmbedding)
  }

  /// A `TabM` with an ensemble for each fold, which learns from the fold's training rows; they are judged
  /// by the validation rows of all folds, each predicted by its own ensemble.
  ///
  /// - Parameters:
  ///   - recipe: how it is made and trained.
  ///   - folds: the folds of the training rows.
  ///   - leastEpochs: the least epochs that are worth training.
  ///   - progress: is told of each epoch.
  /// - Returns: the networks at the best epoch and temperature.
  /// - Throws: `TooFewEpochs` if there is time for less than `leastEpochs`, `TabularError` if it does not
  ///   fit into memory or the training diverges, and the failure of an operation.
  func tabM(
    _ recipe: TabMRecipe, folds: [Fold], leastEpochs: Int = 1,
    progress: (TabularProgress) -> Void = { _ in }
  ) throws -> NetworksFit<Element> {
    var recipe = recipe
    recipe.epochs = options.networkEpochs ?? recipe.epochs
    if rows.task.isClassification, !metric.needsProbabilities { recipe.labelSmoothing = 0.1 }
    var schema = try schema()
    let targets = learntTargets
    let features = try encoded.tensor(rows: training) as Tensor<Element>
    var shape = tabMShape(recipe, ensembles: folds.count, features: features)
    shape.range = range(of: targets, schema)
    (schema.realMLP, schema.tabM) = (nil, shape)
    try checkMemory(schema)
    let network = TabM<Element>(shape, generator: generator, dropoutSeed: options.seed)
    let inputs = shape.inputs.arranged(features)
    let steps = TabMTraining(
      network: network, recipe: recipe,
      rows: NetworkRows(
        features: inputs, targets: targets, weights: try rowWeights(targets), schema: schema,
        asksForClasses: true), generator: generator, metric: metric,
      rowsOfEnsembles: folds.map(\.training), deadline: deadline)
    return try fit(
      network, schema, by: steps, inputs: inputs, folds: folds, leastEpochs: leastEpochs,
      progress: progress
    ) { temperature in
      shape.temperature = temperature
      schema.tabM = shape
      return (network.with(shape), schema)
    }
  }
}
