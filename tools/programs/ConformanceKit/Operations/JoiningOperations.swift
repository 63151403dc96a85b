import Slope

/// Tensors put together, and taken apart in the same directions.
func joiningOperations<Element: TensorElement>() -> [Operation<Element>] {
  stacks() + splits() + diagonalMatrices() + choices() + generalProducts()
}

private let vector = Sample.Input.numbers([3], -2...2)
private let matrix = Sample.Input.numbers([3, 4], -2...2)
private let block = Sample.Input.numbers([2, 4, 4], -2...2)
private let scalar = Sample.Input.numbers([], -2...2)

private func stacks<Element: TensorElement>() -> [Operation<Element>] {
  func stacking(
    _ name: String, _ spelling: String,
    _ function: @escaping @Sendable ([Tensor<Element>]) -> Tensor<Element>
  ) -> Operation<Element> {
    Operation(
      name, spelling, exact: true,
      checked: [[scalar, scalar], [vector, vector], [matrix, matrix], [block, block]].map {
        Sample($0)
      }
    ) { [function(try $0.all())] }
  }
  return [
    stacking("hstack", "hstack([x, y])") { hstack($0) },
    stacking("vstack", "vstack([x, y])") { vstack($0) },
    stacking("row_stack", "vstack([x, y])") { vstack($0) },
    stacking("dstack", "dstack([x, y])") { dstack($0) },
    stacking("column_stack", "columnStack([x, y])") { columnStack($0) },
    Operation(
      "block_diag", "blockDiagonal([x, y])", exact: true,
      checked: [
        Sample([matrix, .numbers([2, 1], -2...2)]), Sample([scalar, vector, matrix]),
        Sample([.numbers([0, 2], -2...2), vector]),
      ]
    ) { [blockDiagonal(try $0.all())] }.differing("needs at least one tensor"),
  ]
}

private func splits<Element: TensorElement>() -> [Operation<Element>] {
  /// A split into a number of parts, or at indices: whichever the attributes have.
  func splitting(
    _ name: String, _ spelling: String, _ samples: [Sample],
    into: @escaping @Sendable (Tensor<Element>, _ count: Int, _ axis: Int) -> [Tensor<Element>],
    at: @escaping @Sendable (Tensor<Element>, _ indices: [Int], _ axis: Int) -> [Tensor<Element>]
  ) -> Operation<Element> {
    Operation(name, spelling, exact: true, checked: samples) { arguments in
      let attributes = arguments.attributes
      let axis = try attributes.optionalInt("dim") ?? 0
      let key = attributes.name(
        "indices_or_sections", "indices", "sections", "split_size_or_sections")
      if case .array? = attributes.value(key) {
        return at(try arguments[0], try attributes.ints(key), axis)
      }
      if arguments.inputs.count > 1 {
        let places = try arguments.indices(1)
        return places.rank == 0
          ? into(try arguments[0], places.item(), axis)
          : at(try arguments[0], places.scalars, axis)
      }
      return into(try arguments[0], try attributes.int(key), axis)
    }
  }
  let samples = [
    Sample([block], ["indices_or_sections": 2]), Sample([block], ["indices_or_sections": [1]]),
    Sample([block], ["indices_or_sections": [1, -1]]),
  ]
  return [
    splitting(
      "tensor_split", "x.split(into: n, axis: axis)",
      samples + [
        Sample([block], ["indices_or_sections": 3, "dim": -1]),
        Sample([block], ["indices_or_sections": [3, 1, 9], "dim": 1]),
      ], into: { $0.split(into: $1, axis: $2) }, at: { $0.split(at: $1, axis: $2) }),
    splitting(
      "hsplit", "x.hsplit(into: n)", samples + [Sample([vector], ["indices_or_sections": 3])],
      into: { x, count, _ in x.hsplit(into: count) }, at: { x, places, _ in x.hsplit(at: places) }),
    splitting(
      "vsplit", "x.vsplit(into: n)", samples, into: { x, count, _ in x.vsplit(into: count) },
      at: { x, places, _ in x.vsplit(at: places) }),
    splitting(
      "dsplit", "x.dsplit(into: n)", samples, into: { x, count, _ in x.dsplit(into: count) },
      at: { x, places, _ in x.dsplit(at: places) }),
  ]
}

private func diagonalMatrices<Element: TensorElement>() -> [Operation<Element>] {
  let offsets: [JSONValue] = [0, 2, -1]
  return [
    Operation(
      "diag", "x.diag(offset: n)", exact: true,
      checked: offsets.flatMap {
        [Sample([vector], ["diagonal": $0]), Sample([matrix], ["diagonal": $0])]
      }
    ) { [try $0[0].diag(offset: try $0.attributes.optionalInt("diagonal") ?? 0)] },
    Operation(
      "diag_embed", "x.diagonalEmbedded(offset: n, axes: (-2, -1))", exact: true,
      checked: offsets.map { Sample([matrix], ["offset": $0]) } + [
        Sample([matrix], ["offset": 1, "dim1": 0, "dim2": 2]),
        Sample([matrix], ["offset": 1, "dim1": -1, "dim2": 0]),
      ]
    ) {
      let attributes = $0.attributes
      return [
        try $0[0].diagonalEmbedded(
          offset: try attributes.optionalInt("offset") ?? 0,
          axes: (try attributes.optionalInt("dim1") ?? -2, try attributes.optionalInt("dim2") ?? -1)
        )
      ]
    },
    Operation(
      "diagflat", "x.flattened().diagonalEmbedded(offset: n)", exact: true,
      checked: offsets.map { Sample([.numbers([2, 2], -2...2)], ["offset": $0]) } + [
        Sample([scalar])
      ]
    ) {
      [
        try $0[0].flattened().diagonalEmbedded(
          offset: try $0.attributes.optionalInt("offset") ?? 0)
      ]
    },
  ]
}

private func choices<Element: TensorElement>() -> [Operation<Element>] {
  [
    Operation(
      "cartesian_prod", "cartesianProduct([x, y])", exact: true,
      checked: [
        Sample([vector, .numbers([2], -2...2)]), Sample([vector]),
        Sample([vector, vector, vector]),
      ]
    ) { [cartesianProduct(try $0.all())] },
    Operation(
      "combinations", "x.combinations(of: n, withReplacement: false)", exact: true,
      checked: [
        Sample([.numbers([5], -2...2)]), Sample([.numbers([5], -2...2)], ["r": 3]),
        Sample([vector], ["r": 2, "with_replacement": true]),
        Sample([vector], ["r": 4, "with_replacement": true]), Sample([vector], ["r": 4]),
        Sample([vector], ["r": 0]), Sample([vector], ["r": 1]),
      ]
    ) {
      [
        try $0[0].combinations(
          of: try $0.attributes.optionalInt("r") ?? 2,
          withReplacement: try $0.attributes.flag("with_replacement"))
      ]
    },
  ]
}

private func generalProducts<Element: TensorElement>() -> [Operation<Element>] {
  [
    Operation(
      "kron", "kron(x, y)", exact: true,
      checked: [
        Sample([.numbers([2, 3], -2...2), .numbers([3, 2], -1...1)]),
        Sample([vector, .numbers([2, 2], -1...1)]), Sample([.numbers([2, 1, 2], -1...1), vector]),
        Sample([scalar, vector]),
      ]
    ) { [kron(try $0[0], try $0[1])] },
    Operation(
      "tensordot", "tensordot(x, y, axes: ([1, 2], [1, 0]))",
      checked: [
        Sample([.numbers([2, 3, 4], -2...2), .numbers([3, 4, 2], -1...1)]),
        Sample([.numbers([2, 3, 4], -2...2), .numbers([4, 3], -1...1)], ["dims": 1]),
        Sample([vector, matrix], ["dims": 0]),
        Sample(
          [.numbers([2, 3, 4], -2...2), .numbers([4, 3], -1...1)], ["dims": [[1, 2], [1, 0]]]),
        Sample(
          [.numbers([2, 1, 4], -2...2), .numbers([4, 3], -1...1)], ["dims": [[2, -2], [0, 1]]]),
      ]
    ) {
      let (x, y) = (try $0[0], try $0[1])
      guard case .array? = $0.attributes.value("dims") else {
        return [tensordot(x, y, axes: try $0.attributes.optionalInt("dims") ?? 2)]
      }
      let pairs = try $0.attributes.intLists("dims")
      guard pairs.count == 2 else { throw Unsupported("\(pairs.count) lists of axes") }
      return [tensordot(x, y, axes: (pairs[0], pairs[1]))]
    },
    Operation(
      "trace", "x.trace()", checked: [Sample([matrix]), Sample([.numbers([3, 3], -2...2)])]
    ) { [try $0[0].trace()] },
    Operation(
      "matrix_power", "x.matrixPower(n)",
      checked: [0, 1, 2, 3, 5].map { Sample([.numbers([3, 3], -1...1)], ["n": $0]) } + [
        Sample([.numbers([2, 2, 2], -1...1)], ["n": 3])
      ]
    ) { [try $0[0].matrixPower(try $0.attributes.int("n"))] }
    .differing("the exponent must not be negative"),
  ]
}

/// Products of vectors, and powers, of every type with arithmetic.
func vectorOperations<Element: NumericElement>() -> [Operation<Element>] {
  func crossing(_ name: String, standard: @escaping @Sendable (Shape) -> Int) -> Operation<Element>
  {
    Operation(
      name, "cross(x, y, axis: axis)", exact: true,
      checked: [
        Sample([.numbers([2, 3], -2...2), .numbers([2, 3], -1...1)]),
        Sample([.numbers([3, 2], -2...2), .numbers([3, 1], -1...1)], ["dim": 0]),
      ]
    ) {
      let (x, y) = (try $0[0], try $0[1])
      return [cross(x, y, axis: try $0.attributes.optionalInt("dim") ?? standard(x.shape))]
    }
  }
  return [
    crossing("cross") { $0.firstIndex(of: 3) ?? -1 }
      .differing("the last axis by default, as PyTorch's `linalg.cross`"),
    crossing("linalg_cross") { _ in -1 },
    Operation(
      "vander", "x.vandermonde(columns: n, increasing: false)",
      checked: [
        Sample([vector]), Sample([vector], ["N": 5, "increasing": true]),
        Sample([vector], ["N": 0]),
        Sample([vector], ["N": 1]),
      ]
    ) {
      [
        try $0[0].vandermonde(
          columns: try $0.attributes.optionalInt($0.attributes.name("N", "n")),
          increasing: try $0.attributes.flag("increasing"))
      ]
    },
  ]
}
