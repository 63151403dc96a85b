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

/// The losses of elements and the operands that belong to them, reduced in one pass over memory.
///
/// `formula` takes the operands in order, the prediction first. `reduction` is as for `pairedLoss`.
/// Precondition: there is a prediction, and each operand broadcasts to its shape.
package func pairedLoss<Element: FloatingElement>(
  _ formula: Pointwise, of operands: [Tensor<Element>], _ reduction: ReductionKind?
) -> Tensor<Element> {
  let inputs = operands.map(\.value)
  guard let reduction else {
    return Tensor(
      applyPointwise(
        formula.function, inputs, programType: Element.dtype, output: Element.dtype))
  }
  return Tensor(
    reduced(
      reduction, formula.function, inputs.span, programType: Element.dtype, nest: inputs[0].shape,
      axes: nil, keepingAxes: false, output: Element.dtype, record: true))
}
