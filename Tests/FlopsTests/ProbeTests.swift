import CProbes
import Testing

@testable import flops

@Suite struct ProbeTests {
  @Test func multiplyAddsHaveARate() {
    for isDouble in [false, true] {
      // Any processor that runs this does more than a tenth of a billion per second, and less than
      // ten million billion.
      let rate = probe_multiply_add(isDouble, 1, 0.002)
      #expect(rate > 1e8 && rate < 1e16)
    }
    #expect(probe_multiply_add(false, 2, 0.002) > 1e8)
  }

  @Test(arguments: [Int32(1), 2, 3], [false, true])
  func theTriadReachesBothEndsOfItsArrays(threads: Int32, streams: Bool) throws {
    // 65 lines of 64 bytes: no number of threads divides them.
    let triad = try #require(probe_triad_make(65 * 64))
    defer { probe_triad_free(triad) }
    #expect(probe_triad_check(triad) == 0)
    #expect(probe_triad_run(triad, threads, streams) > 0)
    // a = b + 3·c = 1 + 3·2 at either end.
    #expect(probe_triad_check(triad) == 14)
  }

  @Test func anEmptyTriadIsRefused() { #expect(probe_triad_make(63) == nil) }

  @Test(arguments: [Int32(1), 2, 3])
  func theSumReadsEveryLine(threads: Int32) throws {
    // 67 lines: no number of threads divides them, and four at a time leave a remainder.
    let triad = try #require(probe_triad_make(67 * 64))
    defer { probe_triad_free(triad) }
    #expect(probe_read_run(triad, threads) > 0)
    // Eight ones in a line.
    #expect(probe_read_check(triad) == 67 * 8)
  }
}
