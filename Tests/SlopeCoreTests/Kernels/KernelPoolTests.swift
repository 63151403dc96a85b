import CKernels
import Glibc
import Synchronization
import Testing

/// The thread pool: every block exactly once, nested calls, several callers, changing counts.
@Suite(.serialized) struct KernelPoolTests {
  /// Counts how often each block ran.
  private final class Tally: Sendable {
    let counts: Mutex<[Int]>

    init(_ blocks: Int) { counts = Mutex([Int](repeating: 0, count: blocks)) }

    var isOnceEach: Bool { counts.withLock { $0.allSatisfy { $0 == 1 } } }

    func run(nested: Bool = false) {
      let blocks = counts.withLock { Int64($0.count) }
      let context = Unmanaged.passUnretained(self).toOpaque()
      withExtendedLifetime(self) {
        slope_parallel(blocks, nested ? Tally.nestedBlock : Tally.block, context)
      }
    }

    private static let block: @convention(c) (UnsafeMutableRawPointer?, Int64) -> Void = {
      context, block in
      guard let context else { return }
      let tally = Unmanaged<Tally>.fromOpaque(context).takeUnretainedValue()
      tally.counts.withLock { $0[Int(block)] += 1 }
    }

    private static let nestedBlock: @convention(c) (UnsafeMutableRawPointer?, Int64) -> Void = {
      context, block in
      let inner = Tally(5)
      inner.run()
      if inner.isOnceEach { Tally.block(context, block) }
    }
  }

  @Test(arguments: [Int32(1), 2, 7])
  func everyBlockRunsOnce(threads: Int32) {
    let before = slope_thread_count()
    slope_set_thread_count(threads)
    #expect(slope_thread_count() == threads)
    for round in 0..<300 {
      let tally = Tally(round % 40)
      tally.run(nested: round % 7 == 0)
      #expect(tally.isOnceEach)
      if round == 150 { usleep(2000) }
    }
    slope_set_thread_count(before)
  }

  @Test func callersShareThePool() async {
    let before = slope_thread_count()
    slope_set_thread_count(3)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<4 {
        group.addTask {
          (0..<200).allSatisfy { round in
            let tally = Tally(round % 20)
            tally.run(nested: round % 3 == 0)
            return tally.isOnceEach
          }
        }
      }
      for await isRight in group { #expect(isRight) }
    }
    slope_set_thread_count(before)
  }

  @Test func theCountStaysInItsRange() {
    let before = slope_thread_count()
    #expect(before >= 1)
    slope_set_thread_count(0)
    #expect(slope_thread_count() == 1)
    slope_set_thread_count(100_000)
    #expect(slope_thread_count() == 256)
    slope_set_thread_count(before)
  }

  /// Blocks wait for each other: this ends only if workers really run in parallel with the caller.
  @Test func blocksRunAtTheSameTime() {
    let before = slope_thread_count()
    slope_set_thread_count(2)
    let meeting = Tally(2)
    let context = Unmanaged.passUnretained(meeting).toOpaque()
    withExtendedLifetime(meeting) {
      slope_parallel(
        2,
        { context, block in
          guard let context else { return }
          let tally = Unmanaged<Tally>.fromOpaque(context).takeUnretainedValue()
          tally.counts.withLock { $0[Int(block)] += 1 }
          for _ in 0..<5000 where !tally.isOnceEach { usleep(1000) }
        }, context)
    }
    #expect(meeting.isOnceEach)
    slope_set_thread_count(before)
  }
}
