import COpenBLAS
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import SlopeCore

/// How OpenBLAS is called: single-threaded, by as many threads as it has buffers for.
@Suite(.serialized, .onTheCPU) struct BLASTests {
  /// Small integers, in a matrix large enough for OpenBLAS.
  private static func operand(_ rows: Int, _ columns: Int, _ seed: Int) -> Tensor<Float> {
    Tensor(
      shape: [rows, columns], scalars: (0..<rows * columns).map { Float(($0 * 7 + seed) % 11 - 5) })
  }

  @Test func theLibraryIsReadyAndHasOneThread() {
    #expect(BLAS.isReady())
    #expect(slope_openblas_threads() == 1)
    #expect(slope_openblas_buffers() >= 1)
    #expect(BLAS.kernelName != "unknown" && !BLAS.kernelName.isEmpty)
  }

  /// The variable that limits it to one thread was set in its environment only.
  @Test func theEnvironmentIsAsItWas() throws {
    #expect(BLAS.isReady())
    let name = "OPENBLAS_NUM_THREADS"
    let atStart = try readFile("/proc/self/environ").split(separator: 0)
      .map { String(decoding: $0, as: UTF8.self) }.first { $0.hasPrefix("\(name)=") }
    #expect(getenv(name).map { "\(name)=" + String(cString: $0) } == atStart)
  }

  /// The product of blocks by plain loops on Int.
  private static func expected(_ a: Tensor<Float>, _ b: Tensor<Float>) -> [Float] {
    let (m, k, n) = (a.shape[0], a.shape[1], b.shape[1])
    let (x, y) = (a.scalars, b.scalars)
    var z = [Float](repeating: 0, count: m * n)
    for row in 0..<m {
      for inner in 0..<k {
        for column in 0..<n { z[row * n + column] += x[row * k + inner] * y[inner * n + column] }
      }
    }
    return z
  }

  /// 200 threads of the host program, more than the library has buffers for.
  @Test func manyThreadsAtOnceTakeTurns() {
    let (a, b) = (Self.operand(40, 40, 1), Self.operand(40, 40, 2))
    let expected = Self.expected(a, b)
    let wrong = Mutex(0)
    let done = runThreads(200) {
      for _ in 0..<20 where matmul(a, b).scalars != expected { wrong.withLock { $0 += 1 } }
    }
    #expect(done == 200 && wrong.withLock { $0 } == 0)
    // Two buffers for each of the threads that it was built for, but at least fifty.
    #expect(slope_openblas_buffers() <= 64)
    #expect(slope_openblas_threads() == 1)
  }

  @Test func theProgramsOwnThreadsAreGivenBack() {
    #expect(BLAS.isReady())
    defer { slope_openblas_set_threads(1) }
    let (a, b) = (Self.operand(300, 300, 1), Self.operand(300, 300, 2))
    let expected = matmul(a, b).scalars
    slope_openblas_set_threads(2)
    #expect(matmul(a, b).scalars == expected)
    #expect(slope_openblas_threads() == 2)
    // And while many calls run concurrently.
    let wrong = Mutex(0)
    _ = runThreads(8) {
      for _ in 0..<50 where matmul(a, b).scalars != expected { wrong.withLock { $0 += 1 } }
    }
    #expect(wrong.withLock { $0 } == 0)
    #expect(slope_openblas_threads() == 2)
    // A count that is set anew is the one that is restored.
    slope_openblas_set_threads(1)
    #expect(matmul(a, b).scalars == expected)
    #expect(slope_openblas_threads() == 1)
  }
}

/// Runs `body` on separate threads and returns their number.
private func runThreads(_ count: Int, _ body: @escaping @Sendable () -> Void) -> Int {
  final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var threads: [pthread_t] = []
  for _ in 0..<count {
    var thread = pthread_t()
    let work = Unmanaged.passRetained(Work(body))
    let code = pthread_create(
      &thread, nil,
      { pointer in
        guard let pointer else { return nil }
        Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body()
        return nil
      }, work.toOpaque())
    if code == 0 { threads.append(thread) } else { work.release() }
  }
  for thread in threads { pthread_join(thread, nil) }
  return threads.count
}
