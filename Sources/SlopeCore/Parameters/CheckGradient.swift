/// The result of a gradient check: how far two derivatives differ, and where most.
///
/// Returned by `checkGradient(at:order:step:tolerance:of:)`.
public struct GradientCheck: Sendable, CustomStringConvertible {
  /// The largest difference between both derivatives, relative to max(1, |numeric|).
  public let largestError: Double
  /// The index of the argument with the largest error, counted from 0.
  public let argument: Int
  /// The row-major index of the element with the largest error in that argument.
  public let index: Int
  /// The derivative there, from the backward pass.
  public let analytic: Double
  /// The derivative there, from central finite differences.
  public let numeric: Double
  /// The number of partial derivatives that were compared.
  public let comparisons: Int
  /// The largest error at which a gradient counts as correct.
  public let tolerance: Double

  /// Whether every derivative agrees.
  public var isCorrect: Bool { largestError <= tolerance }

  /// One line: the number of derivatives that agree, or the worst one with both values.
  public var description: String {
    isCorrect
      ? "\(comparisons) derivatives agree within \(largestError)"
      : "argument \(argument), element \(index): the gradient is \(analytic), "
        + "finite differences give \(numeric)"
  }
}

/// Compares the gradient of a function with central finite differences, in Double.
///
/// The result of `function` is reduced to a number with fixed weights, so that each of its elements
/// counts. With `order: 2` the gradient itself is checked in the same way.
///
/// ```swift
/// let check = checkGradient(at: [Tensor<Double>([0.5, 2])]) { $0[0].log().sum() }
/// print(check.isCorrect, check.comparisons)   // true 2
/// ```
///
/// Waits for the device. Complexity: two calls of `function` for each element of the arguments.
///
/// - Parameters:
///   - arguments: Points at which `function` is smooth.
///   - order: 1, or up to 8 for higher derivatives; other numbers are a failure.
///   - step: The distance of the finite differences.
///   - tolerance: The largest error allowed, relative to max(1, |derivative|).
///   - function: The function to check, of as many tensors as there are arguments.
/// - Returns: What was found; `isCorrect` says whether all derivatives agree.
public func checkGradient(
  at arguments: [Tensor<Double>], order: Int = 1, step: Double = 1e-5, tolerance: Double = 1e-6,
  of function: ([Tensor<Double>]) -> Tensor<Double>
) -> GradientCheck {
  guard (1...8).contains(order) else {
    reportFailure(operation: "checkGradient", "order \(order) is not in 1...8")
    return .failed(tolerance)
  }
  if order > 1 {
    let gradient: ([Tensor<Double>]) -> Tensor<Double> = { inputs in
      let points = inputs.map { $0.requiresGradient ? $0 : Parameter($0).tensor }
      let total = weightedSum(function(points))
      let found = gradients(of: total, withRespectTo: points, recorded: true)
      return concatenate(
        zip(found, points).map { ($0 ?? Tensor.zeros($1.shape, on: $1.device)).flattened() })
    }
    return checkGradient(
      at: arguments, order: order - 1, step: step, tolerance: tolerance, of: gradient)
  }
  let parameters = arguments.map { Parameter($0) }
  let total = weightedSum(function(parameters.map(\.tensor)))
  let found =
    total.requiresGradient
    ? gradients(of: total, withRespectTo: parameters) : parameters.map { _ in nil }
  var worst = (error: -1.0, argument: 0, index: 0, analytic: 0.0, numeric: 0.0)
  var comparisons = 0
  for (number, argument) in arguments.enumerated() {
    // The point, a derivative for each of its elements, and a neighbouring point.
    guard
      Size.isAvailable(argument.count, of: (Double, Double, Double).self, for: "checkGradient")
    else { return .failed(tolerance) }
    let point = argument.scalars
    let analytic = found[number]?.scalars ?? Array(repeating: 0, count: point.count)
    // A failed tensor has nothing to compare.
    guard point.count == argument.count, analytic.count == point.count else {
      return .failed(tolerance)
    }
    for index in 0..<argument.count {
      func value(at offset: Double) -> Double {
        var moved = point
        moved[index] += offset
        var inputs = arguments
        inputs[number] = Tensor(shape: argument.shape, scalars: moved, on: argument.device)
        return weightedSum(function(inputs)).item()
      }
      let numeric = (value(at: step) - value(at: -step)) / (2 * step)
      let error = abs(analytic[index] - numeric) / max(1, abs(numeric))
      comparisons += 1
      // NaN on only one side is also an error.
      if error > worst.error || (error.isNaN && !(analytic[index].isNaN && numeric.isNaN)) {
        worst = (error.isNaN ? .infinity : error, number, index, analytic[index], numeric)
      }
    }
  }
  return GradientCheck(
    largestError: max(worst.error, 0), argument: worst.argument, index: worst.index,
    analytic: worst.analytic, numeric: worst.numeric, comparisons: comparisons,
    tolerance: tolerance)
}

extension GradientCheck {
  /// Stands for a check that could not be made, which has been reported.
  fileprivate static func failed(_ tolerance: Double) -> GradientCheck {
    GradientCheck(
      largestError: .infinity, argument: 0, index: 0, analytic: .nan, numeric: .nan,
      comparisons: 0, tolerance: tolerance)
  }
}

/// A sum in which the elements have different weights.
private func weightedSum(_ tensor: Tensor<Double>) -> Tensor<Double> {
  if tensor.isFailed { return tensor }
  guard Size.isAvailable(tensor.count, of: Double.self, for: "checkGradient") else {
    return .failed
  }
  let weights = (0..<tensor.count).map { index -> Double in
    let (first, second) = (Double(index % 7), Double(index % 3))
    return 1 + 0.37 * first - 0.11 * second
  }
  return (tensor * Tensor(shape: tensor.shape, scalars: weights, on: tensor.device)).sum()
}
