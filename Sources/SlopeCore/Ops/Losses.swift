/// The mean of `(prediction − target)²` in one pass over memory; both are of one shape.
package func meanSquaredError<E: FloatingElement>(
  _ prediction: Tensor<E>, _ target: Tensor<E>
) -> Tensor<E> {
  squaredErrors(.mean, prediction, target)
}

/// The sum of `(prediction − target)²` in one pass over memory; both are of one shape.
package func summedSquaredError<E: FloatingElement>(
  _ prediction: Tensor<E>, _ target: Tensor<E>
) -> Tensor<E> {
  squaredErrors(.sum, prediction, target)
}

private func squaredErrors<E: FloatingElement>(
  _ kind: Reduction, _ prediction: Tensor<E>, _ target: Tensor<E>
) -> Tensor<E> {
  let inputs: [2 of Value] = [prediction.value, target.value]
  return Tensor(
    reduced(
      kind, Functions.squaredDifference, inputs.span, programType: E.dtype, nest: prediction.shape,
      axes: nil,
      keepingDimensions: false, output: E.dtype, record: true))
}
