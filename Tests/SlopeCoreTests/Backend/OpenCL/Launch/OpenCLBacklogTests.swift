#if OpenCL
  import Glibc
  import TestSupport
  import Testing

  @testable import SlopeCore

  /// How far the host may be ahead of the device.
  @Suite(.enabled(if: OpenCLShim.compiler != nil && (try? OpenCLTestDevices.best.get()) != nil))
  struct OpenCLBacklogTests {
    private let folder: TemporaryFolder
    private let shim: String

    init() throws {
      folder = try TemporaryFolder()
      shim = try OpenCLShim.build(in: folder)
    }

    @Test func everySoManyLaunchesOneIsMarkedAndTheFifthWaitsForTheFirst() {
      var backlog = OpenCLBacklog()
      var waits: [UInt] = []
      for launch in 1...OpenCLBacklog.interval * 10 {
        let isMark = launch % OpenCLBacklog.interval == 0
        #expect(backlog.isMark == isMark, "\(launch)")
        let event = isMark ? OpenCLHandle(bitPattern: launch) : nil
        if let old = backlog.add(event) { waits.append(old) }
      }
      #expect(waits == (1...6).map { UInt($0 * OpenCLBacklog.interval) })
    }

    @Test func aLongQueueIsWaitedForAndAShortOneIsNot() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let faulty = try FaultyDevice(shim)
        let x = faulty.here { Tensor<Float>.full([1 << 18], 0.5) }
        _ = (x.exp() + 1).sum().item()
        let (before, calls) = (faulty.device.statistics, faulty.shim.counts)
        // Work that takes longer on the device than on the host; earlier work counts as well.
        var y = x
        let short = OpenCLBacklog.interval * (OpenCLBacklog.marks + 1) - 1 - before.launches
        for _ in 0..<short { y = y.sin() }
        #expect(faulty.device.statistics.launches - before.launches == short)
        #expect((faulty.shim.counts - calls)["waits"] == 0)
        #expect((faulty.shim.counts - calls)["flushes"] == OpenCLBacklog.marks)
        for _ in 0..<4 * OpenCLBacklog.interval { y = y.sin() }
        let waits = (faulty.shim.counts - calls)["waits"]
        #expect(waits >= 1 && waits <= 4)
        #expect(faulty.device.statistics.waits - before.waits == waits)
        let expected = withDevice(.cpu) {
          var y: Float = 0.5
          for _ in 0..<short + 4 * OpenCLBacklog.interval { y = sin(y) }
          return y
        }
        #expect(abs(y[7].item() - expected) < 1e-4)
      }
    }

    @Test func aWaitThatFailsIsAFailure() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let faulty = try FaultyDevice(shim)
        let x = faulty.here { Tensor<Float>.full([1 << 18], 0.5) }
        _ = x.sin().sum().item()
        faulty.shim.fail("clWaitForEvents", code: -36)
        let message = failure {
          var y = x
          for _ in 0..<OpenCLBacklog.interval * (OpenCLBacklog.marks + 4) { y = y.sin() }
        }
        #expect(
          message
            == "sin: \(faulty.title): INVALID_COMMAND_QUEUE (-36): the device was lost; start the "
            + "program again"
            || message?.hasPrefix("pointwise: \(faulty.title): INVALID_COM") == true,
          "\(message ?? "nothing")")
        #expect(abs(x.sin()[0].item() - sin(0.5)) < 1e-6)
      }
    }

    /// Steps whose results are never read: the memory of the process stays constant.
    @Test func unreadLaunchesDoNotPileUp() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let faulty = try FaultyDevice(shim)
        let x = faulty.here { Tensor<Float>.full([3000], 0.5) }
        _ = (x * 0.5 + 1).sum().item()
        var y = x
        func launch(_ count: Int) { for _ in 0..<count { y = (y * 0.5).exp() } }
        launch(4000)
        let before = try residentByteCount()
        launch(60_000)
        let after = try residentByteCount()
        #expect(after - before < 16 << 20, "\((after - before) >> 20) MiB")
        #expect(y[0].item() > 0)
      }
    }

    @Test func uploadsThatWaitAreFewAndSmall() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let faulty = try FaultyDevice(shim)
        let x = faulty.here { Tensor<Float>.full([1 << 18], 0.5) }
        _ = x.sin().sum().item()
        /// Keeps the device busy for some tenths of a second.
        func occupy() {
          var y = x
          for _ in 0..<1000 { y = y.sin() }
        }
        occupy()
        var before = faulty.device.statistics.waits
        for number in 0..<OpenCLUploads.largestCount { _ = faulty.here { Tensor<Int>([number]) } }
        #expect(faulty.device.statistics.waits == before)
        for number in 0..<10 { _ = faulty.here { Tensor<Int>([number]) } }
        #expect(faulty.device.statistics.waits > before)
        faulty.device.synchronize()
        let bytes = [UInt8](repeating: 1, count: OpenCLUploads.largestByteCount / 8)
        occupy()
        before = faulty.device.statistics.waits
        for _ in 0..<8 { _ = faulty.here { Tensor<UInt8>(bytes) } }
        #expect(faulty.device.statistics.waits == before)
        let last = faulty.here { Tensor<UInt8>(bytes) }
        #expect(faulty.device.statistics.waits > before)
        #expect(last[5].item() == 1)
      }
    }
  }
#endif
