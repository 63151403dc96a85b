@testable import SlopeCore

/// The mean of `(prediction − target)²`, in one pass over memory.
func meanSquaredError<Element: FloatingElement>(
  _ prediction: Tensor<Element>, _ target: Tensor<Element>
) -> Tensor<Element> {
  pairedLoss(.squaredDifference, prediction, target, .mean)
}

/// The sum of `(prediction − target)²`, in one pass over memory.
func summedSquaredError<Element: FloatingElement>(
  _ prediction: Tensor<Element>, _ target: Tensor<Element>
) -> Tensor<Element> {
  pairedLoss(.squaredDifference, prediction, target, .sum)
}
