#if OpenCL
  import Glibc
  import SlopeNN
  import SlopeOptimizers
  import TestSupport
  import Testing

  @testable import SlopeCore

  /// A device that fails, by a shim before the OpenCL loader: nothing crashes, and no result is
  /// wrong.
  @Suite(.enabled(if: OpenCLShim.compiler != nil && (try? OpenCLTestDevices.best.get()) != nil))
  struct OpenCLFaultTests {
    private let folder: TemporaryFolder
    private let shim: String

    init() throws {
      folder = try TemporaryFolder()
      shim = try OpenCLShim.build(in: folder)
    }

    @Test func aLaunchThatFailsIsAFailureThatNamesTheDevice() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let faulty = try FaultyDevice(shim)
        let x = faulty.here { Tensor<Float>([1, 2, 3]) }
        #expect(show(x + 1) == "[3] 2 3 4")
        faulty.shim.fail("clEnqueueNDRangeKernel", code: -5, count: 2)
        #expect(
          failure { x + 1 }
            == "pointwise: \(faulty.title): OUT_OF_RESOURCES (-5): the device ran out of memory or "
            + "registers, or a kernel ran too long for a display's device")
        faulty.shim.fail("clSetKernelArg", code: -48)
        #expect(
          failure { x + 1 }
            == "pointwise: \(faulty.title): INVALID_KERNEL (-48): this is a bug of the library")
        #expect(show(x + 2) == "[3] 3 4 5")
      }
    }

    @Test func outsideAnyScopeAFailureStopsWithItsSentence() async throws {
      let result = await #expect(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) { [shim = shim as String] in
        let faulty = try FaultyDevice(shim)
        faulty.shim.failAll("clEnqueueReadBuffer", code: -36)
        print(faulty.here { Tensor<Float>([1]) + 1 }.item())
      }
      let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
      #expect(
        text.contains(
          "): INVALID_COMMAND_QUEUE (-36): the device was lost; start the program again"))
      #expect(text.contains("download: opencl:"))
    }

    @Test func copiesThatFailAreFailures() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let faulty = try FaultyDevice(shim)
        let x = faulty.here { Tensor<Float>([1, 2, 3]) }
        func sentence(_ operation: String) -> String {
          "\(operation): \(faulty.title): OUT_OF_HOST_MEMORY (-6): "
            + "the driver could not allocate memory of the process"
        }
        faulty.shim.fail("clEnqueueWriteBuffer", code: -6, count: 2)
        #expect(failure { faulty.here { Tensor<Float>([1]) } } == sentence("upload"))
        faulty.shim.fail("clEnqueueReadBuffer", code: -6, count: 2)
        #expect(failure { x.scalars } == sentence("download"))
        faulty.shim.fail("clFinish", code: -6)
        #expect(failure { faulty.device.synchronize() } == sentence("synchronize"))
        #expect(failure { faulty.device.synchronize() } == nil && show(x) == "[3] 1 2 3")
      }
    }

    /// Every call of a training step fails once: either the step reports it, or its result is
    /// right; and the next step is right.
    @Test(arguments: [
      "clEnqueueNDRangeKernel", "clSetKernelArg", "clEnqueueReadBuffer", "clEnqueueWriteBuffer",
      "clEnqueueCopyBuffer", "clEnqueueFillBuffer", "clWaitForEvents", "clFinish",
      "clCreateBuffer", "clGetEventInfo",
    ]) func aStepInWhichAnyCallFailsIsNeverWrong(_ function: String) async {
      await #expect(processExitsWith: .success) {
        [shim = shim as String, function = function as String] in
        let faulty = try FaultyDevice(shim)
        let expected = faulty.trained()
        #expect(expected.message == nil && expected.losses.count == 2)
        #expect(expected.losses[1] < expected.losses[0])
        var (failures, hits) = (0, 0)
        // There are many arguments; seven steps cover all kinds of kernels.
        for call in stride(from: 1, to: 1000, by: function == "clSetKernelArg" ? 7 : 1) {
          // Without kept memory, so that new memory is allocated.
          faulty.device.trim()
          let before = faulty.shim.counts["failures"]
          // A failed enqueue is tried once more.
          faulty.shim.fail(
            function, code: -5, call: call, count: function.hasPrefix("clEnqueue") ? 2 : 1)
          let result = faulty.trained()
          guard faulty.shim.counts["failures"] > before else { break }
          hits += 1
          if let message = result.message {
            failures += 1
            #expect(
              message.contains("\(faulty.device)"),
              "\(call): \(message)")
          } else {
            #expect(result.losses == expected.losses, "call \(call)")
          }
          let next = faulty.trained()
          #expect(next.message == nil && next.losses == expected.losses, "after call \(call)")
        }
        #expect(hits > 0, "\(function) was never called")
        // A buffer is allocated again, without the kept ones, and arguments are set again; the
        // state of an upload is only queried.
        let isHarmless = ["clCreateBuffer", "clGetEventInfo", "clSetKernelArg"].contains(function)
        #expect(isHarmless ? failures == 0 : failures == hits)
      }
    }

    // MARK: Checks of indices

    @Test func aScopeThatEndsOnADeviceThatFailsThrows() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let faulty = try FaultyDevice(shim)
        let table = faulty.here { Tensor<Float>([1, 2, 3]) }
        let places = faulty.here { Tensor([2, 0]) }
        let message = failure {
          _ = table.taking(places)
          faulty.shim.fail("clFinish", code: -5)
        }
        #expect(message?.hasPrefix("synchronize: \(faulty.title): OUT_OF_RESOURCES") == true)
        #expect(show(table.taking(places)) == "[2] 3 1")
      }
    }

    @Test func aBadIndexIsNotLostWhenAReadFails() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let faulty = try FaultyDevice(shim)
        let table = faulty.here { Tensor<Float>([1, 2, 3]) }
        let (good, bad) = faulty.here { (Tensor([2, 0]), Tensor([0, 3])) }
        let badIndex = "gather: index 3 at position 1 is not in 0..<3"
        /// The scope of a gather receives its failure when a read in an inner scope fails.
        func outer(_ indices: Tensor<Int>, _ function: String) -> String? {
          failure {
            _ = table.taking(indices)
            let count = function.hasPrefix("clEnqueue") ? 2 : 1
            faulty.shim.fail(function, code: -5, count: count)
            #expect(failure { table.scalars }?.hasPrefix("download: \(faulty.title)") == true)
          }
        }
        // Nothing was read: the next wait reads it.
        #expect(outer(bad, "clEnqueueReadBuffer") == badIndex)
        #expect(outer(good, "clEnqueueCopyBuffer") == nil)
        // What was read is unknown, and the slots of the last time are not reported.
        #expect(
          outer(good, "clWaitForEvents")?.hasPrefix("gather: \(faulty.title): OUT_OF_RES") == true)
        #expect(failure { table.taking(bad) } == badIndex)
        #expect(show(table.taking(good)) == "[2] 3 1")
      }
    }

    @Test func moreThanFewBytesAreReadBesideTheChecks() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let faulty = try FaultyDevice(shim)
        let table = faulty.here { Tensor<Float>((0..<17).map(Float.init)) }
        let places = faulty.here { Tensor(Array((0..<17).reversed())) }
        for (count, reads) in [(16, 1), (17, 2)] {
          let indices = places[0..<count]
          _ = table.taking(indices)
          let expected = (0..<count).map { Float(16 - $0) }
          let (before, calls) = (faulty.device.statistics, faulty.shim.counts)
          #expect(table.taking(indices).scalars == expected)
          let after = faulty.device.statistics
          #expect(after.downloads - before.downloads == reads)
          #expect(after.downloadedBytes - before.downloadedBytes == count * 4 + 8)
          #expect((faulty.shim.counts - calls)["reads"] == reads)
          #expect((faulty.shim.counts - calls)["readBytes"] == count * 4 + 8)
        }
        // A bad index is read separately.
        let before = faulty.device.statistics
        let bad = faulty.here { Tensor([17]) }
        #expect(failure { table.taking(bad).item() } != nil)
        let after = faulty.device.statistics
        #expect(after.downloads - before.downloads == 2)
        #expect(after.downloadedBytes - before.downloadedBytes == 4 + 4 + 8)
      }
    }

    // MARK: Memory

    @Test func aDeviceThatIsFullSaysSoAndGoesOnWhenThereIsRoom() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let faulty = try FaultyDevice(shim)
        let quarter: Shape = [1 << 16]
        #expect(faulty.here { Tensor<Float>.ones(quarter).sum().item() } == 65536)
        faulty.device.trim()
        faulty.shim.limitMemory(faulty.shim.counts["bufferBytes"] + (1 << 20))
        var kept: [Tensor<Float>] = []
        let message = failure {
          for _ in 0..<10 {
            let next = faulty.here { Tensor<Float>.ones(quarter) }
            if next.isFailed { break }
            kept.append(next)
          }
        }
        #expect(message == "fill: no memory for [65536] of float32 on \(faulty.device)")
        #expect(kept.count == 4)
        #expect(failure { kept[0] + kept[1] }?.contains("no memory for [65536]") == true)
        // Unused memory is freed, for tensors of another size too.
        kept.removeLast(2)
        #expect(failure { kept[0] + kept[1] } == nil)
        #expect(failure { faulty.here { Tensor<Float>.ones([100_000]) } } == nil)
        faulty.shim.limitMemory(nil)
        #expect((kept[0] + kept[1]).sum().item() == 2 * 65536)
      }
    }

    @Test func noDriverIsAskedForMoreThanItsLargestBuffer() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let faulty = try FaultyDevice(shim)
        let backend = try #require(faulty.device.backend as? OpenCLBackend)
        let before = faulty.shim.counts["buffers"]
        #expect(backend.allocate(byteCount: backend.device.maximumBufferByteCount + 1) == nil)
        #expect(faulty.shim.counts["buffers"] == before)
        #expect(backend.allocate(byteCount: 1000) != nil)
      }
    }

    // MARK: Opening

    @Test(arguments: [
      (
        "clCreateContext", -2, "DEVICE_NOT_AVAILABLE (-2): another program has the device to itself"
      ),
      ("clCreateCommandQueue", -6, "OUT_OF_HOST_MEMORY (-6): the driver could not allocate memory"),
      ("clGetPlatformIDs", -6, "OUT_OF_HOST_MEMORY (-6): the driver could not allocate memory"),
      ("clGetDeviceIDs", -32, "INVALID_PLATFORM (-32): the platform is gone"),
    ]) func aDeviceThatCannotBeOpenedIsAnError(
      _ function: String, _ code: Int32, _ sentence: String
    ) async {
      await #expect(processExitsWith: .success) {
        [
          shim = shim as String, function = function as String, code = code as Int32,
          sentence = sentence as String
        ] in
        let shim = try OpenCLShim(shim)
        shim.failAll(function, code: code)
        do {
          _ = try Device.gpu
          Issue.record("no error")
        } catch { #expect("\(error)".hasPrefix("device gpu: \(sentence)"), "\(error)") }
        #expect(Tensor<Float>([1, 2]).sum().item() == 3)
      }
    }

    @Test func aLoaderThatLacksAFunctionIsAnError() async throws {
      // A process in which the name exists, and nothing else.
      let other = try TemporaryFolder()
      let path = try OpenCLShim.build(
        in: other, source: "int clGetPlatformIDs(void) { return -1; }")
      await #expect(processExitsWith: .success) { [path = path as String] in
        #expect(dlopen(path, RTLD_NOW | RTLD_GLOBAL) != nil)
        let found = DeviceDescription.all()
        #expect(found.devices.map(\.name) == ["cpu"])
        let expected =
          "OpenCL: the loader cannot be used (the OpenCL loader has no clGetPlatformInfo)"
        #expect(found.problem?.hasPrefix(expected) == true)
      }
    }

    // MARK: Programs

    @Test func aKernelThatDoesNotBuildFailsAgainAndHarmsNothing() throws {
      let device = try OpenCLTestDevices.best.get()
      let backend = try #require(device.backend as? OpenCLBackend)
      let source = "kernel void broken() {\n  int one = 1;\n  no_such_function(one);\n}"
      for _ in 0..<2 {
        let message = try #require(
          failure { backend.kernel("broken", "test") { source } == nil })
        let start =
          "test: \(device) (\(backend.device.name)): cannot build a kernel: "
          + "BUILD_PROGRAM_FAILURE (-11): the driver refused a kernel; its log follows\n"
        #expect(message.hasPrefix(start) && message.hasSuffix(source))
        // The driver's first error, with its line.
        let log = message.dropFirst(start.count).prefix { $0 != "\n" }
        #expect(log.contains("error:") && log.contains("no_such_function") && log.contains(":3:"))
      }
      #expect(show(withDevice(device) { Tensor<Float>([1, 2]) + 1 }) == "[2] 2 3")
    }

    @Test(arguments: ["clCreateProgramWithBinary", "clBuildProgram", "clCreateKernel"])
    func aProgramThatTheDriverRefusesIsBuiltFromSource(_ function: String) async {
      await #expect(processExitsWith: .success) {
        [shim = shim as String, function = function as String] in
        let faulty = try FaultyDevice(shim)
        let description = try #require(faulty.device.backend as? OpenCLBackend).device
        let folder = try TemporaryFolder()
        let cache = OpenCLProgramCache(folder: folder.path + "/cache", capacity: 1 << 26)
        func run() throws -> (result: [Float], builds: Int, message: String?) {
          let backend = try OpenCLBackend(description, cache: cache)
          var result: [Float] = []
          let message = failure {
            withDevice(Device(backend)) { result = (Tensor<Float>([1, 2]) * 3).exp().scalars }
          }
          return (result, backend.deviceStatistics.builds, message)
        }
        let first = try run()
        #expect(first.message == nil && first.builds > 0)
        faulty.shim.fail(function, code: -42)
        let second = try run()
        #expect(second.message == nil && second.result == first.result && second.builds == 1)
        let third = try run()
        #expect(third.message == nil && third.result == first.result && third.builds == 0)
      }
    }

    @Test func aProgramThatCannotBeBuiltNowIsBuiltTheNextTime() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let faulty = try FaultyDevice(shim)
        let description = try #require(faulty.device.backend as? OpenCLBackend).device
        let backend = try OpenCLBackend(description, cache: nil)
        let device = Device(backend)
        for function in ["clCreateProgramWithSource", "clBuildProgram", "clCreateKernel"] {
          faulty.shim.fail(function, code: -6)
          let message = failure { withDevice(device) { (Tensor<Float>([1, 2]) + 1).scalars } }
          #expect(message?.contains("OUT_OF_HOST_MEMORY (-6)") == true, "\(function)")
          #expect(message?.contains("\(device) (") == true, "\(function)")
        }
        #expect(show(withDevice(device) { Tensor<Float>([1, 2]) + 1 }) == "[2] 2 3")
      }
    }

    @Test func aDeviceThatIsNoMoreKeepsNoMemory() throws {
      /// The pool of a device that checked an index, which takes memory that no tensor owns.
      func poolOfAnotherDevice() throws -> MemoryPool {
        let description = try #require(try Device.gpu.backend as? OpenCLBackend).device
        let backend = try OpenCLBackend(description, cache: nil)
        let element = withDevice(Device(backend)) {
          Tensor<Int>([1, 2, 3]).taking(Tensor([1])).scalars
        }
        #expect(element == [2])
        withExtendedLifetime(backend) { #expect(backend.pool.statistics.bytesInUse > 0) }
        return backend.pool
      }
      let statistics = try poolOfAnotherDevice().statistics
      #expect(statistics.bytesInUse == 0 && statistics.bytesCached == 0)
      #expect(statistics.allocations > 0)
    }

    @Test func everyByteOfAKeptProgramCounts() throws {
      let cache = OpenCLProgramCache(folder: folder.path + "/cache", capacity: 1000)
      let key = Array("key".utf8)
      let path = cache.path(of: key)
      cache.write([1, 2, 3], under: key)
      let whole = try readFile(path)
      /// What is read from a file with these bytes, and whether the file still exists.
      func read(_ bytes: [UInt8]) throws -> (program: [UInt8]?, isThere: Bool) {
        cache.write([9], under: key)
        let file = try #require(fopen(path, "w"))
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
        return (cache.read(key) { $0 }, access(path, F_OK) == 0)
      }
      #expect(try read(whole) == ([1, 2, 3], true))
      for count in 0..<whole.count {
        #expect(try read(Array(whole.prefix(count))) == (nil, false), "\(count) bytes")
        var changed = whole
        changed[count] ^= 0x40
        #expect(try read(changed) == (nil, false), "byte \(count)")
      }
      #expect(try read(whole + [0]) == (nil, false))
    }
  }
#endif
