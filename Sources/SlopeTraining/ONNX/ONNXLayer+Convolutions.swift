import SlopeCore
import SlopeNN

extension Conv1d: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.convolution(
      input, self, weight, bias, stride: [stride], padding, dilation: [dilation], groups: groups)
  }
}

extension Conv2d: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.convolution(
      input, self, weight, bias, stride: stride.axes, padding, dilation: dilation.axes,
      groups: groups)
  }
}

extension ConvTranspose1d: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.transposedConvolution(
      input, self, weight, bias, stride: [stride], padding: [padding],
      outputPadding: [outputPadding], dilation: [dilation], groups: groups)
  }
}

extension ConvTranspose2d: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.transposedConvolution(
      input, self, weight, bias, stride: stride.axes, padding: padding.axes,
      outputPadding: outputPadding.axes, dilation: dilation.axes, groups: groups)
  }
}

extension UnfoldWindows: ONNXLayer {
  /// A convolution whose kernels pick one element of a window each.
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.checkIsFloat(self)
    try graph.check(input.shape.count == 4, self, input)
    let shape = try graph.outputShape(of: self, input, axisCount: 3)
    let channels = input.shape[1] ?? 0
    let kernels = try graph.picking(kernel, channels: channels, self)
    let columns = graph.add(
      "Conv", input.name, kernels,
      attributes: [
        "kernel_shape": .integers(kernel.axes), "strides": .integers(stride.axes),
        "pads": .integers(padding.axes + padding.axes), "dilations": .integers(dilation.axes),
        "group": .integer(channels),
      ])
    return graph.reshape(columns, shape)
  }
}

extension FoldWindows: ONNXLayer {
  /// A transposed convolution whose kernels put each element into its place of the window.
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.checkIsFloat(self)
    try graph.check(input.shape.count == 3, self, input)
    let shape = try graph.outputShape(of: self, input, axisCount: 2)
    let channels = shape[1] ?? 0
    var counts: [Int] = []
    var rest: [Int] = []
    for axis in 0..<2 {
      let room =
        plane.axes[axis] + 2 * padding.axes[axis] - (kernel.axes[axis] - 1) * dilation.axes[axis]
        - 1
      counts.append(room / stride.axes[axis] + 1)
      rest.append(room % stride.axes[axis])
    }
    let windows = graph.reshape(input.name, [nil, input.shape[1]] + counts).name
    let kernels = try graph.picking(kernel, channels: channels, self)
    let output = graph.add(
      "ConvTranspose", windows, kernels,
      attributes: [
        "kernel_shape": .integers(kernel.axes), "strides": .integers(stride.axes),
        "pads": .integers(padding.axes + padding.axes), "dilations": .integers(dilation.axes),
        "output_padding": .integers(rest), "group": .integer(channels),
      ])
    return ONNXTensor(output, shape)
  }
}

extension Pair {
  /// Both numbers as ONNX lists them.
  var axes: [Int] { [height, width] }
}

extension ONNXGraph {
  fileprivate mutating func convolution<Element: FloatingElement>(
    _ input: ONNXTensor, _ layer: some Layer<Element>, _ weight: Parameter<Element>,
    _ bias: Parameter<Element>?, stride: [Int], _ padding: ConvolutionPadding, dilation: [Int],
    groups: Int
  ) throws -> ONNXTensor {
    let (operands, shape) = try operands(input, layer, weight, bias)
    let kernel = Array(weight.shape.dropFirst(2))
    let (before, after): ([Int], [Int])
    switch padding {
    case .margins(let margins): (before, after) = (margins.axes, margins.axes)
    case .valid: (before, after) = ([0, 0], [0, 0])
    case .same:
      // Of an odd number one more is after than before.
      let sums = zip(kernel, dilation).map { ($0 - 1) * $1 }
      (before, after) = (sums.map { $0 / 2 }, sums.map { $0 - $0 / 2 })
    }
    let output = add(
      "Conv", of: operands,
      attributes: [
        "kernel_shape": .integers(kernel), "strides": .integers(stride),
        "pads": .integers(before.suffix(kernel.count) + after.suffix(kernel.count)),
        "dilations": .integers(dilation), "group": .integer(groups),
      ])
    return ONNXTensor(output, shape)
  }

  fileprivate mutating func transposedConvolution<Element: FloatingElement>(
    _ input: ONNXTensor, _ layer: some Layer<Element>, _ weight: Parameter<Element>,
    _ bias: Parameter<Element>?, stride: [Int], padding: [Int], outputPadding: [Int],
    dilation: [Int], groups: Int
  ) throws -> ONNXTensor {
    let (operands, shape) = try operands(input, layer, weight, bias)
    let output = add(
      "ConvTranspose", of: operands,
      attributes: [
        "kernel_shape": .integers(Array(weight.shape.dropFirst(2))), "strides": .integers(stride),
        "pads": .integers(padding + padding), "dilations": .integers(dilation),
        "output_padding": .integers(outputPadding), "group": .integer(groups),
      ])
    return ONNXTensor(output, shape)
  }

  /// What a convolution is given, and the extents of what it makes of it.
  private mutating func operands<Element: FloatingElement>(
    _ input: ONNXTensor, _ layer: some Layer<Element>, _ weight: Parameter<Element>,
    _ bias: Parameter<Element>?
  ) throws -> ([String], [Int?]) {
    try checkIsFloat(layer)
    // An input without rows would be one of fewer axes.
    try check(input.shape.count == weight.shape.count, layer, input)
    var operands = [input.name, constant("weight", weight.tensor)]
    if let bias { operands.append(constant("bias", bias.tensor)) }
    return (operands, try outputShape(of: layer, input, axisCount: weight.shape.count - 1))
  }

  /// For each channel and each element of a window a kernel that is 1 there and 0 elsewhere.
  fileprivate mutating func picking<Element: FloatingElement>(
    _ kernel: Pair, channels: Int, _ layer: some Layer<Element>
  ) throws -> String {
    try checkCount([channels] + kernel.axes + kernel.axes, of: layer)
    let count = kernel.height * kernel.width
    let kernels = (0..<(channels * count)).flatMap { row in
      (0..<count).map { $0 == row % count ? Element(1.0) : Element(0.0) }
    }
    return constant("weight", kernels, [channels * count, 1] + kernel.axes)
  }
}
