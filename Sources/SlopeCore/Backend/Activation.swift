internal import CKernels

/// The functions between layers, by name.
///
/// A product of matrices can end with one of them in the same kernel, since their derivatives can be
/// computed from their results.
public enum Activation: String, CaseIterable, Sendable, Codable {
  /// `x` where it is positive, else 0.
  case relu
  /// `1 / (1 + exp(−x))`.
  case sigmoid
  /// The hyperbolic tangent.
  case tanh

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
