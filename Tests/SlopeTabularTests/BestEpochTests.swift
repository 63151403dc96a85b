import SlopeCore
import SlopeTraining
import Testing

@testable import SlopeTabular

@Suite struct BestEpochTests {
  @Test func ofEquallyGoodEpochsTheLastIsKept() {
    var best = BestEpoch<Float>(.accuracy)
    best.consider(1, nil) { [:] }
    #expect(best.number == nil)
    for (epoch, score, number) in [
      (1, Double.nan, 1), (2, 0.5, 2), (3, 0.4, 2), (4, .nan, 2), (5, 0.5, 5), (6, 0.7, 6),
      (7, 0.6, 6),
    ] {
      best.consider(epoch, score) { ["epoch": Tensor([Float(epoch)])] }
      #expect(best.number == number && best.state["epoch"]?.item() == Float(number))
    }
    var least = BestEpoch<Float>(.logLoss)
    for epoch in 1...3 { least.consider(epoch, [2, 1, 3][epoch - 1]) { [:] } }
    #expect(least.number == 2)
  }
}
