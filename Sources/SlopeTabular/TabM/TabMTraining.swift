import SlopeCore
import SlopeData
import SlopeNN
import SlopeOptimizers
import SlopeTraining

/// The training of a `TabM`, at one rate: each member follows the gradient of its own loss.
struct TabMTraining<Element: FloatingElement>: MemberTraining {
  let network: TabM<Element>
  var recipe: TabMRecipe
  let rows: NetworkRows<Element>
  let generator: Generator
  let metric: Metric
  /// The rows that each ensemble learns from.
  let rowsOfEnsembles: [[Int]]
  /// When training ends although epochs are left; nil for never.
  var deadline: Deadline?

  var epochs: Int {
    get { recipe.epochs }
    set { recipe.epochs = newValue }
  }

  var dropout: StepDropout { network.dropout }

  var multiplyAdds: Int {
    let shared = network.layers.reduce(0) { $0 + $1.weight.shape.elementCount }
    return shared * network.shape.members + network.heads.weight.shape.elementCount
  }

  var learningRate: Double { recipe.learningRate }

  var scratch: TabMTraining {
    TabMTraining(
      network: TabM(network.shape, generator: Generator(seed: 0)), recipe: recipe, rows: rows,
      generator: Generator(seed: 0), metric: metric, rowsOfEnsembles: rowsOfEnsembles)
  }

  var sampler: MemberSampler {
    MemberSampler(
      members: network.shape.ensembles, rowCount: rows.count, rowsOfMembers: rowsOfEnsembles,
      batchSize: TabMRecipe.batchSize(rowsOfEnsembles.map(\.count).min() ?? rows.count),
      generator: generator)
  }

  func ends(after epoch: Int, best: Int?) -> Bool {
    let stepCount = max(1, sampler.batchCount)
    let patience = max(recipe.patience.epochs, recipe.patience.steps / stepCount)
    if let best, epoch - best >= patience { return true }
    return deadline?.hasPassed ?? false
  }

  func trainer(
    _ callbacks: [any TrainingCallback]
  ) -> Trainer<Element, NetworkRows<Element>.Batch> {
    network.dropout.probability = recipe.dropout
    // The ensembles share nothing: the norm of all of their gradients is larger than that of one.
    let ensembles = Double(network.shape.ensembles)
    return Trainer(
      network, optimizer: optimizer(),
      gradientLimit: .norm(recipe.gradientNorm * ensembles.squareRoot()), callbacks: callbacks,
      rowCount: { (batch: NetworkRows<Element>.Batch) in batch.count },
      batchLoss: { batch in loss(batch) * Element(clamping: ensembles) })
  }

  /// The mean loss of all members of all ensembles on a batch, in which the rows of the ensembles follow
  /// one another.
  func loss(_ batch: NetworkRows<Element>.Batch) -> Tensor<Element> {
    let (ensembles, members) = (network.shape.ensembles, network.shape.members)
    let rows = batch.count / ensembles
    let output = network(
      batch.features.reshaped(to: [ensembles, rows, batch.features.shape[1]]))
    let outputs = output.shape[3]
    let flat = output.reshaped(to: [ensembles * members * rows, outputs])
    /// What all members of an ensemble have in common, one after another as in `flat`.
    func repeated<Other: TensorElement>(_ ofRows: Tensor<Other>) -> Tensor<Other> {
      ofRows.reshaped(to: [ensembles, 1, rows]).expanded(to: [ensembles, members, rows])
        .reshaped(to: [ensembles * members * rows])
    }
    let losses: Tensor<Element>
    if let classes = batch.classes {
      losses = CrossEntropyLoss<Element>(
        labelSmoothing: smoothed(recipe.labelSmoothing), reduction: .none)(flat, repeated(classes))
    } else {
      let numbers = batch.numbers.map { repeated($0).unsqueezed(at: 1) } ?? flat
      losses = MSELoss<Element>(reduction: .none)(flat, numbers)
    }
    let all = losses.flattened()
    return (batch.weights.map { all * repeated($0) } ?? all).mean()
  }

  private func optimizer() -> AdamW<Element> {
    var decaying: [Parameter<Element>?] = network.levels
    var others: [Parameter<Element>?] = [network.heads.bias]
    for layer in network.layers {
      decaying += [layer.weight, layer.inputFactors, layer.outputFactors]
      others.append(layer.bias)
    }
    decaying += [network.heads.weight, network.numbers?.linear]
    others += [network.numbers?.slope, network.numbers?.bias]
    return AdamW(
      [ParameterGroup(decaying), ParameterGroup(others, weightDecay: 0)],
      learningRate: recipe.learningRate, weightDecay: recipe.weightDecay)
  }
}
