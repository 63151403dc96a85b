import Slope

/// Operations that choose elements by their places, or write to places, of every element type.
func placeOperations<Element: TensorElement>() -> [Operation<Element>] {
  scatters() + indexedSlices() + puts() + parts() + nonzero() + byRows() + pairs() + distinct()
}

/// Those that Bool lacks.
func numericPlaceOperations<Element: NumericElement>() -> [Operation<Element>] {
  let block = Sample.Input.numbers([2, 5, 4], -2...2)
  return [
    Operation(
      "index_add", "x.indexAdded(y, at: indices, axis: axis)", checked: sliceSamples(["alpha": 2])
    ) {
      let scale: Element = try $0.attributes.has("alpha") ? $0.attributes.scalar("alpha") : 1
      return [
        try $0[0].indexAdded(
          $0[2], at: $0.indices(1), axis: $0.attributes.axis(), scaledBy: scale)
      ]
    },
    Operation(
      "kthvalue", "x.kthValue(k, axis: axis)", exact: true,
      checked: [
        Sample([block], ["k": 2, "dim": 1]), Sample([block], ["k": 4, "keepdim": true]),
        Sample([.numbers([], -2...2)], ["k": 1, "dim": 0]),
      ]
    ) {
      let found = try $0[0].kthValue(
        $0.attributes.int("k"), axis: $0.attributes.axis(default: -1),
        keepingAxes: $0.attributes.flag("keepdim"))
      return [found.values, found.indices]
    },
    Operation(
      "median", "x.median(), x.medianWithIndices(axis: axis)", exact: true,
      checked: [
        Sample([block]), Sample([block], ["dim": 1]),
        Sample([block], ["dim": -1, "keepdim": true]),
      ]
    ) {
      guard let axis = try $0.attributes.optionalAxis() else { return [try $0[0].median()] }
      let found = try $0[0].medianWithIndices(
        axis: axis, keepingAxes: $0.attributes.flag("keepdim"))
      return [found.values, found.indices]
    },
  ]
}

/// Those of Bool that have another form for numbers.
func booleanPlaceOperations() -> [Operation<Bool>] {
  [
    Operation(
      "index_add", "x.indexAdded(y, at: indices, axis: axis)", tried: sliceSamples()
    ) {
      // A scale of false adds nothing.
      let scale: Bool = try $0.attributes.has("alpha") ? $0.attributes.element("alpha") : true
      let source = scale ? try $0[2] : try $0[2].logicalAnd($0[2].logicalNot())
      return [try $0[0].indexAdded(source, at: $0.indices(1), axis: $0.attributes.axis())]
    }
  ]
}

private let row = Sample.Input.numbers([5], -2...2)
private let matrix = Sample.Input.numbers([3, 4], -2...2)
private let block = Sample.Input.numbers([2, 3, 4], -2...2)

private func puts<Element: TensorElement>() -> [Operation<Element>] {
  [
    Operation(
      "take", "x.taking(at: indices)", exact: true,
      checked: [
        Sample([matrix, .indices([2, 3], below: 12)]), Sample([row, .indices([], below: 5)]),
        Sample([row, .indices([0], below: 5)]),
      ]
    ) { [try $0[0].taking(at: $0.indices(1))] },
    Operation(
      "put", "x.putting(y, at: indices)", exact: Element.dtype == .bool,
      checked: [false, true].flatMap {
        [
          Sample(
            [matrix, .indices([2, 3], below: 12), .numbers([6], 3...4)], ["accumulate": .bool($0)]),
          Sample([row, .indices([], below: 5), .numbers([1], 3...4)], ["accumulate": .bool($0)]),
        ]
      }
    ) {
      [
        try $0[0].putting(
          $0[2], at: $0.indices(1), accumulating: $0.attributes.flag("accumulate"))
      ]
    },
    Operation(
      "index_put", "x.putting(y, at: [i, j])",
      checked: [false, true].flatMap { (accumulates: Bool) -> [Sample] in
        let attributes: Attributes = ["accumulate": .bool(accumulates)]
        return [
          Sample(
            [block, .indices([5], below: 2), .indices([5], below: 3), .numbers([5, 4], 3...4)],
            attributes),
          Sample(
            [matrix, .indices([2, 1], below: 3), .indices([3], below: 4), .numbers([], 3...4)],
            attributes),
          Sample([matrix, .indices([2, 2], below: 3), .numbers([2, 4], 3...4)], attributes),
        ]
      }
    ) { arguments in
      let last = arguments.inputs.count - 1
      guard last >= 2 else { throw Unsupported("\(last + 1) operands") }
      return [
        try arguments[0].putting(
          arguments[last], at: places(arguments, 1..<last),
          accumulating: arguments.attributes.flag("accumulate"))
      ]
    },
    Operation(
      "index_get", "x.taking(at: [i, j])", exact: true,
      checked: [
        Sample([block, .indices([5], below: 2), .indices([5], below: 3)]),
        Sample([matrix, .indices([2, 1], below: 3), .indices([3], below: 4)]),
      ]
    ) { [try $0[0].taking(at: places($0, 1..<$0.inputs.count))] },
    Operation(
      "take_along_dim", "x.takingAlong(broadcasting: indices, axis: axis)", exact: true,
      checked: [
        Sample([matrix, .indices([1, 2], below: 4)], ["dim": 1]),
        Sample([.numbers([1, 4], -2...2), .indices([3, 2], below: 4)], ["dim": -1]),
        Sample([matrix, .indices([5], below: 12)]),
      ]
    ) {
      [
        try $0[0].takingAlong(
          broadcasting: $0.indices(1), axis: $0.attributes.optionalAxis())
      ]
    },
  ]
}

/// Lists of indices, where a mask stands for those of its true elements.
private func places<Element: TensorElement>(
  _ arguments: Arguments<Element>, _ range: Range<Int>
) throws -> [Tensor<Int>] {
  try range.flatMap { number -> [Tensor<Int>] in
    if let mask = arguments.inputs[number] as? Tensor<Bool> { return mask.nonzeroByAxis() }
    return [try arguments.indices(number)]
  }
}

private func parts<Element: TensorElement>() -> [Operation<Element>] {
  let line = Sample.Input.numbers([4], 3...4)
  return [
    Operation(
      "select_scatter", "x.replacing(0, with: y)", exact: true,
      checked: [
        Sample([matrix, line], ["dim": 0, "index": -1]),
        Sample([matrix, .numbers([3], 3...4)], ["dim": -1, "index": 2]),
      ]
    ) {
      let x = try $0[0]
      let before = wholes(x, before: try $0.attributes.axis())
      return [x.replacing(at: before + [try $0.attributes.int("index")], with: try $0[1])]
    },
    Operation(
      "slice_scatter", "x.replacing(1..<3, with: y)", exact: true,
      checked: [
        Sample([matrix, .numbers([2, 4], 3...4)], ["dim": 0, "start": 1]),
        Sample([matrix, .numbers([3, 2], 3...4)], ["dim": 1, "start": 0, "end": 4, "step": 2]),
        Sample([matrix, .numbers([3, 2], 3...4)], ["dim": -1, "start": -3, "end": -1]),
        Sample([matrix, .numbers([3, 4], 3...4)]),
      ]
    ) { arguments in
      let x = try arguments[0]
      let axis = try arguments.attributes.axis(default: 0)
      let before = wholes(x, before: axis)
      let extent = x.rank > before.count ? x.shape[before.count] : 0
      func bound(_ number: Int) -> Int {
        min(max(number < 0 ? number + extent : number, 0), extent)
      }
      let start = bound(try arguments.attributes.optionalInt("start") ?? 0)
      let end = bound(try arguments.attributes.optionalInt("end") ?? extent)
      let step = try arguments.attributes.optionalInt("step") ?? 1
      guard step > 0 else {
        // A stride backwards means other elements than PyTorch allows.
        return [x.replacing(at: before + [extent], with: try arguments[1])]
      }
      return [
        x.replacing(
          at: before + [stride(from: start, to: max(start, end), by: step)],
          with: try arguments[1])
      ]
    },
    Operation(
      "diagonal_scatter", "x.replacingDiagonal(with: y)", exact: true,
      checked: [
        Sample([matrix, .numbers([3], 3...4)]),
        Sample([matrix, .numbers([2], 3...4)], ["offset": -1]),
        Sample([block, .numbers([3, 2], 3...4)], ["offset": 1, "dim1": 0, "dim2": -1]),
      ]
    ) {
      let x = try $0[0]
      return [
        x.replacingDiagonal(
          with: try $0[1], offset: try $0.attributes.optionalInt("offset") ?? 0,
          axes: (
            try $0.attributes.optionalInt("dim1") ?? 0, try $0.attributes.optionalInt("dim2") ?? 1
          ))
      ]
    },
  ]
}

/// Indices that choose all of the axes before one.
private func wholes<Element: TensorElement>(
  _ x: Tensor<Element>, before axis: Int
) -> [any TensorIndex] {
  let place = axis < 0 ? axis + x.rank : axis
  // An index that is never in range stands for an axis below the least one.
  guard place >= 0 else { return [Int.max] }
  return Array(repeating: 0..., count: min(place, Shape.maximumRank))
}

private func nonzero<Element: TensorElement>() -> [Operation<Element>] {
  let samples = [
    Sample([matrix]), Sample([block]), Sample([.numbers([], -2...2)]),
    Sample([.numbers([0, 2], -2...2)]),
  ]
  return [
    Operation("nonzero", "x.nonzero(), x.nonzeroByAxis()", exact: true, tried: samples) {
      try $0.attributes.flag("as_tuple") ? $0[0].nonzeroByAxis() : [$0[0].nonzero()]
    },
    Operation("argwhere", "x.nonzero()", exact: true, tried: samples) { [try $0[0].nonzero()] },
  ]
}
