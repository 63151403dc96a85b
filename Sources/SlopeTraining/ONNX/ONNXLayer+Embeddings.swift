import SlopeCore
import SlopeNN

extension PeriodicEmbedding: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    try graph.check(
      frequency.shape.count == 3 && input.shape.count == 2 && input.shape[1] == featureCount, self,
      input)
    let output = graph.embedded(input.name, self)
    return ONNXTensor(output, [input.shape[0], featureCount * outputCount])
  }
}

extension PiecewiseLinearEmbedding: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    let shape = linear.shape
    try graph.check(
      shape.count == 3 && input.shape.count == 2 && input.shape[1] == shape[0], self, input)
    return ONNXTensor(graph.embedded(input.name, self), [input.shape[0], shape[0] * shape[2]])
  }
}

extension ONNXGraph {
  /// The waves of numbers, `[rows, features] → [rows, features · outputs]`; with members `[members, rows, …]`.
  package mutating func embedded<Element: FloatingElement>(
    _ numbers: String, _ layer: PeriodicEmbedding<Element>
  ) -> String {
    let hasMembers = layer.frequency.shape.count > 3
    let columns = columns(numbers)
    // 2π · frequency is rounded as the layer rounds it.
    let frequency = layer.frequency.tensor.detached() * Element(clamping: 2 * Double.pi)
    let angle = add(
      "Add", add("Mul", columns, constant("frequency", frequency.transposed(-2, -1))),
      constant("phase", layer.phase.tensor.transposed(-2, -1)))
    let waves = add(
      "MatMul", constant("linear", layer.linear.tensor.transposed(-2, -1)), add("Cos", angle))
    let combined = add("Add", waves, constant("bias", layer.bias.tensor.transposed(-2, -1)))
    var itself = columns
    if hasMembers {
      itself = add("Expand", columns, constant("members", [layer.frequency.shape[0], 1, 1, 1]))
    }
    let parts = layer.outputCount > 1 ? [combined, itself] : [itself]
    return rows(
      concatenate(parts, axis: -2), width: layer.featureCount * layer.outputCount, hasMembers)
  }

  /// Where numbers lie in bins, `[rows, features] → [rows, features · outputs]`; with members
  /// `[members, rows, …]`.
  package mutating func embedded<Element: FloatingElement>(
    _ numbers: String, _ layer: PiecewiseLinearEmbedding<Element>
  ) -> String {
    let shape = layer.linear.shape
    let columns = columns(numbers)
    func edges(_ name: String, _ buffer: ModuleBuffer<Element>) -> String {
      constant(name, buffer.tensor.transposed(-2, -1))
    }
    let place = add(
      "Mul", add("Sub", columns, edges("left", layer.left)), edges("factor", layer.factor))
    let bounded = add(
      "Min", add("Max", place, edges("least", layer.least)), edges("greatest", layer.greatest))
    let bins = add("MatMul", constant("linear", layer.linear.tensor.transposed(-2, -1)), bounded)
    let lines = add(
      "Add", add("Mul", columns, constant("slope", layer.slope.tensor.transposed(-2, -1))),
      constant("bias", layer.bias.tensor.transposed(-2, -1)))
    let width = shape[shape.count - 3] * shape[shape.count - 1]
    return rows(add("Add", bins, lines), width: width, shape.count > 3)
  }

  /// `[rows, features] → [features, 1, rows]`.
  private mutating func columns(_ numbers: String) -> String {
    add(
      "Unsqueeze", add("Transpose", numbers, attributes: ["perm": .integers([1, 0])]),
      constant("axes", [1]))
  }

  /// `[features, outputs, rows] → [rows, width]`, or the same with members first.
  private mutating func rows(_ value: String, width: Int, _ hasMembers: Bool) -> String {
    let turned = add(
      "Transpose", value,
      attributes: ["perm": .integers(hasMembers ? [0, 3, 1, 2] : [2, 0, 1])])
    return add("Reshape", turned, constant("shape", (hasMembers ? [0, 0] : [0]) + [width]))
  }
}
