import Slope

/// Margins of one value, or of the tensor's own elements.
func paddingOperations<Element: TensorElement>() -> [Operation<Element>] {
  let matrix = Sample.Input.numbers([3, 4], -2...2)
  let block = Sample.Input.numbers([2, 3, 4], -2...2)
  let modes: [JSONValue] = ["reflect", "replicate", "circular"]
  let filled = modes.flatMap { mode in
    [
      Sample([block], ["pad": [2, 1], "mode": mode]),
      Sample([block], ["pad": [3, 0, 2, 1], "mode": mode]),
      Sample([block], ["pad": [-1, 2], "mode": mode]),
      Sample([.numbers([1, 2, 3, 2], -2...2)], ["pad": [1, 1, 0, 2, 1, 1], "mode": mode]),
    ]
  }
  return [
    Operation(
      "pad", "x.padded(margins, mode: .reflect)", exact: true,
      checked: [
        Sample([matrix], ["pairs_per_dim": [[0, 1], [1, 2]], "value": 1]),
        Sample([matrix], ["pairs_per_dim": [[-1, 0], [2, -3]], "value": 0]),
        Sample([block], ["pad": [1, 2]]), Sample([block], ["pad": [1, 2, 0, -1], "value": 1]),
      ] + filled
    ) { arguments in
      let (x, attributes) = (try arguments[0], arguments.attributes)
      let pairs = try margins(x.rank, attributes)
      let name = attributes.has("mode") ? try attributes.string("mode") : "constant"
      if let mode = PaddingMode(rawValue: name) { return [x.padded(pairs, mode: mode)] }
      guard name == "constant" else { throw Unsupported("the mode '\(name)'") }
      let value: Element = attributes.has("value") ? try attributes.element("value") : zero()
      return [x.padded(pairs, with: value)]
    }.differing(
      "a pair for each axis, from the first; modes on any axes, of every element type")
  ]
}

/// One pair for each axis: given as such, or as PyTorch's flat list from the last axis on.
private func margins(_ rank: Int, _ attributes: Attributes) throws -> [(before: Int, after: Int)] {
  if attributes.has("pairs_per_dim") {
    return try attributes.intLists("pairs_per_dim").map { pair in
      guard pair.count == 2 else { throw Unsupported("the pair \(pair)") }
      return (pair[0], pair[1])
    }
  }
  let flat = try attributes.ints("pad")
  guard flat.count % 2 == 0 else { throw Unsupported("\(flat.count) margins") }
  let pairs = stride(from: flat.count - 2, through: 0, by: -2).map {
    (before: flat[$0], after: flat[$0 + 1])
  }
  return Array(repeating: (0, 0), count: max(rank - pairs.count, 0)) + pairs
}

/// The element 0, or false.
private func zero<Element: TensorElement>() -> Element { Tensor<Element>.zeros([]).item() }
