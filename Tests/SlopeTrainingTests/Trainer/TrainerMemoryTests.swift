import Slope
import TestSupport
import Testing

@testable import SlopeTraining

struct TrainerMemoryTests {
  /// Trains on a device whose memory ends after some allocations; the message of the error.
  private static func message(batchSize: Int, allocations: Int?) -> String? {
    let backend = ScarceBackend()
    let features = Tensor<Float>.ones([4, 1], on: backend.device)
    let weight = Parameter(Tensor<Float>.ones([1, 1], on: backend.device))
    let model = Linear<Float>(weight: weight, bias: nil)
    let trainer = Trainer(
      model, loss: MSELoss(), optimizer: SGD(model.parameters(), learningRate: 0.01))
    let loader = DataLoader(TensorDataset(features, features), batchSize: batchSize)
    backend.limitAllocations(to: allocations)
    let result = Result { try trainer.fit(loader, epochs: 1) }
    guard case .failure(let error) = result else { return nil }
    return "\(error)"
  }

  @Test func aBatchThatDoesNotFitNamesASmallerOne() throws {
    #expect(Self.message(batchSize: 4, allocations: nil) == nil)
    for allocations in 0..<6 {
      let message = try #require(Self.message(batchSize: 4, allocations: allocations))
      #expect(message.contains(": no memory for ["))
      #expect(message.hasSuffix(" on scarce; batches of 4 rows: try 2"), "\(message)")
    }
    // One row cannot be halved.
    let one = try #require(Self.message(batchSize: 1, allocations: 2))
    #expect(one.hasSuffix(" on scarce"), "\(one)")
  }

  @Test func otherMistakesSayNothingOfIt() {
    let model = Linear<Float>(2, 1)
    let trainer = Trainer(
      model, loss: MSELoss(), optimizer: SGD(model.parameters(), learningRate: 0.01))
    let rows = Tensor<Float>([[1], [2]])
    let error = #expect(throws: TensorError.self) {
      _ = try trainer.fit(DataLoader(TensorDataset(rows, rows), batchSize: 2), epochs: 1)
    }
    #expect(error?.description.contains("batches of") == false)
  }
}
