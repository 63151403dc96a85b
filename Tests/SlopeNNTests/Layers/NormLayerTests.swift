import SlopeCore
import SlopeNN
import Testing

private func message(_ body: () -> Void) -> String? {
  let error = #expect(throws: TensorError.self) { try checked { body() } }
  return error?.description
}

private func expectClose(_ found: [Double], _ wanted: [Double], within bound: Double = 1e-14) {
  #expect(found.count == wanted.count)
  for (a, b) in zip(found, wanted) { #expect(abs(a - b) <= bound, "\(a), not \(b)") }
}

@Suite struct NormLayerTests {
  private let image = Tensor<Double>([1, 2, 3, 4, 0, 0, 4, 4]).reshaped(to: [1, 2, 2, 2])

  @Test func imagesAreNormalisedByChannel() {
    let layer = BatchNorm2d<Double>(2, epsilon: 0)
    let unit = 1.25.squareRoot()
    expectClose(
      layer(image).scalars,
      [-1.5 / unit, -0.5 / unit, 0.5 / unit, 1.5 / unit, -1, -1, 1, 1])
    expectClose(layer.runningMean.tensor.scalars, [0.25, 0.2])
    // The unbiased variances are 5/3 and 16/3.
    expectClose(layer.runningVariance.tensor.scalars, [0.9 + 0.5 / 3, 0.9 + 1.6 / 3])
    layer.eval()
    layer.runningMean.tensor = Tensor([1, 0])
    layer.runningVariance.tensor = Tensor([1, 4])
    #expect(layer(image).scalars == [0, 1, 2, 3, 0, 0, 2, 2])
    #expect(layer.weight?.shape == [2] && layer.bias?.shape == [2])
    #expect(BatchNorm2d<Double>(2, affine: false).parameters().isEmpty)
  }

  @Test func stridedImagesAreNormalisedToo() {
    let layer = BatchNorm2d<Double>(2)
    let turned = (image.permuted([0, 2, 3, 1]) + 0).permuted([0, 3, 1, 2])
    let mirrored = image.permuted([0, 1, 3, 2])
    expectClose(layer(turned).scalars, layer(image).scalars)
    expectClose(
      layer(mirrored).scalars, layer(image).permuted([0, 1, 3, 2]).scalars)
  }

  @Test func ranksThatDoNotFitAreNamed() {
    #expect(
      message { _ = BatchNorm2d<Double>(2)(Tensor([[1, 2]])) }
        == "BatchNorm2d: [1, 2] is no batch of 2 features")
    #expect(
      message { _ = BatchNorm2d<Double>(3)(image) }
        == "BatchNorm2d: [1, 2, 2, 2] is no batch of 3 features")
    #expect(
      message { _ = BatchNorm1d<Double>(2)(image) }
        == "BatchNorm1d: [1, 2, 2, 2] is no batch of 2 features")
    #expect(
      message { _ = BatchNorm2d<Double>(2)(.zeros([1, 2, 1, 1])) }
        == "BatchNorm2d: [1, 2, 1, 1] has no spread to train with")
    #expect(message { _ = BatchNorm2d<Double>(-1) } == "BatchNorm2d: -1 features")
  }

  @Test func batchesAreCounted() throws {
    let layer = BatchNorm1d<Float>(1)
    #expect(layer.batchCount.tensor.scalars == [0] && layer.batchCount.tensor.shape == [])
    let x = Tensor<Float>([[1], [2]])
    for _ in 0..<3 { _ = layer(x) }
    #expect(layer.batchCount.tensor.item() == 3 && layer.batchCount.tensor.item() == 3)
    _ = layer(x)
    layer.eval()
    _ = layer(x)
    #expect(layer.state()["num_batches_tracked"]?.item() == 4)
    layer.train()
    _ = layer(x)
    layer.batchCount.tensor = Tensor(7)
    #expect(layer.batchCount.tensor.item() == 7)
    #expect(message { _ = layer(Tensor<Float>([[1]])) } != nil)
    #expect(layer.batchCount.tensor.item() == 7)
  }

  @Test func statesHavePyTorchsNames() throws {
    let layer = BatchNorm2d<Float>(1)
    #expect(layer.namedParameters().map(\.name) == ["weight", "bias"])
    #expect(
      layer.namedBuffers().map(\.name) == ["running_mean", "running_var", "num_batches_tracked"])
    let state: [String: Tensor<Float>] = [
      "weight": Tensor([2]), "bias": Tensor([3]), "running_mean": Tensor([4]),
      "running_var": Tensor([5]), "num_batches_tracked": Tensor(6),
    ]
    try layer.load(state)
    #expect(layer.runningMean.tensor.item() == 4 && layer.runningVariance.tensor.item() == 5)
    #expect(layer.weight?.tensor.item() == 2 && layer.batchCount.tensor.item() == 6)
    #expect(layer.momentum == 0.1 && layer.epsilon == 1e-5)
  }

  @Test func statesOfEarlierVersionsAreLoaded() throws {
    let model = Sequential<Float>(Linear(1, 1), BatchNorm1d(1))
    var state = model.state()
    state["1.num_batches_tracked"] = nil
    (state["1.running_mean"], state["1.running_var"]) = (nil, nil)
    (state["1.runningMean"], state["1.runningVariance"]) = (Tensor([4]), Tensor([5]))
    try model.load(state)
    #expect(model.namedBuffers().map { $0.buffer.tensor.scalars } == [[4], [5], [0]])
    // Of both names the new one counts.
    state["1.running_mean"] = Tensor([6])
    try model.load(state)
    #expect(model.namedBuffers()[0].buffer.tensor.scalars == [6])
    state["1.runningMean"] = Tensor([1, 2])
    let error = #expect(throws: ModuleStateError.self) { try model.load(state) }
    #expect(error?.problems == ["'1.runningMean' has shape [2], the module's is [1]"])
  }

  @Test func whatIsMissingIsNamedAsPyTorchDoes() throws {
    let layer = BatchNorm1d<Float>(1)
    var state = layer.state()
    (state["running_mean"], state["running_var"]) = (nil, nil)
    state["runningmean"] = Tensor([1])
    let error = #expect(throws: ModuleStateError.self) { try layer.load(state) }
    #expect(
      error?.problems == [
        "'running_mean' is missing", "'running_var' is missing",
        "'runningmean' is not a parameter of the module",
      ])
  }

  @Test func groupsAreNormalised() {
    let x = Tensor<Double>([[1, 3, 10, 30], [5, 5, 0, 8]])
    let layer = GroupNorm<Double>(2, 4, epsilon: 0.001)
    let part = 1 / 1.001.squareRoot()
    let (wide, last) = (10 / 100.001.squareRoot(), 4 / 16.001.squareRoot())
    expectClose(layer(x).scalars, [-part, part, -wide, wide, 0, 0, -last, last])
    layer.weight?.tensor = Tensor([1, 2, 3, 4])
    layer.bias?.tensor = Tensor([0, 0, 0, 1])
    expectClose(layer(x)[0].scalars, [-part, 2 * part, -3 * wide, 4 * wide + 1])
    #expect(GroupNorm<Double>(2, 4, affine: false).parameters().isEmpty)
    #expect(layer(.zeros([0, 4, 2])).shape == [0, 4, 2])
    // One group is a normalisation of each row.
    expectClose(
      GroupNorm<Double>(1, 4)(x).scalars, LayerNorm<Double>(4)(x).scalars)
    #expect(layer.description == "GroupNorm(2, 4, epsilon: 0.001, affine: true)")
  }

  @Test func groupsThatDoNotFitAreNamed() {
    let layer = GroupNorm<Double>(2, 4)
    #expect(
      message { _ = layer(Tensor([[1, 2]])) } == "GroupNorm: [1, 2] has no 4 channels on axis 1")
    #expect(
      message { _ = layer(Tensor([1, 2, 3, 4])) } == "GroupNorm: [4] has no 4 channels on axis 1")
    for (groups, channels) in [(3, 4), (0, 4), (-2, 4), (2, -4)] {
      #expect(
        message { _ = GroupNorm<Double>(groups, channels) }
          == "GroupNorm: \(channels) channels do not make \(groups) groups")
    }
  }

  @Test func rootsOfMeanSquaresDivide() {
    let layer = RMSNorm<Double>(2, epsilon: 0)
    let x = Tensor<Double>([[3, 4], [-6, 8]])
    let root = 12.5.squareRoot()
    expectClose(layer(x).scalars, [3 / root, 4 / root, -3 / root, 4 / root])
    layer.weight?.tensor = Tensor([2, 0])
    expectClose(layer(x).scalars, [6 / root, 0, -6 / root, 0])
    #expect(RMSNorm<Double>([2, 2], affine: false)(x).shape == [2, 2])
    #expect(RMSNorm<Double>([2, 2], affine: false).parameters().isEmpty)
    #expect(message { _ = RMSNorm<Double>(3)(x) } == "RMSNorm: [2, 2] does not end with [3]")
    #expect(message { _ = RMSNorm<Double>([])(x) } == "RMSNorm: [2, 2] does not end with []")
    #expect(layer.description == "RMSNorm([2], epsilon: 0.0, affine: true)")
  }

  @Test func theSmallestEpsilonIsThatOfTheComputation() {
    #expect(RMSNorm<Double>(1).epsilon == Double.ulpOfOne)
    #expect(RMSNorm<Float>(1).epsilon == Double(Float.ulpOfOne))
    #expect(RMSNorm<Float16>(1).epsilon == Double(Float.ulpOfOne))
    // PyTorch 2.15 prints 0.6177 and 1.2354 for these.
    let small = RMSNorm<Float16>(2)(Tensor([0.001, 0.002])).scalars
    #expect(abs(Double(small[0]) - 0.6177) < 6e-4 && abs(Double(small[1]) - 1.2354) < 1.1e-3)
    // Squares beyond the range of Float16.
    #expect(RMSNorm<Float16>(2)(Tensor([30000, 30000])).scalars == [1, 1])
  }
}
