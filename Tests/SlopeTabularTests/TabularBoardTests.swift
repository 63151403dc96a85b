import SlopeTraining
import Testing

@testable import SlopeTabular

/// What TensorBoard is told of the options of a fit.
struct TabularBoardTests {
  private static func settings(
    _ change: (inout TabularOptions) -> Void
  ) -> [String: TensorBoardWriter.Setting] {
    var options = TabularOptions(target: "y")
    change(&options)
    return Dictionary(uniqueKeysWithValues: options.settings)
  }

  @Test func numbersAreNumbers() {
    #expect(
      Self.settings {
        $0.model = .mlp
        ($0.networkEpochs, $0.trials, $0.seconds) = (30, 2, 1.5)
        $0.refits = true
      } == [
        "model": "mlp", "quality": "good", "epochs": 30, "trials": 2, "seconds": 1.5, "seed": 42,
        "refit": true,
      ])
    #expect(
      Self.settings {
        $0.hidden = [4, 3]
        ($0.learningRate, $0.momentum, $0.patience) = (0.25, 0.5, nil)
      } == [
        "model": "linear", "hidden": "4,3", "activation": "relu", "optimizer": "sgd",
        "epochs": 200, "batch size": 32, "learning rate": 0.25, "momentum": 0.5, "seed": 42,
        "refit": false,
      ])
    #expect(
      Self.settings {
        ($0.model, $0.trainsBySteps, $0.batchSize) = (.linear, true, .all)
        $0.seed = 1 << 53 + 1
      } == [
        "model": "linear", "hidden": "", "activation": "relu", "optimizer": "sgd", "epochs": 200,
        "patience": 40, "batch size": "all", "seed": .text("9007199254740993"), "refit": false,
      ])
  }

  /// Of what is not used nothing is said, and of what the recipe chooses neither.
  @Test func whatIsNotChosenIsLeftOut() {
    #expect(
      Self.settings { $0.model = .linear } == ["model": "linear", "seed": 42, "refit": false])
    #expect(
      Self.settings { _ in } == [
        "model": "automatic", "quality": "good", "seed": 42, "refit": false,
      ])
  }
}
