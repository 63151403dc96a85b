import SlopeCore
import SlopeNN

extension BatchNorm1d: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.check((2...3).contains(input.shape.count), self, input)
    return try graph.batchNormalized(
      input, self, epsilon, weight, bias, runningMean, runningVariance)
  }
}

extension BatchNorm2d: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.check(input.shape.count == 4, self, input)
    return try graph.batchNormalized(
      input, self, epsilon, weight, bias, runningMean, runningVariance)
  }
}

extension LayerNorm: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.check(graph.ends(input, with: shape), self, input)
    let ones = [Element](repeating: 1, count: shape.elementCount)
    var inputs = [
      input.name, graph.constant("weight", weight?.tensor.scalars ?? ones, Array(shape)),
    ]
    if let bias { inputs.append(graph.constant("bias", bias.tensor)) }
    let output = graph.add(
      "LayerNormalization", of: inputs,
      attributes: ["axis": .integer(-shape.count), "epsilon": .number(epsilon)])
    return ONNXTensor(output, input.shape)
  }
}

extension RMSNorm: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.check(graph.ends(input, with: shape), self, input)
    var output = graph.dividedByDeviation(
      input.name, axes: (1...shape.count).map { -$0 }, epsilon, Element.self)
    if let weight { output = graph.add("Mul", output, graph.constant("weight", weight.tensor)) }
    return ONNXTensor(output, input.shape)
  }
}

extension GroupNorm: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.groupNormalized(
      input, self, groupCount: groupCount, channelCount: channelCount, epsilon, weight, bias)
  }
}

extension InstanceNorm1d: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.check(input.shape.count == 3, self, input)
    return try graph.instanceNormalized(
      input, self, count: count, epsilon, weight, bias, runningMean, runningVariance)
  }
}

extension InstanceNorm2d: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.check(input.shape.count == 4, self, input)
    return try graph.instanceNormalized(
      input, self, count: count, epsilon, weight, bias, runningMean, runningVariance)
  }
}

extension ONNXGraph {
  /// Whether an input that has rows ends with some extents.
  fileprivate func ends(_ input: ONNXTensor, with shape: Shape) -> Bool {
    shape.count > 0 && input.shape.count > shape.count
      && input.shape.suffix(shape.count).elementsEqual(shape.map { Optional($0) })
  }

  /// The mean along some axes, which stay with the extent 1.
  mutating func mean(_ value: String, axes: [Int]) -> String {
    add("ReduceMean", value, attributes: ["axes": .integers(axes), "keepdims": .integer(1)])
  }

  /// `x / √(mean of x² + ε)`, the means along some axes.
  fileprivate mutating func dividedByDeviation<Element: FloatingElement>(
    _ value: String, axes: [Int], _ epsilon: Double, _: Element.Type
  ) -> String {
    let square = mean(add("Mul", value, value), axes: axes)
    let sum = add("Add", square, constant("epsilon", epsilon, as: Element.self))
    return add("Div", value, add("Sqrt", sum))
  }

  fileprivate mutating func batchNormalized<Element: FloatingElement>(
    _ input: ONNXTensor, _ layer: any Module<Element>, _ epsilon: Double,
    _ weight: Parameter<Element>?, _ bias: Parameter<Element>?, _ mean: ModuleBuffer<Element>,
    _ variance: ModuleBuffer<Element>
  ) throws -> ONNXTensor {
    let count = mean.tensor.count
    try check(input.shape[1] == count, layer, input)
    func filled(_ parameter: Parameter<Element>?, _ number: Element) -> [Element] {
      parameter?.tensor.scalars ?? [Element](repeating: number, count: count)
    }
    let output = add(
      "BatchNormalization", input.name, constant("weight", filled(weight, 1), [count]),
      constant("bias", filled(bias, 0), [count]), constant("mean", mean.tensor),
      constant("variance", variance.tensor), attributes: ["epsilon": .number(epsilon)])
    return ONNXTensor(output, input.shape)
  }

  /// Each channel of each row by itself, or by running statistics.
  fileprivate mutating func instanceNormalized<Element: FloatingElement>(
    _ input: ONNXTensor, _ layer: any Module<Element>, count: Int, _ epsilon: Double,
    _ weight: Parameter<Element>?, _ bias: Parameter<Element>?, _ mean: ModuleBuffer<Element>?,
    _ variance: ModuleBuffer<Element>?
  ) throws -> ONNXTensor {
    if let mean, let variance {
      return try batchNormalized(input, layer, epsilon, weight, bias, mean, variance)
    }
    // A channel of one element has no variance.
    try check(input.shape.dropFirst(2).contains { $0 != 1 }, layer, input)
    return try groupNormalized(
      input, layer, groupCount: count, channelCount: count, epsilon, weight, bias)
  }

  /// The channels of each row in groups, each with mean 0 and variance 1.
  fileprivate mutating func groupNormalized<Element: FloatingElement>(
    _ input: ONNXTensor, _ layer: any Module<Element>, groupCount: Int, channelCount: Int,
    _ epsilon: Double, _ weight: Parameter<Element>?, _ bias: Parameter<Element>?
  ) throws -> ONNXTensor {
    let product = ONNXGraph.product(input.shape)
    try check(
      input.shape.count > 1 && input.shape[0] == nil && input.shape[1] == channelCount
        && channelCount > 0 && product != nil, layer, input)
    let extents = input.shape.dropFirst().map { $0 ?? 1 }
    let group = (product ?? 1) / groupCount
    let grouped = reshape(input.name, [nil, groupCount, group]).name
    let mean = mean(grouped, axes: [-1])
    let normalized = dividedByDeviation(
      add("Sub", grouped, mean), axes: [-1], epsilon, Element.self)
    var output = reshape(normalized, input.shape).name
    let channels = [channelCount] + extents.dropFirst().map { _ in 1 }
    if let weight {
      output = add("Mul", output, constant("weight", weight.tensor.scalars, channels))
    }
    if let bias {
      output = add("Add", output, constant("bias", bias.tensor.scalars, channels))
    }
    return ONNXTensor(output, input.shape)
  }
}
