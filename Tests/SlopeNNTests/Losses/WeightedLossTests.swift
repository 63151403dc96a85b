import SlopeCore
import SlopeNN
import Testing

/// What the stored cases do not show: whole numbers in sight, edges, and mistakes.
@Suite struct WeightedLossTests {
  private let logits = Tensor<Double>([[0, 0], [0, 0], [0, 0]])
  private let log2 = 0.6931471805599453

  private func message(_ body: () -> Tensor<Double>) -> String? {
    do {
      _ = try checked { body() }
      return nil
    } catch {
      return "\(error)"
    }
  }

  private func expect(_ found: Tensor<Double>, _ wanted: Double) {
    #expect(abs(found.item() - wanted) < 1e-12, "\(found), not \(wanted)")
  }

  // MARK: Class weights

  @Test func theMeanDividesByTheWeightsOfTheRowsThatCount() {
    let x = Tensor<Double>([[2, 0], [0, 0], [0, 1]])
    // log(1 + exp(−2)) and log(1 + exp(−1)).
    let (a, b) = (0.1269280110429725, 0.3132616875182228)
    let loss = CrossEntropyLoss(weight: Tensor([3, 5]), ignoreIndex: 7)
    expect(loss(x, Tensor([0, 7, 1])), (3 * a + 5 * b) / 8)
    expect(NLLLoss(weight: Tensor([3, 5]))(x, Tensor([0, -100, 1])), (3 * -2 + 5 * -1) / 8)
  }

  @Test func batchMeansDivideByTheExamples() {
    let loss = CrossEntropyLoss<Double>(weight: Tensor([3, 5]), reduction: .batchMean)
    expect(loss(logits, Tensor([0, 1, 1])), 13 * log2 / 3)
    expect(loss(logits, Tensor<Double>([[1, 0], [1, 0], [0, 1]])), 11 * log2 / 3)
    expect(loss(logits[0], Tensor<Double>([1, 0])), 3 * log2)
    let positive = BCEWithLogitsLoss<Double>(posWeight: Tensor(4), reduction: .batchMean)
    expect(positive(logits, Tensor.ones([3, 2])), 8 * log2)
  }

  @Test func theMeanOfNoWeightIsNaN() {
    let loss = CrossEntropyLoss<Double>(weight: Tensor([0, 5]))
    #expect(loss(logits, Tensor([0, 0, -100])).item().isNaN)
    #expect(loss(Tensor.zeros([0, 2]), Tensor<Int>.zeros([0])).item().isNaN)
    #expect(loss(Tensor.zeros([0, 2]), Tensor<Double>.zeros([0, 2])).item().isNaN)
    let sum = CrossEntropyLoss<Double>(weight: Tensor([0, 5]), reduction: .sum)
    expect(sum(logits, Tensor([0, 0, -100])), 0)
    expect(sum(Tensor.zeros([0, 2]), Tensor<Double>.zeros([0, 2])), 0)
  }

  @Test func aClassOfNoWeightMayBeImpossible() {
    let x = Parameter(Tensor<Double>([[0, 0, -.infinity]]))
    let weight = Tensor<Double>([1, 3, 0])
    for target in [[[0.5, 0.5, 0.0]], [[0.5, 0.5, 1.0]]] {
      x.grad = nil
      let loss = CrossEntropyLoss(weight: weight)(x.tensor, Tensor(target))
      expect(loss.detached(), 2 * log2)
      loss.backward()
      #expect(x.grad?.scalars == [0.5, -0.5, 0], "\(x.grad?.scalars ?? [])")
    }
    x.grad = nil
    let loss = CrossEntropyLoss(weight: weight, labelSmoothing: 0.3)(x.tensor, Tensor([1]))
    // 3·(0.7 + 0.1) + 1·0.1 times log 2, divided by 3.
    expect(loss.detached(), 2.5 * log2 / 3)
    loss.backward()
    #expect(x.grad?.scalars.allSatisfy { $0.isFinite } == true)
  }

  @Test func oneHotProbabilitiesAreClassIndices() {
    let x = Tensor<Double>([[1, 2, 0.5], [0, -1, 3]])
    let hot = Tensor<Double>([[0, 1, 0], [0, 0, 1]])
    for smoothing in [0.0, 0.3, 1] {
      let loss = CrossEntropyLoss<Double>(labelSmoothing: smoothing)
      expect(loss(x, hot), loss(x, Tensor([1, 2])).item())
    }
  }

  @Test func weightsReceiveNoGradient() {
    let weight = Parameter(Tensor<Double>([1, 2]))
    let x = Parameter(logits)
    let target = Tensor<Double>([[1, 0], [0, 1], [1, 1]])
    CrossEntropyLoss(weight: weight.tensor)(x.tensor, Tensor([0, 1, 0])).backward()
    CrossEntropyLoss(weight: weight.tensor)(x.tensor, target).backward()
    NLLLoss(weight: weight.tensor)(x.tensor, Tensor([0, 1, 0])).backward()
    BCEWithLogitsLoss(weight: weight.tensor, posWeight: weight.tensor)(x.tensor, target).backward()
    BCELoss(weight: weight.tensor)(x.tensor.sigmoid(), target).backward()
    #expect(weight.grad == nil && x.grad != nil)
  }

  @Test func largeSumsOfHalvesDoNotOverflowTheMean() {
    let x = Tensor<Float16>.zeros([4000, 2])
    let target = Tensor<Float16>.ones([4000, 2])
    let loss = CrossEntropyLoss<Float16>(weight: Tensor([30, 50]))
    #expect(abs(loss(x, target).item() - 55.45) < 0.05)
    #expect(abs(loss(x, Tensor<Int>.zeros([4000])).item() - 0.6931) < 0.001)
  }

  // MARK: Derivatives of both orders

  @Test(arguments: [LossReduction.mean, .sum, .none])
  func derivativesAreThoseOfFiniteDifferences(reduction: LossReduction) {
    let x = Tensor<Double>([[0.3, -0.8, 1.1], [0.2, 0.9, -0.4]])
    let p = Tensor<Double>([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]])
    let (classes, columns) = (Tensor<Double>([0.5, 2, 1.25]), Tensor<Double>([2, 0.5, 3]))
    let entropy = CrossEntropyLoss(weight: classes, labelSmoothing: 0.2, reduction: reduction)
    let binary = BCEWithLogitsLoss(weight: classes, posWeight: columns, reduction: reduction)
    for order in [1, 2] {
      let tolerance = order == 1 ? 1e-6 : 1e-5
      func isCorrect(
        at points: [Tensor<Double>], _ loss: @Sendable ([Tensor<Double>]) -> Tensor<Double>
      ) -> Bool {
        checkGradient(at: points, order: order, step: 1e-5, tolerance: tolerance, of: loss)
          .isCorrect
      }
      #expect(isCorrect(at: [x]) { entropy($0[0], Tensor([2, 0])) }, "indices, \(order)")
      #expect(isCorrect(at: [x, p]) { entropy($0[0], $0[1]) }, "probabilities, \(order)")
      #expect(isCorrect(at: [x, p]) { binary($0[0], $0[1]) }, "logits, \(order)")
      #expect(
        isCorrect(at: [p]) { BCELoss(weight: classes, reduction: reduction)($0[0], p) },
        "chances, \(order)")
    }
  }

  // MARK: Mistakes

  @Test(arguments: [[3], [], [2, 1], [1]])
  func aWeightForEachClassIsNeeded(shape: [Int]) {
    let weight = Tensor<Double>.ones(Shape(shape))
    let rest = "weight \(weight.shape) for 2 classes: its shape must be [2]"
    let indices = Tensor<Int>([0, 1, 0])
    #expect(
      message { CrossEntropyLoss(weight: weight)(logits, indices) } == "CrossEntropyLoss: \(rest)")
    #expect(
      message { CrossEntropyLoss(weight: weight)(logits, logits) } == "CrossEntropyLoss: \(rest)")
    #expect(message { NLLLoss(weight: weight)(logits, indices) } == "NLLLoss: \(rest)")
  }

  @Test func weightsMustBroadcastToThePrediction() {
    let weight = Tensor<Double>.ones([3])
    let rest = "[3] does not broadcast to the prediction's [3, 2]"
    #expect(
      message { BCEWithLogitsLoss(weight: weight)(logits, logits) }
        == "BCEWithLogitsLoss: weight \(rest)")
    #expect(
      message { BCEWithLogitsLoss(posWeight: weight)(logits, logits) }
        == "BCEWithLogitsLoss: posWeight \(rest)")
    #expect(message { BCELoss(weight: weight)(logits, logits) } == "BCELoss: weight \(rest)")
    let wide = Tensor<Double>.ones([4, 3, 2])
    #expect(
      message { BCELoss(weight: wide)(logits, logits) }
        == "BCELoss: weight [4, 3, 2] does not broadcast to the prediction's [3, 2]")
  }

  @Test func probabilitiesHaveTheShapeOfLogits() {
    let rest = "they must have the same shape, with an axis of classes"
    #expect(
      message { CrossEntropyLoss()(logits, Tensor<Double>([[1, 0]])) }
        == "CrossEntropyLoss: logits [3, 2] and probabilities [1, 2]: \(rest)")
    #expect(
      message { CrossEntropyLoss()(Tensor(1), Tensor(1.0)) }
        == "CrossEntropyLoss: logits [] and probabilities []: \(rest)")
  }

  @Test func noProbabilityIsIgnored() {
    #expect(
      message { CrossEntropyLoss(ignoreIndex: 0)(logits, logits) }
        == "CrossEntropyLoss: ignoreIndex 0 with probabilities as targets")
    #expect(message { CrossEntropyLoss(ignoreIndex: -1)(logits, logits) } == nil)
  }

  @Test func failedWeightsPassThrough() {
    func failed() -> Tensor<Double> { Tensor(shape: [2], scalars: [1]) }
    for body in [
      { CrossEntropyLoss(weight: failed())(logits, Tensor([0, 1, 0])) },
      { CrossEntropyLoss(weight: failed())(logits, logits) },
      { NLLLoss(weight: failed())(logits, Tensor([0, 1, 0])) },
      { BCELoss(weight: failed())(logits, logits) },
      { BCEWithLogitsLoss(posWeight: failed())(logits, logits) },
    ] {
      #expect(message(body)?.hasPrefix("tensor: ") == true)
    }
  }
}
