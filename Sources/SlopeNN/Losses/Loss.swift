public import SlopeCore

/// How far predictions are from their targets: what a training makes small.
public protocol Loss<Element>: Sendable {
  /// The element type of predictions.
  associatedtype Element: FloatingElement

  /// The element type of targets: that of predictions, or `Int` for class labels.
  associatedtype Target: TensorElement

  /// How single losses are reduced.
  var reduction: LossReduction { get }

  /// The loss of predictions against their targets: `[]`, or single losses where the reduction is `none`.
  func callAsFunction(_ prediction: Tensor<Element>, _ target: Tensor<Target>) -> Tensor<Element>
}

/// A loss of each prediction against its own target: a formula and a reduction.
///
/// ```swift
/// struct LogCoshLoss: ElementLoss {
///   var reduction = LossReduction.mean
///   let formula = Pointwise("LogCoshLoss") { (x, y) in (x - y).cosh().log() }
///   typealias Element = Float
/// }
/// ```
///
/// It is computed in one pass over memory, on every device, and differentiated to any order.
public protocol ElementLoss<Element>: Loss where Target == Element {
  /// What messages call it; the formula's name if it has no other.
  var name: String { get }

  /// The loss of one prediction and one target, in this order.
  var formula: Pointwise { get }
}

extension ElementLoss {
  /// The formula's name.
  public var name: String { formula.name }

  /// The loss of `prediction` against `target`.
  ///
  /// Precondition: both have the same shape; nothing broadcasts, because `[4, 1]` against `[4]`
  /// would quietly compare all pairs.
  public func callAsFunction(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>
  ) -> Tensor<Element> {
    shapeFailure(name, prediction, target)
      ?? pairedLoss(formula, prediction, target, reduction.kind)
      .divided(for: reduction, batch: prediction.shape)
  }
}

/// The failure of two tensors whose shapes differ.
func shapeFailure<Element: FloatingElement>(
  _ operation: String, _ prediction: Tensor<Element>, _ target: Tensor<Element>
) -> Tensor<Element>? {
  if prediction.shape == target.shape || prediction.isFailed || target.isFailed { return nil }
  return prediction.fail(
    operation, "prediction \(prediction.shape) and target \(target.shape): shapes differ")
}
