import SlopeCore
import SlopeNN

extension MaxPool1d: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.maximumPool(
      input, self,
      PoolWindows(kernel: [kernel], stride: [stride], padding: [padding], dilation: [dilation]))
  }
}

extension MaxPool2d: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.maximumPool(
      input, self,
      PoolWindows(
        kernel: kernel.axes, stride: stride.axes, padding: padding.axes, dilation: dilation.axes))
  }
}

extension AvgPool1d: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.averagePool(
      input, self,
      PoolWindows(kernel: [kernel], stride: [stride], padding: [padding], dilation: [1]),
      countsPadding: countsPadding, divisor: nil)
  }
}

extension AvgPool2d: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.averagePool(
      input, self,
      PoolWindows(
        kernel: kernel.axes, stride: stride.axes, padding: padding.axes, dilation: [1, 1]),
      countsPadding: countsPadding, divisor: divisor)
  }
}

extension AdaptiveAvgPool1d: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.adaptiveMean(input, self, axisCount: 1)
  }
}

extension AdaptiveAvgPool2d: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.adaptiveMean(input, self, axisCount: 2)
  }
}

extension AdaptiveMaxPool1d: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.adaptiveMaximum(input, self, axisCount: 1)
  }
}

extension AdaptiveMaxPool2d: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.adaptiveMaximum(input, self, axisCount: 2)
  }
}

/// The windows of a pool, by numbers for each axis.
private struct PoolWindows {
  let kernel: [Int]
  let stride: [Int]
  let padding: [Int]
  let dilation: [Int]

  var axisCount: Int { kernel.count }

  /// How many elements the last windows have beyond the padded extents of the input.
  func missing(_ input: [Int?], _ output: [Int?]) -> [Int] {
    (0..<axisCount).map { axis in
      let extent = input.suffix(axisCount).map { $0 ?? 0 }[axis]
      let last = (output.suffix(axisCount).map { $0 ?? 0 }[axis] - 1) * stride[axis]
      let end = last + (kernel[axis] - 1) * dilation[axis] + 1
      return max(0, end - extent - 2 * padding[axis])
    }
  }
}

extension ONNXGraph {
  fileprivate mutating func maximumPool<Element: FloatingElement>(
    _ input: ONNXTensor, _ layer: some Layer<Element>, _ windows: PoolWindows
  ) throws -> ONNXTensor {
    let shape = try outputShape(of: layer, input, axisCount: windows.axisCount)
    var (planes, pads) = (planes(input, windows.axisCount), windows.padding + windows.padding)
    let missing = windows.missing(input.shape, shape)
    if missing.contains(where: { $0 > 0 }) {
      (planes, pads) = (
        padded(planes, windows, missing, with: -.infinity, Element.self), none(pads)
      )
    }
    let output = add(
      "MaxPool", planes,
      attributes: [
        "kernel_shape": .integers(windows.kernel), "strides": .integers(windows.stride),
        "pads": .integers(pads), "dilations": .integers(windows.dilation),
      ])
    return unfolded(output, shape, windows.axisCount)
  }

  fileprivate mutating func averagePool<Element: FloatingElement>(
    _ input: ONNXTensor, _ layer: some Layer<Element>, _ windows: PoolWindows, countsPadding: Bool,
    divisor: Int?
  ) throws -> ONNXTensor {
    try checkIsFloat(layer)
    let shape = try outputShape(of: layer, input, axisCount: windows.axisCount)
    var (planes, pads) = (planes(input, windows.axisCount), windows.padding + windows.padding)
    let missing = windows.missing(input.shape, shape)
    let isLonger = missing.contains { $0 > 0 }
    if isLonger {
      (planes, pads) = (padded(planes, windows, missing, with: 0, Element.self), none(pads))
    }
    var output = add(
      "AveragePool", planes,
      attributes: [
        "kernel_shape": .integers(windows.kernel), "strides": .integers(windows.stride),
        "pads": .integers(pads),
        "count_include_pad": .integer(countsPadding || divisor != nil || isLonger ? 1 : 0),
      ])
    if isLonger {
      // By what the means of the padded plane are multiplied: the same for every plane.
      let extents = input.shape.suffix(windows.axisCount).map { $0 ?? 1 }
      try checkCount(
        (0..<windows.axisCount).map { extents[$0] + 2 * windows.padding[$0] + missing[$0] },
        of: layer)
      let ones = Tensor<Element>.ones(Shape([1, 1] + extents), on: .cpu)
      let margins =
        [(0, 0), (0, 0)] + zip(windows.padding, missing).map { (before: $0, after: $0 + $1) }
      let plain = Self.mean(ones.padded(margins, with: 0), windows)
      let factors = noGrad { layer(ones) } / plain
      output = add("Mul", output, constant("factor", factors.squeezed(at: 0).squeezed(at: 0)))
    } else if let divisor {
      let factor = Double(windows.kernel.reduce(1, *)) / Double(divisor)
      output = add("Mul", output, constant("factor", factor, as: Element.self))
    }
    return unfolded(output, shape, windows.axisCount)
  }

  /// The means of the windows of a plane without margins.
  private static func mean<Element: FloatingElement>(
    _ plane: Tensor<Element>, _ windows: PoolWindows
  ) -> Tensor<Element> {
    let (kernel, stride) = (windows.kernel, windows.stride)
    guard kernel.count > 1 else { return plane.avgPool1d(kernel[0], stride: stride[0]) }
    return plane.avgPool2d(
      Pair(kernel[0], kernel[1]), stride: Pair(stride[0], stride[1]))
  }

  private func none(_ pads: [Int]) -> [Int] { pads.map { _ in 0 } }

  /// Planes with the margins of a pool, and with those elements that its last windows lack.
  ///
  /// Versions of ONNX count the windows of its attribute `ceil_mode` in different ways.
  private mutating func padded<Element: FloatingElement>(
    _ planes: String, _ windows: PoolWindows, _ missing: [Int], with number: Double,
    _: Element.Type
  ) -> String {
    let after = zip(windows.padding, missing).map { $0 + $1 }
    return add(
      "Pad", planes, constant("pads", [0, 0] + windows.padding + [0, 0] + after),
      constant("element", number, as: Element.self), attributes: ["mode": .text("constant")])
  }

  /// An input as pools take it: rows, channels and `axisCount` axes.
  private mutating func planes(_ input: ONNXTensor, _ axisCount: Int) -> String {
    if input.shape.count == axisCount + 2 { return input.name }
    return reshape(input.name, [nil, 1] + input.shape.suffix(axisCount)).name
  }

  /// The reverse of `planes`.
  private mutating func unfolded(
    _ planes: String, _ shape: [Int?], _ axisCount: Int
  ) -> ONNXTensor {
    shape.count == axisCount + 2 ? ONNXTensor(planes, shape) : reshape(planes, shape)
  }

  /// The means of windows that cover the last axes.
  fileprivate mutating func adaptiveMean<Element: FloatingElement>(
    _ input: ONNXTensor, _ layer: some Layer<Element>, axisCount: Int
  ) throws -> ONNXTensor {
    let shape = try outputShape(of: layer, input, axisCount: axisCount)
    if shape.suffix(axisCount).allSatisfy({ $0 == 1 }) {
      return ONNXTensor(mean(input.name, axes: (1...axisCount).map { -$0 }), shape)
    }
    var output = input
    for axis in (input.shape.count - axisCount)..<input.shape.count {
      guard let from = input.shape[axis], let to = shape[axis], from != to else { continue }
      try checkCount([from, to], of: layer)
      output = mapped(output, axis: axis, AdaptiveAvgPool1d(to)(Tensor<Element>.identity(from)))
    }
    return output
  }

  /// The greatest elements of windows that cover the last axes.
  fileprivate mutating func adaptiveMaximum<Element: FloatingElement>(
    _ input: ONNXTensor, _ layer: some Layer<Element>, axisCount: Int
  ) throws -> ONNXTensor {
    let shape = try outputShape(of: layer, input, axisCount: axisCount)
    var output = input.name
    for axis in (input.shape.count - axisCount)..<input.shape.count {
      guard let from = input.shape[axis], let to = shape[axis], from != to else { continue }
      let starts = (0..<to).map { $0 * from / to }
      let ends = (1...to).map { ($0 * from + to - 1) / to }
      let width = zip(starts, ends).map { $1 - $0 }.max() ?? 1
      // A shorter window has its last element more than once.
      let places = zip(starts, ends).flatMap { start, end in
        (0..<width).map { min(start + $0, end - 1) }
      }
      let windows = add(
        "Gather", output, constant("places", places, [to, width]),
        attributes: ["axis": .integer(axis)])
      output = add(
        "ReduceMax", windows, attributes: ["axes": .integers([axis + 1]), "keepdims": .integer(0)])
    }
    return ONNXTensor(output, shape)
  }

  /// The product of the vectors along an axis with a matrix, `[from, to]`.
  mutating func mapped<Element: FloatingElement>(
    _ input: ONNXTensor, axis: Int, _ matrix: Tensor<Element>
  ) -> ONNXTensor {
    var shape = input.shape
    shape[axis] = matrix.shape[1]
    if axis == shape.count - 1 {
      return ONNXTensor(add("MatMul", input.name, constant("weights", matrix)), shape)
    }
    let weights = constant("weights", matrix.transposed())
    if axis == shape.count - 2 { return ONNXTensor(add("MatMul", weights, input.name), shape) }
    // The axes after it as one.
    let inner = shape[(axis + 1)...].reduce(1) { $0 * ($1 ?? 1) }
    let joined = reshape(input.name, [nil, input.shape[axis], inner]).name
    return reshape(add("MatMul", weights, joined), shape)
  }
}
