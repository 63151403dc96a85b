import SlopeCore
import Testing

/// Runs a test, or the tests of a suite, with a device as the default, independent of SLOPE_DEVICE.
public struct DefaultDevice: TestTrait, SuiteTrait, TestScoping {
  let device: Device
  /// Also applies to the tests of a suite.
  public var isRecursive: Bool { true }

  /// Runs a test with the device as the default.
  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withDevice(device) { try await function() }
  }
}

extension Trait where Self == DefaultDevice {
  /// For tests of the CPU, or of the CPU next to another device.
  public static var onTheCPU: Self { DefaultDevice(device: .cpu) }
}
