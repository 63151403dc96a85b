import SlopeCore
import SlopeNN
import Testing

@testable import SlopeTabular

struct StepDropoutTests {
  @Test func dropoutIsOnlyInAStep() throws {
    let mode = TrainingMode()
    let dropout = StepDropout(seed: 3, mode)
    let ones = Tensor<Float>.ones([1000])
    #expect(dropout(ones).scalars == ones.scalars)
    dropout.probability = 0.25
    let dropped = dropout(ones).scalars
    #expect((200...300).contains(dropped.count { $0 == 0 }))
    #expect(dropped.allSatisfy { $0 == 0 || abs($0 - 4 / 3) < 1e-6 })
    mode.isTraining = false
    #expect(dropout(ones).scalars == ones.scalars)
  }
}
