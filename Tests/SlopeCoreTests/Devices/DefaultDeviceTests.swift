import ConformanceKit
import Slope
import TestSupport
import Testing

@testable import SlopeCore

/// Results are on the device of their operands.
///
/// The default device has no memory, so that anything that is made there fails.
private struct OperandDevice: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let device: Device

  static let all = withoutDrivers + openCL

  static let withoutDrivers =
    [
      OperandDevice(testDescription: "cpu", device: .cpu),
      OperandDevice(testDescription: "reference", device: Device(ReferenceBackend.shared)),
    ]

  #if OpenCL
    private static var openCL: [OperandDevice] {
      guard let device = try? OpenCLTestDevices.best.get() else { return [] }
      return [OperandDevice(testDescription: "opencl", device: device)]
    }
  #else
    private static var openCL: [OperandDevice] { [] }
  #endif

  /// Runs `body` with a default device on which nothing can be allocated; returns the failure, or
  /// nil.
  func withoutDefault(_ body: () throws -> Void) -> String? {
    let scarce = ScarceBackend()
    scarce.limitAllocations(to: 0)
    return withDevice(scarce.device) {
      failure {
        try body()
        device.synchronize()
      }
    }
  }

  func tensor<Element: NumericElement>(_ scalars: [Element], _ shape: Shape? = nil) -> Tensor<
    Element
  > {
    withDevice(device) { Tensor(shape: shape ?? [scalars.count], scalars: scalars) }
  }
}

/// Whatever an operation, a layer, a loss, an optimiser or a loader makes is on its operands'
/// device, for any default device.
@Suite(.serialized) struct DefaultDeviceTests {
  /// This is decided above the backends, so that no driver needs to build kernels for all of them.
  @Test(arguments: OperandDevice.withoutDrivers)
  private func operationsAndTheirGradientsStayOnTheirOperandsDevice(place: OperandDevice) {
    checkFloating(Float.self, place)
    if place.device.dtypes.contains(.float64) { checkFloating(Double.self, place) }
    check(OperationList.integer(Int32.self), place)
    check(OperationList.boolean(), place)
  }

  private func checkFloating<Element: FloatingElement>(_: Element.Type, _ place: OperandDevice) {
    check(OperationList.floating(Element.self), place)
    for operation in OperationList.floating(Element.self) {
      for sample in operation.differentiableSamples.prefix(2) {
        let message = place.withoutDefault {
          let operands = operands(of: sample, Element.self, place)
          let leaves = operands.map { ($0 as? Tensor<Element>).map { Parameter($0) } }
          let recorded = zip(leaves, operands).map { $0?.tensor ?? $1 }
          let output = try operation.call(Arguments(recorded, sample.attributes))[0]
          guard let output = output as? Tensor<Element>, output.requiresGradient else { return }
          for isRecorded in [true, false] {
            let seed = Tensor<Element>.ones(output.shape, on: place.device)
            let found = gradients(
              of: output, withRespectTo: recorded.compactMap { $0 as? Tensor<Element> }, seed: seed,
              recorded: isRecorded)
            #expect(found.allSatisfy { $0?.device ?? place.device == place.device })
          }
        }
        #expect(message == nil, "gradient of \(operation.name) \(Element.dtype): \(message ?? "")")
      }
    }
  }

  private func check<Element: TensorElement>(
    _ operations: [ConformanceKit.Operation<Element>], _ place: OperandDevice
  ) {
    for operation in operations {
      for sample in operation.samples.prefix(2) {
        // Creation without an operand is on the default device, as it says.
        if sample.inputs.isEmpty { continue }
        let message = place.withoutDefault {
          let operands = operands(of: sample, Element.self, place)
          _ = try operation.call(Arguments(operands, sample.attributes))
        }
        // Element types for which an operation is not defined are a failure everywhere.
        let isElsewhere = message?.contains("scarce") == true
        #expect(!isElsewhere, "\(operation.name) \(Element.dtype): \(message ?? "")")
      }
    }
  }

  private func operands<Element: TensorElement>(
    of sample: Sample, _: Element.Type, _ place: OperandDevice
  ) -> [any AnyTensor] {
    withDevice(place.device) {
      sample.inputs.map { input -> any AnyTensor in
        switch input {
        case .numbers(let shape, let domain), .constants(let shape, let domain):
          let numbers = Tensor<Float>.linspace(
            Float(domain.lowerBound), Float(domain.upperBound), count: shape.reduce(1, *))
          return numbers.reshaped(to: Shape(shape)).cast(to: Element.self)
        case .indices(let shape, let bound):
          let count = shape.reduce(1, *)
          return Tensor(shape: Shape(shape), scalars: (0..<count).map { $0 % bound })
        case .booleans(let shape):
          let count = shape.reduce(1, *)
          return Tensor(shape: Shape(shape), scalars: (0..<count).map { $0 % 3 != 1 })
        }
      }
    }
  }

  @Test(arguments: OperandDevice.all)
  private func aProductThatDoesNotCountTheFirstTensor(place: OperandDevice) {
    let message = place.withoutDefault {
      let first = Parameter(place.tensor([Float.nan, 1]))
      let matrix = place.tensor([1, 2, 3, 4] as [Float], [2, 2])
      let sum = first.tensor.addingProduct(matrix, matrix, beta: 0)
      sum.sum().backward()
      #expect(sum.device == place.device && first.grad?.device == place.device)
      #expect(sum.scalars == [7, 10, 15, 22] && first.grad?.scalars == [0, 0])
    }
    #expect(message == nil)
  }

  @Test(arguments: OperandDevice.all)
  private func checksOfGradients(place: OperandDevice) {
    guard place.device.dtypes.contains(.float64) else { return }
    for order in [1, 2] {
      let message = place.withoutDefault {
        let x = place.tensor([0.3, -0.7, 1.1])
        let found = checkGradient(at: [x, x * 2], order: order, tolerance: 1e-5) {
          $0[0].sin() * $0[1]
        }
        #expect(found.isCorrect && found.comparisons == 6)
        // The second argument is ignored.
        let alone = checkGradient(at: [x, x], order: order, tolerance: 1e-5) { $0[0].exp() + $0[1] }
        #expect(alone.isCorrect)
      }
      #expect(message == nil, "order \(order): \(message ?? "")")
    }
  }

  @Test(arguments: OperandDevice.all)
  private func modelsTrainWhereTheyAre(place: OperandDevice) throws {
    let (model, embedding) = withDevice(place.device) {
      (
        Sequential<Float>(
          Linear(3, 4), BatchNorm1d(4), ReLU(), Dropout(p: 0.25), Linear(4, 4), Tanh(),
          LayerNorm([4]), Linear(4, 2)),
        Embedding<Float>(5, 3)
      )
    }
    let parameters = model.parameters() + embedding.parameters()
    let optimizers: [Optimizer<Float>] = [
      SGD(parameters, learningRate: 0.01), SGD(parameters, learningRate: 0.01, momentum: 0.9),
      Adam(parameters), AdamW(parameters, amsgrad: true), RMSprop(parameters, centered: true),
      Adagrad(parameters),
    ]
    let losses: [(Tensor<Float>, Tensor<Float>) -> Tensor<Float>] = [
      { MSELoss<Float>()($0, $1) }, { L1Loss<Float>(reduction: .sum)($0, $1) },
      { HuberLoss<Float>()($0, $1) }, { SmoothL1Loss<Float>()($0, $1) },
      { BCELoss<Float>()($0.sigmoid(), $1.sigmoid()) }, { BCEWithLogitsLoss<Float>()($0, $1) },
      { KLDivLoss<Float>(reduction: .batchMean)($0.logSoftmax(), $1.softmax()) },
      { scores, _ in
        CrossEntropyLoss<Float>(labelSmoothing: 0.1)(scores, scores.argmax(axis: 1))
      },
      { scores, _ in NLLLoss<Float>()(scores.logSoftmax(), scores.argmin(axis: 1)) },
    ]
    let rows = place.tensor([0, 4, 2, 2, 1, 3, 0, 1])
    let targets = place.tensor((0..<16).map { Float($0 % 5) * 0.25 }, [8, 2])
    let message = place.withoutDefault {
      let data = TensorDataset(rows, targets)
      let parts = randomSplit(data, [6, 2], generator: Generator(seed: 1))
      for (number, loss) in losses.enumerated() {
        let optimizer = optimizers[number % optimizers.count]
        let loader = DataLoader(
          parts[0], batchSize: 4, shuffle: number % 2 == 0, generator: Generator(seed: 2))
        for (indices, target) in loader {
          let value = loss(model(embedding(indices)), target)
          value.backward()
          optimizer.step()
          optimizer.zeroGrad()
          #expect(value.device == place.device && value.item().isFinite)
        }
        model.eval()
        _ = model(embedding(parts[1][0..<2].0))
        _ = model(embedding(data.taking([7, 0]).0))
        model.train()
      }
      #expect(parameters.allSatisfy { $0.tensor.device == place.device })
      #expect(model.state().values.allSatisfy { $0.device == place.device })
    }
    #expect(message == nil)
  }

  /// Only `move(to:)` and `Module.to` change the device of a parameter.
  @Test(arguments: OperandDevice.all, OperandDevice.all)
  private func whatIsAssignedComesToTheParametersDevice(place: OperandDevice, source: OperandDevice)
    throws
  {
    let layer = withDevice(place.device) { BatchNorm1d<Float>(2) }
    let state = withDevice(source.device) { BatchNorm1d<Float>(2) }
    let message = place.withoutDefault {
      let numbers = source.tensor([5, 6] as [Float])
      state.weight?.tensor = numbers
      state.runningMean.tensor = numbers * 2
      try layer.load(state.state())
      #expect(
        layer.weight?.tensor.scalars == [5, 6] && layer.runningMean.tensor.scalars == [10, 12])
      layer.bias?.tensor = numbers
      layer.bias?.grad = numbers + 1
      #expect(layer.bias?.tensor.scalars == [5, 6] && layer.bias?.grad?.scalars == [6, 7])
      #expect(layer.bias?.grad?.device == place.device)
      #expect(layer.state().values.allSatisfy { $0.device == place.device })
      let loss = layer(place.tensor([1, 2, 3, 4], [2, 2])).sum()
      loss.backward()
      SGD(layer.parameters(), learningRate: 0.5).step()
    }
    #expect(message == nil)
    layer.to(source.device)
    #expect(layer.state().values.allSatisfy { $0.device == source.device })
    #expect(layer.bias?.grad?.device == source.device)
  }

  @Test func aStateForWhichThereIsNoRoomChangesNothing() {
    let scarce = ScarceBackend()
    let layer = withDevice(scarce.device) { Linear<Float>(2, 2) }
    let before = layer.state().mapValues(\.scalars)
    let other = withDevice(.cpu) { Linear<Float>(2, 2, generator: Generator(seed: 7)) }
    scarce.limitAllocations(to: 1)
    #expect(
      failure { try layer.load(other.state()) } == "to: no memory for [2] of float32 on scarce")
    scarce.limitAllocations(to: nil)
    #expect(layer.state().mapValues(\.scalars) == before)
    #expect(failure { try layer.load(other.state()) } == nil)
    #expect(layer.state().mapValues(\.scalars) == other.state().mapValues(\.scalars))
  }

  @Test func aParameterMovesWithItsGradientOrNotAtAll() {
    let scarce = ScarceBackend()
    let parameter = Parameter(withDevice(.cpu) { Tensor<Float>([1, 2]) })
    parameter.grad = withDevice(.cpu) { Tensor([3, 4]) }
    scarce.limitAllocations(to: 1)
    #expect(failure { parameter.move(to: scarce.device) } != nil)
    #expect(parameter.tensor.device == .cpu && parameter.grad?.scalars == [3, 4])
    scarce.limitAllocations(to: nil)
    parameter.move(to: scarce.device)
    #expect(parameter.tensor.device == scarce.device && parameter.grad?.device == scarce.device)
    #expect(parameter.tensor.scalars == [1, 2] && parameter.grad?.scalars == [3, 4])
  }
}
