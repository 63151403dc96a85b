import ConformanceKit
import Slope
import Testing

/// Every operation of the list on the CPU against the reference backend, on random operands.
@Suite struct DeviceComparisonTests {
  @Test(arguments: [UInt64(1), 2, 3, 4])
  func operationsAgreeWithTheReference(seed: UInt64) throws {
    var comparison = DeviceComparison(seed: seed)
    comparison.compare(OperationList.boolean())
    for type in OperationList.integerTypes { comparison.compareIntegers(type) }
    for type in OperationList.floatingTypes { comparison.compareFloating(type) }
    #expect(comparison.compared > 2000)
    print("randomised: seed \(seed), \(comparison.compared) results compared")
  }
}
