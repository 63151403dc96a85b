internal import CKernels
import Glibc

extension Buffer {
  /// The memory of a buffer that the CPU backend made.
  var pointer: UnsafeMutableRawPointer { handle }
}

extension Value {
  /// The first element, in the memory of the process.
  var pointer: UnsafeMutableRawPointer { buffer.pointer + layout.offset &* dtype.byteCount }
}

/// The CPU: SIMD C kernels over the process' memory, OpenBLAS for products of Float and Double.
final class CPUBackend: Backend {
  static let shared = CPUBackend()

  let pool = MemoryPool()

  /// The threads that work together.
  static var threadCount: Int { Int(slope_thread_count()) }

  var name: String { "cpu" }

  /// The buffer of values that have no elements to speak of.
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
    memcpy(destination.pointer, base, source.count)
  }

  func download(
    _ source: Buffer, byteOffset: Int, into destination: UnsafeMutableRawBufferPointer
  ) {
    guard let base = destination.baseAddress else { return }
    memcpy(base, source.pointer + byteOffset, destination.count)
  }

  func copy(_ source: Value, to destination: Buffer, _ layout: Layout) {
    guard source.count > 0 else { return }
    let shape = KernelAxes(source.shape.extents)
    let from = KernelAxes(source.layout.strides)
    let (rank, size) = (Int32(source.layout.rank), Int32(source.dtype.byteCount))
    let target = destination.pointer + layout.offset * source.dtype.byteCount
    if layout.isContiguous {
      slope_copy(target, source.pointer, size, rank, shape.pointer, from.pointer)
    } else {
      let to = KernelAxes(layout.strides)
      slope_copy_into(target, to.pointer, source.pointer, from.pointer, size, rank, shape.pointer)
    }
  }

  func softmax(_ source: Value, logarithm: Bool, output: Buffer) {
    slope_softmax(
      logarithm, source.dtype.kernelType, output.pointer, source.pointer,
      Int64(source.shape[0]), Int64(source.shape[1]))
  }

  func gather(_ source: Value, indices: Value, output: Buffer, operation: String) -> Int? {
    let bad = slope_find_bad_index(
      .int64, indices.pointer, Int64(indices.count), Int64(source.shape[1]))
    guard bad < 0 else { return Int(bad) }
    guard source.count > 0 else { return nil }
    slope_gather(
      output.pointer, source.pointer, indices.pointer.assumingMemoryBound(to: Int64.self),
      Int64(source.shape[0]), Int64(source.shape[1]), Int64(indices.count),
      Int64(source.shape[2] * source.dtype.byteCount))
    return nil
  }

  func checkIndices(
    _ indices: Value, bound: Int, exempt: Int, subject: String, operation: String
  ) -> Int? {
    let all = UnsafeBufferPointer(
      start: indices.pointer.assumingMemoryBound(to: Int64.self), count: indices.count)
    return all.firstIndex { ($0 < 0 || $0 >= bound) && $0 != exempt }
  }

  func scatterAdd(_ source: Value, indices: Value, into destination: Buffer, extent: Int) {
    slope_scatter_add(
      source.dtype.kernelType, destination.pointer, source.pointer,
      indices.pointer.assumingMemoryBound(to: Int64.self), Int64(source.shape[0]), Int64(extent),
      Int64(indices.count), Int64(source.shape[2]))
  }

  func argsort(_ source: Value, descending: Bool, output: Buffer) -> Bool {
    func sort() -> Bool {
      slope_argsort(
        source.dtype.kernelType, descending, output.pointer.assumingMemoryBound(to: Int64.self),
        source.pointer, Int64(source.shape[0]), Int64(source.shape[1]))
    }
    if sort() { return true }
    // It takes memory of the system's, which the pool may have.
    pool.trim()
    return sort()
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
