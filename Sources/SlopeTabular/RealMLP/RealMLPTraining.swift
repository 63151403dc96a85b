import SlopeCore
import SlopeData
import SlopeNN
import SlopeOptimizers
import SlopeTraining

/// The training of a `RealMLP`, whose rates, decays and dropout follow schedules.
struct RealMLPTraining<Element: FloatingElement>: MemberTraining {
  let network: RealMLP<Element>
  var recipe: RealMLPRecipe
  let rows: NetworkRows<Element>
  let generator: Generator
  var metric = Metric.rootMeanSquaredError
  /// The rows that each member learns from; nil for all.
  var rowsOfMembers: [[Int]]?
  /// When training ends although epochs are left; nil for never.
  var deadline: Deadline?

  var epochs: Int {
    get { recipe.epochs }
    set { recipe.epochs = newValue }
  }

  var dropout: StepDropout { network.dropout }

  var multiplyAdds: Int { network.layers.reduce(0) { $0 + $1.weight.shape.elementCount } }

  var learningRate: Double { recipe.learningRate }

  var scratch: RealMLPTraining {
    RealMLPTraining(
      network: RealMLP(network.shape, generator: Generator(seed: 0)), recipe: recipe, rows: rows,
      generator: Generator(seed: 0), rowsOfMembers: rowsOfMembers)
  }

  func ends(after epoch: Int, best: Int?) -> Bool {
    let (factor, more, share) = recipe.patience
    if let best, epoch >= factor * best + more, Double(epoch) > share * Double(recipe.epochs) {
      return true
    }
    return deadline?.hasPassed ?? false
  }

  var sampler: MemberSampler {
    MemberSampler(
      members: recipe.members, rowCount: rows.count, rowsOfMembers: rowsOfMembers,
      batchSize: recipe.batchSize, generator: generator)
  }

  /// What changes from step to step, beside the rates: dropout and the smoothing of labels.
  final class Course: TrainingCallback {
    private(set) var labelSmoothing = 0.0
    private let recipe: RealMLPRecipe
    private let dropout: StepDropout

    /// The course of a training before its first step.
    init(_ training: RealMLPTraining) {
      recipe = training.recipe
      dropout = training.network.dropout
      follow(0, of: 1)
    }

    func stepEnded(_ step: Int, of stepCount: Int) { follow(step, of: stepCount) }

    func resumed(
      at step: Int, of stepCount: Int, after history: TrainingHistory, from state: Safetensors
    ) { follow(step, of: stepCount) }

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

  func trainer(
    _ callbacks: [any TrainingCallback]
  ) -> Trainer<Element, NetworkRows<Element>.Batch> {
    let course = Course(self)
    return trainer(course, [course] + callbacks)
  }

  /// What takes the steps, with what a course says.
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
        labelSmoothing: smoothed(labelSmoothing), reduction: reduction)(flat, classes)
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
