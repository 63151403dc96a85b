import Slope

/// Operations that permute, split, repeat or select elements.
func rearrangingOperations<Element: TensorElement>() -> [Operation<Element>] {
  orders() + parts() + diagonals() + masks() + sorting()
}

private let matrix = Sample.Input.numbers([3, 4], -2...2)
private let block = Sample.Input.numbers([2, 3, 4], -2...2)

private func orders<Element: TensorElement>() -> [Operation<Element>] {
  [
    Operation(
      "flip", "x.flipped(axes: axes)", exact: true,
      checked: [Sample([block], ["dims": [0]]), Sample([block], ["dims": [0, -1]])]
    ) { [try $0[0].flipped(axes: try $0.attributes.ints("dims"))] },
    Operation(
      "roll", "x.rolled(by: n, axis: axis)", exact: true,
      checked: [
        Sample([matrix], ["shifts": [1, -2], "dims": [0, 1]]),
        Sample([matrix], ["shifts": [7], "dims": [1]]), Sample([block], ["shifts": 5]),
        Sample([block], ["shifts": -2, "dims": -1]), Sample([.numbers([], -2...2)], ["shifts": 3]),
        Sample([matrix], ["shifts": [1, 1], "dims": [1, 1]]),
      ]
    ) {
      [
        try $0[0].rolled(
          by: try $0.attributes.ints("shifts"),
          axes: try $0.attributes.optionalInts("dims") ?? [])
      ]
    },
  ]
}

private func parts<Element: TensorElement>() -> [Operation<Element>] {
  [
    Operation(
      "split", "x.split(sizes: sizes, axis: axis)", exact: true,
      checked: [
        Sample([block], ["sizes": [1, 0, 2], "dim": 1]),
        Sample([block], ["split_size_or_sections": 3, "dim": -1]),
      ]
    ) { arguments in
      let attributes = arguments.attributes
      let axis = try attributes.optionalInt("dim") ?? 0
      let name = attributes.name("sizes", "split_size_or_sections", "split_size")
      if case .array? = attributes.value(name) {
        return try arguments[0].split(sizes: try attributes.ints(name), axis: axis)
      }
      return try arguments[0].split(size: try attributes.int(name), axis: axis)
    },
    Operation(
      "chunk", "x.chunked(into: n, axis: axis)", exact: true,
      checked: [Sample([.numbers([5, 2], -2...2)], ["chunks": 2, "dim": 0])]
    ) {
      try $0[0].chunked(
        into: try $0.attributes.int("chunks"), axis: try $0.attributes.optionalInt("dim") ?? 0)
    },
    Operation(
      "tile", "x.tiled(repetitions)", exact: true,
      checked: [
        Sample([.numbers([2, 3], -2...2)], ["reps": [2, 1, 2]]),
        Sample([block], ["reps": [3]]), Sample([matrix], ["reps": [0, 2]]),
      ]
    ) { [try $0[0].tiled(try $0.attributes.ints($0.attributes.name("reps", "dims")))] },
    Operation(
      "repeat_interleave", "x.repeatInterleaved(n, axis: axis)", exact: true,
      checked: [Sample([block], ["repeats": 3, "dim": 1])]
    ) {
      [
        try $0[0].repeatInterleaved(
          try $0.attributes.int("repeats"), axis: try $0.attributes.int("dim"))
      ]
    },
  ]
}

private func diagonals<Element: TensorElement>() -> [Operation<Element>] {
  [
    Operation(
      "diagonal", "x.diagonal(offset: n)", exact: true,
      checked: [-1, 0, 1, 9].map { Sample([matrix], ["offset": .number($0)]) }
        + [
          Sample([block], ["offset": 0]), Sample([block], ["dim1": -1, "dim2": 0]),
          Sample([block], ["offset": 1, "dim1": 1, "dim2": 2]),
        ]
    ) {
      let attributes = $0.attributes
      let axes = (try attributes.optionalInt("dim1") ?? 0, try attributes.optionalInt("dim2") ?? 1)
      return [
        try $0[0].diagonal(offset: try attributes.optionalInt("offset") ?? 0, axes: axes)
      ]
    },
    Operation(
      "tril", "x.lowerTriangle(diagonal: n)", exact: true,
      checked: [-1, 0, 2].map { Sample([block], ["diagonal": .number($0)]) }
    ) { [try $0[0].lowerTriangle(diagonal: try $0.attributes.optionalInt("diagonal") ?? 0)] },
    Operation(
      "triu", "x.upperTriangle(diagonal: n)", exact: true,
      checked: [-1, 0, 2].map { Sample([block], ["diagonal": .number($0)]) }
    ) { [try $0[0].upperTriangle(diagonal: try $0.attributes.optionalInt("diagonal") ?? 0)] },
  ]
}

private func masks<Element: TensorElement>() -> [Operation<Element>] {
  [
    Operation(
      "masked_fill", "x.maskedFill(mask, with: 5)", exact: true,
      checked: [
        Sample([matrix, .booleans([3, 4])], ["value": 1]),
        Sample([matrix, .booleans([1, 4])], ["value": 1]),
      ]
    ) {
      [
        try $0[0].maskedFill(
          try $0.booleans(1), with: try $0.attributes.element("value"))
      ]
    },
    Operation(
      "masked_select", "x.masked(by: mask)", exact: true,
      checked: [Sample([matrix, .booleans([3, 4])])]
    ) { [try $0[0].masked(by: try $0.booleans(1))] },
    Operation(
      "gather", "x.takingAlong(indices, axis: axis)", exact: true,
      checked: [
        Sample([matrix, .indices([3, 2], below: 4)], ["dim": 1]),
        Sample([matrix, .indices([5, 4], below: 3)], ["dim": 0]),
        Sample([block, .indices([2, 2, 3], below: 3)], ["dim": -2]),
      ]
    ) {
      [
        try $0[0].takingAlong(
          try $0.indices(1), axis: try $0.attributes.int("dim"))
      ]
    },
  ]
}

private func sorting<Element: TensorElement>() -> [Operation<Element>] {
  let long = Sample.Input.numbers([2, 37], -2...2)
  let samples = [
    Sample([matrix], ["dim": 1]), Sample([matrix], ["dim": 0, "descending": true]),
    Sample([long], ["dim": -1]), Sample([.numbers([], -2...2)], ["dim": 0]),
    Sample([.numbers([3, 0], -2...2)], ["dim": 1]),
  ]
  return [
    Operation("argsort", "x.argsort(axis: axis)", exact: true, tried: samples) {
      [
        try $0[0].argsort(
          axis: try $0.attributes.axis(default: -1),
          descending: try $0.attributes.flag("descending"))
      ]
    },
    Operation(
      "topk", "x.topK(n, axis: axis)", exact: true,
      checked: [
        Sample([matrix], ["k": 2, "dim": 1, "largest": true]),
        Sample([matrix], ["k": 3, "dim": 0, "largest": false]),
      ]
    ) {
      let found = try $0[0].topK(
        try $0.attributes.int("k"), axis: try $0.attributes.optionalInt("dim") ?? -1,
        largest: $0.attributes.has("largest") ? try $0.attributes.flag("largest") : true)
      return $0.results(found.values, found.indices)
    },
  ]
}

/// Running products, and counts, of every type.
func scanOperations<Element: TensorElement>(_ samples: [Sample]) -> [Operation<Element>] {
  return [
    Operation(
      "count_nonzero", "x.countNonzero(axes: axes)", exact: true,
      tried: [Sample([matrix], ["dim": 1]), Sample([block])]
    ) {
      [
        try $0[0].countNonzero(
          axes: try $0.attributes.optionalInts("dim"),
          keepingAxes: try $0.attributes.flag("keepdim"))
      ]
    },
    Operation("cumprod", "x.cumulativeProduct(axis: axis)", checked: samples) {
      [try $0[0].cumulativeProduct(axis: try $0.attributes.int("dim"))]
    },
  ]
}

/// Running sums and products, and counts, of every type with arithmetic.
func runningOperations<Element: NumericElement>() -> [Operation<Element>] {
  scanOperations([
    Sample([matrix], ["dim": 1]), Sample([block], ["dim": 0]),
    Sample([.numbers([2, 9], 0.5...1.5)], ["dim": -1]), Sample([.numbers([], -2...2)], ["dim": 0]),
    Sample([.numbers([0, 2], -2...2)], ["dim": 0]),
  ])
}

/// Class indices as one-hot rows.
func classOperations<Element: TensorElement>() -> [Operation<Element>] {
  [
    Operation(
      "one_hot", "labels.oneHot(classCount: n)", exact: true,
      tried: [Sample([.indices([3], below: 4)], ["num_classes": 4])]
    ) { [try $0.indices(0).oneHot(classCount: try $0.attributes.int("num_classes"))] }
  ]
}

/// Norms and sums of exponentials.
func normOperations<Element: FloatingElement>() -> [Operation<Element>] {
  let norms: [JSONValue] = [2, 1, 3, 0.5, "inf", "-inf"]
  return [
    .reduction(
      "logsumexp", "x.logSumExp(axes: axes)", checked: reductionSamples(),
      all: { $0.logSumExp() }, along: { $0.logSumExp(axes: $1, keepingAxes: $2) }),
    Operation(
      "norm", "x.norm(2, axes: axes)",
      checked: norms.map { Sample([.numbers([3, 4], 0.5...2)], ["p": $0, "dims": [1]]) }
        + [Sample([block], ["p": 2, "keepdim": true])],
      tried: [Sample([matrix], ["p": 0, "dims": [1]]), Sample([matrix], ["p": -1])]
    ) {
      [
        try $0[0].norm(
          try $0.attributes.power("p"), axes: try $0.attributes.optionalInts("dims"),
          keepingAxes: try $0.attributes.flag("keepdim"))
      ]
    },
  ]
}

extension Attributes {
  /// A number of an element type; true and false for Bool.
  func element<Element: TensorElement>(_ name: String) throws -> Element {
    if Element.self == Bool.self {
      let truth = try (try? flag(name)) ?? (try double(name) != 0)
      if let element = truth as? Element { return element }
    }
    func numeric<N: NumericElement>(_: N.Type) throws -> Element? {
      let number: N = try scalar(name)
      return number as? Element
    }
    guard let type = Element.self as? any NumericElement.Type, let element = try numeric(type)
    else {
      throw Unsupported("an element of \(Element.dtype)")
    }
    return element
  }

  /// The order of a norm, which may be infinite.
  func power(_ name: String) throws -> Double {
    if let text = try? string(name) {
      switch text {
      case "inf": return .infinity
      case "-inf": return -.infinity
      default: throw Unsupported("the norm '\(text)'")
      }
    }
    return try double(name)
  }
}
