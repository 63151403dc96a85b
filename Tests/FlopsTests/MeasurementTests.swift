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
      (.gigaflops, 2, "GFLOP/s"), (.gigabytes, 3, "GB/s"), (.nanoseconds, 2e9, "ns"),
      (.microseconds, 2e6, "us"),
    ] as [(Quantity, Double, String)])
  func figuresFollowFromTwoSeconds(quantity: Quantity, expected: Double, unit: String) {
    var workload = Workload.sample(quantity, operations: 4e9, bytes: 6e9)
    #expect(workload.value(seconds: 2) == expected)
    #expect(workload.unit == unit)
    workload.dtype = .int32
    #expect(workload.unit == (unit == "GFLOP/s" ? "GOP/s" : unit))
  }

  @Test func eachWorkloadRunsOncePerRoundAfterItsFirstCall() {
    let counter = Counter()
    let workload = Workload(name: "w", title: "w", quantity: .nanoseconds) { _ in
      { counter.repetitions.append($0) }
    }
    var measurement = Measurement(workload, Effort(seconds: 0, rounds: 2), on: .cpu, Operands())
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
