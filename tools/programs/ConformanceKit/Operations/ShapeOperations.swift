import Slope

/// Other views of the same elements: axes moved, added, removed, split and joined.
func shapeOperations<Element: TensorElement>() -> [Operation<Element>] {
  axisOrders() + axisCounts() + expansions() + partsOfAxes()
}

private let matrix = Sample.Input.numbers([3, 4], -2...2)
private let block = Sample.Input.numbers([2, 3, 4], -2...2)
private let scalar = Sample.Input.numbers([], -2...2)

private func axisOrders<Element: TensorElement>() -> [Operation<Element>] {
  /// An operation that exchanges two axes, which PyTorch names in several ways.
  func exchange(_ name: String, _ first: String, _ second: String) -> Operation<Element> {
    Operation(
      name, "x.transposed(0, 1)", exact: true,
      checked: [
        Sample([block], [first: 0, second: -1]), Sample([matrix], [first: 1, second: 0]),
        Sample([scalar], [first: 0, second: -1]),
      ]
    ) {
      [try $0[0].transposed(try $0.attributes.int(first), try $0.attributes.int(second))]
    }
  }
  func moving(_ name: String, _ spelling: String) -> Operation<Element> {
    Operation(
      name, spelling, exact: true,
      checked: [
        Sample([block], ["source": 0, "destination": -1]),
        Sample([block], ["source": [2, 0], "destination": [0, 1]]),
        Sample([scalar], ["source": [], "destination": []]),
      ]
    ) {
      [
        try $0[0].axesMoved(
          from: try $0.attributes.ints("source"), to: try $0.attributes.ints("destination"))
      ]
    }
  }
  return [
    exchange("transpose", "dim0", "dim1"), exchange("swapaxes", "axis0", "axis1"),
    exchange("swapdims", "dim0", "dim1"),
    moving("movedim", "x.axesMoved(from: axes, to: places)"),
    moving("moveaxis", "x.axisMoved(from: axis, to: place)"),
    Operation("t", "x.transposed()", exact: true, checked: [Sample([matrix]), Sample([scalar])]) {
      [try $0[0].transposed()]
    }.differing("the last two axes of any rank, which PyTorch's `mT` exchanges"),
    Operation(
      "rot90", "x.rotated(by: turns, axes: (0, 1))", exact: true,
      checked: [1, 2, 3, -1, 4].map { Sample([matrix], ["k": $0]) }
        + [Sample([block], ["k": 1, "dims": [2, 0]])]
    ) {
      let axes = try $0.attributes.optionalInts("dims") ?? [0, 1]
      guard axes.count == 2 else { throw Unsupported("\(axes.count) axes") }
      return [
        try $0[0].rotated(
          by: try $0.attributes.optionalInt("k") ?? 1, axes: (axes[0], axes[1]))
      ]
    },
    Operation("fliplr", "x.flipped(axes: [1])", exact: true, checked: [Sample([block])]) {
      [try $0[0].flipped(axes: [1])]
    },
    Operation("flipud", "x.flipped(axes: [0])", exact: true, checked: [Sample([block])]) {
      [try $0[0].flipped(axes: [0])]
    }.differing("a tensor without axes stays as it is, where PyTorch fails"),
  ]
}

private func axisCounts<Element: TensorElement>() -> [Operation<Element>] {
  [
    Operation(
      "flatten", "x.flattened(from: first, through: last)", exact: true,
      checked: [
        Sample([block]), Sample([block], ["start_dim": 1]), Sample([scalar]),
        Sample([block], ["start_dim": 0, "end_dim": -2]),
      ]
    ) {
      [
        try $0[0].flattened(
          from: try $0.attributes.optionalInt("start_dim") ?? 0,
          through: try $0.attributes.optionalInt("end_dim") ?? -1)
      ]
    },
    Operation(
      "unflatten", "x.unflattened(axis: axis, to: extents)", exact: true,
      checked: [
        Sample([block], ["dim": -1, "sizes": [2, 2]]),
        Sample([block], ["dim": 1, "sizes": [1, -1]]),
      ]
    ) {
      [
        try $0[0].unflattened(
          axis: try $0.attributes.int("dim"), to: Shape(try $0.attributes.shape("sizes")))
      ]
    },
    Operation("ravel", "x.flattened()", exact: true, checked: [Sample([block]), Sample([scalar])]) {
      [try $0[0].flattened()]
    },
    Operation(
      "view", "x.reshaped(to: shape)", exact: true, checked: [Sample([block], ["shape": [4, -1]])]
    ) {
      [
        try $0[0].reshaped(
          to: Shape(try $0.attributes.shape($0.attributes.name("shape", "size"))))
      ]
    }.differing("copies where the strides allow no view, where PyTorch fails"),
  ]
    + (1...3).map { rank in
      Operation(
        "atleast_\(rank)d", "x.withRank(atLeast: \(rank))", exact: true,
        checked: [[], [3], [3, 2], [2, 3, 2]].map { Sample([.numbers($0, -2...2)]) }
      ) { try $0.all().map { $0.withRank(atLeast: rank) } }
    }
}

private func expansions<Element: TensorElement>() -> [Operation<Element>] {
  let column = Sample.Input.numbers([3, 1], -2...2)
  return [
    Operation(
      "expand", "x.expanded(to: shape)", exact: true,
      checked: [
        Sample([column], ["size": [2, -1, 4]]), Sample([column], ["size": [3, -1]]),
        Sample([scalar], ["size": [2]]),
      ]
    ) {
      [
        try $0[0].expanded(
          to: Shape(try $0.attributes.shape($0.attributes.name("size", "sizes", "shape"))))
      ]
    },
    Operation(
      "expand_as", "x.expanded(to: y.shape)", exact: true,
      checked: [Sample([column, .constants([2, 3, 4], -2...2)])]
    ) { [try $0[0].expanded(to: try $0[1].shape)] },
    Operation(
      "broadcast_tensors", "broadcast([x, y])", exact: true,
      checked: [Sample([column, .numbers([2, 1, 4], -2...2)]), Sample([scalar, matrix])]
    ) { broadcast(try $0.all()) },
    Operation(
      "repeat", "x.tiled(repetitions)", exact: true,
      checked: [Sample([matrix], ["repeats": [2, 1, 2]]), Sample([matrix], ["repeats": [2, 2]])]
    ) {
      [try $0[0].tiled(try $0.attributes.ints($0.attributes.name("repeats", "sizes")))]
    }.differing("fewer numbers than axes belong to the last ones, as PyTorch's `tile` takes them"),
    Operation(
      "meshgrid", "meshgrid([x, y], indexing: .ij)", exact: true,
      checked: [
        Sample([.numbers([3], -2...2), .numbers([2], -2...2)], ["indexing": "ij"]),
        Sample([.numbers([3], -2...2), .numbers([2], -2...2), scalar], ["indexing": "xy"]),
        Sample([.numbers([3], -2...2)], ["indexing": "xy"]),
      ]
    ) {
      let name = $0.attributes.has("indexing") ? try $0.attributes.string("indexing") : "ij"
      guard let indexing = GridIndexing(rawValue: name) else {
        throw Unsupported("the indexing '\(name)'")
      }
      return meshgrid(try $0.all(), indexing: indexing)
    },
  ]
}

private func partsOfAxes<Element: TensorElement>() -> [Operation<Element>] {
  [
    Operation(
      "narrow", "x.narrowed(axis: axis, from: start, count: n)", exact: true,
      checked: [
        Sample([block], ["dim": 1, "start": 1, "length": 2]),
        Sample([block], ["dim": -1, "start": -3, "length": 3]),
        Sample([block], ["dim": 0, "start": 2, "length": 0]),
      ]
    ) {
      [
        try $0[0].narrowed(
          axis: try $0.attributes.int("dim"), from: try $0.attributes.int("start"),
          count: try $0.attributes.int("length"))
      ]
    },
    Operation(
      "select", "x.selected(index, axis: axis)", exact: true,
      checked: [
        Sample([block], ["dim": 1, "index": 2]), Sample([block], ["dim": -1, "index": -1]),
      ]
    ) {
      [
        try $0[0].selected(try $0.attributes.int("index"), axis: try $0.attributes.int("dim"))
      ]
    },
    Operation(
      "unbind", "x.unstacked(axis: axis)", exact: true,
      checked: [Sample([block], ["dim": 1]), Sample([block])]
    ) { try $0[0].unstacked(axis: try $0.attributes.optionalInt("dim") ?? 0) },
  ]
}
