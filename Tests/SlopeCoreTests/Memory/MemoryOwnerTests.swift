import TestSupport
import Testing

@testable import SlopeCore

/// Memory is kept as long as its address is in use, even if its owner is not referenced any more.
@Suite(.onTheCPU) struct MemoryOwnerTests {
  @Test func aValueStaysWhileItsAddressIsInUse() {
    weak var owner: Buffer?
    func value() -> Value {
      let value = Value.range(1000, on: CPUBackend.shared)
      owner = value.buffer
      return value
    }
    #expect(value().withPointer { _ in owner != nil })
    #expect(value().withBytes { $0.count == 8000 && owner != nil })
    #expect(owner == nil)
  }

  @Test func aBufferStaysWhileItsAddressIsInUse() throws {
    weak var owner: Buffer?
    func buffer() throws -> Buffer {
      let buffer = try #require(CPUBackend.shared.allocate(byteCount: 4096))
      owner = buffer
      return buffer
    }
    #expect(try buffer().withPointer { _ in owner != nil })
    #expect(owner == nil)
  }

  @Test func theBytesOfAPartBeginAtIt() {
    let value = Value.range(10, on: CPUBackend.shared)
    let part = Value(
      Layout(shape: [3], strides: [1, 0, 0, 0, 0, 0, 0, 0], offset: 4), .int64, value.buffer)
    #expect(part.withBytes { Array($0.assumingMemoryBound(to: Int64.self)) } == [4, 5, 6])
    #expect(Value?.none.withPointer { $0 == nil })
    #expect(Value?.some(part).withPointer { $0?.load(as: Int64.self) } == 4)
  }
}
