import Testing

@testable import SlopeCore

@Suite struct ComputationGraphTests {
  private let w = Parameter(Tensor<Float>([[2]]))
  private let b = Parameter(Tensor<Float>([1]))

  @Test func printsInputsBeforeResults() {
    let x = Tensor<Float>([[3], [4]])
    let loss = (matmul(x, w.tensor) + b.tensor).square().mean()
    #expect(
      "\(loss.graph)" == """
        0: parameter [1, 1] float32
        1: parameter [1] float32
        2: matmul [2, 1] float32 ← 0
        3: add [2, 1] float32 ← 2, 1
        4: square [2, 1] float32 ← 3
        5: mean [] float32 ← 4
        """)
    #expect(
      loss.graph.vertices[3]
        == .init(id: 3, operation: "add", shape: [2, 1], dtype: .float32, inputs: [2, 1]))
  }

  @Test func draws() {
    let y =
      w.tensor.reshaped(to: [1])
      * w.tensor.reshaped(to: [1]).cast(to: Double.self).cast(to: Float.self)
    #expect(
      y.graph.dot == """
        digraph {
          rankdir=BT;
          node [shape=box, fontname="sans-serif"];
          n0 [label="parameter\\n[1, 1] float32", style=filled, fillcolor=lightblue];
          n1 [label="reshape\\n[1] float32"];
          n2 [label="reshape\\n[1] float32"];
          n3 [label="copy\\n[1] float64"];
          n4 [label="copy\\n[1] float32"];
          n5 [label="multiply\\n[1] float32"];
          n0 -> n1;
          n0 -> n2;
          n2 -> n3;
          n3 -> n4;
          n1 -> n5;
          n4 -> n5;
        }

        """)
  }

  @Test func namesOfOperations() {
    func name(_ tensor: Tensor<Float>) -> String? { tensor.graph.vertices.last?.operation }
    let x = w.tensor
    #expect(
      name(x.sum()) == "sum" && name(meanSquaredError(x, x)) == "mean(squaredDifference)"
        && name(x.relu()) == "relu")
    #expect(
      name(x.softmax()) == "softmax" && name(x.logSoftmax()) == "logSoftmax"
        && name(x[0]) == "reshape" && name(x.transposed()) == "permute")
    #expect(
      name(concatenate([x, x])) == "concatenate" && name(x.taking(Tensor([0]))) == "gather"
        && name(x.max()) == "maximum")
    #expect(
      name(linear(x, weight: x)) == "linear" && name(x.expanded(to: [2, 1])) == "expand"
        && name(x.product()) == "product")
    #expect(
      name(Pointwise("cube") { x in x * x * x }(x)) == "cube" && name(x + 1) == "add"
        && name(2 / x) == "divide")
    #expect(Tensor<Float>(1).graph.vertices.isEmpty && "\(Tensor<Float>(1).graph)".isEmpty)
  }
}
