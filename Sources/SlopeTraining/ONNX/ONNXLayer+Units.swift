import SlopeCore
import SlopeNN

extension CELU: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    let zero = graph.constant("zero", 0, as: Element.self)
    let alpha = graph.constant("alpha", alpha, as: Element.self)
    let low = graph.add("Exp", graph.add("Div", graph.add("Min", value, zero), alpha))
    let rest = graph.add("Sub", low, graph.constant("one", 1, as: Element.self))
    return graph.add("Add", graph.add("Relu", value), graph.add("Mul", rest, alpha))
  }
}

extension LogSigmoid: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    // min(x, 0) − log(1 + exp(−|x|)), which does not overflow.
    let small = graph.add("Exp", graph.add("Neg", graph.add("Abs", value)))
    let rest = graph.add(
      "Log", graph.add("Add", small, graph.constant("one", 1, as: Element.self)))
    let low = graph.add("Min", value, graph.constant("zero", 0, as: Element.self))
    return graph.add("Sub", low, rest)
  }
}

extension Softsign: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    let one = graph.constant("one", 1, as: Element.self)
    return graph.add("Div", value, graph.add("Add", graph.add("Abs", value), one))
  }
}

extension Softmin: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    let negative = ONNXTensor(graph.add("Neg", input.name), input.shape)
    return try graph.along(axis, "Softmax", self, negative)
  }
}

extension GLU: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    let count = input.shape.count
    let axis = axis < 0 ? axis + count : axis
    try graph.check((1..<max(count, 1)).contains(axis), self, input)
    let shape = try graph.outputShape(of: self, input, axisCount: 1)
    let half = shape[axis] ?? 0
    let first = graph.slice(input.name, axis: axis, 0..<half)
    let second = graph.slice(input.name, axis: axis, half..<(2 * half))
    return ONNXTensor(graph.add("Mul", first, graph.add("Sigmoid", second)), shape)
  }
}

extension Hardtanh: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    graph.clip(value, minimum, maximum, Element.self)
  }
}

extension ReLU6: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    graph.clip(value, 0, 6, Element.self)
  }
}

extension Hardsigmoid: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    graph.hardSigmoid(value, Element.self)
  }
}

extension Hardswish: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    graph.add("Mul", value, graph.hardSigmoid(value, Element.self))
  }
}

extension Threshold: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    let isLow = graph.add(
      "LessOrEqual", value, graph.constant("threshold", threshold, as: Element.self))
    return graph.add(
      "Where", isLow, graph.constant("value", self.value, as: Element.self), value)
  }
}

extension Softshrink: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    graph.add(
      "Shrink", value, attributes: ["bias": .number(lambda), "lambd": .number(lambda)])
  }
}

extension Hardshrink: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    graph.add("Shrink", value, attributes: ["bias": .number(0), "lambd": .number(lambda)])
  }
}

extension Tanhshrink: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    graph.add("Sub", value, graph.add("Tanh", value))
  }
}

extension ONNXGraph {
  /// Some of the elements along an axis.
  fileprivate mutating func slice(_ value: String, axis: Int, _ range: Range<Int>) -> String {
    add(
      "Slice", value, constant("starts", [range.lowerBound]), constant("ends", [range.upperBound]),
      constant("axes", [axis]))
  }

  fileprivate mutating func clip<Element: FloatingElement>(
    _ value: String, _ least: Double, _ greatest: Double, _: Element.Type
  ) -> String {
    add(
      "Clip", value, constant("least", least, as: Element.self),
      constant("greatest", greatest, as: Element.self))
  }

  /// `(x + 3) / 6`, from 0 to 1.
  fileprivate mutating func hardSigmoid<Element: FloatingElement>(
    _ value: String, _: Element.Type
  ) -> String {
    let sum = add("Add", value, constant("three", 3, as: Element.self))
    return add("Div", clip(sum, 0, 6, Element.self), constant("six", 6, as: Element.self))
  }
}
