#if OpenCL
  import ConformanceKit
  import Slope
  import Testing

  @testable import SlopeCore

  /// Operations of the list on an OpenCL device against the reference backend, on random operands.
  ///
  /// A driver builds a kernel in a quarter of a second, so not every type runs every operation
  /// here; the golden cases cover the others.
  @Suite struct OpenCLComparisonTests {
    /// A device that stores no programs on disk: PoCL compiles each a second time to return its
    /// binary.
    private func device(_ variant: KernelVariant?) throws -> Device {
      let best = try #require(try OpenCLDescription.all().first)
      return Device(try OpenCLBackend(best, variant: variant, cache: nil))
    }

    @Test func operationsAgreeWithTheReference() throws {
      var comparison = DeviceComparison(seed: 5, device: try device(nil))
      comparison.compareFloating(Float.self)
      comparison.compare(OperationList.boolean())
      comparison.compareIntegers(Int8.self)
      comparison.compareIntegers(UInt32.self)
      #expect(comparison.compared > 500)
      print("randomised on OpenCL: \(comparison.compared) results compared")
    }

    @Test func groupKernelsAgreeWithTheReference() throws {
      var comparison = DeviceComparison(seed: 6, device: try device(.simt))
      let names = [
        "sum", "mean", "prod", "amax", "amin", "argmax", "argmin", "softmax", "log_softmax",
        "matmul",
      ]
      func chosen<Element: TensorElement>(_ list: [ConformanceKit.Operation<Element>])
        -> [ConformanceKit.Operation<
          Element
        >]
      {
        list.filter { names.contains($0.name) }
      }
      comparison.compare(chosen(OperationList.floating(BFloat16.self)))
      comparison.compare(chosen(OperationList.floating(Double.self)))
      comparison.compare(chosen(OperationList.integer(Int16.self)))
      comparison.compare(chosen(OperationList.integer(UInt64.self)))
      #expect(comparison.compared > 50)
    }
  }
#endif
