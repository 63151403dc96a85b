public import SlopeCore

/// The input itself.
///
/// A place holder for a layer: `[…] → […]`. PyTorch: `nn.Identity`.
///
/// ```swift
/// let isNormalized = false
/// let norm: any Layer<Float> = isNormalized ? LayerNorm(4) : Identity()
/// print(norm)
/// // Identity()
/// ```
public struct Identity<Element: FloatingElement>: Layer, Sendable {
  /// A layer without parameters.
  public init() {}

  /// The input, not copied.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> { input }
}

/// Neighbouring axes as one: by default `[rows, …] → [rows, features]`.
///
/// The axes from `startAxis` to `endAxis`, both included, become one axis with the product of their
/// extents; a tensor of rank 0 becomes `[1]`. PyTorch: `nn.Flatten`.
///
/// ```swift
/// print(Flatten<Float>()(Tensor<Float>.zeros([2, 3, 4, 5])).shape)
/// // [2, 60]
/// print(Flatten<Float>(startAxis: 0, endAxis: 1)(Tensor<Float>.zeros([2, 3, 4])).shape)
/// // [6, 4]
/// ```
public struct Flatten<Element: FloatingElement>: Layer, Sendable {
  /// The first of the axes; negative from the end.
  public let startAxis: Int
  /// The last of the axes; negative from the end.
  public let endAxis: Int

  /// A layer without parameters.
  ///
  /// - Parameters:
  ///   - startAxis: the first of the axes; negative from the end.
  ///   - endAxis: the last of the axes; negative from the end.
  public init(startAxis: Int = 1, endAxis: Int = -1) {
    self.startAxis = startAxis
    self.endAxis = endAxis
  }

  /// The input with the axes as one; a view if the strides allow it, otherwise a copy.
  ///
  /// Precondition: both axes exist, and the first does not follow the last.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input.flattened(from: startAxis, through: endAxis)
  }
}

extension Flatten {
  /// The layer's name and axes.
  public var description: String { "Flatten(startAxis: \(startAxis), endAxis: \(endAxis))" }
}
