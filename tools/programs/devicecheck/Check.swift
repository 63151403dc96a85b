import ConformanceKit
import Slope
import SlopeCore

/// A computation on small operands that is done on a device and on the CPU.
struct Check: Sendable {
  /// The computation and its operands.
  let name: String
  /// The main element type.
  let dtype: DType
  /// How close the results must be.
  let tolerance: Tolerance
  /// The results on the current device.
  let results: @Sendable () throws -> [TensorData]

  /// The first difference of a device from the CPU; nil if they agree.
  func difference(on device: Device) -> String? {
    let (got, want) = (outcome(on: device), outcome(on: .cpu))
    // A reused buffer holds numbers, which would hide that nothing was written.
    device.trim()
    switch (got, want) {
    case (.success(let got), .success(let want)):
      if got.count != want.count { return "want \(want.count) results, got \(got.count)" }
      for (got, want) in zip(got, want) {
        if let found = difference(of: got, from: want) { return found }
      }
      return nil
    case (.failure(let got), .failure(let want)):
      return "\(got)" == "\(want)" ? nil : "want the failure '\(want)', got '\(got)'"
    case (.success, .failure(let want)): return "want the failure '\(want)', got none"
    case (.failure(let got), .success): return "\(got)"
    }
  }

  private func outcome(on device: Device) -> Result<[TensorData], any Error> {
    withDevice(device) { Result { try checked { try results() } } }
  }

  private func difference(of got: TensorData, from want: TensorData) -> String? {
    if (got.shape, got.dtype) != (want.shape, want.dtype) {
      return "want \(want.dtype)\(want.shape), got \(got.dtype)\(got.shape)"
    }
    for i in 0..<want.count where !tolerance.accepts(got[i], for: want[i]) {
      return "element \(i): want \(want[i]), got \(got[i])"
    }
    return nil
  }
}

/// Checks that are built for some element types.
struct CheckList {
  private(set) var checks: [Check] = []
  /// Nil for all.
  private let types: Set<DType>?

  init(types: Set<DType>?) { self.types = types }

  /// A computation on operands of the given shapes, with numbers from `domain`; for integers, small
  /// ones.
  mutating func add<Element: TensorElement>(
    _ name: String, of _: Element.Type, _ shapes: [[Int]], in domain: ClosedRange<Double> = -2...2,
    _ body: @escaping @Sendable ([Tensor<Element>]) throws -> [any AnyTensor]
  ) {
    add("\(name) \(Element.dtype) \(shapes)", Element.dtype) {
      let operands = try shapes.enumerated().map { number, shape in
        try Tensor<Element>(Self.elements(shape, Element.dtype, in: domain, number))
      }
      return try body(operands).map(\.data)
    }
  }

  /// An operation of the list on the operands of a sample.
  mutating func add<Element: TensorElement>(
    _ operation: ConformanceKit.Operation<Element>, _ sample: Sample, gradients: Bool = false
  ) {
    let what = gradients ? "gradient of \(operation.name)" : operation.name
    let shapes = sample.inputs.map { input in
      switch input {
      case .numbers(let shape, _), .constants(let shape, _), .indices(let shape, _),
        .booleans(let shape):
        shape
      }
    }
    add("\(what) \(Element.dtype) \(shapes)", Element.dtype) {
      let operands = try Self.operands(of: sample, Element.self)
      guard gradients else {
        return try operation.call(Arguments(operands, sample.attributes)).map(\.data)
      }
      guard let type = Element.self as? any FloatingElement.Type else { return [] }
      return try Self.gradients(operation, operands, sample.attributes, type)
    }
  }

  private mutating func add(
    _ name: String, _ dtype: DType, _ results: @escaping @Sendable () throws -> [TensorData]
  ) {
    if let types, !types.contains(dtype) { return }
    checks.append(
      Check(name: name, dtype: dtype, tolerance: dtype.closeness, results: results))
  }

  // MARK: Operands

  private static func elements(
    _ shape: [Int], _ dtype: DType, in domain: ClosedRange<Double>, _ number: Int
  ) -> TensorData {
    let values = (0..<shape.reduce(1, *)).map { index -> Double in
      let drawn = Double((index + 31 * number + 1) * 7919 % 1009) / 1008
      if dtype == .bool { return (drawn * 2).rounded(.down) }
      guard dtype.isFloating else { return (drawn * 19).rounded(.down) - (dtype.isSigned ? 9 : 0) }
      return domain.lowerBound + drawn * (domain.upperBound - domain.lowerBound)
    }
    return TensorData(shape: shape, values: values, as: dtype)
  }

  private static func operands<Element: TensorElement>(
    of sample: Sample, _: Element.Type
  ) throws -> [any AnyTensor] {
    try sample.inputs.enumerated().map { number, input in
      switch input {
      case .numbers(let shape, let domain), .constants(let shape, let domain):
        try Tensor<Element>(elements(shape, Element.dtype, in: domain, number))
      case .indices(let shape, let bound):
        Tensor<Int>((0..<shape.reduce(1, *)).map { $0 * 7 % bound }).reshaped(to: Shape(shape))
      case .booleans(let shape): try Tensor<Bool>(elements(shape, .bool, in: 0...1, number))
      }
    }
  }

  /// The gradients of the operands under ones.
  private static func gradients<Element: TensorElement, F: FloatingElement>(
    _ operation: ConformanceKit.Operation<Element>, _ operands: [any AnyTensor],
    _ attributes: Attributes, _: F.Type
  ) throws -> [TensorData] {
    let leaves = operands.map { ($0 as? Tensor<F>).map { Parameter($0) } }
    let recorded = zip(leaves, operands).map { leaf, operand -> any AnyTensor in
      leaf.map { $0.tensor } ?? operand
    }
    let output = try operation.call(Arguments(recorded, attributes))[0]
    let ones = [Double](repeating: 1, count: output.data.count)
    try output.pullBack(TensorData(shape: output.data.shape, values: ones, as: output.dtype))
    return leaves.compactMap { $0?.grad?.data }
  }
}

extension DType {
  var isSigned: Bool { name.hasPrefix("int") || isFloating }

  /// Sums of some hundred products of numbers around one, in any order.
  fileprivate var closeness: Tolerance {
    switch self {
    case .float16: .close(relative: 4e-3, absolute: 2e-2)
    case .bfloat16: .close(relative: 3e-2, absolute: 1e-1)
    case .float32: .close(relative: 1e-5, absolute: 1e-4)
    case .float64: .close(relative: 1e-13, absolute: 1e-12)
    default: .exact(signedZero: false)
    }
  }
}
