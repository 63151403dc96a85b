import SlopeCore
import SlopeNN
import Testing

private func message(_ body: () -> Void) -> String? {
  let error = #expect(throws: TensorError.self) { try checked { body() } }
  return error?.description
}

struct NormalizationTests {
  private let batch = Tensor<Double>([[1, 2], [3, 6], [5, 10]])

  @Test func layersNormaliseTheirLastAxes() {
    let layer = LayerNorm<Double>(2, epsilon: 0)
    #expect(layer(batch).scalars == [-1, 1, -1, 1, -1, 1])
    #expect(layer.weight?.tensor.scalars == [1, 1] && layer.bias?.tensor.scalars == [0, 0])
    layer.weight?.tensor = Tensor([2, 3])
    layer.bias?.tensor = Tensor([1, -1])
    #expect(layer(batch).scalars == [-1, 2, -1, 2, -1, 2])
    let whole = LayerNorm<Double>([3, 2], epsilon: 0, affine: false)
    #expect(whole.weight == nil && whole.bias == nil)
    let variance = whole(batch).variance(correction: 0).item()
    #expect(abs(whole(batch).sum().item()) < 1e-14 && abs(variance - 1) < 1e-14)
    #expect(LayerNorm<Double>(2, bias: false).bias == nil)
    #expect(LayerNorm<Double>(2, bias: false).parameters().count == 1)
    #expect(
      message { _ = LayerNorm<Double>(3)(batch) } == "LayerNorm: [3, 2] does not end with [3]")
    #expect(
      message { _ = LayerNorm<Double>([])(batch) } == "LayerNorm: [3, 2] does not end with []")
  }

  @Test func batchesAreNormalisedByTheirOwnStatisticsWhileTraining() {
    let layer = BatchNorm1d<Double>(2, epsilon: 0)
    let normal = layer(batch).scalars
    let unit = 1.5.squareRoot()
    for (found, wanted) in zip(normal, [-unit, -unit, 0, 0, unit, unit]) {
      #expect(abs(found - wanted) < 1e-14)
    }
    // A tenth of the mean, and of the unbiased variance in addition to nine tenths of 1.
    for (found, wanted) in zip(layer.runningMean.tensor.scalars, [0.3, 0.6]) {
      #expect(abs(found - wanted) < 1e-15)
    }
    for (found, wanted) in zip(layer.runningVariance.tensor.scalars, [0.9 + 0.4, 0.9 + 1.6]) {
      #expect(abs(found - wanted) < 1e-15)
    }
  }

  @Test func afterwardsTheRunningOnesCount() {
    let layer = BatchNorm1d<Double>(2, epsilon: 0, momentum: 1).eval()
    #expect(layer(batch).scalars == batch.scalars)
    layer.runningMean.tensor = Tensor([1, 2])
    layer.runningVariance.tensor = Tensor([4, 16])
    #expect(layer(batch).scalars == [0, 0, 1, 1, 2, 2])
    #expect(layer.runningMean.tensor.scalars == [1, 2])
    // In evaluation one row is enough.
    #expect(layer(batch[0..<1]).scalars == [0, 0])
    layer.train()
    _ = layer(batch)
    #expect(layer.runningMean.tensor.scalars == [3, 6])
    #expect(layer.runningVariance.tensor.scalars == [4, 16])
  }

  @Test func featuresMayHaveALength() {
    let x = Tensor<Double>([[[1, 3], [2, 2]], [[5, 7], [2, 6]]])
    let layer = BatchNorm1d<Double>(2, epsilon: 0, momentum: 1, affine: false)
    #expect(layer.parameters().isEmpty)
    let y = layer(x)
    #expect(y.shape == x.shape)
    for (found, wanted) in zip(y.mean(axes: [0, 2]).scalars, [0.0, 0]) {
      #expect(abs(found - wanted) < 1e-15)
    }
    #expect(layer.runningMean.tensor.scalars == [4, 3])
  }

  @Test func wrongBatchesAreNamed() {
    let layer = BatchNorm1d<Double>(2)
    #expect(
      message { _ = layer(Tensor([[1, 2, 3]])) }
        == "BatchNorm1d: [1, 3] is no batch of 2 features")
    #expect(message { _ = layer(Tensor([1, 2])) } == "BatchNorm1d: [2] is no batch of 2 features")
    #expect(
      message { _ = layer(Tensor([[1, 2]])) } == "BatchNorm1d: [1, 2] has no spread to train with")
    #expect(
      message { layer.runningMean.tensor = Tensor([1]) }
        == "buffer: a value of shape [1] for one of [2]")
    #expect(layer.runningMean.tensor.scalars == [0, 0])
    layer.weight?.tensor = Tensor([1, 1])
    #expect(message { _ = BatchNorm1d<Double>(-1) } == "BatchNorm1d: -1 features")
  }

  @Test func buffersArePartOfTheState() throws {
    let model = Sequential<Double>(Linear(2, 2), BatchNorm1d(2))
    let names = model.state().keys.sorted()
    #expect(
      names == [
        "0.bias", "0.weight", "1.bias", "1.num_batches_tracked", "1.running_mean", "1.running_var",
        "1.weight",
      ])
    #expect(
      model.namedBuffers().map(\.name) == [
        "1.running_mean", "1.running_var", "1.num_batches_tracked",
      ])
    var state = model.state()
    state["1.running_mean"] = Tensor([7, 8])
    try model.load(state)
    #expect(model.namedBuffers()[0].buffer.tensor.scalars == [7, 8])
    state["1.running_var"] = nil
    #expect(throws: ModuleStateError.self) { try model.load(state) }
  }
}

struct DropoutTests {
  private let ones = Tensor<Float>.ones([1000])

  @Test func whatStaysIsScaled() {
    let layer = Dropout<Float>(p: 0.25, generator: Generator(seed: 1))
    let kept = layer(ones).scalars
    #expect(Set(kept) == [0, 1 / 0.75])
    #expect((200...300).contains(kept.count { $0 == 0 }))
    // Each call draws again; gradients pass where elements do.
    let x = Parameter(ones)
    let y = layer(x.tensor)
    #expect(y.scalars != kept)
    y.sum().backward()
    #expect(x.grad?.scalars == y.scalars)
  }

  @Test func drawsArePyTorchs() {
    let layer = Dropout<Float>(p: 0.25, generator: Generator(seed: 5))
    let mask = Generator(seed: 5).dropoutMask(probability: 0.25, count: 1000)
    #expect(layer(ones).scalars == mask)
  }

  @Test func aDeviceDrawsByPhilox() {
    let layer = Dropout<Float>(p: 0.25, generator: Generator(seed: 5, algorithm: .philox))
    let x = Parameter(ones)
    let y = layer(x.tensor)
    #expect(Set(y.scalars) == [0, 1 / 0.75])
    #expect((200...300).contains(y.scalars.count { $0 == 0 }))
    y.sum().backward()
    #expect(x.grad?.scalars == y.scalars)
    #expect(layer(ones).scalars != y.scalars)
    // A block of four words for each four elements, for each of the calls.
    let next = Generator(seed: 5, algorithm: .philox)
    for _ in 0..<2000 { _ = next.next32() }
    let other = Dropout<Float>(p: 0.25, generator: next)
    #expect(other(ones).scalars == layer(ones).scalars)
  }

  @Test func afterwardsNothingIsDropped() {
    let model = Sequential<Float>(Dropout(p: 0.5), Sequential<Float>(Dropout(p: 1)))
    #expect(model.train()(ones).scalars.allSatisfy { $0 == 0 })
    #expect(model.eval()(ones).scalars == ones.scalars)
    #expect(model.train(false)(ones).scalars == ones.scalars)
    #expect(Dropout<Float>(p: 0)(ones).scalars == ones.scalars)
    #expect(message { _ = Dropout<Float>(p: 1.5) } == "Dropout: p 1.5 is not in 0...1")
  }
}

struct EmbeddingTests {
  @Test func rowsAreTakenAndGetTheirGradients() {
    let layer = Embedding<Double>(weight: Parameter(Tensor([[1, 2], [3, 4], [5, 6]])))
    let y = layer(Tensor<Int>([[2, 0], [2, 2]]))
    #expect(y.shape == [2, 2, 2] && y.scalars == [5, 6, 1, 2, 5, 6, 5, 6])
    y.sum().backward()
    #expect(layer.weight.grad?.scalars == [1, 1, 0, 0, 3, 3])
    #expect(layer(Tensor<Int>(1)).scalars == [3, 4] && layer(Tensor<Int>(1)).shape == [2])
    #expect(
      message { _ = layer(Tensor([3])) } == "gather: index 3 at position 0 is not in 0..<3")
  }

  @Test func initialVectorsAreNormal() {
    let layer = Embedding<Float>(4, 3, generator: Generator(seed: 2))
    #expect(
      layer.weight.tensor.scalars
        == Tensor<Float>.normal([4, 3], generator: Generator(seed: 2)).scalars)
    #expect(
      message { _ = Embedding<Float>(-1, 3) }
        == "Embedding: -1 vectors of 3 elements: negative count")
  }
}

struct ElementLossTests {
  private let x = Tensor<Double>([0, 1, 3])
  private let y = Tensor<Double>([0.5, 1, 0])

  @Test func distancesCount() {
    #expect(L1Loss(reduction: .none)(x, y).scalars == [0.5, 0, 3])
    #expect(L1Loss()(x, y).item() == 3.5 / 3 && L1Loss(reduction: .sum)(x, y).item() == 3.5)
    #expect(HuberLoss(delta: 2, reduction: .none)(x, y).scalars == [0.125, 0, 4])
    #expect(HuberLoss(delta: 3, reduction: .none)(x, y).scalars == [0.125, 0, 4.5])
    #expect(SmoothL1Loss(beta: 2, reduction: .none)(x, y).scalars == [0.0625, 0, 2])
    #expect(SmoothL1Loss(beta: 0, reduction: .none)(x, y).scalars == [0.5, 0, 3])
    #expect(message { _ = HuberLoss<Float>(delta: 0) } == "HuberLoss: delta 0.0 is not positive")
    #expect(message { _ = SmoothL1Loss<Float>(beta: -1) } == "SmoothL1Loss: beta -1.0 is negative")
  }

  @Test func certainMistakesCostAHundred() {
    let p = Parameter(Tensor<Float>([0, 1, 0, 1, 0.5]))
    let loss = BCELoss<Float>(reduction: .none)(p.tensor, Tensor([1, 0, 0, 1, 1]))
    #expect(loss.scalars[..<4] == [100, 100, 0, 0])
    #expect(abs(loss.scalars[4] - 0.6931472) < 1e-6)
    loss.sum().backward()
    // As in PyTorch, no derivative is larger than 10¹².
    #expect(p.grad?.scalars == [-1e12, 1e12, 0, 0, -2])
  }

  @Test func scoresDoNotOverflow() {
    let x = Parameter(Tensor<Float>([0, 0, 200, -200, 200, -200]))
    let y = Tensor<Float>([0, 1, 1, 0, 0, 1])
    let loss = BCEWithLogitsLoss<Float>(reduction: .none)(x.tensor, y)
    #expect(loss.scalars[2...] == [0, 0, 200, 200])
    for value in loss.scalars[..<2] { #expect(abs(value - 0.6931472) < 1e-6) }
    loss.sum().backward()
    #expect(x.grad?.scalars == [0.5, -0.5, 0, 0, 1, -1])
  }

  @Test func activationsAreLayersByName() {
    let x = Tensor<Double>([-2, 0, 0.5])
    func results(_ activation: Activation) -> [Double] {
      let layer: any Layer<Double> = activation.layer()
      return layer(x).scalars
    }
    #expect(results(.relu) == [0, 0, 0.5])
    #expect(results(.sigmoid) == x.sigmoid().scalars)
    #expect(results(.tanh) == x.tanh().scalars)
    #expect(Activation.allCases.map(\.rawValue) == ["relu", "sigmoid", "tanh"])
  }

  @Test func whatIsImpossibleHasNoDivergence() {
    let logs = Tensor<Double>([-1, -2, -.infinity])
    let loss = KLDivLoss(reduction: .none)(logs, Tensor([1, 0.5, 0]))
    #expect(loss.scalars == [1, 0.5 * (0.5.logarithm + 2), 0])
  }

  @Test func shapesThatDifferAreNamed() {
    let (a, b) = (Tensor<Float>([[1], [2]]), Tensor<Float>([1, 2]))
    let end = ": prediction [2, 1] and target [2]: shapes differ"
    #expect(message { _ = L1Loss()(a, b) } == "L1Loss" + end)
    #expect(message { _ = HuberLoss()(a, b) } == "HuberLoss" + end)
    #expect(message { _ = SmoothL1Loss()(a, b) } == "SmoothL1Loss" + end)
    #expect(message { _ = BCELoss()(a, b) } == "BCELoss" + end)
    #expect(message { _ = BCEWithLogitsLoss()(a, b) } == "BCEWithLogitsLoss" + end)
    #expect(message { _ = KLDivLoss()(a, b) } == "KLDivLoss" + end)
  }
}

extension Double {
  fileprivate var logarithm: Double { Tensor<Double>(self).log().item() }
}
