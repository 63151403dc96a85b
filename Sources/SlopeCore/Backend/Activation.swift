internal import CKernels

/// The primitives that a product of matrices can end with.
///
/// The derivative of each can be computed from its result.
package enum Activation: String, CaseIterable, Sendable {
  case relu, sigmoid, tanh

  var primitive: Primitive {
    switch self {
    case .relu: .relu
    case .sigmoid: .sigmoid
    case .tanh: .tanh
    }
  }

  /// The program of the primitive alone, for elements of a type.
  package func program(_ dtype: DType) -> Program {
    switch self {
    case .relu: Activation.reluPrograms[Int(dtype.rawValue)]
    case .sigmoid: Activation.sigmoidPrograms[Int(dtype.rawValue)]
    case .tanh: Activation.tanhPrograms[Int(dtype.rawValue)]
    }
  }

  private static let reluPrograms = DType.allCases.map { Program(.relu, $0) }
  private static let sigmoidPrograms = DType.allCases.map { Program(.sigmoid, $0) }
  private static let tanhPrograms = DType.allCases.map { Program(.tanh, $0) }
}
