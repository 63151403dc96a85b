import CKernels
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import SlopeCore

@Suite(.serialized, .onTheCPU) struct ThreadCountTests {
  @Test func theCountCanBeSet() throws {
    let before = Device.cpuThreadCount
    defer { Device.cpuThreadCount = before }
    #expect(before >= 1 && before == Int(slope_thread_count()))
    Device.cpuThreadCount = 3
    #expect(Device.cpuThreadCount == 3 && slope_thread_count() == 3)
    Device.cpuThreadCount = 1
    #expect(Device.cpuThreadCount == 1)
    for large in [257, 1 << 31, 1 << 32, Int.max] {
      Device.cpuThreadCount = large
      #expect(Device.cpuThreadCount == 256, "\(large)")
      Device.cpuThreadCount = 2
    }
  }

  @Test(arguments: [0, -1, -(1 << 32) + 5, Int.min])
  func lessThanOneThreadIsAFailure(count: Int) {
    let before = Device.cpuThreadCount
    #expect(
      throws: TensorError(
        operation: "cpuThreadCount", message: "\(count) threads: at least 1 is needed")
    ) { try checked { Device.cpuThreadCount = count } }
    #expect(Device.cpuThreadCount == before)
  }

  /// The bits of one result of each kind that is divided into blocks.
  private static func results(_ x: Tensor<Float>, _ y: Tensor<Float>) -> [[UInt32]] {
    [
      (x.exp() + y).scalars, x.sum().scalars, x.sum(axes: [0]).scalars, x.mean(axes: [1]).scalars,
      matmul(x, y.transposed()).scalars, x.softmax(axis: 1).scalars,
    ].map { $0.map(\.bitPattern) }
  }

  @Test func resultsDoNotDependOnTheCountEvenWhereItChangesMeanwhile() async {
    let before = Device.cpuThreadCount
    defer { Device.cpuThreadCount = before }
    let generator = Generator(seed: 5)
    let x = Tensor<Float>.normal([257, 600], generator: generator)
    let y = Tensor<Float>.normal([257, 600], generator: generator)
    Device.cpuThreadCount = 1
    let expected = Self.results(x, y)
    for count in [2, 3, 7] {
      Device.cpuThreadCount = count
      #expect(Self.results(x, y) == expected, "\(count) threads")
    }
    let flag = Flag()
    await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        var count = 0
        while !flag.isDone.load(ordering: .relaxed) {
          count += 1
          Device.cpuThreadCount = count % 5 + 1
          usleep(50)
        }
        return true
      }
      for _ in 0..<20 { #expect(Self.results(x, y) == expected) }
      flag.isDone.store(true, ordering: .relaxed)
    }
  }

  /// A worker's stack is small, independent of the process's limit, so that many fit into a limited
  /// address space; and it suffices for the deepest block.
  ///
  /// A process of its own: the C library gives a new thread the stack of one that ended, of up to four
  /// times the size.
  @Test func workersHaveStacksOfTwoMegabytes() async {
    await #expect(processExitsWith: .success) {
      slope_set_thread_count(2)
      let found = StackSizes()
      let context = Unmanaged.passUnretained(found).toOpaque()
      withExtendedLifetime(found) {
        slope_parallel(
          2,
          { context, _ in
            guard let context else { return }
            let found = Unmanaged<StackSizes>.fromOpaque(context).takeUnretainedValue()
            found.note()
            for _ in 0..<10_000 where found.count < 2 { usleep(1000) }
          }, context)
      }
      #expect(found.sizes(without: pthread_self()) == [2 << 20])
    }
  }
}

/// The sizes of the stacks of the threads that ran.
private final class StackSizes: Sendable {
  private let found = Mutex<[(thread: pthread_t, size: Int)]>([])

  var count: Int { found.withLock { $0.count } }

  func sizes(without thread: pthread_t) -> [Int] {
    found.withLock { $0 }.filter { $0.thread != thread }.map(\.size)
  }

  func note() {
    var attributes = pthread_attr_t()
    var size = 0
    // Swift's module of the C library does not have this function.
    typealias Function =
      @convention(c) (pthread_t, UnsafeMutablePointer<pthread_attr_t>) -> Int32
    guard let address = dlsym(nil, "pthread_getattr_np"),
      unsafeBitCast(address, to: Function.self)(pthread_self(), &attributes) == 0
    else { return }
    pthread_attr_getstacksize(&attributes, &size)
    pthread_attr_destroy(&attributes)
    found.withLock { $0.append((pthread_self(), size)) }
  }
}

/// The state that two tasks observe.
private final class Flag: Sendable {
  let isDone = Atomic(false)
}
