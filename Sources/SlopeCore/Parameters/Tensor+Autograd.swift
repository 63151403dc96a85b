extension Tensor where Element: FloatingElement {
  /// Adds the gradient of this tensor to the `grad` of every parameter it was computed from.
  ///
  /// What was saved for it is released, unless `retainGraph` keeps it for another pass. A tensor of
  /// more than one element needs a seed of its shape: the gradient with which to start.
  public func backward(seed: Tensor? = nil, retainGraph: Bool = false) {
    value.backward(seed: seed?.value, retainGraph: retainGraph)
  }
}

/// The gradients of a tensor with respect to others from which it was computed.
///
/// - Parameters:
///   - tensor: usually of one element; otherwise it needs a seed of its shape.
///   - targets: parameters' tensors, or any recorded results on the way.
///   - recorded: whether the gradients carry a recording, so that they can be differentiated again.
/// - Returns: for each target its gradient, of its shape, or nil if nothing depends on it.
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
  /// The operations by which this tensor was computed from parameters.
  public var graph: ComputationGraph { ComputationGraph(value.recording) }
}
