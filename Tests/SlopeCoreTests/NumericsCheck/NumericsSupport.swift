import TestSupport
import Testing

@testable import SlopeCore

/// The failure that a check finds in `body`, as text; nil if there is none.
func fault<Result>(_ body: () throws -> Result) -> String? {
  do {
    _ = try Numerics.check(body)
    return nil
  } catch {
    return "\(error)"
  }
}

/// A small computation, and the failure that a check finds in it.
struct FaultCase: Sendable, CustomTestStringConvertible {
  let found: String?
  /// Returns whether the result is a failed tensor.
  private let body: @Sendable () -> Bool

  init<Element: TensorElement>(_ found: String?, _ body: @escaping @Sendable () -> Tensor<Element>)
  {
    self.found = found
    self.body = { body().value.isFailed }
  }

  init<Result>(_ found: String?, _ body: @escaping @Sendable () -> Result) {
    self.found = found
    self.body = {
      _ = body()
      return false
    }
  }

  var testDescription: String { found ?? "nothing" }

  /// Compares on the CPU, on the reference and, if there is one, on an OpenCL device.
  func check() throws {
    #expect(outcome == found)
    #expect(withDevice(Device(ReferenceBackend.shared)) { outcome } == found, "reference")
    #if OpenCL
      if (try? OpenCLTestDevices.best.get()) != nil {
        let device = try Device(named: "opencl:0:0")
        #expect(withDevice(device) { outcome } == found, "OpenCL")
      }
    #endif
  }

  private var outcome: String? {
    do {
      return try Numerics.check(body) ? "a failed tensor, and no fault" : nil
    } catch {
      return "\(error)"
    }
  }
}

/// A parameter with the given elements.
func parameter(_ scalars: [Float]) -> Parameter<Float> { Parameter(Tensor(scalars)) }
