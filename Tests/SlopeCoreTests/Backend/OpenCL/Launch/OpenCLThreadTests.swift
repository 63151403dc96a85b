#if OpenCL
  import Glibc
  import SlopeNN
  import SlopeOptimizers
  import TestSupport
  import Testing

  @testable import SlopeCore

  /// Threads that use one device, or several, concurrently.
  ///
  /// Threads instead of tasks, of which only as many run as there are cores.
  @Suite(.enabled(if: (try? OpenCLTestDevices.best.get()) != nil))
  struct OpenCLThreadTests {
    /// The losses of a training on a given device.
    private func losses(_ device: Device, seed: UInt64) -> [Float] {
      withDevice(device) {
        let generator = Generator(seed: seed)
        let x = Tensor<Float>.uniform([20, 3], generator: generator)
        let y = x.sum(axis: 1, keepingAxes: true)
        let model = Sequential<Float>(
          Linear(3, 5, generator: generator), Tanh(), Linear(5, 1, generator: generator))
        let optimizer = Adam(model.parameters(), learningRate: 0.01)
        return (0..<6).map { _ in
          let order = Tensor(Generator(seed: seed).permutation(20).map { Int($0) })
          let loss = MSELoss<Float>()(model(x.taking(order)), y.taking(order))
          loss.backward()
          optimizer.step()
          optimizer.zeroGrad()
          return loss.item()
        }
      }
    }

    @Test func eightThreadsOnSeveralDevicesTrainAsEachAlone() throws {
      let devices = try OpenCLTestDevices.names.map { try Device(named: $0) } + [.cpu]
      let alone = (0..<8).map { losses(devices[$0 % 4], seed: UInt64($0)) }
      #expect(alone.allSatisfy { $0.count == 6 && $0[5] < $0[0] })
      let found = inThreads(8) { index in
        (0..<3).map { _ in losses(devices[index % 4], seed: UInt64(index)) }
      }
      for index in 0..<8 {
        #expect(found[index] == [alone[index], alone[index], alone[index]], "thread \(index)")
      }
    }

    @Test func eightThreadsOnOneDeviceTrainAsEachAlone() throws {
      let device = try Device.gpu
      let alone = (0..<8).map { losses(device, seed: UInt64($0)) }
      #expect(inThreads(8) { losses(device, seed: UInt64($0)) } == alone)
    }

    @Test func eightThreadsBuildEachProgramOnce() throws {
      let description = try #require(try Device.gpu.backend as? OpenCLBackend).device
      let one = try OpenCLBackend(description, cache: nil)
      let expected = losses(Device(one), seed: 1)
      let eight = try OpenCLBackend(description, cache: nil)
      let found = inThreads(8) { _ in losses(Device(eight), seed: 1) }
      #expect(found == Array(repeating: expected, count: 8))
      #expect(eight.deviceStatistics.builds == one.deviceStatistics.builds)
      #expect(one.deviceStatistics.builds > 5)
    }

    @Test func aFailureIsHeardByItsOwnThread() throws {
      let device = try Device.gpu
      let found = inThreads(8) { thread -> [String?] in
        withDevice(device) {
          let table = Tensor<Int>([1, 2, 3])
          return (0..<20).map { turn in
            failure { table.taking(Tensor([thread % 2 == 0 ? 0 : 3 + thread])).scalars }
          }
        }
      }
      for thread in 0..<8 {
        let expected: String? =
          thread % 2 == 0 ? nil : "gather: index \(3 + thread) at position 0 is not in 0..<3"
        #expect(found[thread] == Array(repeating: expected, count: 20))
      }
    }
  }

  /// The results of `body` on `count` threads that run concurrently.
  private func inThreads<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> Result
  ) -> [Result] {
    withoutActuallyEscaping(body) { body in
      let threads = (0..<count).map { index in
        let job = ThreadJob { body(index) }
        var thread = pthread_t()
        let code = pthread_create(
          &thread, nil,
          { argument in
            if let argument {
              Unmanaged<AnyThreadJob>.fromOpaque(argument).takeUnretainedValue().run()
            }
            return nil
          }, Unmanaged<AnyThreadJob>.passUnretained(job).toOpaque())
        precondition(code == 0)
        return (thread, job)
      }
      return threads.compactMap { thread, job in
        pthread_join(thread, nil)
        return job.result
      }
    }
  }

  private class AnyThreadJob {
    func run() {}
  }

  private final class ThreadJob<Result>: AnyThreadJob {
    private let body: () -> Result
    private(set) var result: Result?

    init(_ body: @escaping () -> Result) { self.body = body }

    override func run() { result = body() }
  }
#endif
