#if OpenCL
  import SlopeNN
  import SlopeOptimizers
  import TestSupport
  import Testing

  @testable import SlopeCore

  /// The best device, behind a shim.
  struct FaultyDevice {
    let shim: OpenCLShim
    let device: Device
    /// The device's name in messages.
    let title: String

    /// A device whose driver reports the given limits.
    ///
    /// - Parameters:
    ///   - path: the path of the compiled shim.
    ///   - limits: the limits that the shim sets.
    /// - Throws: an error if the shim cannot be loaded or there is no device.
    init(_ path: String, limits: [String: Int] = [:]) throws {
      // The fills of fresh buffers are made by the tests.
      MemoryPool.fillsFreshBuffers.store(false, ordering: .relaxed)
      shim = try OpenCLShim(path)
      for (name, value) in limits { shim.limit(name, to: value) }
      device = try Device.gpu
      let name = (device.backend as? OpenCLBackend)?.device.name ?? ""
      title = "\(device) (\(name))"
    }

    func here<Result>(_ body: () throws -> Result) rethrows -> Result {
      try withDevice(device, body)
    }

    /// The losses of two steps on class labels, and what failed.
    func trained() -> (losses: [Float], message: String?) {
      var losses: [Float] = []
      let message = failure {
        here {
          let generator = Generator(seed: 3)
          let x = Tensor<Float>.uniform([12, 3], generator: generator)
          let y = Tensor((0..<12).map { $0 % 2 })
          let model = Sequential<Float>(
            Linear(3, 4, generator: generator), ReLU(), Linear(4, 2, generator: generator))
          let optimizer = SGD(model.parameters(), learningRate: 0.5, momentum: 0.9)
          let order = Tensor((0..<12).map { 11 - $0 })
          let lossFunction = CrossEntropyLoss<Float>()
          for _ in 0..<2 {
            let loss = lossFunction(model(x.taking(order)), y.taking(order))
            loss.backward()
            optimizer.step()
            optimizer.zeroGrad()
            losses.append(loss.item())
          }
          device.synchronize()
        }
      }
      return (losses, message)
    }
  }
#endif
