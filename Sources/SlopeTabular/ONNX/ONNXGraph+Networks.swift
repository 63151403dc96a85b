import SlopeCore
import SlopeNN
import SlopeTraining

extension ONNXGraph {
  /// The outputs of networks side by side, `[rows, outputs]`, as `RealMLP.outputs(of:)` computes them.
  mutating func add<Element: FloatingElement>(
    _ network: RealMLP<Element>, _ pipeline: ONNXPipeline
  ) throws -> String {
    let shape = network.shape
    var output = features(
      pipeline, shape.inputs, members: shape.members, levels: network.levels, Element.self
    ) { graph, numbers in network.numbers.map { graph.embedded(numbers, $0) } }
    let hasHidden = !shape.hidden.isEmpty
    let factor = Element(clamping: hasHidden ? network.layers[0].factor : 1)
    output = add(
      "Mul", output, constant("scale", network.scale.rowWeight.detached() * factor))
    let outer = scope
    defer { scope = outer }
    for (index, layer) in network.layers.enumerated() {
      scope = outer + "\(index)."
      output = product(output, layer)
      guard index < shape.hidden.count else {
        output = add("Mul", output, constant("factor", layer.factor, as: Element.self))
        if let bias = layer.rowBias { output = add("Add", output, constant("bias", bias)) }
        break
      }
      if let bias = layer.rowBias { output = add("Add", output, constant("bias", bias)) }
      let activation = network.activations[index]
      output = parametric(output, activation.function, activation.rowWeight)
      // The factor of the next hidden layer; that of the last layer is applied to its product.
      if index + 1 < shape.hidden.count {
        let factor = network.layers[index + 1].factor
        output = add("Mul", output, constant("factor", factor, as: Element.self))
      }
    }
    return mean(output, shape.reading, axes: [0], Element.self)
  }

  /// The outputs of ensembles side by side, `[rows, outputs]`, as `TabM.outputs(of:)` computes them.
  mutating func add<Element: FloatingElement>(
    _ network: TabM<Element>, _ pipeline: ONNXPipeline
  ) throws -> String {
    let shape = network.shape
    let features = features(
      pipeline, shape.inputs, members: shape.ensembles, levels: network.levels, Element.self
    ) { graph, numbers in network.numbers.map { graph.embedded(numbers, $0) } }
    // Those of no ensemble are `[rows, features]`, which need one axis more to be the same for all.
    var output = add("Unsqueeze", features, constant("axes", [-3]))
    for layer in network.layers {
      let scaled = add(
        "Mul", output, constant("inputs", layer.inputFactors.tensor.unsqueezed(at: -2)))
      let weight = layer.weight.tensor.transposed(-2, -1).unsqueezed(at: 1)
      let product = add("MatMul", scaled, constant("weight", weight))
      let sum = add(
        "Add",
        add("Mul", product, constant("outputs", layer.outputFactors.tensor.unsqueezed(at: -2))),
        constant("bias", layer.bias.tensor.unsqueezed(at: -2)))
      output = add("Relu", sum)
    }
    let heads = network.heads
    let product = add(
      "MatMul", output, constant("heads", heads.weight.tensor.transposed(-2, -1)))
    output = add("Add", product, constant("bias", heads.bias.tensor.unsqueezed(at: -2)))
    return mean(output, shape.reading, axes: [0, 1], Element.self)
  }

  /// The features of the first layer, `[members, rows, features]`, as `NetworkInputs.features` computes them;
  /// `[rows, features]` where they are the same for all members.
  ///
  /// `levels` has for each code the vectors of its levels, `[members · (levels + 1), vector]`; `embed` gives
  /// what numbers become, `[members, rows, features]`, or nil for what they are.
  private mutating func features<Element: FloatingElement>(
    _ pipeline: ONNXPipeline, _ inputs: NetworkInputs, members: Int, levels: [Parameter<Element>],
    _: Element.Type, _ embed: (inout ONNXGraph, String) -> String?
  ) -> String {
    let type = Element.onnxType ?? .float
    var parts: [(value: String, hasMembers: Bool)] = []
    if !inputs.numbers.isEmpty {
      let numbers = cast(pipeline.values(inputs.numbers, in: &self), to: type)
      let embedded = embed(&self, numbers)
      parts.append((embedded ?? numbers, embedded != nil))
    }
    if !inputs.indicators.isEmpty {
      func constants(_ name: String, _ numbers: [Double]) -> String {
        constant(name, numbers.map { Element(clamping: $0) }, [numbers.count])
      }
      let indicators = cast(pipeline.values(inputs.indicators, in: &self), to: type)
      let distance = add("Sub", indicators, constants("center", inputs.centers))
      let z = add("Mul", constants("factor", inputs.factors), distance)
      parts.append((smoothlyClipped(z, Element.self), false))
    }
    for (index, place) in inputs.codes.enumerated() {
      let vectors = levels[index].tensor
      let table = vectors.reshaped(to: [members, vectors.shape[0] / members, vectors.shape[1]])
      let vector = add(
        "Gather", constant("levels", table), pipeline.code(place, in: &self),
        attributes: ["axis": .integer(1)])
      parts.append((vector, true))
    }
    guard parts.contains(where: \.hasMembers) else {
      return concatenate(parts.map(\.value), axis: -1)
    }
    var values: [String] = []
    for (value, hasMembers) in parts {
      values.append(
        hasMembers ? value : add("Expand", value, constant("members", [members, 1, 1])))
    }
    return concatenate(values, axis: -1)
  }

  /// `z / √(1 + (z/3)²)`.
  mutating func smoothlyClipped<Element: FloatingElement>(_ z: String, _: Element.Type) -> String {
    let ninth = add("Div", add("Mul", z, z), constant("nine", 9, as: Element.self))
    let root = add("Sqrt", add("Add", ninth, constant("one", 1, as: Element.self)))
    return add("Div", z, root)
  }

  /// What all members predict together, as `MemberOutputs.mean` reads it.
  private mutating func mean<Element: FloatingElement>(
    _ outputs: String, _ reading: MemberOutputs, axes: [Int], _: Element.Type
  ) -> String {
    let along: KeyValuePairs<String, Attribute> = [
      "axes": .integers(axes), "keepdims": .integer(0),
    ]
    if let range = reading.range {
      return add(
        "Clip", add("ReduceMean", outputs, attributes: along),
        constant("least", range[0], as: Element.self),
        constant("greatest", range[1], as: Element.self))
    }
    let logarithms = add("LogSoftmax", outputs, attributes: ["axis": .integer(-1)])
    let together = add("ReduceLogSumExp", logarithms, attributes: along)
    let scaled = add(
      "Mul", together, constant("sharpness", 1 / reading.temperature, as: Element.self))
    guard reading.outputCount == 2 else { return scaled }
    func ofClass(_ index: Int) -> String {
      add("Gather", scaled, constant("class", [index]), attributes: ["axis": .integer(1)])
    }
    let (first, second) = (ofClass(0), ofClass(1))
    return add("Sub", second, first)
  }
}
