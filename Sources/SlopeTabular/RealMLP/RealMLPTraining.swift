import SlopeCore
import SlopeData
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
  /// Throws `TrainingError` for a loss that is no number, and what the score throws.
  func run(
    last: Int? = nil, validationScore: () throws -> Double?, _ report: (Epoch) -> Void
  ) throws -> (epochs: Int, best: Int?) {
    try withoutActuallyEscaping(report) { report in
      let course = Course(self)
      var best: Int?
      let events = TrainingEvents(afterStep: course.follow) { record in
        if record.isBest { best = record.epoch }
        report(
          Epoch(
            number: record.epoch, trainingLoss: record.trainingLoss / Double(recipe.members),
            validationScore: record.metrics[metric], best: best))
        return ends(after: record.epoch, best: best) || record.epoch == last ? .stop : .goOn
      }
      let trainer = trainer(course, [events])
      // The loader itself draws nothing that matters.
      let loader = DataLoader(
        rows, batchSize: recipe.members * sampler.batchSize, sampler: sampler,
        generator: Generator(seed: 0))
      let history = try trainer.fit(
        loader, epochs: last == 0 ? 0 : recipe.epochs, metric: metric, score: validationScore)
      return (history.epochs.count, history.best?.epoch)
    }
  }

  /// Whether training ends although epochs are left.
  private func ends(after epoch: Int, best: Int?) -> Bool {
    let (factor, more, share) = recipe.patience
    if let best, epoch >= factor * best + more, Double(epoch) > share * Double(recipe.epochs) {
      return true
    }
    return deadline?.hasPassed ?? false
  }

  /// What draws the rows of an epoch.
  var sampler: MemberSampler {
    MemberSampler(
      members: recipe.members, rowCount: rows.count, rowsOfMembers: rowsOfMembers,
      batchSize: recipe.batchSize, generator: generator)
  }

  /// The duration of a step in seconds, from a few steps of networks that are thrown away.
  func secondsOfAStep() -> Double {
    let scratch = RealMLPTraining(
      network: RealMLP(network.shape, generator: Generator(seed: 0)), recipe: recipe, rows: rows,
      generator: Generator(seed: 0), rowsOfMembers: rowsOfMembers)
    let trainer = scratch.trainer(Course(scratch))
    let sampler = scratch.sampler
    let order = Tensor(
      Array(sampler.epoch().prefix(recipe.members * sampler.batchSize)),
      on: rows.all.features.device)
    func takeSteps(_ count: Int) {
      for _ in 0..<count { _ = trainer.takeStep(rows.all.taking(order)).loss.item() }
    }
    // The first ones make programs and memory.
    takeSteps(2)
    return ContinuousClock().measure { takeSteps(3) }.inSeconds / 3
  }

  /// What changes from step to step, beside the rates: dropout and the smoothing of labels.
  final class Course {
    private(set) var labelSmoothing = 0.0
    private let recipe: RealMLPRecipe
    private let dropout: StepDropout

    /// The course of a training before its first step.
    init(_ training: RealMLPTraining) {
      recipe = training.recipe
      dropout = training.network.dropout
      follow(0, of: 1)
    }

    /// Sets what holds after some of the steps.
    func follow(_ step: Int, of stepCount: Int) {
      func scheduled(_ schedule: LearningRateSchedule, _ base: Double) -> Double {
        schedule.rate(at: step, base: base, totalSteps: max(1, stepCount))
      }
      dropout.probability = scheduled(.flatCosine, recipe.dropout)
      labelSmoothing =
        recipe.smoothingFollowsRate
        ? scheduled(.coslog4, recipe.labelSmoothing) : recipe.labelSmoothing
    }
  }

  /// What takes the steps, with rates and decays that follow schedules.
  func trainer(
    _ course: Course, _ callbacks: [any TrainingCallback] = []
  ) -> Trainer<Element, NetworkRows<Element>.Batch> {
    let trainer = Trainer(
      network, optimizer: optimizer(), schedule: .coslog4, weightDecaySchedule: .flatCosine,
      callbacks: callbacks, rowCount: { (batch: NetworkRows<Element>.Batch) in batch.count },
      batchLoss: { batch in
        // Each member follows the gradient of its own mean loss.
        loss(batch, course.labelSmoothing) * Element(clamping: Double(recipe.members))
      })
    trainer.prefersLater = true
    return trainer
  }

  /// The mean loss of all members on a batch.
  func loss(
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

  private func optimizer() -> AdamW<Element> {
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
