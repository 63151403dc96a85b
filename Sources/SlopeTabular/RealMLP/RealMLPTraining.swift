import SlopeCore
import SlopeNN
import SlopeOptimizers
import SlopeTraining

/// The training of networks side by side, which keeps the parameters of their best epoch.
struct RealMLPTraining<Element: FloatingElement> {
  let network: RealMLP<Element>
  var recipe: RealMLPRecipe
  /// The training rows, with the inputs in the network's order.
  let rows: NetworkRows<Element>
  let generator: Generator
  /// By what the best epoch is chosen.
  var metric = Metric.rootMeanSquaredError
  /// The rows that each member learns from; nil for all.
  var rowsOfMembers: [[Int]]?
  /// When training ends although epochs are left; nil for never.
  var deadline: Deadline?

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
    let (batchSize, batchCount) = batches
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
      let (factor, more, share) = recipe.patience
      if let best = best.number, epochs >= factor * best + more,
        Double(epochs) > share * Double(recipe.epochs)
      {
        break
      }
      if let deadline, deadline.hasPassed { break }
    }
    if best.number != nil { try network.load(best.state) }
    return (epochs, best.number)
  }

  /// The rows of each member in a batch, and the batches of an epoch.
  private var batches: (size: Int, count: Int) {
    let count = rowsOfMembers?.map(\.count).min() ?? rows.count
    let size = max(1, min(recipe.batchSize, count))
    return (size, count / size)
  }

  /// The duration of an epoch without its validation in seconds, from a few steps of networks that are
  /// thrown away.
  func secondsOfAnEpoch() -> Double {
    let scratch = RealMLPTraining(
      network: RealMLP(network.shape, generator: Generator(seed: 0)), recipe: recipe, rows: rows,
      generator: Generator(seed: 0), rowsOfMembers: rowsOfMembers)
    let (batchSize, batchCount) = batches
    let steps = Steps(scratch, count: 6)
    let order = scratch.orders(1, batchSize)[0]
    // The first ones make programs and memory.
    for _ in 0..<2 { _ = steps.take(order).item() }
    let duration = ContinuousClock().measure {
      for _ in 0..<3 { _ = steps.take(order).item() }
    }
    return duration.inSeconds / 3 * Double(batchCount)
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
      let smoothing =
        recipe.smoothingFollowsRate
        ? scheduled(.coslog4, [recipe.labelSmoothing])[0] : recipe.labelSmoothing
      step += 1
      let loss = training.loss(training.rows.all.taking(order), smoothing)
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
    let orders = (0..<recipe.members).map { member in
      guard let rows = rowsOfMembers?[member] else {
        return generator.permutation(rows.count).map { Int($0) }
      }
      return generator.permutation(rows.count).map { rows[Int($0)] }
    }
    let device = rows.all.features.device
    return (0..<batchCount).map { batch in
      let range = (batch * batchSize)..<((batch + 1) * batchSize)
      return Tensor(orders.flatMap { $0[range] }, on: device)
    }
  }

  /// The mean loss of all members on a batch.
  fileprivate func loss(
    _ batch: NetworkRows<Element>.Batch, _ labelSmoothing: Double
  ) -> Tensor<Element> {
    let members = recipe.members
    let input = batch.features.reshaped(
      to: [members, batch.count / members, batch.features.shape[1]])
    let output = network(input)
    let flat = output.reshaped(to: [batch.count, output.shape[2]])
    let reduction: LossReduction = batch.weights == nil ? .mean : .none
    let losses: Tensor<Element>
    if let classes = batch.classes {
      losses = CrossEntropyLoss<Element>(
        labelSmoothing: labelSmoothing, reduction: reduction)(flat, classes)
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
    // Parameters of one rate are updated together.
    let first = recipe.firstLayerFactor == 1 ? 0 : 1
    return AdamW(
      [
        group(network.layers.prefix(first).map(\.weight), recipe.firstLayerFactor),
        group(network.layers.dropFirst(first).map(\.weight) + network.levels, 1),
        group([network.scale.weight], recipe.scaleFactor),
        group(network.layers.compactMap(\.bias), recipe.biasFactor, decays: false),
        group(embedding, recipe.embeddingFactor),
        group(activations, recipe.activationFactor),
      ], betas: recipe.betas, weightDecay: recipe.weightDecay)
  }
}
