#if OpenCL
  import Glibc
  import TestSupport
  import Testing

  @testable import SlopeCore

  /// A device without memory for what is enqueued: kept memory is freed, and the call is repeated.
  @Suite(.enabled(if: OpenCLShim.compiler != nil && (try? OpenCLTestDevices.best.get()) != nil))
  struct OpenCLShortageTests {
    private let folder: TemporaryFolder
    private let shim: String

    init() throws {
      folder = try TemporaryFolder()
      shim = try OpenCLShim.build(in: folder)
    }

    @Test(arguments: [-4, -5, -6] as [Int32])
    func aLaunchIsTriedOnceMoreWithoutTheKeptMemory(code: Int32) async {
      await #expect(processExitsWith: .success) { [shim = shim as String, code = code as Int32] in
        let faulty = try FaultyDevice(shim)
        let x = faulty.here { Tensor<Float>([1, 2, 3]) }
        #expect(show(x + 1) == "[3] 2 3 4")
        _ = faulty.here { Tensor<Float>.ones([1 << 16]) }
        #expect(faulty.device.statistics.memory.bytesCached > 0)
        let (before, calls) = (faulty.device.statistics, faulty.shim.counts)
        faulty.shim.fail("clEnqueueNDRangeKernel", code: code)
        let y = x + 2
        #expect(!y.isFailed && faulty.device.statistics.memory.bytesCached == 0)
        // It waited for the queue, which is counted; the launch is counted once.
        #expect(faulty.device.statistics.waits == before.waits + 1)
        #expect(faulty.device.statistics.launches == before.launches + 1)
        #expect((faulty.shim.counts - calls)["waits"] == 1)
        #expect(show(y) == "[3] 3 4 5")
      }
    }

    @Test(arguments: [-1, -3, -7, -9, -36, -54] as [Int32])
    func noOtherFailureIsTriedAgain(code: Int32) async {
      await #expect(processExitsWith: .success) { [shim = shim as String, code = code as Int32] in
        let faulty = try FaultyDevice(shim)
        let x = faulty.here { Tensor<Float>([1, 2, 3]) }
        #expect(show(x + 1) == "[3] 2 3 4")
        let before = faulty.device.statistics.memory.bytesCached
        let calls = faulty.shim.counts
        faulty.shim.fail("clEnqueueNDRangeKernel", code: code)
        #expect(failure { x + 1 }?.contains("(\(code))") ?? false || code == -7)
        #expect(faulty.device.statistics.memory.bytesCached >= before)
        #expect((faulty.shim.counts - calls)["waits"] == 0)
        #expect(show(x + 1) == "[3] 2 3 4")
      }
    }

    @Test func whatWasEnqueuedBeforeAndFailedIsToldInstead() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let faulty = try FaultyDevice(shim)
        let x = faulty.here { Tensor<Float>([1, 2, 3]) }
        #expect(show(x + 1) == "[3] 2 3 4")
        // Only one function can be made to fail; the launch fails for lack of memory by itself.
        faulty.shim.fail("clFinish", code: -36)
        let backend = try #require(faulty.device.backend as? OpenCLBackend)
        var tries = 0
        let code = backend.withRoom {
          tries += 1
          return -4
        }
        #expect(code == -36 && tries == 1)
        #expect(
          backend.withRoom {
            tries += 1
            return tries == 2 ? -5 : 0
          } == 0 && tries == 3)
      }
    }

    /// Every enqueueing call lacks memory once in a training, without any effect.
    @Test(arguments: [
      "clEnqueueNDRangeKernel", "clSetKernelArg", "clEnqueueReadBuffer", "clEnqueueWriteBuffer",
      "clEnqueueCopyBuffer", "clEnqueueFillBuffer",
    ]) func aTrainingThatRunsOutOfMemoryOnceIsTheSame(_ function: String) async {
      await #expect(processExitsWith: .success) {
        [shim = shim as String, function = function as String] in
        let faulty = try FaultyDevice(shim)
        let expected = faulty.trained()
        var hits = 0
        for call in stride(from: 1, to: 1000, by: function == "clSetKernelArg" ? 11 : 1) {
          let before = faulty.shim.counts["failures"]
          faulty.shim.fail(function, code: [-4, -5, -6][call % 3], call: call)
          let result = faulty.trained()
          guard faulty.shim.counts["failures"] > before else { break }
          hits += 1
          #expect(result.message == nil && result.losses == expected.losses, "call \(call)")
        }
        #expect(hits > 0, "\(function) was never called")
      }
    }

    /// The memory of a result whose kernel did not run holds arbitrary bytes; a Bool of Swift is 0
    /// or 1.
    @Test func whatNoKernelWroteIsReadAsTruths() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let faulty = try FaultyDevice(shim)
        let x = faulty.here { Tensor<Float>([1, 2, 3, 4]) }
        #expect(show(x .> 2) == "[4] false false true true")
        #expect(show(x.masked(by: x .> 2)) == "[2] 3 4")
        _ = faulty.here { Tensor<UInt8>.full([4], 200).scalars }
        faulty.shim.fail("clEnqueueNDRangeKernel", code: -36)
        var (bytes, count, isSame): ([UInt8], Int, Bool) = ([], -1, false)
        #expect(
          failure {
            let truths = x .> 2
            bytes = truths.scalars.withUnsafeBytes(Array.init)
            count = x.masked(by: truths).count
            isSame = truths[1].item() == truths.to(.cpu)[1].item()
            return truths
          }?.contains("(-36)") == true)
        #expect(bytes == [1, 1, 1, 1] && count == 4 && isSame)
      }
    }

    /// A failed read gives zeros, not what was in the process's memory.
    @Test func whatCouldNotBeReadIsZero() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let faulty = try FaultyDevice(shim)
        for count in [3, 100_000] {
          let x = faulty.here { Tensor<Float>.full([count], 7) }
          _ = x.scalars
          faulty.shim.fail("clEnqueueReadBuffer", code: -36)
          var read: [Float] = []
          #expect(
            failure {
              read = x.scalars
              return x
            }?.contains("(-36)") == true)
          #expect(read == Array(repeating: 0, count: count))
          #expect(x.scalars == Array(repeating: 7, count: count))
        }
      }
    }

    /// In an address space without room for a driver's compiler nothing is compiled or stored, and
    /// the driver, which would end the process, is not called.
    @Test func withoutRoomForACompilerItIsNotAsked() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let faulty = try FaultyDevice(shim)
        let description = try #require(faulty.device.backend as? OpenCLBackend).device
        let folder = try TemporaryFolder()
        let cache = OpenCLProgramCache(folder: folder.path + "/cache", capacity: 1 << 26)
        let device = Device(try OpenCLBackend(description, cache: cache))
        let x = withDevice(device) { Tensor<Float>([0.5, 1]) }
        let y = x.sinh()
        /// Limits the address space to the given remainder.
        func limit(to byteCount: Int?) throws {
          let pages = try #require(systemFile("/proc/self/statm")?.split(separator: " ").first)
          let taken = try #require(Int(pages)) * sysconf(Int32(_SC_PAGESIZE))
          var limit = rlimit()
          let resource = __rlimit_resource_t(RLIMIT_AS.rawValue)
          #expect(getrlimit(resource, &limit) == 0)
          limit.rlim_cur = byteCount.map { rlim_t(taken + $0) } ?? limit.rlim_max
          #expect(setrlimit(resource, &limit) == 0)
        }
        // PoCL takes 256 MiB to return a program's binary.
        try limit(to: 200 << 20)
        #expect(abs(y[0].item() - 0.5210953) < 1e-5)
        #expect(folderEntries(cache.folder).isEmpty)
        try limit(to: 40 << 20)
        let calls = faulty.shim.counts
        let refusal = "cannot build a kernel: no memory for the driver's compiler"
        #expect(failure { x.cosh() }?.hasSuffix(refusal) == true)
        #expect((faulty.shim.counts - calls)["sourceBuilds"] == 0)
        try limit(to: nil)
        #expect(abs(x.cosh()[0].item() - 1.127626) < 1e-5)
        #expect(!folderEntries(cache.folder).isEmpty)
      }
    }
  }
#endif
