import Slope
import TestSupport
import Testing

@testable import SlopePlot

struct PlotTests {
  @Test func aTensorIsALine() {
    let x = Tensor<Float>([1, 2, 4])
    let chart = x.plot(title: "three", mark: .points, x: Tensor([10, 20, 30]))
    #expect(chart.title == "three" && chart.series.count == 1)
    #expect(chart.series[0] == .init(mark: .points, name: nil, x: [10, 20, 30], y: [1, 2, 4]))
    #expect(x.plot().series[0].x == [0, 1, 2] && x.plot().series[0].mark == .line)
    #expect(x.plot(mark: .bars).series[0].x == [0, 1, 2, 3])
  }

  @Test func columnsAreLines() {
    let chart = Tensor<Int>([[1, 2], [3, 4], [5, 6]]).plot()
    #expect(chart.series.map(\.y) == [[1, 3, 5], [2, 4, 6]])
    #expect(chart.series.map(\.name) == ["0", "1"])
  }

  @Test func otherShapesAreMistakes() {
    for (shape, message) in [
      (
        [2, 2, 2] as Shape,
        "a tensor of shape [2, 2, 2]; it must be [n], or [n, k] of at most 64 columns"
      ),
      ([], "a tensor of shape []; it must be [n], or [n, k] of at most 64 columns"),
      ([1, 65], "a tensor of shape [1, 65]; it must be [n], or [n, k] of at most 64 columns"),
      ([3, 0], "a tensor of shape [3, 0]; it must be [n], or [n, k] of at most 64 columns"),
    ] {
      let error = #expect(throws: TensorError.self) {
        try checked { _ = Tensor<Float>.zeros(shape, on: .cpu).plot() }
      }
      #expect(error?.message == message)
    }
    let error = #expect(throws: TensorError.self) {
      try checked { _ = Tensor<Float>([1, 2]).plot(mark: .bars, x: Tensor([1, 2])) }
    }
    #expect(error?.message == "places of shape [2] for a tensor of shape [2]; they must be [3]")
  }

  @Test func aHistoryHasItsCurvesAndItsBestEpoch() throws {
    let features = Tensor<Float>((0..<40).map { Float($0) / 40 }).reshaped(to: [40, 1])
    let data = TensorDataset(features, features * 2)
    let model = Linear<Float>(1, 1, generator: Generator(seed: 1))
    let trainer = Trainer(
      model, loss: MSELoss(), optimizer: SGD(model.parameters(), learningRate: 0.1))
    let loader = DataLoader(data, batchSize: 8, generator: Generator(seed: 0))
    let history = try trainer.fit(loader, validation: loader, epochs: 5)
    let chart = history.plot(title: "line")
    #expect(chart.title == "line" && chart.x.title == "epoch" && chart.y.title == "loss")
    #expect(chart.series.map(\.name) == ["training loss", "validation loss"])
    #expect(chart.series[0].x == [1, 2, 3, 4, 5])
    #expect(chart.series[0].y == history.epochs.map(\.trainingLoss))
    #expect(chart.series[1].y == history.epochs.map { $0.validationLoss ?? .nan })
    let best = try #require(history.best?.epoch)
    #expect(chart.guides.map(\.name) == ["best: \(best)"])
    #expect(chart.guides.first?.guide == .vertical(Double(best)))
    // Without validation there is one curve, and nothing that is best.
    let plain = try trainer.fit(loader, epochs: 2).plot()
    #expect(plain.series.map(\.name) == ["training loss"] && plain.guides.isEmpty)
  }

  @Test func farNumbersHaveALogarithmicAxis() {
    func scale(_ numbers: [Double]) -> Chart.Scale {
      LearningCurve.chart(
        [LearningCurve(name: "a", numbers: numbers)], title: "", yTitle: "", bestEpoch: nil
      ).y.scale
    }
    #expect(scale([1, 10.5, .nan]) == .logarithmic && scale([1, 10]) == .linear)
    #expect(scale([0, 100]) == .linear && scale([-1, 100]) == .linear && scale([]) == .linear)
  }
}
