import Glibc
import SlopeCore

extension ONNXFile {
  /// Something that a node is given and its operation does not take.
  public struct Fault: Error {
    /// What it is.
    public let message: String
  }

  /// Computes the outputs, as the pages of ONNX's operations say, in Double.
  public func outputs(of inputs: [String: Value]) throws -> [String: Value] {
    var values = constants.merging(inputs) { $1 }
    for node in nodes { values[node.output] = try result(of: node, values) }
    return values.filter { name, _ in outputs.contains { $0.name == name } }
  }

  private func result(of node: Node, _ values: [String: Value]) throws -> Value {
    func fault(_ text: String) -> Fault { Fault(message: "\(node.operation): \(text)") }
    let inputs = try node.inputs.map { name in
      guard let value = values[name] else { throw fault("no value \(name)") }
      return value
    }
    func attribute(_ name: String) throws -> [Int] {
      guard let found = node.attributes[name] else { throw fault("no attribute \(name)") }
      return found.integers
    }
    if let texts = try textResult(of: node, inputs) { return texts }
    let x = try inputs.map { input in
      guard case .numbers(let numbers) = input else { throw fault("texts") }
      return numbers
    }
    func whole(_ index: Int) -> [Int] { x[index].scalars.map { Int($0) } }
    func truth(_ tensor: Tensor<Bool>) -> Value { .numbers(tensor.cast(to: Double.self)) }
    switch (node.operation, x.count) {
    case ("Identity", 1): return .numbers(x[0])
    case ("Add", 2): return .numbers(x[0] + x[1])
    case ("Sub", 2): return .numbers(x[0] - x[1])
    case ("Mul", 2): return .numbers(x[0] * x[1])
    case ("Div", 2):
      guard integers.contains(node.output) else { return .numbers(x[0] / x[1]) }
      return .numbers((x[0] / x[1]).trunc())
    case ("Mod", 2): return .numbers(x[0] - (x[0] / x[1]).floor() * x[1])
    case ("Max", 2): return .numbers(maximum(x[0], x[1]))
    case ("Min", 2): return .numbers(minimum(x[0], x[1]))
    case ("Greater", 2): return truth(x[0] .> x[1])
    case ("LessOrEqual", 2): return truth(x[0] .<= x[1])
    case ("Equal", 2): return truth(x[0] .== x[1])
    case ("IsNaN", 1): return truth(x[0].isNaN())
    case ("Neg", 1): return .numbers(-x[0])
    case ("Abs", 1): return .numbers(x[0].abs())
    case ("Exp", 1): return .numbers(x[0].exp())
    case ("Log", 1): return .numbers(x[0].log())
    case ("Sqrt", 1): return .numbers(x[0].sqrt())
    case ("Cos", 1): return .numbers(x[0].cos())
    case ("Erf", 1): return .numbers(x[0].erf())
    case ("Relu", 1): return .numbers(x[0].relu())
    case ("Tanh", 1): return .numbers(x[0].tanh())
    case ("Sigmoid", 1): return .numbers(x[0].sigmoid())
    case ("MatMul", 2): return .numbers(matmul(x[0], x[1]))
    case ("Where", 3): return .numbers(Tensor.where(x[0] .!= 0, x[1], x[2]))
    case ("Clip", 3): return .numbers(minimum(maximum(x[0], x[1]), x[2]))
    case ("Cast", 1):
      let type = try attribute("to")
      return .numbers(type == [1] ? x[0].cast(to: Float.self).cast(to: Double.self) : x[0])
    case ("Concat", 1...): return .numbers(concatenate(x, axis: try attribute("axis")[0]))
    case ("Gather", 2):
      let axis = try attribute("axis")[0]
      // Of indices with more axes, these take the place of the axis.
      let indices = Tensor<Int>(whole(1))
      let found = x[0].taking(indices, axis: axis)
      guard x[1].rank != 1 else { return .numbers(found) }
      let shape =
        Array(found.shape.prefix(axis)) + Array(x[1].shape)
        + Array(found.shape.dropFirst(axis + 1))
      return .numbers(found.reshaped(to: Shape(shape)))
    case ("Squeeze", 2): return .numbers(x[0].squeezed(at: whole(1)[0]))
    case ("Unsqueeze", 2): return .numbers(x[0].unsqueezed(at: whole(1)[0]))
    case ("Transpose", 1): return .numbers(x[0].permuted(try attribute("perm")))
    case ("Expand", 2):
      return .numbers(x[0] + Tensor<Double>.zeros(Shape(whole(1)), on: .cpu))
    case ("Reshape", 2):
      let extents = whole(1).enumerated().map { $1 == 0 ? x[0].shape[$0] : $1 }
      let known = extents.filter { $0 > 0 }.reduce(1, *)
      return .numbers(
        x[0].reshaped(to: Shape(extents.map { $0 < 0 ? x[0].count / known : $0 })))
    case ("ReduceMean", 1):
      return .numbers(
        x[0].mean(axes: try attribute("axes"), keepingAxes: try attribute("keepdims") == [1]))
    case ("ReduceMax", 1):
      return .numbers(
        x[0].max(axes: try attribute("axes"), keepingAxes: try attribute("keepdims") == [1]))
    case ("ReduceLogSumExp", 1):
      return .numbers(
        x[0].logSumExp(axes: try attribute("axes"), keepingAxes: try attribute("keepdims") == [1]))
    case ("Softmax", 1): return .numbers(x[0].softmax(axis: try attribute("axis")[0]))
    case ("LogSoftmax", 1): return .numbers(x[0].logSoftmax(axis: try attribute("axis")[0]))
    case ("ArgMax", 1):
      return .numbers(
        x[0].argmax(axis: try attribute("axis")[0], keepingAxes: try attribute("keepdims") == [1])
          .cast(to: Double.self))
    case ("BatchNormalization", 5), ("LayerNormalization", 2...3):
      return .numbers(try normalized(x, node))
    case ("Shrink", 1), ("Slice", 4), ("Pad", 2...3), ("Conv", 2...3), ("ConvTranspose", 2...3),
      ("MaxPool", 1), ("AveragePool", 1):
      return .numbers(try windowed(x, node))
    default: throw fault("\(x.count) inputs")
    }
  }

  /// The operations that take texts; nil for another.
  private func textResult(of node: Node, _ inputs: [Value]) throws -> Value? {
    switch (node.operation, inputs.first, inputs.dropFirst().first) {
    case ("Equal", .texts(let texts, let shape), .texts(let others, _)):
      guard others.count == 1 else { throw Fault(message: "Equal: \(others.count) texts") }
      return .numbers(
        Tensor(
          shape: Shape(shape), scalars: texts.map { $0 == others[0] ? 1.0 : 0 }, on: .cpu))
    case ("Gather", .texts(let texts, _), .numbers(let indices)):
      return .texts(indices.scalars.map { texts[Int($0)] }, Array(indices.shape))
    case ("LabelEncoder", .texts(let texts, let shape), _):
      guard node.domain == "ai.onnx.ml", let keys = node.attributes["keys_strings"]?.texts,
        let numbers = node.attributes["values_int64s"]?.integers, keys.count == numbers.count,
        Set(keys).count == keys.count, let other = node.attributes["default_int64"]?.integers.first
      else { throw Fault(message: "LabelEncoder: attributes") }
      let numberOfKey = Dictionary(uniqueKeysWithValues: zip(keys, numbers))
      return .numbers(
        Tensor(
          shape: Shape(shape), scalars: texts.map { Double(numberOfKey[$0] ?? other) }, on: .cpu))
    case ("Identity", .texts(let texts, let shape), _): return .texts(texts, shape)
    default: return nil
    }
  }

  private func normalized(_ x: [Tensor<Double>], _ node: Node) throws -> Tensor<Double> {
    guard let epsilon = node.attributes["epsilon"]?.number.map({ Double($0) }) else {
      throw Fault(message: "\(node.operation): no epsilon")
    }
    if node.operation == "BatchNormalization" {
      let extents = Shape((0..<x[0].rank).map { $0 == 1 ? x[1].count : 1 })
      let constants = x.dropFirst().map { $0.reshaped(to: extents) }
      return (x[0] - constants[2]) / (constants[3] + epsilon).sqrt() * constants[0] + constants[1]
    }
    guard let axis = node.attributes["axis"]?.integers.first else {
      throw Fault(message: "LayerNormalization: no axis")
    }
    let axes = Array(axis..<0)
    let centered = x[0] - x[0].mean(axes: axes, keepingAxes: true)
    let variance = (centered * centered).mean(axes: axes, keepingAxes: true)
    let result = centered / (variance + epsilon).sqrt() * x[1]
    return x.count > 2 ? result + x[2] : result
  }
}
