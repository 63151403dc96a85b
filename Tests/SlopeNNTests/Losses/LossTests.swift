import SlopeCore
import SlopeNN
import Testing

struct MSELossTests {
  private let prediction = Tensor<Double>([[1, 2], [3, 4]])
  private let target = Tensor<Double>([[1, 4], [0, 8]])

  @Test func reductionsAreMeanSumAndNone() {
    #expect(MSELoss()(prediction, target).item() == 7.25)
    #expect(MSELoss(reduction: .mean)(prediction, target).shape == [])
    #expect(MSELoss(reduction: .sum)(prediction, target).item() == 29)
    #expect(MSELoss(reduction: .none)(prediction, target).scalars == [0, 4, 9, 16])
    #expect(MSELoss(reduction: .none)(prediction, target).shape == [2, 2])
  }

  @Test(arguments: [
    (LossReduction.mean, [0, -1, 1.5, -2]), (.sum, [0, -4, 6, -8]), (.none, [0, -4, 6, -8]),
  ])
  func gradientsAreTwiceTheDifference(reduction: LossReduction, expected: [Double]) {
    let parameter = Parameter(prediction)
    MSELoss(reduction: reduction)(parameter.tensor, target).sum().backward()
    #expect(parameter.grad?.scalars == expected)
  }

  @Test func shapesThatDifferAreRefused() {
    let error = #expect(throws: TensorError.self) {
      try checked {
        let loss = MSELoss<Float>()(Tensor([[1], [2]]), Tensor([1, 2]))
        #expect(loss.isFailed)
      }
    }
    #expect(error?.description == "MSELoss: prediction [2, 1] and target [2]: shapes differ")
  }

  @Test func aFailedOperandPassesThrough() {
    let error = #expect(throws: TensorError.self) {
      try checked { MSELoss<Float>()(Tensor(shape: [2], scalars: [1]), Tensor([1, 2])) }
    }
    #expect(error?.operation == "tensor")
  }
}

/// Expected numbers are PyTorch 2.15's.
struct CrossEntropyLossTests {
  private let scores = Tensor<Double>([[1, 2, 0.5], [0, -1, 3], [2, 2, 2], [-1, 0, 1]])
  private let labels = Tensor<Int>([1, 2, -100, 0])

  private func expectClose(_ found: [Double]?, _ wanted: [Double]) {
    #expect(found?.count == wanted.count)
    for (a, b) in zip(found ?? [], wanted) { #expect(abs(a - b) < 1e-14) }
  }

  @Test(arguments: [
    (LossReduction.mean, 0.0, [0.979286217436585]),
    (.sum, 0.0, [2.937858652309755]),
    (.none, 0.0, [0.4643687841079449, 0.06588390375742911, 0, 2.4076059644443806]),
    (.mean, 0.1, [1.0515084396588072]),
    (.sum, 0.1, [3.1545253189764217]),
    (.none, 0.1, [0.5477021174412783, 0.2992172370907624, 0, 2.3076059644443805]),
  ])
  func lossesAreThoseOfPyTorch(
    reduction: LossReduction, smoothing: Double, expected: [Double]
  ) {
    let loss = CrossEntropyLoss<Double>(labelSmoothing: smoothing, reduction: reduction)
    let result = loss(scores, labels)
    #expect(result.shape == (reduction == .none ? [4] : []))
    expectClose(result.scalars, expected)
  }

  @Test func gradientsAreThoseOfPyTorch() {
    let parameter = Parameter(scores)
    CrossEntropyLoss()(parameter.tensor, labels).backward()
    expectClose(
      parameter.grad?.scalars,
      [
        0.07707463254071634, -0.12382276026274586, 0.04674812772202949, 0.01553754085932463,
        0.005715941848506796, -0.021253482707831412, 0, 0, 0, -0.30332314227653984,
        0.08157615701826587, 0.2217469852582739,
      ])
    parameter.grad = nil
    CrossEntropyLoss(labelSmoothing: 0.1, reduction: .none)(parameter.tensor, labels)
      .sum().backward()
    expectClose(
      parameter.grad?.scalars,
      [
        0.1978905642888157, -0.3048016141215709, 0.10691104983275515, 0.013279289244640557,
        -0.016185507787812945, 0.002906218543172412, 0, 0, 0, -0.8433027601629529,
        0.21139513772146432, 0.6319076224414885,
      ])
  }

  @Test func anotherLabelMayBeIgnored() {
    expectClose(
      CrossEntropyLoss(ignoreIndex: 0)(scores, Tensor([1, 2, 0, 0])).scalars, [0.265126343932687])
  }

  @Test func theMeanOfNoRowsIsNaN() {
    let ignored = Tensor<Int>([-100, -100, -100, -100])
    #expect(CrossEntropyLoss()(scores, ignored).item().isNaN)
    #expect(CrossEntropyLoss(reduction: .sum)(scores, ignored).item() == 0)
    #expect(CrossEntropyLoss(reduction: .none)(scores, ignored).scalars == [0, 0, 0, 0])
  }

  @Test func oneRowMayComeAlone() {
    let loss = CrossEntropyLoss(reduction: .none)(scores[0], Tensor<Int>(1))
    #expect(loss.shape == [])
    expectClose(loss.scalars, [0.4643687841079449])
  }

  @Test func classesAreTheSecondAxisOfHigherRanks() {
    let table = Tensor<Double>(
      shape: [2, 3, 2], scalars: (0..<12).map { Double(($0 * $0) % 5) })
    let labels = Tensor<Int>([[0, 2], [1, -100]])
    let losses = CrossEntropyLoss(reduction: .none)(table, labels)
    #expect(losses.shape == [2, 2])
    expectClose(
      losses.scalars, [4.065883903757429, 4.065883903757429, 0.06588390375742911, 0])
    expectClose(CrossEntropyLoss()(table, labels).scalars, [2.7325505704240958])
  }

  @Test func largeScoresDoNotOverflow() {
    expectClose(CrossEntropyLoss()(Tensor([[1000, 0]]), Tensor([1])).scalars, [1000])
    expectClose(CrossEntropyLoss()(Tensor([[1000, 0]]), Tensor([0])).scalars, [0])
  }

  @Test(arguments: [3, -1])
  func aLabelThatIsNoClassIsRefused(label: Int) {
    let error = #expect(throws: TensorError.self) {
      try checked { CrossEntropyLoss()(scores, Tensor([1, 2, -100, label])) }
    }
    #expect(
      error?.description
        == "CrossEntropyLoss: class index \(label) at position 3 is not in 0..<3")
  }

  @Test func labelsOfAnotherShapeAreRefused() {
    let error = #expect(throws: TensorError.self) {
      try checked { CrossEntropyLoss()(scores, Tensor([1, 2, 0])) }
    }
    #expect(
      error?.description
        == "CrossEntropyLoss: classes [4, 3] and class indices [3]: indices must have the shape without "
        + "the axis of classes")
  }

  @Test func moreClassesThanFloatsCountToAreRefused() {
    let scores = Tensor<Float>([[0]]).expanded(to: [1, (1 << 24) + 1])
    let error = #expect(throws: TensorError.self) {
      try checked { CrossEntropyLoss()(scores, Tensor([0])) }
    }
    #expect(
      error?.description
        == "CrossEntropyLoss: 16777217 classes: float32 counts to 16777216")
  }

  @Test(arguments: [-0.1, 1.1, .nan])
  func smoothingMustBeAShare(smoothing: Double) {
    let error = #expect(throws: TensorError.self) {
      try checked { _ = CrossEntropyLoss<Float>(labelSmoothing: smoothing) }
    }
    #expect(
      error?.description == "CrossEntropyLoss: labelSmoothing \(smoothing) is not in 0...1")
  }

  @Test func failedOperandsPassThrough() {
    let error = #expect(throws: TensorError.self) {
      try checked { CrossEntropyLoss()(scores, Tensor(shape: [4], scalars: [1])) }
    }
    #expect(error?.operation == "tensor")
  }

  @Test func nllTakesLogProbabilities() {
    let logarithms = scores.logSoftmax(axis: 1)
    expectClose(NLLLoss()(logarithms, labels).scalars, [0.979286217436585])
    expectClose(
      NLLLoss(reduction: .none)(logarithms, labels).scalars,
      [0.4643687841079449, 0.06588390375742911, 0, 2.4076059644443806])
    let error = #expect(throws: TensorError.self) {
      try checked { NLLLoss()(logarithms, Tensor([1, 2, 0, 3])) }
    }
    #expect(error?.description == "NLLLoss: class index 3 at position 3 is not in 0..<3")
  }
}
