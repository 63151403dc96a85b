import SlopeCore
import SlopeData
import SlopeTraining

/// The training of networks side by side, which keeps the parameters of their best epoch.
protocol MemberTraining<Element> {
  associatedtype Element: FloatingElement

  /// The training rows, with the inputs in the networks' order.
  var rows: NetworkRows<Element> { get }
  /// What draws the rows of an epoch.
  var sampler: MemberSampler { get }
  /// The most passes over the training rows.
  var epochs: Int { get set }
  /// The learning rate at first, for messages.
  var learningRate: Double { get }
  /// By what the best epoch is chosen.
  var metric: Metric { get }
  /// The networks' dropout, which draws.
  var dropout: StepDropout { get }
  /// The multiply-adds of a row's products, of all networks.
  var multiplyAdds: Int { get }
  /// The same training of networks that are thrown away.
  var scratch: Self { get }

  /// What takes the steps, on the sum of the members' losses.
  func trainer(
    _ callbacks: [any TrainingCallback]
  ) -> Trainer<Element, NetworkRows<Element>.Batch>

  /// Whether training ends although epochs are left.
  func ends(after epoch: Int, best: Int?) -> Bool
}

/// An epoch of networks side by side that has ended.
struct MemberEpoch {
  let number: Int
  /// The mean of the members' losses.
  let trainingLoss: Double
  let validationScore: Double?
  let best: Int?
  /// The learning rate of the first parameters in the last step.
  let learningRate: Double?
  /// Whether it was trained before a training that was stopped went on.
  let isEarlier: Bool
}

extension MemberTraining {
  /// The smoothing of labels, 1e-20 at least.
  ///
  /// It changes no loss, but without it the gradients of classes that are certain not to be are subnormal
  /// numbers, with which processors compute many times slower.
  func smoothed(_ labelSmoothing: Double) -> Double { max(labelSmoothing, 1e-20) }

  /// Trains, until the epoch `last` if there is one; returns the epochs, with the sum of the members' losses.
  ///
  /// Throws `TrainingError` for a loss that is no number, and what the score throws.
  func run(
    _ entry: JournalEntry = JournalEntry(), last: Int? = nil, validationScore: () throws -> Double?,
    _ report: (MemberEpoch) -> Void
  ) throws -> TrainingHistory {
    let sampler = sampler
    return try withoutActuallyEscaping(report) { report in
      var best: Int?
      func tell(_ record: EpochRecord, isEarlier: Bool) {
        if record.isBest { best = record.epoch }
        report(
          MemberEpoch(
            number: record.epoch, trainingLoss: record.trainingLoss / Double(sampler.members),
            validationScore: record.metrics[metric], best: best,
            learningRate: record.learningRates.first, isEarlier: isEarlier))
      }
      let events = TrainingEvents(goingOn: { history in
        for record in history.epochs { tell(record, isEarlier: true) }
      }) { record in
        tell(record, isEarlier: false)
        return ends(after: record.epoch, best: best) || record.epoch == last ? .stop : .goOn
      }
      // The loader itself draws nothing that matters.
      let loader = DataLoader(
        rows, batchSize: sampler.members * sampler.batchSize, sampler: sampler,
        generator: Generator(seed: 0))
      let trainer = trainer([events])
      // A batch is one of each member, whose size nobody chooses.
      trainer.namesBatchSize = false
      try entry.apply(
        to: trainer, rows.all, [dropout.generator],
        StepSize(
          stepsPerEpoch: sampler.batchCount, lastEpoch: last, rowCount: sampler.batchSize,
          multiplyAdds: multiplyAdds))
      return try trainer.fit(
        loader, epochs: last == 0 ? 0 : epochs, metric: metric, score: validationScore)
    }
  }

  /// The duration of a step in seconds, from a few steps of networks that are thrown away.
  func secondsOfAStep() -> Double {
    let scratch = scratch
    let (trainer, sampler) = (scratch.trainer([]), scratch.sampler)
    let order = Tensor(
      Array(sampler.epoch().prefix(sampler.members * sampler.batchSize)),
      on: rows.all.features.device)
    func takeSteps(_ count: Int) {
      for _ in 0..<count { _ = trainer.takeStep(rows.all.taking(order)).loss.item() }
    }
    // The first ones make programs and memory.
    takeSteps(2)
    return ContinuousClock().measure { takeSteps(3) }.inSeconds / 3
  }
}
