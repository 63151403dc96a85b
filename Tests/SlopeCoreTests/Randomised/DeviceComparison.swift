import ConformanceKit
import Slope
import SlopeCore
import TestSupport
import Testing

/// Runs operations on both devices.
struct DeviceComparison {
  /// The seed, which reproduces a failure.
  let seed: UInt64
  private var random: RandomNumbers
  /// The number of results that were compared.
  private(set) var compared = 0
  /// The factor by which errors may exceed those of a few numbers around one.
  private let slack: Double

  /// The device that is compared with the reference.
  private let device: Device

  init(seed: UInt64, device: Device = .cpu, slack: Double = 1) {
    self.device = device
    self.slack = slack
    self.seed = seed
    random = RandomNumbers(seed: seed)
  }

  /// The operations on an integer type.
  mutating func compareIntegers<Element: IntegerElement>(_ type: Element.Type) {
    compare(OperationList.integer(type))
  }

  /// The operations on a floating-point type, and their gradients.
  mutating func compareFloating<Element: FloatingElement>(_ type: Element.Type) {
    let operations = OperationList.floating(type)
    compare(operations)
    for operation in operations {
      for sample in operation.differentiableSamples { compareGradients(operation, sample) }
    }
  }

  /// The gradients of all operands, under a random gradient of the first output.
  mutating func compareGradients<Element: FloatingElement>(
    _ operation: ConformanceKit.Operation<Element>, _ sample: Sample
  ) {
    let inputs = operands(of: sample, Element.dtype, isExact: false)
    let seed = random.next()
    func run(_ device: Device) -> Result<[TensorData], any Error> {
      withDevice(device) {
        Result {
          try checked {
            let operands = try inputs.map { try $0.tensor(as: Element.self) }
            let leaves = operands.map { ($0 as? Tensor<Element>).map { Parameter($0) } }
            let recorded = zip(leaves, operands).map { $0?.tensor ?? $1 }
            let output = try operation.call(Arguments(recorded, sample.attributes))[0]
            var random = RandomNumbers(seed: seed)
            let cotangent = random.elements(output.data.count, output.dtype, in: -2...2)
            try output.pullBack(
              TensorData(dtype: output.dtype, shape: output.data.shape, bytes: cotangent.bytes))
            return leaves.compactMap { $0?.grad?.data }
          }
        }
      }
    }
    let place =
      "gradient of \(operation.name) \(Element.dtype) \(inputs.map(\.shape)) "
      + "\(sample.attributes), seed \(self.seed)"
    judge(run(device), run(Device(ReferenceBackend.shared)), isExact: false, place)
  }

  /// All operations of a list.
  mutating func compare<Element: TensorElement>(_ operations: [ConformanceKit.Operation<Element>]) {
    for operation in operations {
      let before = compared
      if let arity = operation.arity {
        for _ in 0..<3 { compareElementwise(operation, arity) }
      }
      for sample in operation.samples { compare(operation, sample) }
      // A failure on both sides agrees too, but compares nothing.
      #expect(
        compared > before || operation.samples.isEmpty,
        "\(operation.name) \(Element.dtype) only fails")
    }
  }

  /// Random shapes that broadcast, special numbers where the result is exact.
  private mutating func compareElementwise<Element: TensorElement>(
    _ operation: ConformanceKit.Operation<Element>, _ arity: Int
  ) {
    let shape = random.shape()
    let domains = operation.samples.first.map { sample in
      sample.inputs.map { input -> ClosedRange<Double>? in
        guard case .numbers(_, let domain) = input, !operation.isExact else { return nil }
        return domain
      }
    }
    // A single negative exponent makes an integer power fail.
    let exponents: ClosedRange<Double>? =
      operation.name == "pow" && Element.dtype.isInteger ? 0...9.9 : nil
    let inputs = (0..<arity).map { number in
      RandomOperand(
        number == 0 ? shape : random.operandShape(for: shape), Element.dtype,
        in: number == 1 && exponents != nil
          ? exponents : domains.flatMap { number < $0.count ? $0[number] : nil }, &random)
    }
    compare(operation, inputs, Attributes())
  }

  /// Random operands of a sample's shapes, within its domains unless any number is allowed.
  private mutating func operands(
    of sample: Sample, _ dtype: DType, isExact: Bool
  ) -> [RandomOperand] {
    sample.inputs.map { input in
      switch input {
      case .numbers(let shape, let domain), .constants(let shape, let domain):
        RandomOperand(shape, dtype, in: isExact ? nil : domain, &random)
      case .indices(let shape, let bound):
        RandomOperand(shape, .int64, in: 0...Double(bound) - 0.5, &random)
      case .booleans(let shape): RandomOperand(shape, .bool, in: 0...1.9, &random)
      }
    }
  }

  /// One operation on random operands of a sample's shapes.
  mutating func compare<Element: TensorElement>(
    _ operation: ConformanceKit.Operation<Element>, _ sample: Sample
  ) {
    let inputs = operands(of: sample, Element.dtype, isExact: operation.isExact)
    compare(operation, inputs, sample.attributes)
  }

  private mutating func compare<Element: TensorElement>(
    _ operation: ConformanceKit.Operation<Element>, _ inputs: [RandomOperand],
    _ attributes: Attributes
  ) {
    func run(_ device: Device) -> Result<[TensorData], any Error> {
      withDevice(device) {
        Result {
          try checked {
            let operands = try inputs.map { try $0.tensor(as: Element.self) }
            return try operation.call(Arguments(operands, attributes)).map(\.data)
          }
        }
      }
    }
    let place =
      "\(operation.name) \(Element.dtype) \(inputs.map(\.shape)) \(attributes), seed \(seed)"
    judge(run(device), run(Device(ReferenceBackend.shared)), isExact: operation.isExact, place)
  }

  private mutating func judge(
    _ found: Result<[TensorData], any Error>, _ reference: Result<[TensorData], any Error>,
    isExact: Bool, _ place: String
  ) {
    switch (found, reference) {
    case (.success(let got), .success(let want)):
      #expect(got.count == want.count)
      for (got, want) in zip(got, want) {
        compared += 1
        let problem = difference(of: got, from: want, isExact: isExact)
        #expect(problem == nil, "\(place): \(problem ?? "")")
      }
    case (.failure(let got), .failure(let want)): #expect("\(got)" == "\(want)", "\(place)")
    case (.success, .failure(let error)): Issue.record("\(place): only the reference: \(error)")
    case (.failure(let error), .success): Issue.record("\(place): only the device: \(error)")
    }
  }

  private func difference(of got: TensorData, from want: TensorData, isExact: Bool) -> String? {
    guard got.shape == want.shape, got.dtype == want.dtype else {
      return "want \(want.dtype)\(want.shape), got \(got.dtype)\(got.shape)"
    }
    let tolerance: Tolerance =
      isExact || !want.dtype.isFloating ? .exact(signedZero: true) : want.dtype.closeness(slack)
    for i in 0..<want.count where !tolerance.accepts(got[i], for: want[i]) {
      return "element \(i): want \(want[i]), got \(got[i])"
    }
    return nil
  }
}

extension DType {
  /// A few units in the last place, for sums and elementary functions of numbers around one.
  fileprivate func closeness(_ slack: Double) -> Tolerance {
    let (relative, absolute) =
      switch self {
      case .float16: (4e-3, 4e-3)
      case .bfloat16: (3e-2, 3e-2)
      case .float32: (2e-6, 4e-6)
      default: (4e-15, 2e-14)
      }
    return .close(relative: relative, absolute: absolute * slack)
  }
}
