import SlopeCore
import SlopeOptimizers
import Testing

@Suite struct ParameterAverageTests {
  private func average(
    _ parameters: [Parameter<Double>?], decay: Double?
  ) -> ParameterAverage<Double> {
    if let decay { return ExponentialMovingAverage(parameters, decay: decay) }
    return StochasticWeightAverage(parameters)
  }

  @Test func averagesAreThoseOfPyTorch() throws {
    let cases = try OptimizerCases.stored.get()
    #expect(cases.averages.count == 3)
    for stored in cases.averages {
      let weight = Parameter(Tensor<Double>([9, 9]))
      let bias = Parameter(Tensor<Double>([9]))
      let average = average([weight, nil, bias], decay: stored.decay)
      for (gradients, wanted) in zip(cases.gradients, stored.averages) {
        weight.tensor = Tensor(Array(gradients[0][..<2]))
        bias.tensor = Tensor(Array(gradients[0][2...]))
        average.update()
        let found = average.averages.flatMap(\.scalars)
        #expect(isClose(found, wanted, 1e-13), "\(found), not \(wanted)")
      }
      #expect(average.updateCount == 6)
    }
  }

  @Test func evaluationUsesTheAverages() {
    let p = Parameter(Tensor<Double>([1, 5]))
    let average = StochasticWeightAverage([p])
    average.update()
    p.tensor = Tensor([3, 7])
    average.update()
    let inside = average.withAverages { p.tensor.scalars }
    #expect(inside == [2, 6] && p.tensor.scalars == [3, 7])
    struct Stop: Error {}
    #expect(throws: Stop.self) { try average.withAverages { throw Stop() } }
    #expect(p.tensor.scalars == [3, 7])
    average.apply()
    #expect(p.tensor.scalars == [2, 6])
    // Steps that follow do not change the average.
    p.grad = Tensor([1, 1])
    SGD([p], learningRate: 1).step()
    #expect(p.tensor.scalars == [1, 5] && average.averages[0].scalars == [2, 6])
  }

  @Test func averagesOfSixteenBitsAreInFloat() {
    let p = Parameter(Tensor<BFloat16>([1]))
    let average = ExponentialMovingAverage([p], decay: 0.999)
    average.update()
    p.tensor = Tensor([2])
    average.update()
    #expect(abs(average.averages[0].item() - 1.001) < 1e-6)
    average.withAverages { #expect(p.tensor.item().doubleValue == 1) }
  }

  @Test func anAverageGoesOnElsewhere() throws {
    let p = Parameter(Tensor<Double>([1]))
    let average = StochasticWeightAverage([p])
    average.update()
    let other = StochasticWeightAverage([p])
    try other.load(averages: average.averages, updateCount: average.updateCount)
    p.tensor = Tensor([4])
    for average in [average, other] { average.update() }
    p.tensor = Tensor([10])
    for average in [average, other] {
      average.update()
      #expect(average.averages[0].item() == 5 && average.updateCount == 3)
    }
    for (averages, count) in [([Tensor<Double>([1, 2])], 1), ([], 1), ([Tensor<Double>([1])], -1)] {
      #expect(throws: OptimizerStateError.self) {
        try other.load(averages: averages, updateCount: count)
      }
    }
    #expect(other.averages[0].item() == 5 && other.updateCount == 3)
    try other.load(averages: average.averages, updateCount: .max)
    other.update()
    #expect(other.updateCount == .max)
  }

  @Test func badArgumentsAreFailures() {
    let p = Parameter(Tensor<Double>([1]))
    for (decay, message) in [
      (1.5, "decay 1.5 is not in 0...1"), (-0.1, "decay -0.1 is not in 0...1"),
    ] {
      let error = #expect(throws: TensorError.self) {
        try checked { _ = ExponentialMovingAverage([p], decay: decay) }
      }
      #expect(error?.description == "ExponentialMovingAverage: \(message)")
    }
    let error = #expect(throws: TensorError.self) {
      try checked { _ = StochasticWeightAverage<Double>([nil]) }
    }
    #expect(error?.description == "StochasticWeightAverage: the list of parameters is empty")
  }
}
