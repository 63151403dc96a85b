import FoundationEssentials
public import SlopeCore
import SlopeData
import SlopeNN
public import SlopeTraining

extension ONNXModel {
  /// A model of a table with all that it does to its columns.
  ///
  /// It has an input for each column that is read, by its name, each `[rows, 1]`: doubles for numbers, NaN
  /// where one is missing, and 1 or 0 for true or false; strings for categories, empty where one is missing;
  /// and for dates integers, the microseconds since the start of 1970, −2⁶³ where one is missing (NumPy's NaT).
  /// A level that training never saw is what it is to `TabularModel.predict(_:)`. Of numbers the
  /// output is `prediction`, `[rows, 1]` of doubles in the target's unit; of classes `label`, `[rows]` of
  /// strings, and `probabilities`, `[rows, classes]` of doubles in the order of `PredictionTask.classes`.
  ///
  /// The schema is in the file's metadata as JSON, under `slope.schema`. Waits for the device of the parameters.
  ///
  /// ```swift
  /// let table = try Table(csv: "datasets/iris.csv")
  /// var options = TabularOptions(target: "target")
  /// options.model = .linear
  /// let fit = try TabularModel<Float>.fit(table, options)
  /// let model = try ONNXModel(fit.model)
  /// print(model.inputs.count, model.outputs)
  /// // 4 [label: string[N], probabilities: double[N, 3]]
  /// try model.write(to: "iris.onnx")
  /// ```
  ///
  /// - Parameter model: the model of a table.
  /// - Throws: `ONNXError` for a model of parameters of 16 bits, and for columns whose names ONNX cannot tell
  ///   apart.
  public init<Element: FloatingElement>(_ model: TabularModel<Element>) throws {
    var graph = ONNXGraph()
    let schema = model.schema
    for input in try Self.inputs(of: model) {
      guard !input.name.isEmpty, graph.addInput(input.name, input.type, [nil, 1]) else {
        throw ONNXError(
          "column \(input.name.quotedForMessage): ONNX has no input without a name, and no two of one name"
        )
      }
    }
    let names = schema.task.isClassification ? ["label", "probabilities"] : ["prediction"]
    let outputs = names.map { graph.reserveOutput($0) }
    let predictions = try graph.predictions(of: model)
    try graph.check()
    if schema.task.isClassification {
      let classes = graph.constant("classes", texts: schema.task.classes)
      let best = graph.add(
        "ArgMax", predictions, attributes: ["axis": .integer(1), "keepdims": .integer(0)])
      graph.addOutput(graph.add("Gather", classes, best), as: outputs[0], .string, [nil])
      graph.addOutput(predictions, as: outputs[1], .double, [nil, schema.task.classes.count])
    } else {
      graph.addOutput(predictions, as: outputs[0], .double, [nil, 1])
    }
    let what = schema.task.isClassification ? "\(schema.task.classes.count) classes" : "numbers"
    let count = graph.inputs.count
    self.init(
      graph, name: "table",
      about: "Predicts \(schema.target.quotedForMessage), \(what), from \(count) "
        + "\(count == 1 ? "column" : "columns") of a table.",
      metadata: [
        ("slope.target", schema.target),
        ("slope.task", schema.task.isClassification ? "classification" : "regression"),
        (
          "slope.schema",
          String(decoding: try JSONEncoder.sorted.encode(schema), as: UTF8.self)
        ),
      ])
  }

  /// The columns that a model or the models of an ensemble read, each once.
  private static func inputs<Element>(
    of model: TabularModel<Element>
  ) throws -> [(name: String, type: ONNXGraph.ElementType)] {
    let models = (model.network as? TabularEnsemble<Element>)?.models ?? [model]
    var inputs: [(name: String, type: ONNXGraph.ElementType)] = []
    var seen: Set<String> = []
    for model in models {
      guard Element.onnxType != nil else {
        throw ONNXError(
          "parameters of \(Element.self) are not exported to ONNX, only Float and Double")
      }
      let pipeline = model.schema.pipeline
      for column in pipeline.columns where column.omission == nil {
        let isNew = seen.insert(column.name).inserted
        if models.count == 1 || isNew {
          inputs.append(
            (
              column.name,
              column.kind.isText ? .string : column.kind == .date ? .int64 : .double
            ))
        }
      }
    }
    return inputs
  }
}

extension ONNXGraph {
  /// Numbers in the target's unit, `[rows, 1]`, or probabilities, `[rows, classes]`; doubles.
  fileprivate mutating func predictions<Element: FloatingElement>(
    of model: TabularModel<Element>
  ) throws -> String {
    if let ensemble = model.network as? TabularEnsemble<Element> {
      var sum: String?
      let scope = scope
      defer { self.scope = scope }
      for (index, (model, weight)) in zip(ensemble.models, ensemble.weights).enumerated() {
        self.scope = scope + "\(index)."
        let part = add(
          "Mul", try predictions(of: model), constant("weight", weight, as: Double.self))
        sum = sum.map { add("Add", $0, part) } ?? part
      }
      return sum ?? ""
    }
    let outputs = try outputs(of: model)
    let schema = model.schema
    switch schema.task {
    case .regression:
      let (mean, deviation) = (schema.targetMean, schema.targetDeviation)
      let unit = mean == 0 && deviation == 1 ? 1 : Self.unit(mean, deviation)
      let scaled = add("Mul", outputs, constant("deviation", deviation * unit, as: Double.self))
      var value = add("Add", scaled, constant("mean", mean * unit, as: Double.self))
      if unit != 1 { value = add("Mul", value, constant("unit", 1 / unit, as: Double.self)) }
      if schema.targetIsLogarithm == true { value = add("Exp", value) }
      let limit = Double.greatestFiniteMagnitude
      return add(
        "Clip", value, constant("least", -limit, as: Double.self),
        constant("greatest", limit, as: Double.self))
    case .classification(let classes) where classes.count == 2:
      let (first, second) = (add("Sigmoid", add("Neg", outputs)), add("Sigmoid", outputs))
      return concatenate([first, second], axis: 1)
    case .classification:
      return add("Softmax", outputs, attributes: ["axis": .integer(1)])
    }
  }

  /// The outputs of the network, `[rows, outputs]` of doubles.
  private mutating func outputs<Element: FloatingElement>(
    of model: TabularModel<Element>
  ) throws -> String {
    let (schema, width) = (model.schema, model.schema.pipeline.outputCount)
    let pipeline = ONNXPipeline(schema.pipeline, in: &self)
    if let linear = model.linearParameters {
      let inputs = pipeline.values(Array(0..<width), in: &self)
      let weights = Tensor<Double>(
        shape: [linear.biases.count, width], scalars: linear.weights, on: .cpu)
      let product = add("MatMul", inputs, constant("weight", weights.transposed()))
      return add("Add", product, constant("bias", linear.biases, [linear.biases.count]))
    }
    let output: String
    switch model.network {
    case let network as RealMLP<Element>: output = try add(network, pipeline)
    case let network as TabM<Element>: output = try add(network, pipeline)
    case let network as Sequential<Element>:
      let inputs = cast(
        pipeline.values(Array(0..<width), in: &self), to: Element.onnxType ?? .float)
      output = try add(network, ONNXTensor(inputs, [nil, width])).name
    default: throw ONNXError("\(type(of: model.network)): a network that is not exported to ONNX")
    }
    return Element.dtype == .float64 ? output : cast(output, to: .double)
  }
}
