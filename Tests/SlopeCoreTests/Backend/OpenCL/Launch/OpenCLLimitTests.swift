#if OpenCL
  import SlopeNN
  import SlopeOptimizers
  import TestSupport
  import Testing

  @testable import SlopeCore

  /// Devices whose limits a shim reduces and enforces: in both forms of kernels results are those
  /// of the CPU.
  @Suite(.enabled(if: OpenCLShim.compiler != nil && (try? OpenCLTestDevices.best.get()) != nil))
  struct OpenCLLimitTests {
    private let folder: TemporaryFolder
    private let shim: String

    init() throws {
      folder = try TemporaryFolder()
      shim = try OpenCLShim.build(in: folder)
    }

    // MARK: Groups

    /// Registers may limit a kernel to fewer items than the device has, down to one.
    @Test(arguments: [1, 3, 8, 20, 63, 100, 200])
    func kernelsRunInGroupsOfTheirOwnLimit(items: Int) async {
      await #expect(processExitsWith: .success) { [shim = shim as String, items = items as Int] in
        for variant in [KernelVariant.simt, .wide] {
          try LimitedDevice(shim, ["kernelGroup": items], variant).compareAll()
        }
      }
    }

    @Test(arguments: [1, 6, 40]) func groupsAreNoLongerThanAnAxisAllows(extent: Int) async {
      await #expect(processExitsWith: .success) { [shim = shim as String, extent = extent as Int] in
        for variant in [KernelVariant.simt, .wide] {
          try LimitedDevice(shim, ["groupExtent": extent], variant).compareAll()
        }
      }
    }

    @Test(arguments: [1, 48]) func groupsAreNoLargerThanTheDeviceAllows(items: Int) async {
      await #expect(processExitsWith: .success) { [shim = shim as String, items = items as Int] in
        for variant in [KernelVariant.simt, .wide] {
          try LimitedDevice(shim, ["deviceGroup": items], variant).compareAll()
        }
      }
    }

    @Test func aLaunchTakesTheLargestGroupsThatFit() {
      func local(_ range: LaunchRange, _ size: Int, _ extent: Int = 1 << 10) -> [Int] {
        let fitted = range.fitted(size, (extent, extent, extent))
        #expect(fitted.global == range.global)
        #expect(fitted.global.0 % fitted.local.0 == 0 && fitted.global.1 % fitted.local.1 == 0)
        return [fitted.local.0, fitted.local.1, fitted.local.2]
      }
      let row = LaunchRange(1000, local: (256, 1, 1))
      #expect(local(row, 256) == [256, 1, 1] && local(row, 255) == [128, 1, 1])
      #expect(local(row, 1) == [1, 1, 1] && local(row, 0) == [1, 1, 1])
      #expect(local(row, 256, 64) == [64, 1, 1] && local(row, 256, 0) == [1, 1, 1])
      let tile = LaunchRange(100, 100, local: (16, 16, 1))
      #expect(local(tile, 256) == [16, 16, 1] && local(tile, 64) == [16, 4, 1])
      #expect(local(tile, 10) == [8, 1, 1] && local(tile, 256, 8) == [8, 8, 1])
      #expect(local(LaunchRange(1, 100, local: (1, 25, 1)), 24) == [1, 1, 1])
      #expect(local(LaunchRange(1, 1, 64, local: (1, 1, 64)), 8) == [1, 1, 8])
    }

    // MARK: Arguments

    /// Seven scalars and fifteen words per set: 1,016 bytes hold eight sets of AdamW, which is how
    /// many are collected at a time, 256 bytes one; a step is the CPU's.
    @Test(arguments: [(256, 24), (400, 12), (1015, 6), (1016, 3), (1024, 3), (4096, 3)])
    func asManyParametersAreUpdatedTogetherAsArgumentsFit(bytes: Int, launches: Int) async {
      await #expect(processExitsWith: .success) {
        [shim = shim as String, bytes = bytes as Int, launches = launches as Int] in
        let faulty = try FaultyDevice(shim, limits: ["parameterBytes": bytes])
        guard faulty.device.backend.hasDouble else { return }
        func trained(_ device: Device) -> (values: [[Double]], launches: Int) {
          withDevice(device) {
            let parameters = (0..<24).map { Parameter(Tensor<Double>.full([3], Double($0))) }
            let optimizer = AdamW(parameters, learningRate: 0.1, amsgrad: true)
            var launches = 0
            for _ in 0..<2 {
              for parameter in parameters {
                parameter.grad = Tensor<Double>([0.5, -1, 2])
              }
              device.synchronize()
              let before = device.statistics.launches
              optimizer.step()
              launches = device.statistics.launches - before
            }
            return (parameters.map { $0.tensor.scalars }, launches)
          }
        }
        let found = trained(faulty.device)
        #expect(found.values == trained(.cpu).values)
        #expect(found.launches == launches)
      }
    }

    @Test(arguments: [256, 1024])
    func programsOfManyStridedOperandsRun(bytes: Int) async {
      await #expect(processExitsWith: .success) { [shim = shim as String, bytes = bytes as Int] in
        for variant in [KernelVariant.wide, .simt] {
          let limited = try LimitedDevice(shim, ["parameterBytes": bytes], variant)
          for count in bytes == 256 ? [1, 2, 5, 11] : [5, 11, 16] {
            limited.compareManyOperands(count)
          }
          limited.compareAll()
        }
      }
    }

    @Test func moreArgumentsThanADeviceTakesAreAFailure() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let limited = try LimitedDevice(shim, ["parameterBytes": 256], .wide)
        let sum = LimitedDevice.sum(16)
        let operands = withDevice(limited.device) {
          (0..<16).map { Tensor<Float>([Float($0), 1]).value }
        }
        let message = failure {
          Tensor<Float>(applyPointwise(sum, operands, programType: .float32, output: .float32))
        }
        #expect(
          message?.hasSuffix("272 bytes of arguments are more than the 256 that a kernel can have")
            == true, "\(message ?? "nothing")")
      }
    }

    // MARK: Buffers

    @Test func aBufferMayBeAsLargeAsTheDeviceAllows() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let largest = 10 << 20
        let faulty = try FaultyDevice(shim, limits: ["largestBuffer": largest])
        let backend = try #require(faulty.device.backend as? OpenCLBackend)
        #expect(backend.device.maximumBufferByteCount == largest)
        for count in [largest, largest - 1, largest * 9 / 10, largest * 8 / 10 + 1, largest / 2] {
          for _ in 0..<2 { #expect(backend.allocate(byteCount: count) != nil, "\(count)") }
        }
        #expect(backend.allocate(byteCount: largest + 1) == nil)
        #expect(faulty.here { Tensor<UInt8>.ones([largest]).sum().item() } == largest)
      }
    }

    @Test func keptMemoryIsAShareOfTheDevices() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let all = 64 << 20
        let faulty = try FaultyDevice(shim, limits: ["allBytes": all])
        let backend = try #require(faulty.device.backend as? OpenCLBackend)
        #expect(backend.device.memoryBudget == all / 4 * 3)
        // Sixty buffers of a megabyte, of which three quarters of 64 may stay.
        do {
          let buffers = (0..<60).map { _ in backend.allocate(byteCount: 1 << 20) }
          withExtendedLifetime(buffers) {
            #expect(backend.pool.statistics.bytesInUse >= 60 << 20)
          }
        }
        #expect(backend.pool.statistics.bytesCached <= all / 4 * 3)
        #expect(backend.pool.statistics.bytesCached > all / 2)
        #expect(faulty.shim.counts["bufferBytes"] <= all / 4 * 3)
      }
    }
  }

  /// A device with limits, and computations whose results are compared with the CPU's.
  private struct LimitedDevice {
    let device: Device

    init(_ path: String, _ limits: [String: Int], _ variant: KernelVariant) throws {
      let faulty = try FaultyDevice(path, limits: limits)
      let description = try #require(faulty.device.backend as? OpenCLBackend).device
      device = Device(try OpenCLBackend(description, variant: variant, cache: nil))
    }

    private func compare(
      _ name: String, sourceLocation: SourceLocation = #_sourceLocation,
      _ body: () -> [Tensor<Float>]
    ) {
      let expected = withDevice(.cpu) { body().map(\.scalars) }
      let message = failure {
        let found = withDevice(device) { body().map(\.scalars) }
        #expect(found.count == expected.count)
        for (left, right) in zip(found, expected) {
          #expect(left.count == right.count, "\(name)", sourceLocation: sourceLocation)
          for (a, b) in zip(left, right) where !(abs(a - b) <= 1e-4 * max(1, abs(b))) {
            Issue.record("\(name): \(a) is not \(b)", sourceLocation: sourceLocation)
            return
          }
        }
      }
      #expect(message == nil, "\(name): \(message ?? "")", sourceLocation: sourceLocation)
    }

    /// One of each kind of launch.
    func compareAll() {
      let generator = Generator(seed: 7)
      func random(_ shape: Shape) -> [Float] {
        withDevice(.cpu) { Tensor<Float>.uniform(shape, generator: generator).scalars }
      }
      func matrix(_ numbers: [Float], _ shape: Shape) -> Tensor<Float> {
        Tensor<Float>(numbers).reshaped(to: shape)
      }
      let numbers = random([70, 90])
      let other = random([90, 33])
      compare("pointwise") {
        let x = matrix(numbers, [70, 90])
        return [
          x + 1, (x * x).exp(), x + x[0], x.transposed() * 2, x[0..<70, 0..<7] + x[3, 0..<7],
        ]
      }
      compare("copy") {
        let x = matrix(numbers, [70, 90])
        let cube = matrix(numbers, [7, 10, 90])
        return [
          Tensor(x.transposed().value.contiguous),
          Tensor(cube.permuted([2, 0, 1]).value.contiguous),
          concatenate([x, x], axis: 1),
        ]
      }
      compare("reductions") {
        let x = matrix(numbers, [70, 90])
        return [
          x.sum(), x.sum(axis: 0), x.sum(axis: 1), x.max(axis: 1), (x * x).mean(axis: 1),
          x.variance(), x[0..<3].product(axes: [0]), x.argmax(axis: 1).cast(to: Float.self),
        ]
      }
      compare("softmax") {
        let x = matrix(numbers, [70, 90])
        return [x.softmax(axis: 1), x.logSoftmax(axis: 1), x[0..<70, 0..<5].softmax(axis: 1)]
      }
      compare("products") {
        let (x, y) = (matrix(numbers, [70, 90]), matrix(other, [90, 33]))
        return [
          matmul(x, y), matmul(y.transposed(), x.transposed()), matmul(x, y[0..<90, 0..<1]),
          matmul(x[0..<1], y), matmul(x.transposed(), x), matmul(x[0..<3], y[0..<90, 0..<2]),
        ]
      }
      compare("rows") {
        let x = matrix(numbers, [70, 90])
        let places = Tensor<Int>([3, 0, 69, 3])
        let sum = Parameter(x)
        sum.tensor.taking(places).sum().backward()
        return [x.taking(places), sum.grad ?? x, x.sorted(axis: 1)]
      }
      compare("a step") {
        let x = matrix(numbers, [70, 90])
        let generator = Generator(seed: 5)
        let model = Sequential<Float>(
          Linear(90, 8, generator: generator), ReLU(), Linear(8, 4, generator: generator))
        let optimizer = Adam(model.parameters(), learningRate: 0.01)
        let loss = CrossEntropyLoss<Float>()(model(x), Tensor<Int>((0..<70).map { $0 % 4 }))
        loss.backward()
        optimizer.step()
        return [loss] + model.parameters().map { $0.tensor }
      }
    }

    /// A program with the given number of operands.
    static func sum(_ count: Int) -> PointwiseFunction {
      PointwiseFunction("sum", inputs: count) { operands in
        [operands.dropFirst().reduce(operands[0]) { $0 * 0.5 + $1 }]
      }
    }

    /// Operands whose alternate axes are broadcast or transposed, so that none can be joined.
    func compareManyOperands(_ count: Int) {
      let sum = Self.sum(count)
      compare("\(count) operands") {
        let all = Tensor<Float>((0..<256).map { Float($0 % 17) }).reshaped(
          to: [2, 2, 2, 2, 2, 2, 2, 2])
        let turned = all.permuted([7, 5, 6, 4, 3, 1, 2, 0])
        let rows = Tensor<Float>([1, 2]).reshaped(to: [2, 1, 1, 1, 1, 1, 1, 1])
        let operands = (0..<count).map { [turned, all, rows][$0 % 3].value }
        let nest = Shape(repeatElement(2, count: 8))
        func reduction(_ kind: ReductionKind, _ axes: [Int]?) -> Tensor<Float> {
          Tensor(
            reduced(
              kind, sum, operands.span, programType: .float32, nest: nest, axes: axes,
              keepingAxes: false, output: .float32, record: false))
        }
        return [
          Tensor(applyPointwise(sum, operands, programType: .float32, output: .float32)),
          reduction(.sum, nil), reduction(.sum, [1, 3, 5]), reduction(.maximum, [7]),
          reduction(.mean, [0, 2]),
        ]
      }
    }
  }
#endif
