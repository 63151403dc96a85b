import SlopeCore
import SlopeNN
import SlopeOptimizers
import SlopeTraining

/// How a `RealMLP` is made and trained.
///
/// Source: D. Holzmüller, L. Grinsztajn and I. Steinwart, "Better by default: strong pre-tuned MLPs
/// and boosted trees on tabular data", NeurIPS 2024, arXiv:2407.04491, table A.1. Labels are smoothed
/// only where models are judged by the classes that they predict.
struct RealMLPRecipe: Sendable {
  var members = 1
  var hidden = [256, 256, 256]
  var activation: ParametricFunction
  var numberEmbedding = 1
  var waves = 16
  var levelEmbedding = 8
  var dropout = 0.0
  var epochs = 256
  var batchSize = 256
  var learningRate: Double
  /// The factors of the learning rate of some parameters.
  var scaleFactor = 6.0
  var biasFactor = 0.1
  var embeddingFactor = 0.1
  /// 0 for activations that stay as they are.
  var activationFactor = 0.0
  var betas = (0.9, 0.95)
  /// Training ends with the epoch `factor · best + epochs`, where best is the best one so far.
  ///
  /// The learning rate is low at 1/15, 1/5, 7/15 and the end of the epochs: so it goes on as long as the
  /// second of two such places was better than the first.
  var patience = (factor: 3, epochs: 40)
  var weightDecay = 0.0
  var labelSmoothing = 0.0

  /// RealMLP-TD-S: one network without embeddings.
  static func fast(isClassification: Bool) -> RealMLPRecipe {
    RealMLPRecipe(
      activation: isClassification ? .selu : .mish, learningRate: isClassification ? 0.04 : 0.07)
  }

  /// RealMLP-TD, several networks side by side.
  static func good(isClassification: Bool) -> RealMLPRecipe {
    var recipe = fast(isClassification: isClassification)
    recipe.members = 4
    recipe.numberEmbedding = 4
    recipe.dropout = 0.15
    recipe.learningRate = isClassification ? 0.04 : 0.2
    recipe.activationFactor = 0.1
    recipe.weightDecay = 0.02
    return recipe
  }
}

/// The training of networks side by side, which keeps the parameters of their best epoch.
struct RealMLPTraining<Element: FloatingElement> {
  let network: RealMLP<Element>
  let recipe: RealMLPRecipe
  /// The training rows, with the inputs in the network's order.
  let rows: NetworkRows<Element>
  let generator: Generator
  /// By what the best epoch is chosen.
  var metric = Metric.rootMeanSquaredError

  /// An epoch that has ended.
  struct Epoch {
    let number: Int
    let trainingLoss: Double
    let validationScore: Double?
    let best: Int?
  }

  /// Trains, until the epoch `last` if there is one; returns the number of epochs and the one whose
  /// parameters the network has, nil without validation rows.
  ///
  /// Throws what `report` throws, also for a loss that is no number.
  func run(
    last: Int? = nil, validationScore: () throws -> Double?,
    _ report: (Epoch) throws -> Void
  ) throws -> (epochs: Int, best: Int?) {
    let batchSize = min(recipe.batchSize, rows.count)
    let batchCount = rows.count / batchSize
    let (stepCount, isTooLarge) = recipe.epochs.multipliedReportingOverflow(by: batchCount)
    let steps = Steps(self, count: isTooLarge ? .max : stepCount)
    var best = BestEpoch<Element>(metric)
    var epochs = 0
    while epochs < last ?? recipe.epochs {
      epochs += 1
      let losses = orders(batchCount, batchSize).map { steps.take($0) }
      network.dropout.probability = 0
      let score = try validationScore()
      best.consider(epochs, score) { network.state() }
      try report(
        Epoch(
          number: epochs, trainingLoss: stack(losses).mean().item().doubleValue,
          validationScore: score, best: best.number))
      let (factor, more) = recipe.patience
      if let best = best.number, epochs >= factor * best + more { break }
    }
    if best.number != nil { try network.load(best.state) }
    return (epochs, best.number)
  }

  /// The steps of a training, whose rates, decays and dropout follow schedules.
  final class Steps {
    private let training: RealMLPTraining
    private let optimizer: AdamW<Element>
    private let bases: (rates: [Double], decays: [Double])
    private let count: Int
    private var step = 0

    init(_ training: RealMLPTraining, count: Int) {
      self.training = training
      self.count = count
      optimizer = training.optimizer()
      bases = (optimizer.learningRates, optimizer.weightDecays)
    }

    /// Takes a step on some rows; returns the mean loss that the members had on them.
    func take(_ order: Tensor<Int>) -> Tensor<Element> {
      let (network, recipe) = (training.network, training.recipe)
      func scheduled(_ schedule: LearningRateSchedule, _ bases: [Double]) -> [Double] {
        bases.map { schedule.rate(at: step, base: $0, totalSteps: count) }
      }
      optimizer.learningRates = scheduled(.coslog4, bases.rates)
      optimizer.weightDecays = scheduled(.flatCosine, bases.decays)
      network.dropout.probability = scheduled(.flatCosine, [recipe.dropout])[0]
      step += 1
      let loss = training.loss(training.rows.all.taking(order))
      // Each member follows the gradient of its own mean loss.
      (loss * Element(clamping: Double(recipe.members))).backward()
      optimizer.step()
      optimizer.zeroGrad()
      return loss.detached()
    }
  }

  /// The rows of each batch of an epoch, those of the members one after another.
  ///
  /// Each member has an order of its own. The last rows, which are no whole batch, are left out.
  func orders(_ batchCount: Int, _ batchSize: Int) -> [Tensor<Int>] {
    let orders = (0..<recipe.members).map { _ in generator.permutation(rows.count) }
    let device = rows.all.features.device
    return (0..<batchCount).map { batch in
      let range = (batch * batchSize)..<((batch + 1) * batchSize)
      return Tensor(orders.flatMap { $0[range].map { Int($0) } }, on: device)
    }
  }

  /// The mean loss of all members on a batch.
  fileprivate func loss(_ batch: NetworkRows<Element>.Batch) -> Tensor<Element> {
    let members = recipe.members
    let input = batch.features.reshaped(
      to: [members, batch.count / members, batch.features.shape[1]])
    let output = network(input)
    let flat = output.reshaped(to: [batch.count, output.shape[2]])
    let reduction: LossReduction = batch.weights == nil ? .mean : .none
    let losses: Tensor<Element>
    if let classes = batch.classes {
      losses = CrossEntropyLoss<Element>(
        labelSmoothing: recipe.labelSmoothing, reduction: reduction)(flat, classes)
    } else {
      losses = MSELoss<Element>(reduction: reduction)(flat, batch.numbers ?? flat)
    }
    guard let weights = batch.weights else { return losses }
    return (losses.flattened() * weights).mean()
  }

  fileprivate func optimizer() -> AdamW<Element> {
    func group(
      _ parameters: [Parameter<Element>], _ factor: Double, decays: Bool = true
    ) -> ParameterGroup<Element> {
      ParameterGroup(
        parameters, learningRate: recipe.learningRate * factor, weightDecay: decays ? nil : 0)
    }
    let embedding = network.numbers.map { [$0.frequency, $0.phase, $0.linear, $0.bias] } ?? []
    let activations = recipe.activationFactor > 0 ? network.activations.map(\.weight) : []
    return AdamW(
      [
        group(network.layers.map(\.weight) + network.levels, 1),
        group([network.scale.weight], recipe.scaleFactor),
        group(network.layers.compactMap(\.bias), recipe.biasFactor, decays: false),
        group(embedding, recipe.embeddingFactor),
        group(activations, recipe.activationFactor),
      ], betas: recipe.betas, weightDecay: recipe.weightDecay)
  }
}
