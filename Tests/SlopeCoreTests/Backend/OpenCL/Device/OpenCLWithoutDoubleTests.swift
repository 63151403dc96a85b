#if OpenCL
  import ConformanceKit
  import Slope
  import Testing

  @testable import SlopeCore

  /// A device without Float64, as many GPUs are, and computations that use it elsewhere.
  @Suite struct OpenCLWithoutDoubleTests {
    private func device() throws -> Device {
      var description = try #require(try OpenCLDescription.all().first)
      description.hasDouble = false
      return Device(try OpenCLBackend(description, cache: nil))
    }

    @Test func sumsAndSpreadsGetByWithout() throws {
      // The mean of equal elements, which an operand may have, errs by a unit, which a layer
      // multiplies.
      var comparison = DeviceComparison(seed: 11, device: try device(), slack: 32)
      let names = [
        "sum", "mean", "prod", "var", "std", "softmax", "log_softmax", "layer_norm",
        "batch_norm_train", "cross_entropy", "mse_loss", "logsumexp", "norm", "cumsum", "quantile",
        "linear", "erf",
      ]
      func compare<Element: FloatingElement>(_ list: [ConformanceKit.Operation<Element>]) {
        let chosen = list.filter { names.contains($0.name) }
        comparison.compare(chosen)
        for operation in chosen {
          for sample in operation.differentiableSamples {
            comparison.compareGradients(operation, sample)
          }
        }
      }
      compare(OperationList.floating(Float.self))
      compare(OperationList.floating(Float16.self))
      #expect(comparison.compared > 200)
    }

    @Test func spreadsAreThoseOfTwoPasses() throws {
      try withDevice(try device()) {
        let x = Tensor<Float>([1_000_001, 1_000_002, 1_000_003, 1_000_006])
        #expect(show(x.variance(correction: 0)) == "[] 3.5")
        #expect(x.mean().item() == 1_000_003)
        #expect(show(Tensor<Int32>([.max, 1]).sum()) == "[] 2147483648")
      }
    }

    @Test func itsTensorsAreRefused() throws {
      let device = try device()
      #expect(device.dtypes.count == 12 && !device.dtypes.contains(.float64))
      withDevice(device) {
        func refusal(_ operation: String) -> String {
          "\(operation): \(device) cannot hold float64"
        }
        #expect(failure { Tensor<Float>([1]).cast(to: Double.self) } == refusal("copy"))
        #expect(failure { Tensor<Double>.zeros([2]) } == refusal("fill"))
        #expect(failure { Tensor<Double>([1, 2]) }?.contains("cannot hold float64") == true)
        #expect(failure { Tensor<Double>([1, 2]) + 1 }?.contains("cannot hold float64") == true)
      }
    }
  }
#endif
