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

  // MARK: Bounds

  private func withPool(
    largest: Int = 1 << 40, budget: Int = 1 << 40,
    _ body: (MemoryPool, CountedMemory) throws -> Void
  ) rethrows {
    let memory = CountedMemory(largest: largest, budget: budget)
    let pool = MemoryPool(source: memory)
    try body(pool, memory)
    pool.trim()
  }

  @Test func theLargestClassEndsWhereTheSourceDoes() throws {
    try withPool(largest: 1100) { pool, memory in
      for request in [1100, 1099, 1025] {
        let pointer = try #require(pool.allocate(request), "\(request)")
        #expect(memory.live.values.sorted() == [1100] && pool.statistics.bytesInUse == 1100)
        pool.deallocate(pointer, request)
        #expect(pool.statistics.bytesCached == 1100 && pool.statistics.bytesInUse == 0)
      }
      // They all have one class, and smaller ones are unaffected.
      #expect(pool.statistics.allocations == 1 && pool.statistics.reuses == 2)
      #expect(pool.allocate(1101) == nil && pool.allocate(.max) == nil)
      let small = try #require(pool.allocate(1000))
      #expect(memory.live.values.sorted() == [1024, 1100])
      pool.deallocate(small, 1000)
    }
  }

  @Test func whatIsInUseAndKeptStaysWithinTheBudget() throws {
    let unit = 1 << 20
    try withPool(budget: 10 * unit) { pool, memory in
      var held = try (0..<12).map { _ in try #require(pool.allocate(unit)) }
      // A request is served, whether memory is kept or not.
      #expect(memory.byteCount == 12 * unit)
      while let pointer = held.popLast() {
        pool.deallocate(pointer, unit)
        #expect(memory.byteCount == max(10, held.count) * unit)
        #expect(pool.statistics.bytesCached == memory.byteCount - held.count * unit)
      }
      // Memory of another size replaces the oldest before it is allocated.
      let other = try #require(pool.allocate(4 * unit))
      #expect(memory.byteCount == 10 * unit && memory.most == 12 * unit)
      #expect(pool.statistics.bytesCached == 6 * unit)
      pool.deallocate(other, 4 * unit)
      let all = try #require(pool.allocate(20 * unit))
      #expect(pool.statistics.bytesCached == 0 && memory.byteCount == 20 * unit)
      pool.deallocate(all, 20 * unit)
      #expect(pool.statistics.bytesCached == 0 && memory.byteCount == 0)
    }
  }

  @Test func whatWasFreedFirstGoesFirst() throws {
    let unit = 1 << 20
    try withPool(budget: 10 * unit) { pool, memory in
      func use(_ counts: [Int]) throws -> [UnsafeMutableRawPointer] {
        let pointers = try counts.map { try #require(pool.allocate($0 * unit)) }
        for (pointer, count) in zip(pointers, counts) {
          pool.deallocate(pointer, count * unit)
          // The pool's clock is the number of bytes handed out.
          pool.deallocate(try #require(pool.allocate(2048)), 2048)
        }
        return pointers
      }
      // 1 to 4 units are kept, with some kilobytes.
      let first = try use([4, 1, 2])
      #expect(Set(first.map { UInt(bitPattern: $0) }).isSubset(of: memory.live.keys))
      let next = try use([3])
      #expect(memory.live.values.sorted() == [2048, unit, 2 * unit, 3 * unit])
      // The one that was used again is younger than the other.
      #expect(try use([1]) == [first[1]])
      _ = try use([7])
      #expect(memory.live.values.sorted() == [2048, unit, 7 * unit])
      #expect(next.count == 1 && memory.live[UInt(bitPattern: first[1])] == unit)
    }
  }

  @Test func noMoreThanAMultipleOfWhatWasInUseIsKept() throws {
    let total = 64 << 20
    try withPool { pool, memory in
      // The same total at a time, in ever larger pieces.
      var size = 1 << 16
      while size < 1 << 24 {
        let held = try (0..<total / size).map { _ in try #require(pool.allocate(size)) }
        for pointer in held { pool.deallocate(pointer, size) }
        let peak = pool.statistics.peakBytesInUse
        #expect(pool.statistics.bytesCached <= KeptMemory.multiple * peak)
        #expect(memory.byteCount == pool.statistics.bytesCached)
        size += size / 4
      }
      #expect(pool.statistics.bytesCached > total)
      // A class is at most a quarter larger than the request.
      #expect(memory.most <= (KeptMemory.multiple + 1) * total / 4 * 5)
    }
  }

  @Test func sizesThatNeverComeAgainAreNotKept() throws {
    try withPool { pool, memory in
      let unit = 1 << 18
      for count in 1...2000 {
        let (first, second) = (pool.allocate(count * unit), pool.allocate(count * unit))
        pool.deallocate(try #require(first), count * unit)
        pool.deallocate(try #require(second), count * unit)
        // The current class, and a few of the last hundred rounds'.
        if count > 600 {
          #expect(memory.byteCount <= 3 * pool.statistics.peakBytesInUse, "\(count)")
        }
      }
    }
  }

  @Test func theMemoryOfAStepIsKeptForTheNext() throws {
    try withPool { pool, memory in
      // A step whose pieces are in use one after another, and an occasional validation.
      func step(_ sizes: [Int]) throws {
        let state = try #require(pool.allocate(40 << 20))
        for size in sizes { pool.deallocate(try #require(pool.allocate(size)), size) }
        pool.deallocate(state, 40 << 20)
      }
      let training = (1...12).map { $0 << 20 }
      let validation = (1...12).map { $0 * 3 << 18 }
      for _ in 0..<2 {
        try step(training)
        try step(validation)
      }
      let taken = pool.statistics.allocations
      for round in 0..<200 { try step(round % 10 == 0 ? validation : training) }
      #expect(pool.statistics.allocations == taken && memory.takes == taken)
    }
  }

  @Test func aRequestThatFindsNoMemoryIsMadeAgainWithoutTheKept() throws {
    try withPool { pool, memory in
      memory.limit = 10 << 20
      let held = try (0..<8).map { _ in try #require(pool.allocate(1 << 20)) }
      for pointer in held { pool.deallocate(pointer, 1 << 20) }
      let large = try #require(pool.allocate(10 << 20))
      #expect(memory.byteCount == 10 << 20 && pool.allocate(1 << 20) == nil)
      pool.deallocate(large, 10 << 20)
    }
  }

  @Test func aListGivesTheFirstAndTheLast() {
    var list = FreeList()
    #expect(list.first == nil && list.popLast() == nil)
    for number in 0..<1000 {
      list.append(FreeList.Entry(address: UInt(number), time: UInt64(number)), 8)
    }
    #expect(list.size == 8)
    for number in 0..<400 { #expect(list.removeFirst().address == UInt(number)) }
    for number in (600..<1000).reversed() { #expect(list.popLast()?.address == UInt(number)) }
    list.append(FreeList.Entry(address: 7, time: 0), 8)
    for number in 400..<600 { #expect(list.removeFirst().address == UInt(number)) }
    #expect(list.removeFirst().address == 7 && list.first == nil && list.popLast() == nil)
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

/// The process's memory, counted and limited.
private final class CountedMemory: MemorySource, @unchecked Sendable {
  let largest: Int
  let budget: Int
  /// The limit of the total.
  var limit = Int.max
  private(set) var live: [UInt: Int] = [:]
  private(set) var byteCount = 0
  private(set) var most = 0
  private(set) var takes = 0

  init(largest: Int, budget: Int) {
    self.largest = largest
    self.budget = budget
  }

  func take(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    guard self.byteCount + byteCount <= limit, let pointer = malloc(byteCount) else { return nil }
    live[UInt(bitPattern: pointer)] = byteCount
    self.byteCount += byteCount
    most = max(most, self.byteCount)
    takes += 1
    return pointer
  }

  func giveBack(_ handle: UnsafeMutableRawPointer) {
    byteCount -= live.removeValue(forKey: UInt(bitPattern: handle)) ?? 0
    free(handle)
  }

  // Never touched, so that most of it is address space only.
  func fill(_ handle: UnsafeMutableRawPointer, _ byteCount: Int) {}
}
