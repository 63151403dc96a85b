import SlopeCore
import SlopeNN

extension Linear: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    let shape = weight.shape
    try graph.check(
      shape.count == 2 && input.shape.count > 1 && input.shape.last == shape.last
        && bias?.shape ?? [shape[0]] == [shape[0]], self, input)
    var output = graph.add(
      "MatMul", input.name, graph.constant("weight", weight.tensor.transposed(-2, -1)))
    if let bias { output = graph.add("Add", output, graph.constant("bias", bias.tensor)) }
    return ONNXTensor(output, input.shape.dropLast() + [shape[0]])
  }
}

extension NTPLinear: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    let shape = weight.shape
    try graph.check(
      (2...3).contains(shape.count) && input.shape.count > 1 && input.shape.last == shape.last
        && bias.map { Array($0.shape) == Array(shape.dropLast()) } ?? true, self, input)
    var output = graph.add(
      "Mul", graph.product(input.name, self), graph.constant("factor", factor, as: Element.self))
    if let rowBias { output = graph.add("Add", output, graph.constant("bias", rowBias)) }
    return ONNXTensor(output, graph.shape(input, members: shape) + [shape[shape.count - 2]])
  }
}

extension BatchEnsembleLinear: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    let (members, inputs) = (inputFactors.shape[0], weight.shape[1])
    let shape = input.shape
    try graph.check(
      shape.last == inputs
        && (shape.count == 2 && shape[0] == nil || shape.count == 3 && shape[0] == members), self,
      input)
    let scaled = graph.add(
      "Mul", input.name,
      graph.constant("input_factors", inputFactors.tensor.scalars, [members, 1, inputs]))
    let product = graph.add(
      "MatMul", scaled, graph.constant("weight", weight.tensor.transposed(-2, -1)))
    let outputs = [members, 1, weight.shape[0]]
    var output = graph.add(
      "Mul", product, graph.constant("output_factors", outputFactors.tensor.scalars, outputs))
    if let bias {
      output = graph.add("Add", output, graph.constant("bias", bias.tensor.scalars, outputs))
    }
    return ONNXTensor(output, [members, shape[shape.count - 2], weight.shape[0]])
  }
}

extension FeatureScale: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.check(input.shape.count > 1 && input.shape.last == weight.shape.last, self, input)
    let output = graph.add("Mul", input.name, graph.constant("weight", rowWeight))
    // A weight of members has a row of its own before the features.
    let members: Shape = weight.shape.count > 1 ? [weight.shape[0], 1, 1] : [1]
    return ONNXTensor(output, graph.shape(input, members: members) + [input.shape.last ?? nil])
  }
}

extension ONNXGraph {
  /// The product with the weights of a layer, without factor and bias.
  package mutating func product<Element>(
    _ input: String, _ layer: NTPLinear<Element>
  ) -> String {
    add("MatMul", input, constant("weight", layer.weight.tensor.transposed(-2, -1)))
  }

  /// The extents but for the last of what layers side by side make of an input.
  func shape(_ input: ONNXTensor, members weight: Shape) -> [Int?] {
    weight.count > 2
      ? [weight[0]] + input.shape.suffix(2).dropLast() : Array(input.shape.dropLast())
  }
}

extension Flatten: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    let count = input.shape.count
    let start = startAxis < 0 ? startAxis + count : startAxis
    let end = endAxis < 0 ? endAxis + count : endAxis
    // Rows are not merged with what they hold, since their number is free.
    try graph.check(
      (0..<count).contains(start) && start <= end && end < count && (start > 0 || end == 0), self,
      input)
    let merged = input.shape[start...end]
    let product = ONNXGraph.product(merged)
    try graph.check(product != nil, self, input)
    let extent = merged.contains { $0 == nil } ? nil : product
    let shape = input.shape[..<start] + [extent] + input.shape[(end + 1)...]
    return graph.reshape(input.name, Array(shape))
  }
}

extension ONNXGraph {
  /// The product of the extents that are known; nil beyond 2⁶³.
  static func product(_ extents: some Sequence<Int?>) -> Int? {
    var product = 1
    for case let extent? in extents {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      if overflow { return nil }
      product = next
    }
    return product
  }

  /// Another shape of the same elements.
  mutating func reshape(_ value: String, _ shape: [Int?]) -> ONNXTensor {
    ONNXTensor(
      add("Reshape", value, constant("shape", shape.map { $0 ?? -1 })), shape)
  }
}

extension Dropout: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) -> ONNXTensor { input }
}

extension Dropout1d: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.check((2...3).contains(input.shape.count), self, input)
    return input
  }
}

extension Dropout2d: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.check(input.shape.count > 1, self, input)
    return input
  }
}

extension Identity: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) -> ONNXTensor { input }
}
