import SlopeCore
import SlopeData

/// Training steps of networks for tables on random numbers, for benchmarks.
package enum RealMLPBenchmark {
  /// Steps of RealMLP-TD on a table of numbers.
  ///
  /// - Parameters:
  ///   - rows: the rows of a batch, and of the table.
  ///   - columns: the columns of numbers.
  ///   - members: the networks side by side.
  /// - Returns: a function that takes so many steps.
  package static func steps(rows: Int, columns: Int, members: Int) -> (Int) -> Void {
    var recipe = RealMLPRecipe.good(isClassification: false)
    recipe.members = members
    var inputs = NetworkInputs()
    inputs.numbers = Array(0..<columns)
    let shape = RealMLPShape(
      members: members, inputs: inputs, hidden: recipe.hidden, outputCount: 1,
      activation: recipe.activation, numberEmbedding: recipe.numberEmbedding, waves: recipe.waves,
      levelEmbedding: recipe.levelEmbedding, range: [-9, 9])
    let generator = Generator(seed: 0)
    let network = RealMLP<Float>(shape, generator: generator)
    let features = Tensor<Float>.normal(
      [rows, columns], generator: generator, on: .default)
    network.initialize(by: features.unsqueezed(at: 0), generator: generator)
    let targets = TargetRows(numbers: features[0..., 0].scalars.map { Double($0 * $0) })
    let training = RealMLPTraining(
      network: network, recipe: recipe,
      rows: NetworkRows(features: features, numbers: targets.numbers), generator: generator)
    let trainer = training.trainer(RealMLPTraining.Course(training))
    let order = Tensor(training.sampler.epoch(), on: features.device)
    return { repetitions in
      for _ in 0..<repetitions { trainer.takeStep(training.rows.all.taking(order)) }
    }
  }

  /// The floating-point operations of a step's products of the hidden layers.
  package static func operations(rows: Int, columns: Int, members: Int) -> Double {
    let widths = [4 * columns, 256, 256, 256, 1].map(Double.init)
    let weights = zip(widths, widths.dropFirst()).map { $0 * $1 }.reduce(0, +)
    return 6 * Double(rows * members) * weights
  }
}
