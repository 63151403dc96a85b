import Glibc
import Testing

@testable import SlopeCore

@Suite struct MemoryPoolTests {
  @Test(arguments: [
    (1025, 41, 1280), (1280, 41, 1280), (1281, 42, 1536), (1536, 42, 1536), (1792, 43, 1792),
    (1793, 44, 2048),
    (2048, 44, 2048), (2049, 45, 2560), (5000, 49, 5120), (1 << 20, 80, 1 << 20),
    ((1 << 20) + 1, 81, 5 << 18), (1 << 48, 192, 1 << 48),
  ])
  func classesAreQuartersOfPowersOfTwo(request: Int, index: Int, byteCount: Int) {
    #expect(MemoryPool.sizeClass(request) == (index, byteCount))
  }

  @Test func classesGrowAndWasteLittle() {
    var last = (index: 0, byteCount: 0)
    for request in stride(from: 1025, through: 300_000, by: 7) {
      let found = MemoryPool.sizeClass(request)
      #expect(found.byteCount >= request && found.byteCount * 4 <= request * 5 + 4)
      #expect(
        (found.index == last.index) == (found.byteCount == last.byteCount)
          && found.index >= last.index)
      last = found
    }
  }

  @Test func freedMemoryIsUsedAgain() throws {
    let pool = MemoryPool()
    let first = try #require(pool.allocate(5000))
    let second = try #require(pool.allocate(2000))
    #expect(UInt(bitPattern: first) % 64 == 0 && UInt(bitPattern: second) % 64 == 0)
    #expect(
      pool.statistics
        == MemoryStatistics(
          bytesInUse: 7168, bytesCached: 0, peakBytesInUse: 7168, allocations: 2, reuses: 0))
    pool.deallocate(first, 5000)
    #expect(
      pool.statistics
        == MemoryStatistics(
          bytesInUse: 2048, bytesCached: 5120, peakBytesInUse: 7168, allocations: 2, reuses: 0))
    #expect(
      pool.allocate(4097) == first && pool.statistics.reuses == 1
        && pool.statistics.bytesCached == 0 && pool.statistics.bytesInUse == 7168)
    let third = try #require(pool.allocate(5120))
    #expect(
      third != first && pool.statistics.allocations == 3 && pool.statistics.peakBytesInUse == 12288)
    for (pointer, count) in [(first, 4097), (second, 2000), (third, 5120)] {
      pool.deallocate(pointer, count)
    }
    #expect(pool.statistics.bytesInUse == 0 && pool.statistics.bytesCached == 12288)
    pool.trim()
    #expect(
      pool.statistics
        == MemoryStatistics(
          bytesInUse: 0, bytesCached: 0, peakBytesInUse: 12288, allocations: 3, reuses: 1))
    let fresh = try #require(pool.allocate(5000))
    #expect(pool.statistics.allocations == 4 && pool.statistics.reuses == 1)
    pool.deallocate(fresh, 5000)
    pool.trim()
  }

  @Test func smallRequestsAreNotPooled() throws {
    let pool = MemoryPool()
    for count in [0, 1, 1024] {
      let pointer = try #require(pool.allocate(count))
      memset(pointer, 1, count)
      pool.deallocate(pointer, count)
    }
    #expect(pool.statistics == MemoryStatistics())
    pool.deallocate(try #require(pool.allocate(1025)), 1025)
    #expect(pool.statistics.allocations == 1 && pool.statistics.bytesCached == 1280)
    pool.trim()
  }

  @Test func requestsBeyondTheAddressSpaceAreRefused() {
    let pool = MemoryPool()
    #expect(
      pool.allocate(1 << 48 + 1) == nil && pool.allocate(.max) == nil
    )
    #expect(pool.statistics == MemoryStatistics())
  }

  @Test func freshBuffersAreFilledInTests() throws {
    let isOn = MemoryPool.fillsFreshBuffers.load(ordering: .relaxed)
    #expect(isOn)
    for count in [3, 1024, 4000] {
      let buffer = try #require(CPUBackend.shared.allocate(byteCount: count))
      #expect(UnsafeRawBufferPointer(start: buffer.handle, count: count).allSatisfy { $0 == 0xFF })
    }
  }

  @Test func tensorsGiveTheirMemoryBack() throws {
    let backend = CPUBackend()
    withDevice(Device(backend)) {
      let x = Tensor<Double>.ones([1000])
      #expect(backend.pool.statistics.bytesInUse == 8192)
      let view = x.reshaped(to: [10, 100])[3].transposed()
      #expect(backend.pool.statistics.bytesInUse == 8192 && view.sum().item() == 100)
      let y = x + x
      #expect(backend.pool.statistics.bytesInUse == 16384 && y.count == 1000)
    }
    #expect(backend.pool.statistics.bytesInUse == 0 && backend.pool.statistics.bytesCached == 16384)
    #expect(
      backend.pool.statistics.allocations == 2 && backend.pool.statistics.peakBytesInUse == 16384)
  }

  @Test func theDevicesStatisticsAreThoseOfItsPool() async {
    await #expect(processExitsWith: .success) {
      func check(_ condition: Bool) { if !condition { exit(EXIT_FAILURE) } }
      setenv("SLOPE_DEVICE", "cpu", 1)
      let before = Device.memoryStatistics
      let x = Tensor<Float>.ones([1 << 20])
      check(Device.memoryStatistics.bytesInUse == before.bytesInUse + (4 << 20))
      _ = x.sum().item()
      check(Device.memoryStatistics.peakBytesInUse >= 4 << 20)
      do { _ = Tensor<Float>.ones([1 << 18]).count }
      check(Device.memoryStatistics.bytesCached >= 1 << 20)
      Device.trim()
      check(Device.memoryStatistics.bytesCached == 0)
    }
  }
}
