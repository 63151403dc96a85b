extension Tensor where Element: FloatingElement {
  /// Adds the gradient of this tensor to the `grad` of every parameter from which it was computed.
  ///
  /// The seed is the gradient with which the pass starts: 1 for a tensor of one element, which
  /// needs none. Saved operands and results are released, unless `retainGraph` keeps them for
  /// another pass.
  ///
  /// ```swift
  /// let x = Parameter(Tensor<Double>(3))
  /// let y = x.tensor.square()
  /// y.backward(retainGraph: true)   // adds 6
  /// y.backward()                    // adds 6 again
  /// if let gradient = x.grad { print(gradient.item()) }   // 12.0
  /// ```
  ///
  /// Does not wait for the device. Precondition: the tensor requires a gradient
  /// (`requiresGradient`); it has one element, or `seed` has its shape; no earlier pass has
  /// released what this one needs.
  public func backward(seed: Tensor? = nil, retainGraph: Bool = false) {
    value.backward(seed: seed?.value, retainGraph: retainGraph)
  }
}

/// The gradients of a tensor with respect to other tensors from which it was computed.
///
/// Nothing is added to any parameter's `grad`. With `recorded` the gradients are recorded in turn,
/// so that they can be differentiated again, and the graph is kept:
///
/// ```swift
/// let x = Parameter(Tensor<Double>(2)).tensor
/// let y = x * x * x
/// if let first = gradients(of: y, withRespectTo: [x], recorded: true)[0],
///   let second = gradients(of: first, withRespectTo: [x])[0]
/// {
///   print(first.item(), second.item())   // 12.0 12.0
/// }
/// ```
///
/// Does not wait for the device. Precondition: as for `Tensor.backward(seed:retainGraph:)`.
///
/// - Parameters:
///   - tensor: The tensor to differentiate.
///   - targets: The tensors of parameters, or any recorded intermediate results.
///   - seed: The gradient with which to start, of the shape of `tensor`; nil for a tensor of one
///     element.
///   - retainGraph: Whether another pass over the graph is possible afterwards.
///   - recorded: Whether the gradients are recorded, so that they can be differentiated again.
/// - Returns: For each target its gradient, of its shape, or nil if `tensor` does not depend on it.
public func gradients<Element: FloatingElement, Target: FloatingElement>(
  of tensor: Tensor<Element>, withRespectTo targets: [Tensor<Target>], seed: Tensor<Element>? = nil,
  retainGraph: Bool = false, recorded: Bool = false
) -> [Tensor<Target>?] {
  tensor.value.gradients(
    withRespectTo: targets.map(\.value), seed: seed?.value, retainGraph: retainGraph,
    recorded: recorded
  ).map { $0.map { Tensor<Target>($0) } }
}

/// The gradients of a tensor with respect to parameters.
///
/// The same as for the tensors of the parameters; nothing is added to their `grad`.
public func gradients<Element: FloatingElement, Target: FloatingElement>(
  of tensor: Tensor<Element>, withRespectTo parameters: [Parameter<Target>],
  seed: Tensor<Element>? = nil,
  retainGraph: Bool = false, recorded: Bool = false
) -> [Tensor<Target>?] {
  gradients(
    of: tensor, withRespectTo: parameters.map(\.tensor), seed: seed, retainGraph: retainGraph,
    recorded: recorded)
}

extension Tensor {
  /// The operations by which this tensor was computed from parameters, for printing and drawing.
  ///
  /// Empty if the tensor does not require a gradient. Does not wait for the device. Complexity: O(v
  /// · log v) for v operations.
  public var graph: ComputationGraph { ComputationGraph(value.recording) }
}
