import SlopeCore
import SlopeNN

extension PixelShuffle: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    let shape = try graph.outputShape(of: self, input, axisCount: 3)
    let plane = input.shape.suffix(2)
    let blocks = graph.reshape(
      input.name, [nil, shape[shape.count - 3], factor, factor] + plane)
    return graph.reshape(graph.permuted(blocks.name, [0, 1, 4, 2, 5, 3]), shape)
  }
}

extension PixelUnshuffle: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    let shape = try graph.outputShape(of: self, input, axisCount: 3)
    let plane = shape.suffix(2).map { $0 }
    let blocks = graph.reshape(
      input.name, [nil, input.shape[shape.count - 3], plane[0], factor, plane[1], factor])
    return graph.reshape(graph.permuted(blocks.name, [0, 1, 3, 5, 2, 4]), shape)
  }
}

extension Unflatten: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    let count = input.shape.count
    // The number of rows is free.
    try graph.check((axis < 0 ? axis + count : axis) > 0, self, input)
    return graph.reshape(
      input.name, try graph.outputShape(of: self, input, axisCount: 1))
  }
}

extension Upsample: ONNXLayer {
  /// The nearest elements by their places, others by products with the weights of an axis.
  ///
  /// Places and weights are those of the layer: the operation `Resize` rounds coordinates in other ways.
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    let shape = try graph.outputShape(of: self, input, axisCount: 2)
    var output = input
    for axis in 2..<shape.count {
      guard let from = input.shape[axis], let to = shape[axis] else { continue }
      let factor = factors.isEmpty ? nil : factors[min(axis - 2, factors.count - 1)]
      if from == to, factor ?? 1 == 1 { continue }
      switch mode {
      case .nearest, .nearestExact:
        let numbers = Tensor(
          shape: [1, 1, from], scalars: (0..<from).map { Element(clamping: Double($0)) }, on: .cpu)
        let places = along(numbers, to, factor).scalars.map { Int($0.doubleValue) }
        output.name = graph.add(
          "Gather", output.name, graph.constant("places", places),
          attributes: ["axis": .integer(axis)])
        output.shape[axis] = to
      case .linear, .cubic, .area:
        try graph.checkCount([from, to], of: self)
        let weights = along(Tensor.identity(from).reshaped(to: [from, 1, from]), to, factor)
        output = graph.mapped(output, axis: axis, weights.reshaped(to: [from, to]))
      }
    }
    return output
  }

  /// What the layer makes of one axis, the last of `[rows, 1, extent]`.
  private func along(_ input: Tensor<Element>, _ to: Int, _ factor: Double?) -> Tensor<Element> {
    // Cubic curves have two axes, of which one stays.
    let isCubic = mode == .cubic
    let values = isCubic ? input.unsqueezed(at: 2) : input
    let one = isCubic ? 1 : 0
    guard let factor else {
      return values.interpolated(
        to: Array(repeating: 1, count: one) + [to], mode: mode, alignsCorners: alignsCorners)
    }
    return values.interpolated(
      by: Array(repeating: 1, count: one) + [factor], mode: mode, alignsCorners: alignsCorners)
  }
}

extension ONNXGraph {
  fileprivate mutating func permuted(_ value: String, _ axes: [Int]) -> String {
    add("Transpose", value, attributes: ["perm": .integers(axes)])
  }
}

extension Tensor where Element: FloatingElement {
  /// The identity matrix, `[count, count]`, on the CPU.
  static func identity(_ count: Int) -> Tensor {
    let scalars = (0..<(count * count)).map { $0 % (count + 1) == 0 ? 1 : 0 as Element }
    return Tensor(shape: [count, count], scalars: scalars, on: .cpu)
  }
}
