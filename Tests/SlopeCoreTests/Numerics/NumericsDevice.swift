import ConformanceKit
import SlopeCore
import Testing

/// A device on which the rows are checked.
struct NumericsDevice: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let device: Device
  /// Whether it runs kernels that exist when the process starts.
  ///
  /// A driver takes a quarter of a second to build one, so other devices compute formulas that
  /// combine many operations.
  let isCPU: Bool
  /// Whether its kernels have the form that the library would choose for it.
  let isOwnVariant: Bool
  /// Whether subnormal numbers are kept.
  let keepsSubnormals: Bool

  /// The CPU, and the machine's first OpenCL device in each form of kernels.
  static let all =
    [
      NumericsDevice(
        testDescription: "cpu", device: .cpu, isCPU: true, isOwnVariant: true, keepsSubnormals: true
      )
    ] + openCL

  /// The floating-point types that it supports.
  var floatingTypes: [any FloatingElement.Type] {
    OperationList.floatingTypes.filter { device.dtypes.contains($0.dtype) }
  }
}

#if OpenCL
  @testable import SlopeCore

  extension NumericsDevice {
    /// They store no programs on disk: PoCL compiles each a second time to return its binary.
    private static var openCL: [NumericsDevice] {
      let devices = (try? OpenCLDescription.all()) ?? []
      guard let first = devices.first(where: { $0.obstacle == nil }) else { return [] }
      return KernelVariant.allCases.compactMap { variant in
        guard let backend = try? OpenCLBackend(first, variant: variant, cache: nil) else {
          return nil
        }
        return NumericsDevice(
          testDescription: "\(first.identifier):\(variant)", device: Device(backend), isCPU: false,
          isOwnVariant: variant == first.variant,
          keepsSubnormals: first.hasSubnormals)
      }
    }
  }
#else
  extension NumericsDevice {
    private static var openCL: [NumericsDevice] { [] }
  }
#endif
