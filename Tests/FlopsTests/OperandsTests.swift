import Slope
import Testing

@testable import flops

@Suite struct OperandsTests {
  @Test(
    arguments: [
      // Four times the cache, at least 128 MiB, at most 1 GiB and a 32nd of the memory.
      (64 << 20, 1 << 40, 256 << 20), (0, 1 << 40, 128 << 20), (1 << 30, 1 << 40, 1 << 30),
      (64 << 20, 2 << 30, 64 << 20), (0, 0, 8 * 4096),
    ] as [(Int, Int, Int)])
  func arraysAreFourTimesTheCacheWithinBounds(cache: Int, memory: Int, expected: Int) {
    let size = ArraySize(cacheBytes: cache, memoryBytes: memory)
    #expect(size.byteCount == expected)
    #expect(size.rows(of: .float64) * 4096 * 8 == expected)
    #expect(size.rows(of: .float16) == 4 * size.rows(of: .float64))
  }

  @Test func arraysHaveWholeRowsOfEveryType() {
    let size = ArraySize(cacheBytes: (33 << 20) + 12345, memoryBytes: 1 << 40)
    #expect(size.byteCount % (8 * 4096) == 0)
    #expect(size.byteCount <= 4 * size.cacheBytes)
  }

  @Test func operandsAreSmallDifferAndAreShared() {
    let operands = Operands()
    let a = operands.tensor([3, 5], seed: 1, of: Float.self)
    let b = operands.tensor([3, 5], seed: 2, of: Float.self)
    #expect(a.shape == [3, 5])
    #expect(a.scalars != b.scalars)
    #expect(a.scalars.allSatisfy { abs($0) < 2 })
    // A row and a column added: a[i, j] = a[0, j] + i/8.
    #expect(a.scalars[5] == a.scalars[0] + 0.125)
    #expect(operands.tensor([2, 3, 4], seed: 1, of: Int32.self).shape == [2, 3, 4])
    // The same buffer: another tensor of these numbers would have other memory.
    let addresses = (0..<2).map { _ in
      operands.tensor([3, 5], seed: 1, of: Float.self).withScalars { span in
        span.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
      }
    }
    #expect(addresses[0] == addresses[1])
  }
}
