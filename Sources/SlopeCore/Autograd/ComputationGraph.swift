/// The graph of operations by which a tensor was computed, for printing and drawing.
public struct ComputationGraph: Sendable, CustomStringConvertible {
  /// One operation or parameter.
  public struct Vertex: Sendable, Hashable {
    /// The number by which `inputs` refer to it; results have larger numbers than their inputs.
    public let id: Int
    /// `parameter`, or the operation's name.
    public let operation: String
    /// The extents of the result.
    public let shape: Shape
    /// The element type of the result.
    public let dtype: DType
    /// The `id`s of the vertices from which it was computed.
    public let inputs: [Int]
  }

  /// The vertices, inputs before results.
  public let vertices: [Vertex]

  init(_ root: Recording?) {
    var pending = root.map { [$0] } ?? []
    var found: [UInt64: Recording] = [:]
    while let recording = pending.popLast() {
      guard found.updateValue(recording, forKey: recording.sequence) == nil else { continue }
      pending += recording.parents
    }
    let order = found.keys.sorted()
    var numbers: [UInt64: Int] = [:]
    for (number, sequence) in order.enumerated() { numbers[sequence] = number }
    vertices = order.compactMap { sequence in
      found[sequence].map { recording in
        Vertex(
          id: numbers[sequence] ?? 0, operation: recording.operation, shape: recording.shape,
          dtype: recording.dtype,
          inputs: recording.parents.compactMap { numbers[$0.sequence] })
      }
    }
  }

  /// One line per vertex: `3: add [8, 1] float32 ← 1, 2`.
  public var description: String {
    vertices.map { vertex in
      let inputs = vertex.inputs.map { String($0) }.joined(separator: ", ")
      return "\(vertex.id): \(vertex.operation) \(vertex.shape) \(vertex.dtype)"
        + (inputs.isEmpty ? "" : " ← \(inputs)")
    }.joined(separator: "\n")
  }

  /// The graph in the language of Graphviz: `dot -Tsvg` draws it.
  public var dot: String {
    var lines = ["digraph {", "  rankdir=BT;", "  node [shape=box, fontname=\"sans-serif\"];"]
    for vertex in vertices {
      let style = vertex.operation == "parameter" ? ", style=filled, fillcolor=lightblue" : ""
      lines.append(
        "  n\(vertex.id) [label=\"\(vertex.operation)\\n\(vertex.shape) \(vertex.dtype)\"\(style)];"
      )
    }
    for vertex in vertices {
      for input in vertex.inputs { lines.append("  n\(input) -> n\(vertex.id);") }
    }
    return (lines + ["}"]).joined(separator: "\n") + "\n"
  }
}
