import ConformanceKit
import Slope
import Testing

/// Operands larger than a tile, a vector, a block of work and the smallest product of OpenBLAS,
/// against the reference backend.
@Suite struct LargeOperandTests {
  private static let shapes: [(name: String, samples: [Sample])] = [
    (
      "matmul",
      [
        sample([[37, 61], [61, 53]]), sample([[3, 19, 33], [33, 17]]), sample([[130, 40], [40]]),
        sample([[2, 1, 9, 64], [3, 64, 21]]),
      ]
    ),
    (
      "linear",
      [
        sample([[33, 40], [29, 40], [29]]), sample([[2, 17, 24], [24, 24], [24]]),
        sample([[64, 1], [1, 1], [1]]),
      ]
    ),
    ("sum", reductions), ("mean", reductions), ("amax", reductions), ("amin", reductions),
    ("var", reductions), ("argmax", along), ("argmin", along),
    ("softmax", [sample([[7, 1025]], ["dim": 1]), sample([[130, 9]], ["dim": 0])]),
    ("log_softmax", [sample([[5, 2049]], ["dim": 1]), sample([[130, 9]], ["dim": 0])]),
    ("add", pairs), ("maximum", pairs), ("atan2", pairs),
    ("where", [Sample([.booleans([130, 1]), numbers([130, 67]), numbers([67])])]),
    ("tanh", [sample([[9, 1300]]), sample([[20011]])]), ("gelu", [sample([[3, 2049]])]),
    ("exp", [sample([[4099]])]), ("log1p", [sample([[2, 2500]])]), ("neg", [sample([[70, 131]])]),
    ("reshape", [sample([[67, 130]], ["shape": [130, 67]])]),
    ("cat", [sample([[67, 65], [67, 1], [67, 33]], ["dim": 1])]),
    (
      "index_select",
      [
        Sample([numbers([70, 65]), .indices([300], below: 70)], ["dim": 0]),
        Sample([numbers([33, 130]), .indices([70], below: 130)], ["dim": 1]),
      ]
    ),
    ("cast", DType.allCases.map { sample([[67, 65]], ["to": .string($0.name)]) }),
  ]

  private static let reductions = [
    sample([[9, 2500]]), sample([[9, 2500]], ["dims": [1]]), sample([[2500, 9]], ["dims": [0]]),
    sample([[130, 5, 33]], ["dims": [0, 2]]), sample([[5, 33, 130]], ["dims": [1]]),
  ]
  private static let along = [
    sample([[9, 2500]]), sample([[9, 2500]], ["dim": 1]), sample([[2500, 9]], ["dim": 0]),
  ]
  private static let pairs = [
    sample([[67, 130], [67, 130]]), sample([[67, 130], [130]]), sample([[5, 1, 513], [9, 1]]),
  ]

  private static func numbers(_ shape: [Int]) -> Sample.Input { .numbers(shape, -2...2) }

  private static func sample(_ shapes: [[Int]], _ attributes: Attributes = [:]) -> Sample {
    Sample(shapes.map(numbers), attributes)
  }

  /// The operations whose kernels work in groups or blocks, on each device, the others on the CPU.
  private static let cases = shapes.map(\.name).flatMap { name in
    let isGrouped = [
      "matmul", "linear", "sum", "mean", "amax", "amin", "var", "argmax", "argmin", "softmax",
      "log_softmax", "cat", "index_select",
    ].contains(name)
    return NumericsDevice.all.filter { $0.isCPU || isGrouped }.map { (name, $0) }
  }

  @Test(arguments: cases)
  func operationAgreesWithTheReference(name: String, device: NumericsDevice) throws {
    let samples = try #require(Self.shapes.first { $0.name == name }).samples
    // Sums of many numbers have a larger error than one operation.
    var comparison = DeviceComparison(seed: 7, device: device.device, slack: 32)
    func compare<Element: TensorElement>(_ operations: [ConformanceKit.Operation<Element>]) {
      guard let operation = operations.first(where: { $0.name == name }) else { return }
      for sample in samples { comparison.compare(operation, sample) }
    }
    func compareGradients<Element: FloatingElement>(_: Element.Type) {
      let operations = OperationList.floating(Element.self)
      guard let operation = operations.first(where: { $0.name == name }) else { return }
      for sample in samples where operation.isDifferentiable {
        comparison.compareGradients(operation, sample)
      }
    }
    compare(OperationList.floating(Float.self))
    compare(OperationList.floating(Double.self))
    compare(OperationList.floating(Float16.self))
    compare(OperationList.floating(BFloat16.self))
    compare(OperationList.integer(Int8.self))
    compare(OperationList.integer(UInt16.self))
    compare(OperationList.integer(Int64.self))
    compareGradients(Double.self)
    #expect(comparison.compared > samples.count)
  }
}
