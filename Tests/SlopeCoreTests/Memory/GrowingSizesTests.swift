import Glibc
import TestSupport
import Testing

@testable import SlopeCore

/// Loops over sizes that are never used again: the memory of the process is bounded by what is in
/// use.
@Suite(.serialized) struct GrowingSizesTests {
  /// Allocates tensors of each size, as many as have the same total size.
  private static func grow(on device: Device) throws -> (before: Int, after: Int) {
    MemoryPool.fillsFreshBuffers.store(false, ordering: .relaxed)
    return try withDevice(device) {
      let total = 1 << 22
      func fill(_ count: Int) {
        let list = (0..<total / count).map { _ in Tensor<Float>.ones([count]) }
        list.last.map { _ = $0.sum().item() }
      }
      fill(1 << 13)
      let before = try residentByteCount()
      var count = 1 << 13
      while count < 1 << 21 {
        fill(count)
        count += count / 4
      }
      return (before, try residentByteCount())
    }
  }

  @Test func onTheProcessor() async {
    await #expect(processExitsWith: .success) {
      setenv("SLOPE_DEVICE", "cpu", 1)
      let (before, after) = try Self.grow(on: .cpu)
      // 16 MiB at a time in 24 classes; four times as much may always be kept.
      #expect(after - before < 160 << 20, "\((after - before) >> 20) MiB")
    }
  }

  #if OpenCL
    @Test(.enabled(if: (try? OpenCLTestDevices.best.get()) != nil)) func onADevice() async {
      await #expect(processExitsWith: .success) {
        setenv("SLOPE_DEVICE", "cpu", 1)
        let (before, after) = try Self.grow(on: try Device.gpu)
        #expect(after - before < 200 << 20, "\((after - before) >> 20) MiB")
      }
    }
  #endif
}
