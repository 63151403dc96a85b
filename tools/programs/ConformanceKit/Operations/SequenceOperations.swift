import Slope

/// Tensors made of numbers alone, of every type.
func creationOperations<Element: TensorElement>() -> [Operation<Element>] {
  let block = Sample.Input.numbers([2, 3, 4], -2...2)
  return [
    Operation(
      "eye", "Tensor.eye(n, m, offset: k)", exact: true,
      tried: [
        Sample([], ["n": 3, "m": 2]), Sample([], ["n": 3]), Sample([], ["n": 3, "m": 5, "k": 2]),
        Sample([], ["n": 3, "k": -4]),
      ]
    ) {
      [
        Tensor<Element>.eye(
          try $0.attributes.int("n"), try $0.attributes.optionalInt("m"),
          offset: try $0.attributes.optionalInt("k") ?? 0)
      ]
    },
    Operation(
      "tri", "Tensor.full([n, m], element).lowerTriangle(diagonal: k)", exact: true,
      tried: [Sample([], ["N": 3, "M": 4, "k": 1]), Sample([], ["N": 3])]
    ) {
      let rows = try $0.attributes.int("N")
      let one: Element = try Attributes(["one": 1]).element("one")
      return [
        Tensor<Element>.full([rows, try $0.attributes.optionalInt("M") ?? rows], one)
          .lowerTriangle(diagonal: try $0.attributes.optionalInt("k") ?? 0)
      ]
    }.differing("NumPy's; PyTorch has none"),
    Operation("zeros_like", "Tensor.zeros(like: x)", exact: true, tried: [Sample([block])]) {
      [Tensor<Element>.zeros(like: try $0[0])]
    },
    Operation("ones_like", "Tensor.ones(like: x)", exact: true, tried: [Sample([block])]) {
      let one: Element = try Attributes(["one": 1]).element("one")
      return [Tensor<Element>.full(like: try $0[0], one)]
    },
    Operation(
      "full_like", "Tensor.full(like: x, element)", exact: true,
      tried: [Sample([block], ["fill_value": 1])]
    ) {
      [
        Tensor<Element>.full(
          like: try $0[0],
          try $0.attributes.element($0.attributes.name("fill_value", "value")))
      ]
    },
  ]
}

/// Equally spaced numbers and their powers.
func spacedOperations<Element: NumericElement>() -> [Operation<Element>] {
  [
    Operation(
      "linspace", "Tensor.linspace(start, end, count: count)",
      tried: [
        Sample([], ["start": 1, "stop": 7, "count": 4]),
        Sample([], ["start": 7, "end": 0, "steps": 5]),
        Sample([], ["start": 7, "end": 0, "steps": 1]),
        Sample([], ["start": 7, "end": 0, "steps": 0]),
      ]
    ) {
      let attributes = $0.attributes
      return [
        Tensor<Element>.linspace(
          try attributes.scalar("start"), try attributes.scalar(attributes.name("end", "stop")),
          count: try attributes.int(attributes.name("steps", "count")))
      ]
    },
    Operation(
      "logspace", "Tensor.logspace(start, end, count: count, base: 10)",
      tried: [
        Sample([], ["start": 0, "end": 2, "steps": 5]),
        Sample([], ["start": 3, "end": 0, "steps": 4, "base": 2]),
        Sample([], ["start": 2, "end": 0, "steps": 1]),
      ]
    ) {
      let attributes = $0.attributes
      return [
        Tensor<Element>.logspace(
          try attributes.scalar("start"), try attributes.scalar(attributes.name("end", "stop")),
          count: try attributes.int(attributes.name("steps", "count")),
          base: try attributes.optionalDouble("base") ?? 10)
      ]
    },
  ]
}

/// Positions in the triangles of a matrix.
func positionOperations<Element: IntegerElement>() -> [Operation<Element>] {
  let samples = [-4, -1, 0, 2, 5].map { Sample([], ["row": 4, "col": 3, "offset": .integer($0)]) }
  func listing(
    _ name: String, _ spelling: String,
    _ function: @escaping @Sendable (_ rows: Int, _ columns: Int, _ offset: Int) -> Tensor<Int>
  ) -> Operation<Element> {
    Operation(name, spelling, exact: true, tried: samples) {
      let places = function(
        try $0.attributes.int("row"), try $0.attributes.int("col"),
        try $0.attributes.optionalInt("offset") ?? 0)
      return [places.cast(to: Element.self)]
    }
  }
  return [
    listing("tril_indices", "Tensor.lowerTriangleIndices(n, m, offset: k)") {
      Tensor<Int>.lowerTriangleIndices($0, $1, offset: $2)
    },
    listing("triu_indices", "Tensor.upperTriangleIndices(n, m, offset: k)") {
      Tensor<Int>.upperTriangleIndices($0, $1, offset: $2)
    },
  ]
}
