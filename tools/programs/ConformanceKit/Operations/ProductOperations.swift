import Slope

/// Matrix products under PyTorch's other names, of every type with arithmetic.
func productOperations<Element: NumericElement>() -> [Operation<Element>] {
  func product(_ name: String, _ shapes: [([Int], [Int])], _ spelling: String = "matmul(x, y)")
    -> Operation<Element>
  {
    Operation(
      name, spelling,
      checked: shapes.map { Sample([.numbers($0, -2...2), .numbers($1, -1...1)]) }
    ) { [matmul(try $0[0], try $0[1])] }
  }
  let chain = Sample([
    .numbers([3, 4], -1...1), .numbers([4, 2], -1...1), .numbers([2, 5], -1...1),
  ])
  return [
    product("mm", [([3, 5], [5, 4]), ([3, 0], [0, 2])]),
    product("mv", [([3, 5], [5])]),
    product("bmm", [([2, 3, 5], [2, 5, 4])]),
    product("dot", [([5], [5]), ([0], [0])]),
    product("vdot", [([5], [5])]),
    Operation(
      "inner", "matmul(x, y.transposed())",
      checked: [([3, 5], [4, 5]), ([5], [5]), ([2, 3, 5], [4, 5]), ([], [3]), ([2, 5], [5])].map {
        Sample([.numbers($0, -2...2), .numbers($1, -1...1)])
      }
    ) { [try inner(try $0[0], try $0[1])] },
    Operation(
      "multi_dot", "matmul([x, y, z])",
      checked: [
        chain,
        Sample([
          .numbers([4], -1...1), .numbers([4, 3], -1...1), .numbers([3, 5], -1...1),
          .numbers([5], -1...1),
        ]), Sample([.numbers([3, 4], -1...1), .numbers([4], -1...1)]),
      ]
    ) { [matmul(try $0.all())] },
    Operation("chain_matmul", "matmul([x, y, z])", checked: [chain]) { [matmul(try $0.all())] },
  ]
}

/// The products of rows with rows; a scalar multiplies.
private func inner<Element: NumericElement>(
  _ x: Tensor<Element>, _ y: Tensor<Element>
) throws -> Tensor<Element> {
  if x.rank == 0 || y.rank == 0 { return x * y }
  if y.rank == 1 { return matmul(x, y) }
  guard y.rank == 2 else { throw Unsupported("the inner product with \(y.rank) axes") }
  return matmul(x, y.transposed())
}

/// Sums with products, of floating-point elements.
func addedProductOperations<Element: FloatingElement>() -> [Operation<Element>] {
  func operation(
    _ name: String, _ spelling: String, _ shapes: [[[Int]]],
    _ call:
      @escaping @Sendable (
        _ x: Tensor<Element>, _ y: Tensor<Element>, _ z: Tensor<Element>, _ beta: Double,
        _ alpha: Double
      ) -> Tensor<Element>
  ) -> Operation<Element> {
    let factors: [Attributes] = [["alpha": 2, "beta": 0.5], [:], ["beta": 0]]
    let samples = shapes.flatMap { shapes in
      factors.map { Sample(shapes.map { .numbers($0, -1...1) }, $0) }
    }
    return Operation(name, spelling, checked: samples) {
      [
        call(
          try $0[0], try $0[1], try $0[2], try $0.attributes.optionalDouble("beta") ?? 1,
          try $0.attributes.optionalDouble("alpha") ?? 1)
      ]
    }
  }
  return [
    operation(
      "addmm", "x.addingProduct(y, z)", [[[4], [3, 5], [5, 4]], [[3, 4], [3, 5], [5, 4]]]
    ) {
      $0.addingProduct($1, $2, beta: $3, alpha: $4)
    },
    operation("addmv", "x.addingProduct(y, z)", [[[3], [3, 5], [5]]]) {
      $0.addingProduct($1, $2, beta: $3, alpha: $4)
    },
    operation("baddbmm", "x.addingProduct(y, z)", [[[2, 3, 4], [2, 3, 5], [2, 5, 4]]]) {
      $0.addingProduct($1, $2, beta: $3, alpha: $4)
    },
    operation(
      "addbmm", "x.addingProduct(rows, columns)", [[[3, 4], [2, 3, 5], [2, 5, 4]]]
    ) { x, y, z, beta, alpha in
      // The sum of products is one product with a longer inner axis.
      guard y.rank == 3, z.rank == 3, y.shape[0] == z.shape[0], y.shape[2] == z.shape[1] else {
        return x.addingProduct(y, z, beta: beta, alpha: alpha)
      }
      let count = y.shape[0] * y.shape[2]
      return x.addingProduct(
        y.permuted([1, 0, 2]).reshaped(to: [y.shape[1], count]),
        z.reshaped(to: [count, z.shape[2]]), beta: beta, alpha: alpha)
    },
    operation(
      "addr", "x.addingProduct(y.unsqueezed(at: 1), z.unsqueezed(at: 0))",
      [[[3, 4], [3], [4]], [[4], [3], [4]]]
    ) {
      $0.addingProduct($1.unsqueezed(at: 1), $2.unsqueezed(at: 0), beta: $3, alpha: $4)
    },
  ]
}
