import ConformanceKit
import Slope
import SlopeCore
import SlopeNN
import SlopeOptimizers

extension CheckList {
  // MARK: Reductions

  mutating func addReductions() {
    for type in OperationList.integerTypes { addReductions(type) }
    for type in OperationList.floatingTypes {
      addReductions(type)
      addMeans(type)
    }
    // Long enough for several parts of a row.
    addLongReductions(Float.self)
    addLongReductions(Int32.self)
  }

  /// Short rows and columns, rows and columns beyond a vector and a group, both together, none.
  private static let reduced: [(shape: [Int], axes: [Int])] = [
    ([7, 5], [1]), ([7, 5], [0]), ([3, 75], [1]), ([75, 37], [0]), ([2, 9, 40], [0, 2]),
    ([4, 9, 20], [1]), ([33, 9], [0, 1]), ([0, 3], [0]),
  ]

  private mutating func addReductions<Element: NumericElement>(_: Element.Type) {
    for (shape, axes) in Self.reduced {
      add("sum over \(axes)", of: Element.self, [shape]) { [$0[0].sum(axes: axes)] }
      add("product over \(axes)", of: Element.self, [shape], in: 0.9...1.1) {
        [$0[0].product(axes: axes)]
      }
      if shape[0] == 0 { continue }
      add("max and min over \(axes)", of: Element.self, [shape]) {
        [$0[0].max(axes: axes), $0[0].min(axes: axes)]
      }
      guard axes.count == 1 else { continue }
      add("places along \(axes)", of: Element.self, [shape]) {
        [$0[0].argmax(axis: axes[0]), $0[0].argmin(axis: axes[0])]
      }
    }
    add("sum of a transposed matrix", of: Element.self, [[37, 70]]) {
      [$0[0].transposed().sum(axis: 0), $0[0].transposed().max(axis: 1)]
    }
    add("sum in steps", of: Element.self, [[5, 150]]) {
      [$0[0][0..<5, stride(from: 149, through: 0, by: -2)].sum(axis: 1)]
    }
  }

  private mutating func addMeans<Element: FloatingElement>(_: Element.Type) {
    for (shape, axes) in Self.reduced where shape[0] > 0 {
      add("mean over \(axes)", of: Element.self, [shape]) { [$0[0].mean(axes: axes)] }
      // Reduces the result of a program.
      add("variance over \(axes)", of: Element.self, [shape]) { [$0[0].variance(axes: axes)] }
    }
  }

  private mutating func addLongReductions<Element: NumericElement>(_: Element.Type) {
    add("sum of a long row", of: Element.self, [[16500]]) { [$0[0].sum()] }
    add("places in a long row", of: Element.self, [[16500]]) { [$0[0].argmax(), $0[0].max()] }
    add("sum of long columns", of: Element.self, [[200, 17]]) { [$0[0].sum(axis: 0)] }
    add("places in long columns", of: Element.self, [[200, 17]]) {
      [$0[0].argmin(axis: 0), $0[0].min(axis: 0)]
    }
  }

  mutating func addSoftmax() {
    for type in OperationList.floatingTypes { addSoftmax(type) }
  }

  private mutating func addSoftmax<Element: FloatingElement>(_: Element.Type) {
    // Short rows, more of them than a tile; rows beyond a vector and a group; a block and more.
    for shape in [[5, 9], [133, 7], [3, 70], [2, 2100]] {
      add("softmax", of: Element.self, [shape]) { [$0[0].softmax()] }
      add("logarithm of softmax", of: Element.self, [shape]) { [$0[0].logSoftmax()] }
    }
  }

  // MARK: Products

  mutating func addProducts() {
    for type in OperationList.integerTypes { addProducts(type) }
    addProducts(Bool.self)
    for type in OperationList.floatingTypes {
      addProducts(type)
      addLayers(type)
    }
    addLayouts(Float.self)
    addLayouts(BFloat16.self)
    addLayouts(Double.self)
    addLayouts(Int8.self)
  }

  private mutating func addProducts<Element: TensorElement>(_: Element.Type) {
    // The three shapes of register tiles, then several panels, then an empty sum.
    for (rows, inner, columns) in [
      (19, 33, 7), (5, 40, 50), (30, 21, 43), (13, 300, 33), (3, 0, 5),
    ] {
      add("A·B", of: Element.self, [[rows, inner], [inner, columns]]) { [matmul($0[0], $0[1])] }
    }
    add("A·x", of: Element.self, [[70, 33], [33]]) { [matmul($0[0], $0[1])] }
    add("Aᵀ·x", of: Element.self, [[33, 70], [33]]) { [matmul($0[0].transposed(), $0[1])] }
  }

  private mutating func addLayouts<Element: TensorElement>(_: Element.Type) {
    // Extents that vectors divide, and others.
    for (m, k, n) in [(20, 24, 28), (30, 21, 43)] {
      add("A·B", of: Element.self, [[m, k], [k, n]]) { [matmul($0[0], $0[1])] }
      add("A·Bᵀ", of: Element.self, [[m, k], [n, k]]) { [matmul($0[0], $0[1].transposed())] }
      add("Aᵀ·B", of: Element.self, [[k, m], [k, n]]) { [matmul($0[0].transposed(), $0[1])] }
      add("Aᵀ·Bᵀ", of: Element.self, [[k, m], [n, k]]) {
        [matmul($0[0].transposed(), $0[1].transposed())]
      }
      add("A·B in steps", of: Element.self, [[2 * m, 2 * k], [2 * k, 2 * n]]) {
        [
          matmul(
            $0[0][stride(from: 0, to: 2 * m, by: 2), stride(from: 0, to: 2 * k, by: 2)],
            $0[1][stride(from: 1, to: 2 * k, by: 2), stride(from: 0, to: 2 * n, by: 2)])
        ]
      }
    }
    add("batches", of: Element.self, [[3, 9, 17], [3, 17, 20]]) { [matmul($0[0], $0[1])] }
    add("a batch and a matrix", of: Element.self, [[3, 9, 17], [17, 20]]) { [matmul($0[0], $0[1])] }
    add("batches of vectors", of: Element.self, [[3, 20, 9], [3, 9, 1]]) { [matmul($0[0], $0[1])] }
    add("x·B", of: Element.self, [[33], [33, 70]]) { [matmul($0[0], $0[1])] }
    add("x·B, long", of: Element.self, [[5], [5, 560]]) { [matmul($0[0], $0[1])] }
    add("A·x in steps", of: Element.self, [[10, 66], [66]]) {
      let even = stride(from: 0, to: 66, by: 2)
      return [matmul($0[0][0..<10, even], $0[1][even])]
    }
  }

  private mutating func addLayers<Element: FloatingElement>(_: Element.Type) {
    for (m, k, n) in [(20, 24, 28), (30, 21, 43), (1, 33, 20), (20, 33, 1)] {
      add("linear", of: Element.self, [[m, k], [n, k], [n]]) {
        [linear($0[0], weight: $0[1], bias: $0[2])]
      }
    }
  }

  mutating func addLargeProducts() {
    for type in OperationList.floatingTypes { addLargeProducts(type) }
  }

  private mutating func addLargeProducts<Element: FloatingElement>(_: Element.Type) {
    for (m, k, n) in [(1024, 16, 1024), (1027, 9, 1031)] {
      add("A·B", of: Element.self, [[m, k], [k, n]]) { [matmul($0[0], $0[1])] }
      add("A·Bᵀ + b", of: Element.self, [[m, k], [n, k], [n]]) {
        [linear($0[0], weight: $0[1], bias: $0[2])]
      }
      add("Aᵀ·B", of: Element.self, [[k, m], [k, n]]) { [matmul($0[0].transposed(), $0[1])] }
    }
  }

  // MARK: Training

  mutating func addTraining() {
    addTraining(Float.self)
    addTraining(BFloat16.self)
    add("a label out of range", of: Float.self, [[2, 3]]) {
      [CrossEntropyLoss<Float>()($0[0], Tensor([1, 3]))]
    }
  }

  /// Layers that end with an activation, class labels, and an update of all parameters together.
  private mutating func addTraining<Element: FloatingElement>(_: Element.Type) {
    add("two steps of training", of: Element.self, [[9, 5]]) { operands in
      let generator = Generator(seed: 1)
      let (first, second) = (
        Linear<Element>(5, 20, generator: generator), Linear<Element>(20, 8, generator: generator)
      )
      let third = Linear<Element>(8, 3, generator: generator)
      let model = Sequential<Element>(first, ReLU(), second, Tanh(), third, Sigmoid())
      let optimizer = SGD(model.parameters(), learningRate: 0.1, momentum: 0.9)
      for _ in 0..<2 {
        CrossEntropyLoss<Element>()(model(operands[0]), Tensor([0, 2, 1, 1, 0, 2, 2, 1, 0]))
          .backward()
        optimizer.step()
        optimizer.zeroGrad()
      }
      return [first, second, third].flatMap { layer -> [any AnyTensor] in
        [layer.weight.tensor] + (layer.bias.map { [$0.tensor] } ?? [])
      }
    }
  }
}
