/// The losses of pairs of elements, put together in one pass over memory; both tensors are of one shape.
///
/// - Parameter reduction: how they are put together; nil: one for each.
package func pairedLoss<Element: FloatingElement>(
  _ formula: Pointwise, _ prediction: Tensor<Element>, _ target: Tensor<Element>,
  _ reduction: ReductionKind?
) -> Tensor<Element> {
  guard let reduction else { return formula(prediction, target) }
  let inputs: [2 of Value] = [prediction.value, target.value]
  return Tensor(
    reduced(
      reduction, formula.function, inputs.span, programType: Element.dtype, nest: prediction.shape,
      axes: nil, keepingAxes: false, output: Element.dtype, record: true))
}
