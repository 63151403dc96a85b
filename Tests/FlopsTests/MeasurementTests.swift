import CProbes
import Testing

@testable import flops

@Suite struct MeasurementTests {
  @Test(
    arguments: [([3], 3), ([5, 1, 3], 3), ([4, 1], 2.5), ([9, 1, 2, 4], 3)] as [([Double], Double)])
  func medianIsTheMiddle(numbers: [Double], expected: Double) {
    #expect(median(numbers) == expected)
  }

  @Test func medianOfNothingIsNoNumber() { #expect(median([]).isNaN) }

  @Test func repetitionsFillABatchWithoutOvershooting() {
    // A clock on which one repetition takes a microsecond.
    let count = Measurement.repetitions(filling: 0.1) { Double($0) * 1e-6 }
    #expect((99_000...125_000).contains(count))
  }

  @Test func aSlowWorkloadRunsOnceABatch() {
    #expect(Measurement.repetitions(filling: 0.1) { Double($0) * 2 } == 1)
    #expect(Measurement.repetitions(filling: 0) { _ in 0 } == 1)
  }

  @Test func aClockThatSeesNothingAtFirstDoesNotStopTheSearch() {
    let count = Measurement.repetitions(filling: 0.1) { $0 < 100 ? 0 : Double($0) * 1e-4 }
    #expect((1000...1250).contains(count))
  }

  @Test(
    arguments: [
      (Quantity.gigaflops(operations: 4e9), 2.0), (.gigabytes(bytes: 6e9), 3), (.nanoseconds, 2e9),
      (.microseconds, 2e6), (.nanosecondsPerElement(elements: 1000), 2e6),
    ] as [(Quantity, Double)])
  func quantitiesFollowFromTwoSeconds(quantity: Quantity, expected: Double) {
    #expect(quantity.value(seconds: 2) == expected)
  }

  @Test func eachWorkloadRunsOncePerRoundAfterItsFirstCall() {
    let counter = Counter()
    let workload = Workload(name: "w", title: "w", quantity: .nanoseconds) {
      { counter.repetitions.append($0) }
    }
    var measurement = Measurement(workload, Effort(seconds: 0, rounds: 2), on: .cpu)
    measurement.run()
    measurement.run()
    // The first call, two batches; a batch of no time needs no search.
    #expect(counter.repetitions == [1, 1, 1])
    #expect(measurement.timing.batches.count == 2)
    #expect(measurement.timing.firstSeconds > 0)
  }

  private final class Counter: @unchecked Sendable {
    var repetitions: [Int] = []
  }
}

@Suite struct ResultTests {
  private let timing: Timing = {
    var timing = Timing(firstSeconds: 8)
    timing.batches = [2, 1, 4]
    return timing
  }()

  @Test func aRateIsHeldAgainstItsPeak() {
    let workload = Workload(
      name: "n", title: "t", quantity: .gigaflops(operations: 6e9), peak: .floatAll
    ) {
      { _ in }
    }
    let result = Result(workload, timing, peaks: [.floatAll: 12, .doubleAll: 1])
    #expect(result.value == 3)
    #expect(result.lowest == 1.5)
    #expect(result.highest == 6)
    #expect(result.percentOfPeak == 25)
    #expect(result.peak == "fma_float_all")
    #expect(result.firstSeconds == 8)
  }

  @Test func aTimeIsHeldAgainstThePeakByItsBytes() {
    let workload = Workload(
      name: "n", title: "t", quantity: .nanosecondsPerElement(elements: 1e9), bytes: 8e9,
      peak: .triadAll
    ) {
      { _ in }
    }
    let result = Result(workload, timing, peaks: [.triadAll: 16])
    #expect(result.value == 2)
    #expect(result.gigabytesPerSecond == 4)
    #expect(result.percentOfPeak == 25)
  }

  @Test func withoutAMeasuredPeakThereIsNoShare() {
    let workload = Workload(
      name: "n", title: "t", quantity: .gigabytes(bytes: 1), peak: .triadAll
    ) {
      { _ in }
    }
    #expect(Result(workload, timing, peaks: [:]).percentOfPeak == nil)
    #expect(Result(workload, timing, peaks: [.triadAll: 0]).percentOfPeak == nil)
  }
}

@Suite struct SectionTests {
  @Test func aSelectionNamesSectionsAndResults() throws {
    let selection = try #require(Selection("lecture,add_4k,lecture"))
    #expect(selection.sections == [.lecture])
    #expect(selection.chosen.map(\.name) == ["add_4k", "lecture_step"])
    #expect(Selection("add,") == nil)
    #expect(Selection("Add") == nil)
  }

  @Test(arguments: [
    ("peak", true), ("add_16m", true), ("matmul", true), ("add_4k", false), ("steps", false),
    ("soak", false),
  ])
  func thePeakIsMeasuredWhereAShareNeedsIt(names: String, expected: Bool) throws {
    #expect(try #require(Selection(names)).needsPeak == expected)
  }

  @Test func theUsualRunLeavesOutTheSoakAlone() {
    #expect(Set(Section.usual) == Set(Section.allCases).subtracting([.soak]))
  }

  @Test func namesOfResultsAreUnique() {
    let names = Section.allCases.flatMap { $0.workloads.map(\.name) }
    #expect(Set(names).count == names.count)
    #expect(names.contains("matmul_float32_128x256x784"))
    #expect(names.contains("matmul_float64_2048"))
    #expect(names.contains("deep_sigmoid_4x1024_b512"))
  }

  @Test func onlyWorkThatLeavesTheCachesIsHeldAgainstMemory() {
    for section in [Section.add, .chain] {
      for workload in section.workloads {
        #expect((workload.peak == .triadAll) == workload.name.hasSuffix("_16m"))
      }
    }
  }
}
