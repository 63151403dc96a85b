internal import CKernels
import Glibc

// An address is only available together with its owner: memory returns to the pool, and to another
// thread, after the last use of the value that refers to it, and using an address does not count as
// one.

extension Buffer {
  /// Calls `body` with the memory of a CPU buffer, which stays alive until it returns.
  @inline(__always)
  func withPointer<Result>(_ body: (UnsafeMutableRawPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) { try body(handle) }
  }
}

extension Value {
  /// Calls `body` with the address of the first element, which stays alive until it returns.
  @inline(__always)
  func withPointer<Result>(_ body: (UnsafeRawPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(self) {
      try body(UnsafeRawPointer(buffer.handle) + layout.offset &* dtype.byteCount)
    }
  }

  /// Calls `body` with the elements of a contiguous value in the process' memory.
  @inline(__always)
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withPointer { try body(UnsafeRawBufferPointer(start: $0, count: count &* dtype.byteCount)) }
  }
}

extension Value? {
  /// Calls `body` with the address of the first element, or with nil if there is no value.
  @inline(__always)
  func withPointer<Result>(_ body: (UnsafeRawPointer?) throws -> Result) rethrows -> Result {
    guard let self else { return try body(nil) }
    return try self.withPointer { try body($0) }
  }
}

/// The CPU: SIMD C kernels over the process' memory, OpenBLAS for products of Float and Double.
final class CPUBackend: Backend {
  static let shared = CPUBackend()

  let pool = MemoryPool()

  /// The number of threads of the pool.
  static var threadCount: Int { Int(slope_thread_count()) }

  var name: String { "cpu" }

  /// The buffer of values without elements, such as failed ones.
  var nothing: Buffer { CPUBackend.emptyBuffer }

  private static let emptyBuffer: Buffer = {
    // One byte of the system's memory; without it nothing else could run either.
    guard let buffer = CPUBackend.shared.allocate(byteCount: 0) else {
      fatalError("the system has no memory left")
    }
    return buffer
  }()

  func allocate(byteCount: Int) -> Buffer? {
    guard let pointer = pool.allocate(byteCount) else { return nil }
    return Buffer(pointer, byteCount: byteCount, on: self)
  }

  func release(_ handle: UnsafeMutableRawPointer, byteCount: Int) {
    pool.deallocate(handle, byteCount)
  }

  func upload(_ source: UnsafeRawBufferPointer, to destination: Buffer) {
    guard let base = source.baseAddress else { return }
    destination.withPointer { _ = memcpy($0, base, source.count) }
  }

  func download(
    _ source: Buffer, byteOffset: Int, into destination: UnsafeMutableRawBufferPointer
  ) {
    guard let base = destination.baseAddress else { return }
    source.withPointer { _ = memcpy(base, $0 + byteOffset, destination.count) }
  }

  func copy(_ source: Value, to destination: Buffer, _ layout: Layout) {
    guard source.count > 0 else { return }
    let (rank, size) = (Int32(source.layout.rank), Int32(source.dtype.byteCount))
    source.withPointer { start in
      destination.withPointer { memory in
        let target = memory + layout.offset * source.dtype.byteCount
        KernelAxes.with(source.shape.extents, source.layout.strides, layout.strides) {
          shape, from, to in
          if layout.isContiguous {
            slope_copy(target, start, size, rank, shape, from)
          } else {
            slope_copy_into(target, to, start, from, size, rank, shape)
          }
        }
      }
    }
  }

  func softmax(_ source: Value, logarithm: Bool, output: Buffer) {
    source.withPointer { start in
      output.withPointer {
        slope_softmax(
          logarithm, source.dtype.kernelType, $0, start, Int64(source.shape[0]),
          Int64(source.shape[1]))
      }
    }
  }

  func scan(_ source: Value, isExclusive: Bool, isReversed: Bool, output: Buffer) -> Bool {
    source.withPointer { start in
      output.withPointer {
        slope_scan(
          source.dtype.kernelType, isExclusive, isReversed, $0, start, Int64(source.shape[0]),
          Int64(source.shape[1]), Int64(source.shape[2]))
      }
    }
    return true
  }

  func gather(_ source: Value, indices: Value, output: Buffer, operation: String) -> Int? {
    indices.withPointer { indexStart in
      let bad = slope_find_bad_index(
        .int64, indexStart, Int64(indices.count), Int64(source.shape[1]))
      guard bad < 0 else { return Int(bad) }
      guard source.count > 0 else { return nil }
      source.withPointer { start in
        output.withPointer {
          slope_gather(
            $0, start, indexStart.assumingMemoryBound(to: Int64.self), Int64(source.shape[0]),
            Int64(source.shape[1]), Int64(indices.count),
            Int64(source.shape[2] * source.dtype.byteCount))
        }
      }
      return nil
    }
  }

  func checkIndices(
    _ indices: Value, bound: Int, exempt: Int, subject: String, operation: String
  ) -> Int? {
    indices.withBytes { bytes in
      bytes.assumingMemoryBound(to: Int64.self).firstIndex {
        ($0 < 0 || $0 >= bound) && $0 != exempt
      }
    }
  }

  func scatterAdd(_ source: Value, indices: Value, into destination: Buffer, extent: Int) {
    source.withPointer { start in
      indices.withPointer { indexStart in
        destination.withPointer {
          slope_scatter_add(
            source.dtype.kernelType, $0, start, indexStart.assumingMemoryBound(to: Int64.self),
            Int64(source.shape[0]), Int64(extent), Int64(indices.count), Int64(source.shape[2]))
        }
      }
    }
  }

  func scatter(_ source: Value, indices: Value, into destination: Buffer, extent: Int) -> Bool {
    source.withPointer { start in
      indices.withPointer { indexStart in
        destination.withPointer {
          slope_scatter(
            $0, start, indexStart.assumingMemoryBound(to: Int64.self), Int64(source.shape[0]),
            Int64(extent), Int64(indices.count), Int64(source.shape[2] * source.dtype.byteCount))
        }
      }
    }
    return true
  }

  func argsort(_ source: Value, descending: Bool, output: Buffer) -> Bool {
    func sort() -> Bool {
      source.withPointer { start in
        output.withPointer {
          slope_argsort(
            source.dtype.kernelType, descending, $0.assumingMemoryBound(to: Int64.self), start,
            Int64(source.shape[0]), Int64(source.shape[1]))
        }
      }
    }
    if sort() { return true }
    // Sorting needs memory from the system, which the pool may hold.
    pool.trim()
    return sort()
  }

  func draw(_ draw: RandomDraw, source: Value?, count: Int, output: Output) {
    let (first, second) = draw.operands
    let kind: DrawKind =
      switch draw.numbers {
      case .mask: .mask
      case .uniform: .uniform
      case .normal: .normal
      }
    var kernelDraw = SlopeDraw(
      key: draw.key, block: draw.block, limit: draw.limit, first: first, second: second, kind: kind)
    output.buffer.withPointer { memory in
      source.withPointer {
        slope_draw(output.dtype.kernelType, &kernelDraw, memory, $0, Int64(count))
      }
    }
  }

  func synchronize() {}

  var deviceStatistics: DeviceStatistics {
    var statistics = DeviceStatistics()
    statistics.memory = pool.statistics
    return statistics
  }

  func trim() { pool.trim() }
}

extension DType {
  /// The same type in the kernels' enumeration.
  var kernelType: KernelDType { unsafeBitCast(self, to: KernelDType.self) }
}
