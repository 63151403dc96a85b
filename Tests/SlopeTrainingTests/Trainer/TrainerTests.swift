import SlopeCore
import SlopeData
import SlopeNN
import SlopeOptimizers
import Testing

@testable import SlopeTraining

struct TrainerTests {
  private typealias Data = TensorDataset<Float, Float>

  /// Rows of y = 2 x₀ − x₁ + ½, exactly.
  private static func rows(_ count: Int, seed: UInt64 = 1) -> Data {
    let x = Tensor<Float>.normal([count, 2], generator: Generator(seed: seed))
    return Data(x, (2 * x[0..., 0] - x[0..., 1] + 0.5).unsqueezed(at: 1))
  }

  private static func classes(_ count: Int, seed: UInt64 = 1) -> TensorDataset<Float, Int> {
    let x = Tensor<Float>.normal([count, 2], generator: Generator(seed: seed))
    return TensorDataset(x, (x[0..., 0] .> x[0..., 1]).cast(to: Int.self))
  }

  private static func loader<D: Dataset>(
    _ rows: D, _ size: Int = 8, seed: UInt64? = nil
  ) -> DataLoader<D> {
    DataLoader(
      rows, batchSize: size, shuffle: seed != nil, generator: seed.map { Generator(seed: $0) })
  }

  private static func model(_ seed: UInt64 = 3) -> Sequential<Float> {
    let generator = Generator(seed: seed)
    return Sequential(
      Linear(2, 5, generator: generator), Tanh(), Linear(5, 1, generator: generator))
  }

  private static func weights(_ model: any Module<Float>) -> [Float] {
    model.parameters().flatMap(\.tensor.scalars)
  }

  // MARK: The loop

  @Test func itIsTheLoopThatIsWrittenByHand() throws {
    let (byHand, trained) = (Self.model(), Self.model())
    let optimizer = Adam(byHand.parameters(), learningRate: 0.02)
    let scheduler = LearningRateScheduler(optimizer, .exponential(gamma: 0.9))
    let loss = MSELoss<Float>()
    let loader = Self.loader(Self.rows(30), seed: 7)
    var means: [Double] = []
    for _ in 0..<3 {
      var sum = 0.0
      for (x, y) in loader {
        let value = loss(byHand(x), y)
        value.backward()
        optimizer.step()
        optimizer.zeroGrad()
        scheduler.step()
        sum += Double(value.item()) * Double(x.shape[0])
      }
      means.append(sum / 30)
    }
    let trainer = Trainer(
      trained, loss: MSELoss(), optimizer: Adam(trained.parameters(), learningRate: 0.02),
      schedule: .exponential(gamma: 0.9))
    let history = try trainer.fit(Self.loader(Self.rows(30), seed: 7), epochs: 3)
    #expect(Self.weights(trained) == Self.weights(byHand))
    #expect(history.epochs.map(\.epoch) == [1, 2, 3])
    for (record, mean) in zip(history.epochs, means) {
      #expect(abs(record.trainingLoss - mean) < 1e-6 * max(1, mean))
      #expect(record.rowCount == 30 && record.validationLoss == nil && record.metrics == [:])
    }
    #expect(history.best == nil)
  }

  @Test func theSameSeedsGiveTheSameBytes() throws {
    func bytes() throws -> [Float] {
      let model = Self.model()
      try Trainer(model, loss: MSELoss(), optimizer: SGD(model.parameters(), learningRate: 0.1))
        .fit(Self.loader(Self.rows(50), seed: 2), epochs: 4)
      return Self.weights(model)
    }
    #expect(try bytes() == bytes())
  }

  @Test func theLossFalls() throws {
    let model = Self.model()
    let trainer = Trainer(
      model, loss: MSELoss(), optimizer: AdamW(model.parameters(), learningRate: 0.02),
      metrics: [.rootMeanSquaredError, .rSquared])
    let history = try trainer.fit(
      Self.loader(Self.rows(200), 20, seed: 1), validation: Self.loader(Self.rows(60, seed: 2), 64),
      epochs: 60)
    let best = try #require(history.best)
    let rmse = try #require(best.metrics[.rootMeanSquaredError])
    #expect(rmse < 0.35 && (best.metrics[.rSquared] ?? 0) > 0.97, "\(rmse)")
    #expect(abs(rmse * rmse - (best.validationLoss ?? .nan)) < 1e-5)
  }

  // MARK: The best epoch

  /// A model whose validation loss falls and then rises: one weight that descends past its goal.
  private static func passing() -> (Linear<Float>, Data, Data) {
    let layer = Linear(weight: Parameter(Tensor<Float>([[0]])), bias: nil)
    let one = Tensor<Float>([[1]])
    return (layer, Data(one, Tensor([[10]])), Data(one, Tensor([[2]])))
  }

  @Test func theBestEpochIsKept() throws {
    let (layer, training, validation) = Self.passing()
    // Each step goes a tenth of the way to 10: 1, 1.9, 2.71, …
    let trainer = Trainer(
      layer, loss: MSELoss(), optimizer: SGD(layer.parameters(), learningRate: 0.05))
    let history = try trainer.fit(
      Self.loader(training), validation: Self.loader(validation), epochs: 6)
    #expect(history.epochs.count == 6 && history.best?.epoch == 2)
    #expect(abs(layer.weight.tensor.item() - 1.9) < 1e-5)
    #expect(abs((history.best?.validationLoss ?? .nan) - 0.01) < 1e-5)
  }

  /// Of scores that are made up; of two equal ones the first or the last is the best.
  @Test(
    arguments: [
      (Metric.logLoss, [3, 1, 2, 1, 4], [1, 2], 2), (.logLoss, [3, 1, 2, 1, 4], [1, 2, 4], 4),
      (.accuracy, [3, 4, .nan, 4, 1], [1, 2], 2), (.accuracy, [3, 4, .nan, 4, 1], [1, 2, 4], 4),
      (.logLoss, [.nan, nil, 2, 3], [3], 3), (.logLoss, [.nan, .nan], [], nil),
      (.logLoss, [nil, nil], [], nil),
    ] as [(Metric, [Double?], [Int], Int?)])
  func theBestScoreDecides(metric: Metric, scores: [Double?], marks: [Int], best: Int?) throws {
    let (layer, training, _) = Self.passing()
    layer.weight.tensor = Tensor([[0]])
    let trainer = Trainer(
      layer, loss: MSELoss(), optimizer: SGD(layer.parameters(), learningRate: 0.05))
    trainer.prefersLater = marks.contains(4)
    var weights: [Float] = []
    let history = try trainer.fit(
      Self.loader(training), epochs: scores.count, metric: metric
    ) {
      weights.append(layer.weight.tensor.item())
      return scores[weights.count - 1]
    }
    #expect(history.best?.epoch == best && history.monitor == metric)
    #expect(history.epochs.filter { $0.isBest }.map(\.epoch) == marks)
    for (record, score) in zip(history.epochs, scores) {
      #expect(record.validationLoss == nil && record.metrics.count == (score == nil ? 0 : 1))
      if let score, !score.isNaN { #expect(record.metrics[metric] == score) }
    }
    #expect(layer.weight.tensor.item() == weights[(best ?? scores.count) - 1])
  }

  @Test func aScoreIsTakenInEvaluationMode() throws {
    let model = Sequential<Float>(Linear(2, 1, generator: Generator(seed: 1)), Dropout(p: 0.5))
    let trainer = Trainer(
      model, loss: MSELoss(), optimizer: SGD(model.parameters(), learningRate: 0.01),
      earlyStopping: EarlyStopping(patience: 2))
    let ones = Tensor<Float>.ones([1, 2])
    var scores: [Double] = [3, 1, 2, 2, 2]
    let history = try trainer.fit(
      Self.loader(Self.rows(16), seed: 1), epochs: 9, metric: .rootMeanSquaredError
    ) {
      #expect((0..<8).allSatisfy { _ in model(ones).item() == model(ones).item() })
      return scores.removeFirst()
    }
    #expect(history.epochs.count == 4 && history.best?.epoch == 2)
    struct Failed: Error {}
    #expect(throws: Failed.self) {
      try trainer.fit(Self.loader(Self.rows(16)), epochs: 1, metric: .accuracy) { throw Failed() }
    }
  }

  @Test func patienceEndsTheTraining() throws {
    let (layer, training, validation) = Self.passing()
    let trainer = Trainer(
      layer, loss: MSELoss(), optimizer: SGD(layer.parameters(), learningRate: 0.05),
      earlyStopping: EarlyStopping(patience: 2))
    for _ in 0..<2 {
      // A second training has a patience of its own.
      layer.weight.tensor = Tensor([[0]])
      let history = try trainer.fit(
        Self.loader(training), validation: Self.loader(validation), epochs: 50)
      #expect(history.epochs.count == 4 && history.best?.epoch == 2)
      #expect(abs(layer.weight.tensor.item() - 1.9) < 1e-5)
    }
  }

  @Test func aMetricDecidesWhereOneIsMonitored() throws {
    let model = Sequential<Float>(Linear(2, 2, generator: Generator(seed: 1)))
    let trainer = Trainer(
      model, loss: CrossEntropyLoss(), optimizer: SGD(model.parameters(), learningRate: 3),
      metrics: [.accuracy, .logLoss], monitor: .accuracy)
    let history = try trainer.fit(
      Self.loader(Self.classes(80), seed: 1), validation: Self.loader(Self.classes(40, seed: 5)),
      epochs: 8)
    let accuracies = history.epochs.compactMap { $0.metrics[.accuracy] }
    #expect(accuracies.count == 8)
    let best = try #require(history.best)
    #expect(best.metrics[.accuracy] == accuracies.max())
    #expect(accuracies.firstIndex(of: accuracies.max() ?? 0) == best.epoch - 1)
    let evaluation = try trainer.evaluate(Self.loader(Self.classes(40, seed: 5)))
    #expect(evaluation.metrics[.accuracy] == best.metrics[.accuracy])
    #expect(abs((evaluation.metrics[.logLoss] ?? 0) - evaluation.loss) < 1e-5)
  }

  @Test func oneLogitHasTheMetricsOfTwoClasses() throws {
    let model = Sequential<Float>(Linear(2, 1, generator: Generator(seed: 1)))
    let data = Self.classes(60)
    let rows = Data(data.features, data.targets.cast(to: Float.self).unsqueezed(at: 1))
    let trainer = Trainer(
      model, loss: BCEWithLogitsLoss(), optimizer: SGD(model.parameters(), learningRate: 1),
      metrics: [.logLoss, .accuracy])
    try trainer.fit(Self.loader(rows, seed: 1), epochs: 10)
    let evaluation = try trainer.evaluate(Self.loader(rows, 16))
    #expect(abs((evaluation.metrics[.logLoss] ?? 0) - evaluation.loss) < 1e-5)
    #expect((evaluation.metrics[.accuracy] ?? 0) > 0.9)
  }

  // MARK: Schedules, limits, callbacks

  private typealias PairTrainer = Trainer<Float, (Tensor<Float>, Tensor<Float>)>

  @Test func schedulesStepByBatchOrByEpoch() throws {
    // Three batches an epoch; a record has the rate of the last.
    for (interval, rates) in [
      (PairTrainer.ScheduleInterval.step, [0.25e-3, 0.03125e-3]), (.epoch, [1e-3, 0.5e-3]),
    ] {
      let model = Self.model()
      let trainer = Trainer(
        model, loss: MSELoss(), optimizer: SGD(model.parameters(), learningRate: 1e-3),
        schedule: .exponential(gamma: 0.5), scheduleInterval: interval)
      let history = try trainer.fit(Self.loader(Self.rows(24), 8), epochs: 2)
      for (record, rate) in zip(history.epochs, rates) {
        #expect(abs(record.learningRates[0] - rate) < 1e-12, "\(interval)")
      }
    }
  }

  @Test func aScheduleOfTheWholeTrainingKnowsItsSteps() throws {
    let model = Self.model()
    let trainer = Trainer(
      model, loss: MSELoss(), optimizer: SGD(model.parameters(), learningRate: 1e-3),
      schedule: .oneCycle(peak: 1e-2))
    let history = try trainer.fit(Self.loader(Self.rows(40), 4), epochs: 10)
    let rates = history.epochs.map { $0.learningRates[0] }
    #expect((0.009...0.0101).contains(rates.max() ?? 0) && rates[9] < 1e-6 && rates[9] > 0)
  }

  @Test func decaysHaveASchedule() throws {
    let model = Self.model()
    let optimizer = AdamW(model.parameters(), learningRate: 1e-3, weightDecay: 0.5)
    let trainer = Trainer(
      model, loss: MSELoss(), optimizer: optimizer, weightDecaySchedule: .exponential(gamma: 0.1))
    try trainer.fit(Self.loader(Self.rows(16), 8), epochs: 1)
    #expect(abs(optimizer.weightDecays[0] - 0.005) < 1e-12)
    #expect(optimizer.learningRate == 1e-3)
  }

  @Test func gradientsAreLimited() throws {
    for (limit, expected) in [
      (nil, 10), (.norm(0.5), 0.5), (.value(0.25), 0.25), (.norm(100), 10), (.value(100), 10),
    ] as [(PairTrainer.GradientLimit?, Double)] {
      let layer = Linear(weight: Parameter(Tensor<Float>([[0]])), bias: nil)
      let trainer = Trainer(
        layer, loss: MSELoss(), optimizer: SGD(layer.parameters(), learningRate: 1),
        gradientLimit: limit)
      try trainer.fit(
        Self.loader(Data(Tensor([[1]]), Tensor([[5]]))), epochs: 1)
      let moved = Double(layer.weight.tensor.item())
      #expect(abs(moved - expected) < 1e-4, "\(String(describing: limit))")
    }
  }

  private final class Recorder: TrainingCallback {
    var steps: [Int] = []
    var stepCount = 0
    var epochs: [Int] = []
    let last: Int
    init(last: Int) { self.last = last }
    func stepEnded(_ step: Int, of stepCount: Int) {
      steps.append(step)
      self.stepCount = stepCount
    }
    func epochEnded(_ record: EpochRecord, of epochCount: Int) -> TrainingDecision {
      epochs.append(record.epoch)
      return record.epoch == last ? .stop : .goOn
    }
  }

  @Test func callbacksAreToldAndCanStop() throws {
    let model = Self.model()
    let recorder = Recorder(last: 3)
    let trainer = Trainer(
      model, loss: MSELoss(), optimizer: SGD(model.parameters(), learningRate: 0.01),
      callbacks: [recorder])
    let history = try trainer.fit(Self.loader(Self.rows(20), 8), epochs: 9)
    #expect(recorder.steps == Array(1...9) && recorder.stepCount == 27)
    #expect(recorder.epochs == [1, 2, 3] && history.epochs.count == 3)
  }

  // MARK: Other models

  private struct TwoInputs: Module {
    typealias Element = Float
    let left = Linear<Float>(1, 1, generator: Generator(seed: 1))
    let right = Linear<Float>(1, 1, generator: Generator(seed: 2))
    let dropout = Dropout<Float>(p: 0.5)
  }

  private struct Triples: Dataset {
    let count = 12
    subscript(row: Int) -> (Tensor<Float>, Tensor<Float>, Tensor<Float>) { taking([row]) }
    func taking(_ rows: [Int]) -> (Tensor<Float>, Tensor<Float>, Tensor<Float>) {
      let a = Tensor<Float>(shape: [rows.count, 1], scalars: rows.map { Float($0) / 12 })
      return (a, 1 - a, 3 * a)
    }
  }

  @Test func anyModuleTrainsByTheLossOfABatch() throws {
    let model = TwoInputs()
    var isTraining: Set<Bool> = []
    let trainer = Trainer(
      model, optimizer: Adam(model.parameters(), learningRate: 0.1),
      rowCount: { (batch: Triples.Batch) in batch.0.shape[0] },
      batchLoss: { a, b, y in
        let probe = model.dropout(Tensor<Float>.ones([64])).min().item()
        isTraining.insert(probe == 0)
        return (model.left(a) + model.right(b) - y).square().mean()
      })
    let loader = DataLoader(Triples(), batchSize: 5)
    let history = try trainer.fit(loader, validation: loader, epochs: 200)
    #expect(isTraining == [true, false])
    #expect((history.best?.validationLoss ?? 1) < 1e-3)
    #expect(history.epochs[0].rowCount == 12)
  }

  // MARK: Failures

  @Test func aLossThatIsNoNumberIsAnError() throws {
    let model = Self.model()
    let trainer = Trainer(
      model, loss: MSELoss(), optimizer: SGD(model.parameters(), learningRate: 1e30))
    let error = #expect(throws: TrainingError.self) {
      try trainer.fit(Self.loader(Self.rows(40)), epochs: 5)
    }
    #expect(error?.description.contains("the mean loss is") == true)
  }

  @Test func mistakesAreNamed() throws {
    let model = Self.model()
    let optimizer = SGD(model.parameters(), learningRate: 0.1)
    #expect(throws: TensorError.self) {
      try checked {
        _ = Trainer(model, loss: MSELoss(reduction: .sum), optimizer: optimizer)
      }
    }
    #expect(throws: TensorError.self) {
      try checked {
        _ = Trainer(model, loss: MSELoss(), optimizer: optimizer, monitor: .rSquared)
      }
    }
    let classes = Trainer(model, loss: MSELoss(), optimizer: optimizer, metrics: [.accuracy])
    // Numbers of one column count as two classes where they are 0 and 1.
    #expect(throws: MetricError.self) { try classes.evaluate(Self.loader(Self.rows(8))) }
    let wrong = Trainer(model, loss: MSELoss(), optimizer: optimizer)
    let data = Data(Tensor<Float>.ones([4, 3]), Tensor<Float>.ones([4, 1]))
    #expect(throws: TensorError.self) { try wrong.fit(Self.loader(data), epochs: 1) }
  }

  @Test func noRowsAndNoEpochsAreNoTraining() throws {
    let model = Self.model()
    let before = Self.weights(model)
    let trainer = Trainer(
      model, loss: MSELoss(), optimizer: SGD(model.parameters(), learningRate: 0.1),
      metrics: [.rSquared])
    #expect(try trainer.fit(Self.loader(Self.rows(8)), epochs: 0).epochs.isEmpty)
    let empty = Self.loader(Data(Tensor<Float>.zeros([0, 2]), Tensor<Float>.zeros([0, 1])))
    let history = try trainer.fit(empty, validation: empty, epochs: 2)
    #expect(history.epochs.count == 2 && history.best == nil)
    #expect(Self.weights(model) == before)
    #expect(try trainer.evaluate(empty).loss.isNaN)
  }

  @Test func aHistoryPrintsAsATable() {
    var history = TrainingHistory(monitor: nil)
    for (epoch, (loss, validation, error)) in [
      (100.0, 1.5, 1.25), (81.25, 0.25, nil), (65.125, 0.5, 0.125), (60, 0.25, 0.5),
    ].enumerated() as EnumeratedSequence<[(Double, Double, Double?)]> {
      history.epochs.append(
        EpochRecord(
          epoch: epoch + 1, trainingLoss: loss, validationLoss: validation,
          metrics: error.map { [.meanAbsoluteError: $0] } ?? [:], learningRates: [], rowCount: 1,
          seconds: 1, isBest: epoch < 2))
    }
    #expect(history.best?.epoch == 2)
    #expect(
      history.description == """
        epoch   loss  validation    MAE
        1        100         1.5   1.25
        2 *    81.25        0.25       \("")
        3      65.12         0.5  0.125
        4         60        0.25    0.5
        """)
  }
}
