public import SlopeCore

/// Changes parameters by their gradients, step by step.
public protocol Optimizer<Element>: AnyObject {
  /// The element type of the parameters.
  associatedtype Element: FloatingElement

  /// The parameters that `step()` changes.
  var parameters: [Parameter<Element>] { get }

  /// The factor of each step; may change between steps. One that is negative or not a number is a
  /// failure, and the optimiser keeps the one it had.
  var learningRate: Double { get set }

  /// Changes each parameter that has a gradient; one without stays as it is, even with momentum or
  /// weight decay.
  func step()

  /// Sets every gradient to nil, so that the next backward pass starts afresh.
  func zeroGrad()
}

extension Optimizer {
  /// Sets every gradient to nil, so that the next backward pass starts afresh.
  public func zeroGrad() {
    for parameter in parameters { parameter.storage.clearGradient() }
  }
}

/// Reports arguments that no optimiser takes.
///
/// - Parameter factors: numbers that must not be negative, by name.
func checkArguments(
  _ optimizer: String, parameterCount: Int, _ factors: KeyValuePairs<String, Double>
) {
  if parameterCount == 0 {
    reportFailure(operation: optimizer, "the list of parameters is empty")
  }
  for (name, factor) in factors where !(factor >= 0) {
    reportFailure(operation: optimizer, "\(name) \(factor) is negative or not a number")
  }
}

/// Reports a learning rate that was set and that no optimiser takes, and takes it back.
func keepLearningRate(_ learningRate: inout Double, _ old: Double, _ optimizer: String) {
  guard !(learningRate >= 0) else { return }
  reportFailure(
    operation: optimizer, "learningRate \(learningRate) is negative or not a number")
  learningRate = old
}
