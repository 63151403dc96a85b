#if OpenCL
  import TestSupport
  import Testing

  @testable import SlopeCore

  /// A device that has no memory for what is enqueued: kept memory is given back, and it is tried again.
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
        // It waited for the queue, and counts that; the launch counts once.
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
        // Only one function can be made to fail: the launch does for want of memory by itself.
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

    /// Every call that enqueues finds no memory once in a training: nobody notices.
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
  }
#endif
