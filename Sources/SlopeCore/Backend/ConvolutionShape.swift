/// The extents of a convolution of planes.
package struct ConvolutionShape: Sendable, Hashable {
  package let windows: Windows
  package let batch: Int
  /// The channels of the input.
  package let inputs: Int
  /// The channels of the output.
  package let outputs: Int
  /// The groups of channels, each convolved by itself.
  package let groups: Int

  /// `[batch, inputs, height, width]`.
  var inputShape: Shape { [batch, inputs, windows.plane.height, windows.plane.width] }
  /// `[batch, outputs, rows, columns]`.
  var outputShape: Shape { [batch, outputs, windows.count.height, windows.count.width] }
  /// `[outputs, inputs / groups, kernel height, kernel width]`.
  var weightShape: Shape {
    [outputs, groupInputs, windows.kernel.height, windows.kernel.width]
  }

  var groupInputs: Int { inputs / groups }
  var groupOutputs: Int { outputs / groups }
  /// The elements of a group's windows in one place of the output.
  var depth: Int { groupInputs * windows.kernel.height * windows.kernel.width }
  /// The elements of a plane of the output.
  var places: Int { windows.count.height * windows.count.width }
}

/// What a convolution multiplies: each product is a gradient of the others.
package enum ConvolutionProduct: Sendable {
  /// The input and the weight give the output.
  case output
  /// The output's gradient and the weight give the input's gradient.
  case input
  /// The input and the output's gradient give the weight's gradient.
  case weight

  func shape(_ shape: ConvolutionShape) -> Shape {
    switch self {
    case .output: shape.outputShape
    case .input: shape.inputShape
    case .weight: shape.weightShape
    }
  }
}
