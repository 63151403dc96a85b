/// The losses of pairs of elements, reduced in one pass over memory.
///
/// `reduction` says how they are reduced; if it is nil, there is one loss for each pair.
/// Precondition: both tensors have one shape.
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
