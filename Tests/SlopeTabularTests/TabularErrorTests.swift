import Testing

@testable import SlopeCore
@testable import SlopeTabular
@testable import SlopeTraining

/// What is said of trainings that fail.
struct TabularErrorTests {
  @Test func withoutMemoryThereIsSomethingToTry() {
    func message(lacksMemory: Bool, networks: Int) -> String {
      let error = TensorError(
        operation: "hidden", message: "no memory for [4, 8]", lacksMemory: lacksMemory)
      return
        "\(TabularError.ofTraining(error, epoch: 2, learningRate: 1, remedy: TabularError.remedy(networks: networks)))"
    }
    let start = "a step of training failed: hidden: no memory for [4, 8]"
    #expect(message(lacksMemory: false, networks: 4) == start)
    #expect(
      message(lacksMemory: true, networks: 4) == start
        + "; 4 networks are trained side by side: try --quality fast, which is one")
    #expect(
      message(lacksMemory: true, networks: 1) == start
        + "; try --hidden 64 --batch-size 32, or --model linear")
  }

  @Test func whatDivergesNamesASmallerRate() {
    for error in [TrainingError(description: "x"), MetricError("y", "z")] as [any Error] {
      #expect(
        "\(TabularError.ofTraining(error, epoch: 2, learningRate: 0.7))"
          == "the loss stopped being finite in epoch 2; try a smaller learning rate, for example 0.07"
      )
    }
    let other = TabularError.ofTraining(TabularError.unusable("a"), epoch: 2, learningRate: 1)
    #expect("\(other)" == "a")
  }
}
