import TestSupport
import Testing

@testable import SlopeCore

/// What a check finds in `body`, as text; nil where it finds nothing.
func fault<Result>(_ body: () throws -> Result) -> String? {
  do {
    _ = try Numerics.check(body)
    return nil
  } catch {
    return "\(error)"
  }
}

/// A small computation, and what a check finds in it.
struct FaultCase: Sendable, CustomTestStringConvertible {
  let found: String?
  let body: @Sendable () -> Void

  init<Result>(_ found: String?, _ body: @escaping @Sendable () -> Result) {
    self.found = found
    self.body = { _ = body() }
  }

  var testDescription: String { found ?? "nothing" }

  /// Compares on the CPU, on the reference and, where there is one, on an OpenCL device.
  func check() throws {
    #expect(fault(body) == found)
    #expect(withDevice(Device(ReferenceBackend.shared)) { fault(body) } == found, "reference")
    #if OpenCL
      if (try? OpenCLTestDevices.best.get()) != nil {
        let device = try Device(named: "opencl:0:0")
        #expect(withDevice(device) { fault(body) } == found, "OpenCL")
      }
    #endif
  }
}

/// A parameter of the elements given.
func parameter(_ scalars: [Float]) -> Parameter<Float> { Parameter(Tensor(scalars)) }
