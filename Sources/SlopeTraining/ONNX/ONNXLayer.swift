public import SlopeCore
public import SlopeNN

/// A value of a graph with its extents; nil is the number of rows.
package struct ONNXTensor: Sendable {
  package var name: String
  package var shape: [Int?]

  package init(_ name: String, _ shape: [Int?]) { (self.name, self.shape) = (name, shape) }

  /// The extents as text, such as `[N, 4]`.
  var shapeText: String {
    "[" + shape.map { $0.map { "\($0)" } ?? "N" }.joined(separator: ", ") + "]"
  }
}

/// A layer that ONNX has operations for.
package protocol ONNXLayer<Element>: Layer {
  /// Adds what the layer computes in evaluation.
  ///
  /// - Parameters:
  ///   - input: what the layer is given.
  ///   - graph: the graph to which nodes are added.
  /// - Returns: the layer's output.
  /// - Throws: `ONNXError` for an input that the layer does not take.
  func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor
}

extension ONNXModel {
  /// A model of layers: one layer, or a `Sequential` of several.
  ///
  /// What the layers compute in evaluation is exported: dropout passes on its input, and batch normalisation
  /// uses its running statistics. The input has the name `input` and the output `output`, both with the
  /// number of rows first. Waits for the device of the parameters.
  ///
  /// - Parameters:
  ///   - layer: the layers, of Float or Double.
  ///   - inputShape: the extents of a row of the input, without the number of rows.
  /// - Throws: `ONNXError` for a layer that has no counterpart, which it names, for one that is given an input
  ///   that it does not take, and for elements of 16 bits.
  public init<Element: FloatingElement>(
    _ layer: some Layer<Element>, inputShape: Shape
  ) throws {
    guard let type = Element.onnxType else {
      throw ONNXError("parameters of \(Element.self) are not exported to ONNX; cast them to Float")
    }
    guard !inputShape.isEmpty, inputShape.allSatisfy({ $0 > 0 }) else {
      throw ONNXError("an input shape of \(inputShape) is none of a row")
    }
    var graph = ONNXGraph()
    let shape: [Int?] = [nil] + inputShape.map { $0 }
    graph.addInput("input", type, shape)
    let name = graph.reserveOutput("output")
    let output = try graph.add(layer, ONNXTensor("input", shape))
    try graph.check()
    graph.addOutput(output.name, as: name, type, output.shape)
    self.init(graph, name: "layers", about: "Layers of Slope", metadata: [])
  }
}

extension ONNXGraph {
  /// Adds a layer, which must have a counterpart.
  package mutating func add<Element: FloatingElement>(
    _ layer: any Layer<Element>, _ input: ONNXTensor
  ) throws -> ONNXTensor {
    guard let layer = layer as? any ONNXLayer else {
      throw ONNXError(
        place + "\(type(of: layer)): a layer that is not exported to ONNX")
    }
    return try layer.export(input, to: &self)
  }

  /// The layer that is being added, for messages.
  var place: String { scope.isEmpty ? "" : "layer \(scope.dropLast()): " }

  /// Throws for an input that is not the layer's.
  func check(_ fits: Bool, _ layer: any Module, _ input: ONNXTensor) throws {
    guard fits else {
      throw ONNXError(place + "\(layer) does not take an input of shape \(input.shapeText)")
    }
  }

  /// Throws for elements of Double, which onnxruntime does not compute everywhere.
  func checkIsFloat<Element: FloatingElement>(_ layer: some Layer<Element>) throws {
    guard Element.dtype == .float32 else {
      throw ONNXError(place + "\(layer) of \(Element.self) is not exported to ONNX, only of Float")
    }
  }

  /// Throws for a constant of more bytes than a model can have.
  func checkCount<Element: FloatingElement>(
    _ extents: [Int], of layer: some Layer<Element>
  ) throws {
    let count = ONNXGraph.product(extents.map { $0 })
    guard let count, count < (1 << 31) / MemoryLayout<Element>.stride else {
      throw ONNXError(place + "\(layer) needs a constant of 2 GiB or more, which ONNX cannot have")
    }
  }

  /// The extents of what a layer makes of rows, which come first; found by a call with one row of zeros.
  ///
  /// Throws for an input that the layer does not take, or that has no `axisCount` axes after the rows.
  func outputShape<Element: FloatingElement>(
    of layer: some Layer<Element>, _ input: ONNXTensor, axisCount: Int
  ) throws -> [Int?] {
    let extents = input.shape.dropFirst().compactMap { $0 }
    try check(
      input.shape.first == .some(nil) && extents.count == input.shape.count - 1
        && extents.count >= axisCount, layer, input)
    let device = layer.parameters().first?.tensor.device ?? .cpu
    let output = try? noGrad {
      try checked { layer(.zeros(Shape([1] + extents), on: device)).shape }
    }
    try check(output.map { $0.first == 1 && $0.allSatisfy { $0 > 0 } } ?? false, layer, input)
    return [nil] + (output ?? []).dropFirst().map { $0 }
  }
}

extension Sequential: ONNXLayer {
  package func export(_ input: ONNXTensor, to graph: inout ONNXGraph) throws -> ONNXTensor {
    let scope = graph.scope
    defer { graph.scope = scope }
    var output = input
    for (index, layer) in layers.enumerated() {
      graph.scope = scope + "\(index)."
      output = try graph.add(layer, output)
    }
    return output
  }
}
