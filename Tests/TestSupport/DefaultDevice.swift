import SlopeCore
import Testing

/// Has a test, or the tests of a suite, run with a device as the default whatever SLOPE_DEVICE says.
public struct DefaultDevice: TestTrait, SuiteTrait, TestScoping {
  let device: Device
  /// The tests of a suite have it, too.
  public var isRecursive: Bool { true }

  /// Runs a test with the device as the default.
  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withDevice(device) { try await function() }
  }
}

extension Trait where Self == DefaultDevice {
  /// For tests that are about the CPU, or about it beside another device.
  public static var onTheCPU: Self { DefaultDevice(device: .cpu) }
}
