#if OpenCL
  import SlopeData
  import SlopeNN
  import SlopeOptimizers
  import TestSupport
  import Testing

  @testable import SlopeCore

  /// The bytes that a training step moves between host and device, by the library's counter and by
  /// that of a shim before the OpenCL loader.
  @Suite(.enabled(if: OpenCLShim.compiler != nil && (try? OpenCLTestDevices.best.get()) != nil))
  struct OpenCLTrafficTests {
    private let folder: TemporaryFolder
    private let shim: String

    init() throws {
      folder = try TemporaryFolder()
      shim = try OpenCLShim.build(in: folder)
    }

    @Test func aStepUploadsItsBatchAndReadsNothing() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let traffic = try Training(shim).regression(isOnDevice: false, readsLoss: false)
        // Features and targets of seven batches.
        #expect(traffic.uploads == 14 && traffic.uploadedBytes == 100 * 4 * 4)
        #expect(traffic.downloads == 0 && traffic.downloadedBytes == 0 && traffic.waits == 0)
      }
    }

    @Test func aStepReadsTheLossAndNothingElse() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let traffic = try Training(shim).regression(isOnDevice: false, readsLoss: true)
        #expect(traffic.uploads == 14 && traffic.uploadedBytes == 100 * 4 * 4)
        #expect(traffic.downloads == 7 && traffic.downloadedBytes == 7 * 4 && traffic.waits == 7)
      }
    }

    @Test func ofADataSetOnTheDeviceTheOrderAloneIsUploaded() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let traffic = try Training(shim).regression(isOnDevice: true, readsLoss: false)
        // The order of the epoch.
        #expect(traffic.uploads == 1 && traffic.uploadedBytes == 100 * 8)
        #expect(traffic.downloads == 0 && traffic.waits == 0)
      }
    }

    @Test func withTheLossComesWhetherTheIndicesWereGood() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let traffic = try Training(shim).regression(isOnDevice: true, readsLoss: true)
        #expect(traffic.uploads == 1 && traffic.uploadedBytes == 100 * 8)
        // A loss, and four bytes for each of the two gathers.
        #expect(traffic.downloads == 7 && traffic.downloadedBytes == 7 * (4 + 2 * 4))
        #expect(traffic.waits == 7)
      }
    }

    @Test func withoutShufflingNothingIsUploadedAtAll() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let traffic = try Training(shim).regression(
          isOnDevice: true, readsLoss: true, shuffle: false)
        #expect(traffic.uploads == 0 && traffic.downloads == 7 && traffic.downloadedBytes == 28)
      }
    }

    @Test func classLabelsAreUploadedWithTheirBatch() async {
      await #expect(processExitsWith: .success) { [shim = shim as String] in
        let training = try Training(shim)
        var traffic = training.classification(isOnDevice: false, readsLoss: false)
        #expect(traffic.uploads == 14 && traffic.uploadedBytes == 100 * (3 * 4 + 8))
        #expect(traffic.downloads == 0 && traffic.waits == 0)
        traffic = training.classification(isOnDevice: false, readsLoss: true)
        // The loss, and four bytes for the check of the labels.
        #expect(traffic.downloads == 7 && traffic.downloadedBytes == 7 * (4 + 4))
        #expect(traffic.uploads == 14 && traffic.waits == 7)
      }
    }
  }

  /// The lecture's training on the best device: 100 rows in batches of 16, the last one of 4.
  private struct Training {
    let shim: OpenCLShim
    let device: Device

    init(_ path: String) throws {
      shim = try OpenCLShim(path)
      device = try Device.gpu
    }

    /// The traffic of the third epoch of a regression.
    func regression(isOnDevice: Bool, readsLoss: Bool, shuffle: Bool = true) -> DeviceStatistics {
      let generator = Generator(seed: 1)
      let x = Tensor<Float>.uniform([100, 3], generator: generator)
      let y = x.sum(axis: 1, keepingAxes: true)
      let model = Sequential<Float>(
        Linear(3, 8, generator: generator), ReLU(), Linear(8, 1, generator: generator)
      ).to(device)
      let optimizer = SGD(model.parameters(), learningRate: 0.01, momentum: 0.9)
      let lossFunction = MSELoss<Float>()
      return lastEpoch(
        TensorDataset(x, y), isOnDevice, optimizer, readsLoss: readsLoss, shuffle: shuffle
      ) { lossFunction(model($0), $1) }
    }

    /// The traffic of the third epoch of a classification.
    func classification(isOnDevice: Bool, readsLoss: Bool) -> DeviceStatistics {
      let generator = Generator(seed: 1)
      let x = Tensor<Float>.uniform([100, 3], generator: generator)
      let y = Tensor<Int>((0..<100).map { $0 % 4 })
      let model = Sequential<Float>(
        Linear(3, 8, generator: generator), Tanh(), Linear(8, 4, generator: generator)
      ).to(device)
      let optimizer = Adam(model.parameters(), learningRate: 0.01)
      let lossFunction = CrossEntropyLoss<Float>()
      return lastEpoch(TensorDataset(x, y), isOnDevice, optimizer, readsLoss: readsLoss) {
        lossFunction(model($0), $1)
      }
    }

    private func lastEpoch<Target: TensorElement>(
      _ data: TensorDataset<Float, Target>, _ isOnDevice: Bool, _ optimizer: Optimizer<Float>,
      readsLoss: Bool, shuffle: Bool = true,
      loss lossOf: (Tensor<Float>, Tensor<Target>) -> Tensor<Float>
    ) -> DeviceStatistics {
      let loader = DataLoader(
        isOnDevice ? data.to(device) : data, batchSize: 16, shuffle: shuffle)
      func epoch() {
        for (x, y) in loader {
          let loss = lossOf(x.to(device), y.to(device))
          loss.backward()
          optimizer.step()
          optimizer.zeroGrad()
          if readsLoss { #expect(loss.item() > 0) }
        }
      }
      epoch()
      epoch()
      // Programs are stored when the host waits, which must not be in the measured epoch.
      device.synchronize()
      let (before, callsBefore) = (device.statistics, shim.counts)
      epoch()
      let (after, calls) = (device.statistics, shim.counts - callsBefore)
      var traffic = after
      traffic.uploads -= before.uploads
      traffic.uploadedBytes -= before.uploadedBytes
      traffic.downloads -= before.downloads
      traffic.downloadedBytes -= before.downloadedBytes
      traffic.launches -= before.launches
      traffic.waits -= before.waits
      traffic.builds -= before.builds
      // The library's counter and the shim's agree, so that nothing is moved in another way.
      #expect(calls["writes"] == traffic.uploads)
      #expect(calls["writtenBytes"] == traffic.uploadedBytes)
      #expect(calls["reads"] == traffic.downloads && calls["readBytes"] == traffic.downloadedBytes)
      #expect(calls["launches"] == traffic.launches && traffic.launches >= 7 * 10)
      #expect(calls["waits"] + calls["blockingReads"] == traffic.waits)
      #expect(calls["maps"] == 0)
      #expect(traffic.builds == 0 && calls["sourceBuilds"] == 0 && calls["binaryBuilds"] == 0)
      #expect(calls["buffers"] == after.memory.allocations - before.memory.allocations)
      return traffic
    }
  }
#endif
