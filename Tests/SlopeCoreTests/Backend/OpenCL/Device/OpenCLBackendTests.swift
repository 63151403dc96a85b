#if OpenCL
  import Glibc
  import SlopeNN
  import SlopeOptimizers
  import TestSupport
  import Testing

  @testable import SlopeCore

  /// Properties of an OpenCL device other than its results, which DeviceComparison and the golden
  /// cases check.
  @Suite(.onTheCPU) struct OpenCLBackendTests {
    private let device: Device

    init() throws { device = try OpenCLTestDevices.best.get() }

    private func here<Result>(_ body: () throws -> Result) rethrows -> Result {
      try withDevice(device, body)
    }

    // MARK: Devices

    @Test func tensorsAreMadeOnTheDefaultDevice() {
      let x = here { Tensor<Float>([1, 2, 3]) }
      #expect(x.device == device && Device.default == .cpu && here { Device.default } == device)
      #expect((x + 1).device == device && show(x * 2) == "[3] 2 4 6")
      #expect(here { Tensor<Int>.zeros([2]).device } == device && Tensor(1).device == .cpu)
    }

    // MARK: Element by element

    /// Blocks of an axis, remainders, rows that share a group, and rows far apart.
    @Test(arguments: KernelVariant.allCases)
    func longAxesAreWalkedInBlocks(variant: KernelVariant) throws {
      func results<Element: FloatingElement>(_: Element.Type) -> [[Element]] {
        func numbers(_ shape: Shape, _ seed: UInt64) -> Tensor<Element> {
          Tensor<Element>.normal(shape, generator: Generator(seed: seed))
        }
        let long = numbers([8201], 1)
        let rows = numbers([3, 4101], 2)
        let short = numbers([75, 60], 3)
        let deep = numbers([2, 5, 4099], 4).permuted([1, 0, 2])
        return [
          (long * numbers([8201], 5) - long).scalars,
          (rows * numbers([4101], 6) - numbers([3, 1], 7)).scalars,
          (short * numbers([60], 8) + short).scalars,
          (deep * deep - numbers([4099], 9)).scalars,
          (numbers([4096], 10) * long[..<4096]).scalars,
          (numbers([4097], 10) * long[4..<4101]).scalars,
        ]
      }
      let own = try ownDevice(variant)
      #expect(withDevice(own) { results(Float.self) } == results(Float.self))
      #expect(withDevice(own) { results(Double.self) } == results(Double.self))
    }

    /// Vector functions of drivers that are not exact are not used.
    @Test func remaindersAreExact() {
      let x = [Double](repeating: 1e30, count: 40)
      let y = (0..<40).map { 0.5 + Double($0 % 5) }
      #expect(here { Tensor(x).fmod(Tensor(y)).scalars } == zip(x, y).map { fmod($0, $1) })
    }

    // MARK: Training

    @Test func classIndicesAreCheckedOnTheDevice() {
      func message(_ labels: [Int]) -> String? {
        let error = #expect(throws: TensorError.self) {
          try checked {
            here { CrossEntropyLoss<Float>()(Tensor<Float>.zeros([3, 4]), Tensor(labels)) }
          }
        }
        return error?.description
      }
      let start = "CrossEntropyLoss: class index"
      #expect(message([0, 4, 9]) == "\(start) 4 at position 1 is not in 0..<4")
      #expect(message([-100, 3, -1]) == "\(start) -1 at position 2 is not in 0..<4")
    }

    /// A device whose statistics belong to one test alone.
    private func ownDevice(_ variant: KernelVariant? = nil) throws -> Device {
      let description = try #require(try OpenCLDescription.all().first)
      return Device(try OpenCLBackend(description, variant: variant))
    }

    @Test(arguments: KernelVariant.allCases, Activation.allCases)
    func activationsBehindAProductAreFused(variant: KernelVariant, activation: Activation) throws {
      let own = try ownDevice(variant)
      // Products of matrices, with a vector, and of one row.
      for (rows, inputs, outputs) in [(5, 7, 36), (33, 9, 1), (1, 20, 70), (2, 1, 3)] {
        func run<Element: FloatingElement>(
          _: Element.Type
        ) -> (values: [Element], gradient: [Element], launches: Int, unrecorded: Int) {
          // A separate generator, since other tests draw from the default one meanwhile.
          let generator = Generator(seed: 3)
          let layer = Linear<Element>(inputs, outputs, generator: generator)
          let x = Parameter(Tensor<Element>.normal([rows, inputs], generator: generator))
          let before = x.tensor.device.statistics.launches
          let y = linear(
            x.tensor, weight: layer.weight.tensor, bias: layer.bias?.tensor, activation: activation)
          let launches = y.device.statistics.launches - before
          _ = linear(
            x.tensor.detached(), weight: layer.weight.tensor.detached(),
            bias: layer.bias?.tensor.detached(), activation: activation)
          let unrecorded = y.device.statistics.launches - before - launches
          (y * y).sum().backward()
          return (y.scalars, x.grad?.scalars ?? [], launches, unrecorded)
        }
        func compare<Element: FloatingElement & BinaryFloatingPoint>(
          _ type: Element.Type, within bound: Element
        ) {
          let (found, wanted) = (withDevice(own) { run(type) }, run(type))
          // The derivatives of the others are computed from the product itself.
          #expect(found.launches == (activation == .relu ? 1 : 2) && found.unrecorded == 1)
          #expect(found.values.count == rows * outputs)
          for (a, b) in zip(found.values + found.gradient, wanted.values + wanted.gradient) {
            #expect(abs(a - b) <= bound * max(1, abs(b)))
          }
        }
        compare(Float.self, within: 1e-5)
        compare(Double.self, within: 1e-13)
      }
    }

    @Test(arguments: [LossReduction.mean, .sum, .none])
    func classLossesReadNothingFromTheDevice(reduction: LossReduction) throws {
      let scores: [[Float]] = [[1, 2, 0.5], [0, -1, 3], [2, 2, 2], [-1, 0, 1]]
      let labels = [1, 2, -100, 0]
      func run() -> (Tensor<Float>, Tensor<Float>?, Int) {
        let x = Parameter(Tensor<Float>(scores))
        let classes = Tensor<Int>(labels)
        let before = x.tensor.device.statistics.downloads
        let loss = CrossEntropyLoss<Float>(labelSmoothing: 0.1, reduction: reduction)
        let result = loss(x.tensor, classes)
        (result * 2).sum().backward()
        return (result, x.grad, x.tensor.device.statistics.downloads - before)
      }
      let (loss, gradient, downloads) = withDevice(try ownDevice(), run)
      let (expectedLoss, expectedGradient, _) = run()
      #expect(downloads == 0 && loss.shape == expectedLoss.shape)
      for (a, b) in zip(loss.scalars, expectedLoss.scalars) { #expect(abs(a - b) < 1e-6) }
      let pairs = zip(try #require(gradient).scalars, try #require(expectedGradient).scalars)
      for (a, b) in pairs { #expect(abs(a - b) < 1e-6) }
    }

    @Test func parametersAreUpdatedTogether() throws {
      let own = try ownDevice()
      let shapes: [Shape] = [[3], [], [2, 5], [40], [1], [0], [7, 3], [8201], [2], [4096]]
      func run(_ makeOptimizer: ([Parameter<Float>]) -> Optimizer<Float>) -> ([[Float]], Int) {
        let parameters = shapes.enumerated().map { index, shape in
          Parameter(Tensor<Float>.full(shape, Float(index)))
        }
        let optimizer = makeOptimizer(parameters)
        for parameter in parameters { (parameter.tensor * parameter.tensor).sum().backward() }
        let before = parameters[0].tensor.device.statistics.launches
        optimizer.step()
        let launches = parameters[0].tensor.device.statistics.launches - before
        return (parameters.map { $0.tensor.scalars }, launches)
      }
      let descent = withDevice(own) { run { SGD($0, learningRate: 0.25) } }
      #expect(descent.0 == run { SGD($0, learningRate: 0.25) }.0)
      #expect(
        descent.0[0] == [0, 0, 0] && descent.0[4] == [2] && descent.0[3].allSatisfy { $0 == 1.5 })
      // Eight, and then the other two.
      #expect(descent.1 == 2)
      let adam = { (list: [Parameter<Float>]) in Adam(list, learningRate: 0.1) }
      let (found, wanted) = (withDevice(own) { run(adam) }.0, run(adam).0)
      for (a, b) in zip(found.joined(), wanted.joined()) { #expect(abs(a - b) < 1e-5) }
    }

    @Test func someDriversMistakeTheKernelsOfTwoQueues() {
      let pocl = "Portable Computing Language"
      #expect(OpenCLTurn.isNeeded(platform: pocl, driverVersion: "3.1"))
      #expect(OpenCLTurn.isNeeded(platform: pocl, driverVersion: "5.0-pre"))
      #expect(!OpenCLTurn.isNeeded(platform: pocl, driverVersion: "6.0"))
      #expect(!OpenCLTurn.isNeeded(platform: pocl, driverVersion: "10.2"))
      #expect(!OpenCLTurn.isNeeded(platform: "NVIDIA CUDA", driverVersion: "3.1"))
    }

    /// Launches of one kernel in widths that grow and shrink, by several queues concurrently.
    ///
    /// PoCL 3.1 ends the process if it is asked for the binary of a running kernel.
    @Test(arguments: KernelVariant.allCases)
    func programsAreKeptWhenNothingRuns(variant: KernelVariant) throws {
      let folder = try TemporaryFolder()
      let backend = try OpenCLBackend(
        try #require(try OpenCLDescription.all().first), variant: variant,
        cache: OpenCLProgramCache(folder: folder.path + "/cache", capacity: 1 << 26))
      let product = withDevice(Device(backend)) {
        matmul(Tensor<Float>.ones([1030, 700]), Tensor<Float>.full([700, 600], 0.5))
      }
      #expect(backend.programs.hasUnsaved)
      backend.savePrograms()
      #expect(!backend.programs.hasUnsaved)
      #expect(product.scalars.allSatisfy { $0 == 350 })
    }

    @Test func queuesOfOneDeviceWorkAtOnce() async throws {
      let description = try #require(try OpenCLDescription.all().first)
      let devices = try (0..<3).map { _ in Device(try OpenCLBackend(description)) }
      let sums = await withTaskGroup(of: [Double].self) { group in
        for (index, device) in devices.enumerated() {
          group.addTask {
            (1...60).map { turn in
              let count = (turn * (index + 3) % 11 + 1) * 500
              return withDevice(device) { (Tensor<Double>.ones([count]) + 1).sum().item() }
                / Double(count)
            }
          }
        }
        return await group.reduce(into: []) { $0 += $1 }
      }
      #expect(sums.count == 180 && sums.allSatisfy { $0 == 2 })
    }

    @Test func tensorsMoveAndGradientsFindTheirWayBack() {
      let x = Parameter(Tensor<Float>([[1, 2], [3, 4]]))
      let there = x.tensor.transposed().to(device)
      #expect(there.device == device && show(there) == "[2, 2] 1 3 2 4")
      #expect(show(there.to(.cpu)) == "[2, 2] 1 3 2 4" && there.to(.cpu).device == .cpu)
      (there * there).sum().to(.cpu).backward()
      #expect(x.grad?.device == .cpu && show(x.grad) == "[2, 2] 2 4 6 8")
      #expect(there.to(device).value === there.value)
      #expect(show(Tensor<Double>.zeros([0, 3]).to(device)) == "[0, 3] ")
    }

    @Test func modulesMoveWithTheirGradients() {
      let layer = Linear<Float>(2, 1)
      let before = layer(Tensor([[1, 2]])).item()
      layer(Tensor([[1, 2]])).backward()
      layer.to(device)
      #expect(layer.weight.tensor.device == device && layer.weight.grad?.device == device)
      #expect(show(layer.weight.grad) == "[1, 2] 1 2" && show(layer.bias?.grad) == "[1] 1")
      #expect(abs(layer(here { Tensor([[1, 2]]) }).item() - before) < 1e-6)
    }

    @Test func twoDevicesInOneOperationAreAFailureThatNamesBoth() {
      let (x, y) = (here { Tensor<Float>([1, 2]) }, Tensor<Float>([1, 2]))
      #expect(failure { x + y } == "add: operands on \(device) and cpu")
      #expect(failure { matmul(y, x) } == "matmul: operands on cpu and \(device)")
    }

    @Test func namesThatAreNoDeviceAreErrorsThatSayWhatThereIs() throws {
      func message(_ name: String) -> String {
        do {
          _ = try Device(named: name)
          return "no error"
        } catch { return "\(error)" }
      }
      #expect(try Device(named: "cpu") == .cpu && Device(named: "auto") == .cpu)
      #expect(try Device(named: "gpu") == device)
      #expect(
        message("cuda") == "device cuda: the devices are auto, cpu, gpu and opencl:PLATFORM:DEVICE")
      #expect(message("opencl:0") == message("cuda").replacing("cuda", with: "opencl:0"))
      #expect(message("opencl:0:x:wide").hasSuffix("opencl:PLATFORM:DEVICE"))
      #expect(message("opencl:99:0").hasPrefix("device opencl:99:0: there are opencl:0:0"))
      #expect(
        message("opencl:0:0:tall")
          == "device opencl:0:0: kernels have the variants wide and simt, not tall")
      #expect(Device.all.first == .cpu && Device.all.contains(device))
    }

    @Test func describesWhatItIs() throws {
      let found = DeviceDescription.all()
      #expect(found.problem == nil && found.devices.first?.name == "cpu")
      #expect(found.devices.first?.isUsable == true && found.devices.first?.lacks == [])
      let gpu = try #require(found.devices.first { $0.name == "\(device)" })
      #expect(gpu.isUsable && (gpu.memoryByteCount ?? 0) > 1 << 20 && !gpu.driver.isEmpty)
      #expect(gpu.dtypes == device.dtypes && gpu.title.contains("compute units"))
    }

    @Test func withoutADriverThereIsAClearError() async {
      await #expect(processExitsWith: .success) {
        setenv("OCL_ICD_VENDORS", "/nowhere", 1)
        let found = DeviceDescription.all()
        let expected =
          "no OpenCL driver is installed; on Debian: apt-get install pocl-opencl-icd, "
          + "or your GPU's driver"
        guard found.devices.count == 1, found.problem == "OpenCL: \(expected)",
          Device.all == [.cpu]
        else { exit(EXIT_FAILURE) }
        do {
          _ = try Device.gpu
          exit(EXIT_FAILURE)
        } catch {
          if "\(error)" != "device gpu: \(expected)" { exit(EXIT_FAILURE) }
        }
      }
    }

    // MARK: Failures that the device finds

    @Test func aBadIndexIsReportedAtTheNextRead() {
      let table = here { Tensor<Float>([[1, 2], [3, 4], [5, 6]]) }
      func taking(_ indices: [Int], axis: Int = 0) -> Tensor<Float> {
        table.taking(here { Tensor(indices) }, axis: axis)
      }
      #expect(
        failure { taking([0, 3]).scalars } == "gather: index 3 at position 1 is not in 0..<3")
      #expect(
        failure { taking([0, -1, 7]).sum().item() }
          == "gather: index -1 at position 1 is not in 0..<3")
      // Without a read, when the scope ends.
      #expect(
        failure { taking([5, 2], axis: 1) } == "gather: index 5 at position 0 is not in 0..<2")
      #expect(
        failure {
          _ = taking([2])
          _ = taking([1, 4])
          _ = taking([9])
        } == "gather: index 4 at position 1 is not in 0..<3")
      #expect(
        failure { here { Tensor<Float>.zeros([0, 2]).taking(Tensor([0])) } }
          == "gather: index 0 at position 0 is not in 0..<0")
      #expect(
        failure { here { Tensor<Float>.zeros([2, 0]).taking(Tensor([1, 2])) } }
          == "gather: index 2 at position 1 is not in 0..<2")
      // A slot that reported something reports nothing the next time.
      #expect(failure { taking([0, 2]).scalars } == nil)
      #expect(show(taking([2, 0])) == "[2, 2] 5 6 1 2")
    }

    @Test func manyChecksNeedNoRead() {
      let table = here { Tensor<Int>([7, 8, 9]) }
      let places = here { Tensor([2, 0]) }
      var last = table
      for _ in 0..<2500 { last = table.taking(places) }
      #expect(show(last) == "[2] 9 7")
      #expect(
        failure {
          for index in 0..<1500 {
            _ = table.taking(here { Tensor([index == 1100 ? 3 : 1]) })
          }
        } == "gather: index 3 at position 0 is not in 0..<3")
    }

    @Test func aBadIndexOutsideAnyScopeStopsAtTheRead() async {
      await #expect(processExitsWith: .failure) {
        guard let device = try? Device.gpu else { exit(EXIT_SUCCESS) }
        withDevice(device) {
          let x = Tensor<Float>([1, 2]).taking(Tensor([2]))
          print(x.item())
        }
      }
    }

    @Test func memoryThatIsNotThereIsAFailure() {
      #expect(
        failure { here { Tensor<Float>.zeros([1 << 20, 1 << 18]) } }
          == "fill: no memory for [1048576, 262144] of float32 on \(device)")
    }

    @Test func aKernelThatDoesNotBuildIsAFailureWithTheDriversLog() throws {
      let backend = try #require(device.backend as? OpenCLBackend)
      let message = failure {
        backend.kernel("broken", "test") { "kernel void broken() { no_such_function(1); }" } == nil
      }
      #expect(message?.contains("BUILD_PROGRAM_FAILURE (-11)") == true)
      #expect(message?.contains("no_such_function") == true)
      let missing = failure { backend.kernel("other", "test") { "kernel void one() {}" } == nil }
      #expect(missing?.contains("cannot make the kernel other: INVALID_KERNEL_NAME (-46)") == true)
    }

    @Test func codesAreSentences() {
      #expect(
        OpenCLError("read", code: -4).description
          == "cannot read: MEM_OBJECT_ALLOCATION_FAILURE (-4): the device has no memory left; "
          + "use smaller batches")
      #expect(OpenCLError.sentence(-9999) == "the driver gave error -9999")
    }

    // MARK: Copies and waits

    /// The lecture's loop on a separate device.
    private func train(
      _ backend: any Backend, steps: Int, each: (Tensor<Float>) -> Void = { _ in }
    ) {
      withDevice(Device(backend)) {
        let generator = Generator(seed: 42)
        let x = Tensor<Float>.uniform([64, 3], generator: generator)
        let y = x.sum(axis: 1, keepingAxes: true) * 2 + 1
        let model = Sequential<Float>(
          Linear(3, 8, generator: generator), Tanh(), Linear(8, 1, generator: generator))
        let optimizer = SGD(model.parameters(), learningRate: 0.1, momentum: 0.9)
        for _ in 0..<steps {
          let loss = MSELoss<Float>()(model(x), y)
          loss.backward()
          optimizer.step()
          optimizer.zeroGrad()
          each(loss)
        }
      }
    }

    @Test func aStepOnDataOfTheDeviceCopiesAndWaitsForNothing() throws {
      let description = try #require(device.backend as? OpenCLBackend).device
      let backend = try OpenCLBackend(description, cache: nil)
      var seen: [DeviceStatistics] = []
      train(backend, steps: 5) { _ in seen.append(backend.deviceStatistics) }
      // The first step builds; the second makes the last of the optimiser's state.
      for (before, after) in zip(seen[2...], seen[3...]) {
        #expect(after.uploads == before.uploads && after.downloads == before.downloads)
        #expect(after.waits == before.waits && after.builds == before.builds)
        #expect(after.launches - before.launches <= 22)
        #expect(after.memory.allocations == before.memory.allocations)
      }
      #expect(seen[0].uploads >= 3 && seen[0].builds > 5 && seen[0].waits == 0)
      var one = backend.deviceStatistics
      withDevice(Device(backend)) { _ = (Tensor<Float>([1, 2]) + 1).scalars }
      let two = backend.deviceStatistics
      one.uploads += 1
      one.uploadedBytes += 8
      one.downloads += 1
      one.downloadedBytes += 8
      one.waits += 1
      #expect(
        two.uploads == one.uploads && two.uploadedBytes == one.uploadedBytes
          && two.downloads == one.downloads && two.downloadedBytes == one.downloadedBytes
          && two.waits == one.waits)
    }

    @Test func theLossCurveIsThatOfTheCPU() throws {
      var curves: [[Float]] = []
      for backend in [CPUBackend.shared as any Backend, device.backend] {
        var curve: [Float] = []
        train(backend, steps: 40) { curve.append($0.item()) }
        curves.append(curve)
      }
      #expect(curves[0].count == 40 && curves[0][39] < curves[0][0] / 10)
      for (cpu, other) in zip(curves[0], curves[1]) { #expect(abs(cpu - other) <= 1e-5 * cpu) }
    }

    @Test func eightTasksGetTheirOwnResults() async {
      let device = device
      let wrong = await withTaskGroup(of: Int.self) { group in
        for task in 0..<8 {
          group.addTask {
            withDevice(device) {
              var wrong = 0
              for turn in 0..<40 {
                let x = Tensor<Float>(Array(repeating: Float(task), count: 100 + turn))
                let sum = (x * 3 + Float(turn)).sum().item()
                if sum != Float((100 + turn) * (3 * task + turn)) { wrong += 1 }
              }
              return wrong
            }
          }
        }
        return await group.reduce(0, +)
      }
      #expect(wrong == 0)
    }

    @Test func freedMemoryIsUsedAgain() throws {
      let description = try #require(device.backend as? OpenCLBackend).device
      let backend = try OpenCLBackend(description, cache: nil)
      let own = Device(backend)
      for _ in 0..<3 { withDevice(own) { _ = (Tensor<Float>.ones([1000]) + 1).sum().item() } }
      let statistics = own.statistics.memory
      #expect(statistics.bytesInUse == 0 && statistics.reuses > 0 && statistics.bytesCached > 8000)
      #expect(statistics.peakBytesInUse >= 8192 && statistics.peakBytesInUse < 20000)
      own.trim()
      #expect(own.statistics.memory.bytesCached == 0)
    }
  }
#endif
