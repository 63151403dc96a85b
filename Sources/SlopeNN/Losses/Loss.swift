public import SlopeCore

/// A measure of how far predictions are from their targets, which training minimises.
///
/// A loss is called like a function, with the prediction first. Its result has the shape `[]`, and
/// `backward()` on it adds to the gradients of the parameters that the prediction was computed
/// from.
///
/// ```swift
/// let logits = Parameter(Tensor<Float>([[2, 0, 0], [0, 0, 2]]))
/// let loss = CrossEntropyLoss<Float>()(logits.tensor, Tensor([0, 1]))
/// print(loss.detached())
/// // tensor(1.2395)
/// loss.backward()
/// if let gradient = logits.grad { print(gradient) }
/// // tensor([[-0.1065,  0.0533,  0.0533],
/// //         [ 0.0533, -0.4467,  0.3935]])
/// ```
///
/// A call does not wait for a device; `item()` does. A training loop that reads its loss only now
/// and then lets the device work ahead.
///
/// A loss that treats each element by itself is best written as an `ElementLoss`, which needs only
/// a formula. Any other conforms to `Loss` and computes with tensors:
///
/// ```swift
/// struct QuantileLoss: Loss {
///   typealias Element = Float
///   typealias Target = Float
///   let level: Float
///   let reduction = LossReduction.mean
///
///   func callAsFunction(_ prediction: Tensor<Float>, _ target: Tensor<Float>) -> Tensor<Float> {
///     let error = target - prediction
///     return maximum(level * error, (level - 1) * error).mean()
///   }
/// }
/// ```
///
/// PyTorch's counterparts are the losses of `torch.nn`. They are values without state here,
/// `Sendable`, and never broadcast.
///
/// - SeeAlso: `ElementLoss`, `LossReduction`.
public protocol Loss<Element>: Sendable {
  /// The element type of the predictions and of the loss.
  associatedtype Element: FloatingElement

  /// The element type of the targets: that of the predictions, or `Int` for class indices.
  associatedtype Target: TensorElement

  /// How the losses of single elements or rows are combined.
  var reduction: LossReduction { get }

  /// The loss of predictions against their targets.
  ///
  /// Its shape is `[]`, or that of the single losses if the reduction is `none`. A target whose
  /// shape does not fit the prediction is a failure.
  func callAsFunction(_ prediction: Tensor<Element>, _ target: Tensor<Target>) -> Tensor<Element>
}

/// A loss of each prediction against its own target: a formula and a reduction.
///
/// A conforming type states the formula of one prediction `x` and one target `y`; calling it, its
/// reduction and its derivatives follow.
///
/// ```swift
/// struct LogCoshLoss: ElementLoss {
///   typealias Element = Float
///   var reduction = LossReduction.mean
///   let formula = Pointwise("LogCoshLoss") { x, y in (x - y).cosh().log() }
/// }
///
/// let prediction = Parameter(Tensor<Float>([1, 2, 3, -3]))
/// let loss = LogCoshLoss()(prediction.tensor, Tensor([1, 1, 3, 0]))
/// print(loss.detached())
/// // tensor(0.6858)
/// loss.backward()
/// if let gradient = prediction.grad { print(gradient) }
/// // tensor([ 0.0000,  0.1904,  0.0000, -0.2488])
/// ```
///
/// Formula and reduction are one pass over memory, on every device, without a tensor of single
/// losses in between, and are differentiated to any order. A formula is traced once, when it is
/// made. Make it a stored or static property, as here, since a computed property that builds it
/// traces it at every call. Numbers such as a threshold are constants of the formula.
///
/// Prediction and target have the same shape, and either may be a parameter.
///
/// - SeeAlso: `Pointwise`, for what a formula can contain; `MSELoss`, `HuberLoss` and
///   `BCEWithLogitsLoss` are of this kind.
public protocol ElementLoss<Element>: Loss where Target == Element {
  /// The name in messages; by default that of the formula.
  var name: String { get }

  /// The loss of one prediction and one target, in this order.
  var formula: Pointwise { get }
}

extension ElementLoss {
  /// The formula's name.
  public var name: String { formula.name }

  /// The loss of `prediction` against `target`, which have the same shape.
  ///
  /// The result is `[]`, or that shape if the reduction is `none`. Precondition: the shapes are
  /// equal. Nothing broadcasts, because `[4, 1]` against `[4]` would silently compare all pairs.
  public func callAsFunction(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>
  ) -> Tensor<Element> {
    shapeFailure(name, prediction, target)
      ?? pairedLoss(formula, prediction, target, reduction.kind)
      .divided(for: reduction, batch: prediction.shape)
  }
}

/// The failure of two tensors whose shapes differ; nil if they are equal or an operand has failed.
func shapeFailure<Element: FloatingElement>(
  _ operation: String, _ prediction: Tensor<Element>, _ target: Tensor<Element>
) -> Tensor<Element>? {
  if prediction.shape == target.shape || prediction.isFailed || target.isFailed { return nil }
  return prediction.fail(
    operation, "prediction \(prediction.shape) and target \(target.shape): shapes differ")
}
