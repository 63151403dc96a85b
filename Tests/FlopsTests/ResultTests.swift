import Testing

@testable import flops

@Suite struct ResultTests {
  private let timing: Timing = {
    var timing = Timing(firstSeconds: 8)
    timing.batches = [2, 1, 4]
    return timing
  }()
  private let size = ArraySize(cacheBytes: 1_000_000_000, memoryBytes: 1 << 40)
  private let roofs = Roofs(probes: [.floatAll: 12, .doubleAll: 1, .triadAll: 16, .readAll: 8])

  @Test func aRateIsHeldAgainstItsPeak() {
    let workload = Workload.sample(.gigaflops, operations: 6e9, roof: .float32)
    let result = Result(workload, timing, roofs: roofs, size)
    #expect(result.value == 3)
    #expect(result.lowest == 1.5)
    #expect(result.highest == 6)
    #expect(result.percentOfPeak == 25)
    #expect(result.peak == "fma_float_all")
    #expect(result.firstSeconds == 8)
    #expect(result.isCached == nil)
  }

  @Test func workOnMemoryIsHeldAgainstMemorysPeakByItsBytes() {
    let workload = Workload.sample(.gigabytes, operations: 2e9, bytes: 8e9, roof: .memory)
    let result = Result(workload, timing, roofs: roofs, size)
    #expect(result.value == 4)
    #expect(result.gigaflopsPerSecond == 1)
    #expect(result.intensity == 0.25)
    #expect(result.percentOfPeak == 25)
    #expect(result.peak == "triad_all")
  }

  @Test func aStepIsHeldAgainstThePeakByItsOperations() {
    let workload = Workload.sample(.microseconds, operations: 12e9, roof: .float32)
    let result = Result(workload, timing, roofs: roofs, size)
    #expect(result.value == 2e6)
    #expect(result.percentOfPeak == 50)
    #expect(result.gigabytesPerSecond == nil && result.intensity == nil)
  }

  @Test func workThatACacheHoldsHasNoShareOfMemorysPeak() {
    // Four times the cache is the least.
    for (bytes, isCached) in [(3.9e9, true), (4e9, nil)] as [(Double, Bool?)] {
      let workload = Workload.sample(.gigabytes, bytes: bytes, roof: .memory)
      let result = Result(workload, timing, roofs: roofs, size)
      #expect(result.isCached == isCached)
      #expect((result.percentOfPeak == nil) == (isCached == true))
    }
  }

  @Test func withoutAMeasuredPeakThereIsNoShare() {
    let workload = Workload.sample(.gigabytes, bytes: 8e9, roof: .memory)
    #expect(Result(workload, timing, roofs: Roofs(probes: [:]), size).percentOfPeak == nil)
    #expect(
      Result(workload, timing, roofs: Roofs(probes: [.triadAll: 0]), size).percentOfPeak == nil)
  }

  @Test(
    arguments: [
      ("us", 12.34, "steps", "12.3 µs, 32 launches, 1 wait"),
      ("us", 1234, "lecture", "1.23 ms, 32 launches, 1 wait"),
      ("us", 46, "overhead", "46.0 µs"), ("GB/s", 46, "copy", "46.0 GB/s"),
    ] as [(String, Double, String, String)])
  func figuresHaveASuitableUnit(unit: String, value: Double, section: String, expected: String) {
    let result = Result(
      name: "n", section: section, title: "t", value: value, unit: unit, launches: 32, waits: 1)
    #expect(result.figure == expected)
    var uncounted = result
    uncounted.launches = nil
    #expect(!uncounted.figure.contains("launches"))
    var twoWaits = result
    twoWaits.waits = 2
    #expect(twoWaits.figure.hasSuffix("waits") == expected.hasSuffix("wait"))
  }
}
