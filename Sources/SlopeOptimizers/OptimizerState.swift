public import SlopeCore

/// The step counts and states of an optimiser, with which another one continues.
///
/// Everything is in the order of the optimiser's parameters. A state is a value: later steps of the
/// optimiser that it came from do not change it. Its tensors are on the parameters' devices.
///
/// ```swift
/// let weight = Parameter(Tensor<Float>([1, -2]))
/// let optimizer = SGD([weight], learningRate: 0.1, momentum: 0.9)
/// weight.tensor.square().sum().backward()
/// optimizer.step()
/// let state = optimizer.state()
/// print(state.steps, state.tensors)
/// // [1] [[tensor([ 2., -4.])]]
/// ```
///
/// ```swift
/// let other = SGD([Parameter(weight.tensor)], learningRate: 0.1, momentum: 0.9)
/// try other.load(state)
/// ```
///
/// What the tensors of a parameter are depends on the optimiser: `SGD` has the momentum if there is
/// one, `Adam` the running means of the gradient and of its square. A 16-bit parameter has one
/// more, the copy in `Float` to which its steps are added. Learning rates and other options are not
/// part of the state. To save one, insert its tensors into a `Safetensors` under names of your
/// choice, and keep `steps` in the metadata.
///
/// PyTorch's counterpart is the `"state"` of an optimiser's `state_dict()`.
public struct OptimizerState<Element: FloatingElement>: Sendable {
  /// The number of steps that each parameter has taken.
  public let steps: [Int]

  /// The states of each parameter, each of the parameter's shape; none before its first step.
  ///
  /// Those of a 16-bit parameter are in `Float`, and its master copy is the last.
  public let tensors: [[Tensor<Element.Computed>]]

  /// A state of the given parts, such as those read from a file; `Optimizer.load(_:)` checks them.
  ///
  /// - Parameters:
  ///   - steps: the number of steps of each parameter.
  ///   - tensors: the states of each parameter, which are not copied.
  public init(steps: [Int], tensors: [[Tensor<Element.Computed>]]) {
    self.steps = steps
    self.tensors = tensors
  }
}

/// Why an optimiser cannot continue from a state.
public struct OptimizerStateError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The optimiser's name and what is wrong with the state.
  public let description: String
}
