import Slope
import SlopeCore

/// Running results, quantiles, products of several factors, and distances.
extension CallList {
  /// Members of tensors of every type.
  func addScanCalls<Element: TensorElement>(_ type: Element.Type) {
    add("Tensor.cumulativeSum(axis:exclusive:reversed:)") {
      $0.use(
        $0.tensor(type).cumulativeSum(axis: $0.int(), exclusive: $0.bool(), reversed: $0.bool()))
    }
    add("Tensor.differences(order:axis:prepending:appending:)") { draw in
      draw.use(
        draw.tensor(type).differences(
          order: draw.int(), axis: draw.int(),
          prepending: draw.bool() ? nil : draw.tensor(type),
          appending: draw.bool() ? nil : draw.tensor(type)))
    }
    add("matmul(_:)") { $0.use(matmul($0.several(type))) }
  }

  /// Members of tensors with arithmetic.
  func addNumericScanCalls<Element: NumericElement>(_ type: Element.Type) {
    add("Tensor.lastArgmax(axis:keepingAxes:)") {
      $0.use($0.tensor(type).lastArgmax(axis: $0.bool() ? nil : $0.int(), keepingAxes: $0.bool()))
    }
    add("Tensor.lastArgmin(axis:keepingAxes:)") {
      $0.use($0.tensor(type).lastArgmin(axis: $0.bool() ? nil : $0.int(), keepingAxes: $0.bool()))
    }
  }

  /// Members of floating-point tensors.
  func addFloatingScanCalls<Element: FloatingElement>(_ type: Element.Type) {
    func share(_ draw: inout Draw) -> Double { draw.one(of: [0, 0.3, 0.5, 1, -0.1, 1.1, .nan]) }
    func shares(_ draw: inout Draw) -> [Double] {
      draw.one(of: [[], [0.5], [0, 0.3, 1], [0.2, .nan], [2]])
    }
    func interpolation(_ draw: inout Draw) -> QuantileInterpolation {
      draw.one(of: QuantileInterpolation.allCases)
    }
    add("Tensor.cumulativeLogSumExp(axis:)") {
      $0.use(differentiable: $0.tensor(type).cumulativeLogSumExp(axis: $0.int()))
    }
    add("Tensor.trapezoid(spacing:axis:)") {
      $0.use(differentiable: $0.tensor(type).trapezoid(spacing: $0.number(), axis: $0.int()))
    }
    add("Tensor.trapezoid(at:axis:)") {
      $0.use(differentiable: $0.tensor(type).trapezoid(at: $0.tensor(type), axis: $0.int()))
    }
    add("Tensor.cumulativeTrapezoid(spacing:axis:)") {
      $0.use(
        differentiable: $0.tensor(type).cumulativeTrapezoid(spacing: $0.number(), axis: $0.int()))
    }
    add("Tensor.cumulativeTrapezoid(at:axis:)") {
      $0.use(
        differentiable: $0.tensor(type).cumulativeTrapezoid(at: $0.tensor(type), axis: $0.int()))
    }
    add("Tensor.quantile(_:axis:keepingAxes:interpolation:)") { draw in
      draw.use(
        differentiable: draw.tensor(type).quantile(
          share(&draw), axis: draw.bool() ? nil : draw.int(),
          keepingAxes: draw.bool(), interpolation: interpolation(&draw)))
    }
    add("Tensor.quantile(_:axes:keepingAxes:interpolation:)") { draw in
      draw.use(
        differentiable: draw.tensor(type).quantile(
          share(&draw), axes: draw.ints(3), keepingAxes: draw.bool(),
          interpolation: interpolation(&draw)))
    }
    add("Tensor.quantiles(_:axis:keepingAxes:interpolation:)") { draw in
      draw.use(
        differentiable: draw.tensor(type).quantiles(
          shares(&draw), axis: draw.bool() ? nil : draw.int(), keepingAxes: draw.bool(),
          interpolation: interpolation(&draw)))
    }
    add("Tensor.nanQuantile(_:axis:keepingAxes:interpolation:)") { draw in
      draw.use(
        differentiable: draw.tensor(type).nanQuantile(
          share(&draw), axis: draw.bool() ? nil : draw.int(),
          keepingAxes: draw.bool(), interpolation: interpolation(&draw)))
    }
    add("Tensor.nanQuantiles(_:axis:keepingAxes:interpolation:)") { draw in
      draw.use(
        differentiable: draw.tensor(type).nanQuantiles(
          shares(&draw), axis: draw.bool() ? nil : draw.int(), keepingAxes: draw.bool(),
          interpolation: interpolation(&draw)))
    }
    add("Tensor.nanMedian(axis:keepingAxes:)") { draw in
      draw.use(
        differentiable: draw.tensor(type).nanMedian(
          axis: draw.bool() ? nil : draw.int(), keepingAxes: draw.bool()))
    }
    add("Tensor.covariance(correction:frequencies:weights:)") { draw in
      draw.use(
        differentiable: draw.tensor(type).covariance(
          correction: draw.int(), frequencies: draw.bool() ? nil : draw.tensor(Int.self),
          weights: draw.bool() ? nil : draw.tensor(type)))
    }
    add("Tensor.correlation()") { $0.use(differentiable: $0.tensor(type).correlation()) }
    add("Tensor.distances(to:p:)") {
      $0.use(differentiable: $0.tensor(type).distances(to: $0.tensor(type), p: $0.number()))
    }
    add("Tensor.renormalized(_:axis:maximum:)") {
      $0.use(
        differentiable: $0.tensor(type).renormalized(
          $0.number(), axis: $0.int(), maximum: $0.number()))
    }
  }
}
