@testable import SlopeCore

/// The mean of `(prediction − target)²`, in one pass over memory.
func meanSquaredError<E: FloatingElement>(
  _ prediction: Tensor<E>, _ target: Tensor<E>
) -> Tensor<E> {
  pairedLoss(.squaredDifference, prediction, target, .mean)
}

/// The sum of `(prediction − target)²`, in one pass over memory.
func summedSquaredError<E: FloatingElement>(
  _ prediction: Tensor<E>, _ target: Tensor<E>
) -> Tensor<E> {
  pairedLoss(.squaredDifference, prediction, target, .sum)
}
