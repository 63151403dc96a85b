public import SlopeCore

/// A learnable factor for each feature: `y = x · weight`.
///
/// Input and output are `[…, features]`; with members `[members, rows, features]`, or an input
/// `[rows, features]` for all of them. A large learning rate for this layer lets a network choose
/// its features early.
///
/// PyTorch has no counterpart.
///
/// Source: D. Holzmüller, L. Grinsztajn and I. Steinwart, "Better by default: strong pre-tuned MLPs
/// and boosted trees on tabular data", NeurIPS 2024, arXiv:2407.04491, the scaling layer.
public struct FeatureScale<Element: FloatingElement>: Layer {
  /// The factors, `[features]` or `[members, features]`; 1 at first.
  public let weight: Parameter<Element>

  /// Factors of 1 for `count` features, on the default device.
  ///
  /// Precondition: no count is negative.
  ///
  /// - Parameters:
  ///   - count: the number of features.
  ///   - members: the number of layers side by side; nil for one without an axis for it.
  public init(_ count: Int, members: Int? = nil) {
    if count < 0 || members ?? 0 < 0 {
      reportFailure(operation: "FeatureScale", "\(count) features, \(members ?? 1) members")
    }
    weight = Parameter(
      .ones(Shape((members.map { [max($0, 0)] } ?? []) + [max(count, 0)]), on: .default))
  }

  /// The factors in a shape that broadcasts over the rows.
  package var rowWeight: Tensor<Element> {
    weight.shape.count > 1 ? weight.tensor.unsqueezed(at: -2) : weight.tensor
  }

  /// The input times the factors.
  ///
  /// Precondition: the last extent of `input` is the layer's number of features.
  public func callAsFunction(_ input: Tensor<Element>) -> Tensor<Element> {
    input * rowWeight
  }
}

extension FeatureScale {
  /// The number of features and members.
  public var description: String {
    let members = weight.shape.count > 1 ? ", members: \(weight.shape[0])" : ""
    return "FeatureScale(\(weight.shape.last ?? 0)\(members))"
  }
}
