public import SlopeCore

/// The norm of all gradients together, as if they were one vector.
///
/// That is the norm of the gradients' norms; of 16-bit gradients it is computed in `Float`. It is 0
/// where no parameter has a gradient. The norms are computed on the parameters' devices, and the
/// result is on that of the first; nothing waits for a device. PyTorch:
/// `torch.nn.utils.get_total_norm`.
///
/// Complexity: O(n), one pass over the gradients. Precondition: `normType` is not NaN.
///
/// - Parameters:
///   - parameters: the parameters; nil entries are skipped.
///   - normType: p of the p-norm; `.infinity` for the largest magnitude.
/// - Returns: the norm, a tensor of one number.
public func gradientNorm<Element: FloatingElement>(
  _ parameters: [Parameter<Element>?], normType: Double = 2
) -> Tensor<Element.Computed> {
  var norms: [Tensor<Element.Computed>] = []
  for gradient in parameters.compactMap({ $0?.grad }) where gradient.count > 0 {
    let norm = gradient.detached().cast(to: Element.Computed.self).norm(normType)
    norms.append(norms.isEmpty ? norm : norm.to(norms[0].device))
  }
  guard let first = norms.first else {
    return .zeros([], on: parameters.lazy.compactMap { $0?.tensor.device }.first ?? .cpu)
  }
  return norms.count == 1 ? first : stack(norms).norm(normType)
}

/// Scales all gradients together so that their norm is at most `maximum`.
///
/// Each gradient is multiplied by min(1, `maximum` ÷ (norm + 1e-6)), so that their direction stays.
/// The norm need not be read for that: nothing waits for a device, unless `errorIfNonfinite` is
/// true. PyTorch: `torch.nn.utils.clip_grad_norm_`.
///
/// ```swift
/// let weight = Parameter(Tensor<Float>([1, 2]))
/// weight.grad = Tensor([3, 4])
/// let norm = clipGradientNorm([weight], maximum: 1)
/// if let gradient = weight.grad { print(norm, gradient) }
/// // tensor(5.) tensor([0.6000, 0.8000])
/// ```
///
/// Complexity: O(n), two passes over the gradients. Precondition: `maximum` is not negative, and
/// neither it nor `normType` is NaN. After a failure the gradients are what they were.
///
/// - Parameters:
///   - parameters: the parameters; nil entries and those without a gradient are skipped.
///   - maximum: the largest norm.
///   - normType: p of the p-norm; `.infinity` for the largest magnitude.
///   - errorIfNonfinite: whether a norm that is infinite or NaN is a failure; otherwise all
///     gradients become 0 or NaN with it.
/// - Returns: the norm before, a tensor of one number.
@discardableResult
public func clipGradientNorm<Element: FloatingElement>(
  _ parameters: [Parameter<Element>?], maximum: Double, normType: Double = 2,
  errorIfNonfinite: Bool = false
) -> Tensor<Element.Computed> {
  let norm = gradientNorm(parameters, normType: normType)
  guard isLimit(maximum, "clipGradientNorm"), !norm.isFailed else { return norm }
  if errorIfNonfinite {
    let number = norm.item().doubleValue
    guard number.isFinite else {
      reportFailure(operation: "clipGradientNorm", "the norm of the gradients is \(number)")
      return norm
    }
  }
  let limit = Tensor.full([], Element.Computed(maximum), on: norm.device)
  for parameter in parameters.compactMap({ $0 }) {
    guard let gradient = parameter.grad else { continue }
    let (norm, limit) = (norm.to(gradient.device), limit.to(gradient.device))
    let wide = gradient.detached().cast(to: Element.Computed.self)
    parameter.grad = scaledToLimit(wide, norm, limit).cast(to: Element.self)
  }
  return norm
}

/// Limits every element of every gradient to −`maximum`…`maximum`; NaN stays.
///
/// Nothing waits for a device. PyTorch: `torch.nn.utils.clip_grad_value_`. Complexity: O(n).
/// Precondition: `maximum` is neither negative nor NaN; after a failure the gradients are what they
/// were.
///
/// - Parameters:
///   - parameters: the parameters; nil entries and those without a gradient are skipped.
///   - maximum: the largest magnitude.
public func clipGradientValue<Element: FloatingElement>(
  _ parameters: [Parameter<Element>?], maximum: Double
) {
  guard isLimit(maximum, "clipGradientValue") else { return }
  for parameter in parameters.compactMap({ $0 }) {
    guard let gradient = parameter.grad else { continue }
    parameter.grad = gradient.detached().clamped(min: Element(-maximum), max: Element(maximum))
  }
}

private func isLimit(_ maximum: Double, _ operation: String) -> Bool {
  if maximum >= 0 { return true }
  reportFailure(operation: operation, "maximum \(maximum) is negative or not a number")
  return false
}

private let scaledToLimit = Pointwise("clipGradientNorm") { gradient, norm, limit in
  gradient * .minimum(limit / (norm + 1e-6), 1)
}
