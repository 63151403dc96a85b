import Foundation
import Slope
import Testing

/// Compiles, verbatim, the right columns and the Swift block of docs/from-pytorch.md.
@Suite struct FromPyTorchTests {
  /// A `struct Net: Layer`, as the page has it; OptimizerTests has a subclass of `Optimizer`.
  private struct Net: Layer {
    typealias Element = Float
    let first = Linear<Float>(4, 3)
    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { first(x).relu() }
  }

  @Test func everySnippetOfThePageIsHere() throws {
    let source = try lines(of: "Tests/ExamplesTests/FromPyTorchTests.swift").joined(separator: "\n")
    var count = 0
    var isSwift = false
    for line in try lines(of: "docs/from-pytorch.md") {
      if line.hasPrefix("```") {
        isSwift = line == "```swift"
      } else if isSwift {
        #expect(source.contains(line.trimmingCharacters(in: .whitespaces)), "\(line)")
        count += 1
      } else if line.hasPrefix("| `") || line.hasPrefix("| with ") {
        let cells = line.components(separatedBy: " | ")
        let parts = (cells.last ?? "").components(separatedBy: "`")
        for index in stride(from: 1, to: parts.count, by: 2) {
          #expect(source.contains(parts[index]), "\(parts[index])")
          count += 1
        }
      }
    }
    #expect(count > 80)
  }

  @Test func tensorsAreMade() {
    _ = Tensor<Float>([[1, 2], [3, 4]])
    _ = Tensor<Float>.zeros([2, 3])
    _ = Tensor<Float>.ones([2, 3])
    _ = Tensor<Float>.full([2, 3], 7)
    #expect(Tensor<Int>.arange(0, 10, step: 2).scalars == [0, 2, 4, 6, 8])
    #expect(Tensor<Float>.linspace(0, 1, count: 5).scalars == [0, 0.25, 0.5, 0.75, 1])
    #expect(Tensor<Float>.eye(3).sum().item() == 3)
    manualSeed(0)
    _ = Tensor<Float>.uniform([3])
    _ = Tensor<Float>.normal([3])
    _ = Tensor<Int>.randint(10, [3])
    _ = Tensor<Int>.randperm(5)
  }

  @Test func tensorsAreUsed() {
    let x = Tensor<Float>([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]])
    let (y, i) = (x.transposed(), Tensor<Int>([0, 1]))
    _ = (x.shape, x.rank, x.count, x.dtype, x.device, x.scalars)
    #expect(x[0][0].item() == 1 && x.sum().item() == 78)
    do {
      let x = Tensor<Float>(3)
      #expect(x.item() == 3)
    }
    #expect(x[-1, 1..<3].scalars == [10, 11])
    #expect(x[0..., stride(from: 0, to: 4, by: 2)].scalars == [1, 3, 5, 7, 9, 11])
    #expect(x.reshaped(to: [2, 6]).shape == [2, 6] && x.flattened().rank == 1)
    #expect(x.permuted([1, 0]).shape == x.transposed().shape)
    do {
      let x = x.unsqueezed(at: 0)
      #expect(x.squeezed(at: 0).shape == [3, 4])
    }
    do {
      let y = x
      #expect(concatenate([x, y], axis: 1).shape == [3, 8] && stack([x, y]).shape == [2, 3, 4])
      _ = (x .== y, x .< y, (x .> 0) & (x .< 1))
      let c = x .> 4
      #expect(Tensor.where(c, x, y).scalars == x.scalars)
      #expect(x.maskedFill(c, with: 0).sum().item() == 10 && x.masked(by: c).count == 8)
    }
    #expect(matmul(x, y).shape == [3, 3])
    #expect(x.taking(i, axis: 0).shape == [2, 4])
    do {
      let i = Tensor<Int>([[0], [1], [3]])
      #expect(x.takingAlong(i, axis: 1).scalars == [1, 6, 12])
    }
    do {
      var x = x
      let (j, y) = (Tensor<Int>([3, -1]), Tensor<Float>([1, 2]))
      #expect(x.taking(at: [i, j]).scalars == [4, 8] && x.taking(at: i).scalars == [1, 2])
      x = x.replacing(1, 2..., with: y)
      x = x.putting(y, at: [i, j])
      #expect(x.scalars == [1, 2, 3, 1, 5, 6, 1, 2, 9, 10, 11, 12])
      #expect(x.maxWithIndices(axis: 1).indices.scalars == [2, 1, 3])
      #expect(x.sortedWithIndices().values[1].scalars == [1, 2, 5, 6])
    }
    do {
      let (i, y) = (Tensor<Int>([[0]]), Tensor<Float>([[0]]))
      #expect(x.scattered(y, at: i, axis: 1)[0, 0].item() == 0)
      #expect(x.scatterReduced(y, at: i, axis: 1, by: .maximum)[0, 0].item() == 1)
    }
    #expect(x.sum(axis: 1).scalars == [10, 26, 42])
    #expect(x.mean(axes: [0, 1], keepingAxes: true).shape == [1, 1])
    #expect(x.clamped(to: 0...1).sum().item() == 12 && x.clamped(min: 0).sum().item() == 78)
    #expect(x.variance(axis: 0)[0].item() == 16 && x.logSumExp(axis: 0).count == 4)
    #expect(x.cumulativeSum(axis: 0)[2, 0].item() == 15 && x.lowerTriangle()[0, 1].item() == 0)
  }

  @Test func layersAndTrainingToolsHaveTheirNames() {
    let image = Tensor<Float>.normal([2, 3, 4, 4])
    let layers: [any Layer<Float>] = [
      GELU<Float>(approximate: .tanh), LeakyReLU<Float>(negativeSlope: 0.2),
      BatchNorm2d<Float>(3), RMSNorm<Float>(4),
    ]
    for layer in layers { #expect(layer(image).shape == image.shape) }
    #expect(Flatten<Float>()(image).shape == [2, 48])
    #expect(GroupNorm<Float>(2, 4)(Tensor<Float>.normal([2, 4])).shape == [2, 4])
    let (model, loss) = (Linear<Float>(4, 3), MSELoss<Float>())
    let (x, y) = (Tensor<Float>.normal([8, 4]), Tensor<Float>.normal([8, 3]))
    let weight = model.weight
    weight.initialize(.xavierUniform())
    #expect(weight.tensor.abs().max().item() <= (6.0 / 7).squareRoot())
    let optimizer = AdamW(model.parameters(), learningRate: 0.1)
    let scheduler = LearningRateScheduler(optimizer, .cosine(steps: 100))
    for _ in 0..<50 { scheduler.step() }
    #expect(abs(optimizer.learningRate - 0.05) < 1e-9)
    _ = LearningRateScheduler(optimizer, .oneCycle(peak: 0.1, steps: 100))
    #expect(abs(optimizer.learningRate - 0.004) < 1e-9)
    let average = ExponentialMovingAverage(model.parameters(), decay: 0.99)
    average.update()
    (1000 * loss(model(x), y)).backward()
    let norm = clipGradientNorm(model.parameters(), maximum: 1)
    #expect(norm.item() > 1)
    optimizer.zeroGrad()
    let before = loss(model(x), y).item()
    LBFGS(model.parameters()).step { loss(model(x), y) }
    #expect(loss(model(x), y).item() < before)
  }

  @Test func imagesAreConvolvedAndPooled() {
    let x = Tensor<Float>.normal([1, 3, 8, 8])
    let (w, b) = (Tensor<Float>.normal([4, 3, 3, 5]), Tensor<Float>.normal([4]))
    #expect(Conv2d<Float>(3, 16, kernel: 3, padding: .same)(x).shape == [1, 16, 8, 8])
    #expect(conv2d(x, weight: w, bias: b, padding: [1, 2]).shape == [1, 4, 8, 8])
    #expect(MaxPool2d<Float>(2)(x).shape == x.avgPool2d(2).shape)
    #expect(x.adaptiveAvgPool2d(rows: 1, columns: 1).shape == [1, 3, 1, 1])
    let columns = UnfoldWindows<Float>(3)(x)
    #expect((columns - x.unfolded(kernel: 3)).abs().sum().item() == 0)
    #expect(FoldWindows<Float>(8, kernel: 3)(columns).shape == x.shape)
    #expect(x.interpolated(by: [2], mode: .linear).shape == [1, 3, 16, 16])
    do {
      let x = Tensor<Float>([1, 2, 3, 4])
      #expect(x.unfolded(axis: 0, size: 3, step: 1).shape == [2, 3])
    }
    let (a, p, n) = (x.flattened(), x.flattened() + 1, x.flattened() + 9)
    #expect(TripletMarginLoss<Float>()(a, p, n).item() == 0)
    do {
      let (x, y) = (Tensor<Float>([[1, 0]]), Tensor<Float>([[0, 2]]))
      #expect(cosineSimilarity(x, y).item() == 0)
    }
  }

  @Test func gradientsFlow() {
    let w = Parameter(Tensor<Float>.normal([3]))
    let model = Net()
    let loss = w.tensor.sum() * 2
    loss.backward(retainGraph: true)
    loss.backward()
    #expect(w.grad?.scalars == [4, 4, 4])
    let x = w.tensor
    let y = x.square().sum()
    _ = gradients(of: y, withRespectTo: [x], recorded: true)
    do {
      let x = Tensor<Float>.ones([1, 4])
      #expect(!noGrad { model(x) }.requiresGradient && !x.detached().requiresGradient)
    }
    let check = checkGradient(at: [Tensor<Double>([1, 2])]) { $0[0].square().sum() }
    #expect(check.isCorrect)
    _ = Pointwise { x in x * x.sigmoid() }
  }

  @Test func aTrainingRuns() throws {
    let (x, y) = (Tensor<Float>.normal([20, 4]), Tensor<Int>.randint(0, 3, [20]))
    let dataset = TensorDataset(x, y)
    _ = TensorDataset(x, y)
    _ = randomSplit(dataset, (0.8, 0.2))
    let loader = DataLoader(dataset, batchSize: 8, shuffle: true)
    let model = Sequential<Float>(Linear(4, 16), ReLU(), Linear(16, 3))
    let optimizer = AdamW(model.parameters(), learningRate: 1e-3)
    let lossFunction = CrossEntropyLoss<Float>()
    for _ in 0..<20 {
      for (x, y) in loader {
        let loss = lossFunction(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zeroGrad()
      }
    }
    do {
      let (x, classes) = (Tensor<Float>([[1, 0]]), Tensor<Int>([1]))
      let (w, probabilities, y) = (Tensor<Float>([1, 2]), Tensor<Float>([[0, 1]]), x)
      #expect(CrossEntropyLoss(weight: w)(x, classes).item() > 1)
      #expect(CrossEntropyLoss()(x, probabilities).item() > 1)
      #expect(BCEWithLogitsLoss(posWeight: w)(x, y).item() < 1)
    }
    let weights = Array(repeating: 1.0, count: 20)
    let labels = y.scalars
    let sampler = WeightedRandomSampler(weights: weights, count: 100)
    _ = DataLoader(dataset, batchSize: 8, sampler: sampler)
    _ = stratifiedKFold(dataset, classes: labels, folds: 5)
    let state = model.state()
    try model.load(state)
    _ = (model.train(), model.eval())
    if (try? Device.gpu) != nil, false { model.to(try Device.gpu) }
    let (a, b) = ([Parameter(x)], [Parameter(x)])
    _ = AdamW([.init(a), .init(b, learningRate: 1e-4)])
    try optimizer.load(optimizer.state())
    _ = { try Safetensors(path: "model.safetensors") }
    _ = { try NumpyArray(x).write(to: "x.npy") }
    _ = { try NumpyArray(path: "x.npy").tensor(as: Float.self) }
  }
}
