import SlopeCore
import SlopeNN

/// A layer that maps each element by itself, or along an axis, and keeps the shape.
protocol ONNXElementLayer<Element>: ONNXLayer {
  /// Adds the function of `value`.
  func export(_ value: String, to graph: inout ONNXGraph) -> String
}

extension ONNXElementLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    ONNXTensor(export(input.name, to: &graph), input.shape)
  }
}

extension ReLU: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    graph.add("Relu", value)
  }
}

extension Sigmoid: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    graph.add("Sigmoid", value)
  }
}

extension Tanh: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    graph.add("Tanh", value)
  }
}

extension SiLU: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    graph.add("Mul", value, graph.add("Sigmoid", value))
  }
}

extension Mish: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    graph.mish(value, Element.self)
  }
}

extension SELU: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    graph.selu(value, Element.self)
  }
}

extension ELU: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    graph.exponentialUnit(value, alpha: alpha, Element.self)
  }
}

extension LeakyReLU: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    graph.leaky(
      value, slope: graph.constant("slope", negativeSlope, as: Element.self), Element.self)
  }
}

extension Softplus: ONNXLayer, ONNXElementLayer {
  func export(_ value: String, to graph: inout ONNXGraph) -> String {
    func number(_ name: String, _ number: Double) -> String {
      graph.constant(name, number, as: Element.self)
    }
    let beta = number("beta", beta)
    let scaled = graph.add("Mul", value, beta)
    // log(1 + exp(z)) = max(z, 0) + log(1 + exp(−|z|)), which does not overflow.
    let small = graph.add("Exp", graph.add("Neg", graph.add("Abs", scaled)))
    let rest = graph.add("Log", graph.add("Add", small, number("one", 1)))
    let soft = graph.add("Add", graph.add("Relu", scaled), rest)
    let isHigh = graph.add("Greater", scaled, number("threshold", threshold))
    return graph.add("Where", isHigh, value, graph.add("Div", soft, beta))
  }
}

extension Softmax: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.along(axis, "Softmax", self, input)
  }
}

extension LogSoftmax: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.along(axis, "LogSoftmax", self, input)
  }
}

extension GELU: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    func number(_ name: String, _ number: Double) -> String {
      graph.constant(name, number, as: Element.self)
    }
    let x = input.name
    let curve: String
    switch approximate {
    case .none:
      // The operation Erf of onnxruntime has no Double.
      try graph.checkIsFloat(self)
      curve = graph.add("Erf", graph.add("Mul", x, number("factor", 0.5.squareRoot())))
    case .tanh:
      let cube = graph.add("Mul", graph.add("Mul", x, x), x)
      let sum = graph.add("Add", x, graph.add("Mul", cube, number("cubic", 0.044715)))
      curve = graph.add(
        "Tanh", graph.add("Mul", sum, number("factor", (2 / Double.pi).squareRoot())))
    }
    let share = graph.add(
      "Mul", graph.add("Add", curve, number("one", 1)), number("half", 0.5))
    return ONNXTensor(graph.add("Mul", x, share), input.shape)
  }
}

extension PReLU: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    let count = weight.shape.elementCount
    try graph.check(
      count == 1 || input.shape.count > 1 && input.shape[1] == count, self, input)
    let extents = input.shape.indices.map { $0 == 1 ? count : 1 }
    let slope = graph.constant("weight", weight.tensor.scalars, extents)
    return ONNXTensor(graph.leaky(input.name, slope: slope, Element.self), input.shape)
  }
}

extension ParametricActivation: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.check(input.shape.count > 1 && input.shape.last == weight.shape.last, self, input)
    let output = graph.parametric(input.name, function, rowWeight)
    let members: Shape = weight.shape.count > 1 ? [weight.shape[0], 1, 1] : [1]
    return ONNXTensor(output, graph.shape(input, members: members) + [input.shape.last ?? nil])
  }
}

extension ONNXGraph {
  /// `(1 − weight) · x + weight · f(x)`.
  package mutating func parametric<Element: FloatingElement>(
    _ x: String, _ function: ParametricFunction, _ weight: Tensor<Element>
  ) -> String {
    let curve =
      switch function {
      case .relu: add("Relu", x)
      case .selu: selu(x, Element.self)
      case .mish: mish(x, Element.self)
      }
    let plain = add("Mul", x, constant("rest", 1 - weight))
    return add("Add", plain, add("Mul", curve, constant("weight", weight)))
  }

  /// A softmax along an axis that the input must have.
  mutating func along(
    _ axis: Int, _ operation: String, _ layer: any Module, _ input: ONNXTensor
  ) throws -> ONNXTensor {
    let count = input.shape.count
    try check((-count..<count).contains(axis), layer, input)
    return ONNXTensor(
      add(operation, input.name, attributes: ["axis": .integer(axis)]), input.shape)
  }

  /// `x · tanh(log(1 + exp(x)))`, by one exponential as `Mish` computes it.
  fileprivate mutating func mish<Element: FloatingElement>(
    _ x: String, _: Element.Type
  ) -> String {
    let two = constant("two", 2, as: Element.self)
    let e = add("Exp", add("Min", x, constant("limit", 20, as: Element.self)))
    let square = add("Mul", e, add("Add", e, two))
    return add("Mul", x, add("Div", square, add("Add", square, two)))
  }

  /// `λ · x` above 0, else `λ · α · (exp(x) − 1)`.
  fileprivate mutating func selu<Element: FloatingElement>(
    _ x: String, _: Element.Type
  ) -> String {
    add(
      "Mul", exponentialUnit(x, alpha: 1.6732632423543772848, Element.self),
      constant("lambda", 1.0507009873554804934, as: Element.self))
  }

  /// x above 0, else `α · (exp(x) − 1)`.
  mutating func exponentialUnit<Element: FloatingElement>(
    _ x: String, alpha: Double, _: Element.Type
  ) -> String {
    let low = add("Exp", add("Min", x, constant("zero", 0, as: Element.self)))
    let rest = add("Sub", low, constant("one", 1, as: Element.self))
    let scaled = add("Mul", rest, constant("alpha", alpha, as: Element.self))
    return add("Add", add("Relu", x), scaled)
  }

  /// x above 0, else `slope · x`.
  fileprivate mutating func leaky<Element: FloatingElement>(
    _ x: String, slope: String, _: Element.Type
  ) -> String {
    let low = add("Min", x, constant("zero", 0, as: Element.self))
    return add("Add", add("Relu", x), add("Mul", low, slope))
  }
}
