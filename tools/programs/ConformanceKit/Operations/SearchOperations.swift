import Slope

private let row = Sample.Input.numbers([6], -2...2)
private let matrix = Sample.Input.numbers([3, 4], -2...2)

/// Searches in sorted sequences, of every type with arithmetic.
func searchOperations<Element: NumericElement>() -> [Operation<Element>] {
  [
    Operation(
      "searchsorted", "x.searchSorted(values)", exact: true,
      tried: [
        Sample([row, matrix], ["side": "left"]),
        Sample([row, .numbers([], -2...2)], ["right": true]),
        Sample([.numbers([3, 7], -2...2), matrix], ["side": "right"]),
        Sample([.numbers([0], -2...2), matrix]),
      ]
    ) { arguments in
      var right = try arguments.attributes.flag("right")
      if arguments.attributes.has("side") {
        let side = try arguments.attributes.string("side")
        guard side == "left" || side == "right" else { throw Unsupported("the side '\(side)'") }
        right = side == "right"
      }
      let sorter = arguments.inputs.count > 2 ? try arguments.indices(2) : nil
      return [try arguments[0].searchSorted(arguments[1], right: right, sorter: sorter)]
    },
    Operation(
      "bucketize", "x.bucketized(by: boundaries)", exact: true,
      tried: [Sample([matrix, row]), Sample([.numbers([], -2...2), row], ["right": true])]
    ) { [try $0[0].bucketized(by: $0[1], right: $0.attributes.flag("right"))] },
    Operation(
      "isin", "x.isIn(y)", exact: true,
      tried: [
        Sample([matrix, row]), Sample([matrix, .numbers([2, 2], -2...2)], ["invert": true]),
        Sample([matrix, .numbers([0], -2...2)]), Sample([.numbers([], -2...2), row]),
      ]
    ) { [try $0[0].isIn($0[1], inverted: $0.attributes.flag("invert"))] },
  ]
}

/// Counts of small integers.
func countOperations<Element: IntegerElement>() -> [Operation<Element>] {
  [
    Operation(
      "bincount", "x.bincount()", exact: true,
      tried: [
        Sample([.indices([9], below: 5)]), Sample([.indices([9], below: 5)], ["minlength": 8]),
        Sample([.indices([0], below: 5)], ["minlength": 2]),
      ]
    ) { arguments in
      if arguments.inputs.first is Tensor<Element> { return [try counts(arguments[0], arguments)] }
      return [try counts(arguments.indices(0), arguments)]
    }
  ]
}

private func counts<Element: TensorElement, Counted: IntegerElement>(
  _ x: Tensor<Counted>, _ arguments: Arguments<Element>
) throws -> any AnyTensor {
  let minimum = try arguments.attributes.optionalInt("minlength") ?? 0
  guard arguments.inputs.count > 1 else { return x.bincount(minimumCount: minimum) }
  // PyTorch's sums are Floats or Doubles.
  switch arguments.inputs[1] {
  case let weights as Tensor<Float>: return x.bincount(weights: weights, minimumCount: minimum)
  case let weights as Tensor<Double>: return x.bincount(weights: weights, minimumCount: minimum)
  case let weights as Tensor<Element>:
    return x.bincount(weights: weights.cast(to: Double.self), minimumCount: minimum)
  case let weights as Tensor<Float16>:
    return x.bincount(weights: weights.cast(to: Double.self), minimumCount: minimum)
  case let weights: throw Unsupported("weights of \(weights.dtype)")
  }
}

/// Counts by bins, of floating-point types.
func histogramOperations<Element: FloatingElement>() -> [Operation<Element>] {
  [
    Operation(
      "histogram", "x.histogram(bins: n)",
      tried: [
        Sample([matrix], ["bins": 4]), Sample([matrix], ["bins": 3, "range": [-1, 1]]),
        Sample([matrix, .constants([3, 4], 0.5...2)], ["bins": 5, "density": true]),
        Sample([.numbers([0], -2...2)], ["bins": 2]),
      ]
    ) { arguments in
      let (x, attributes) = (try arguments[0], arguments.attributes)
      let density = try attributes.flag("density")
      let found: (counts: Tensor<Element>, edges: Tensor<Element>)
      if attributes.has("bins") || arguments.inputs.count == 1 {
        let range = try attributes.optionalDoubles("range")
        guard range == nil || range?.count == 2 else { throw Unsupported("a range of other ends") }
        found = x.histogram(
          bins: try attributes.optionalInt("bins") ?? 100,
          range: range.map { (Element($0[0]), Element($0[1])) },
          weights: arguments.inputs.count > 1 ? try arguments[1] : nil, density: density)
      } else {
        found = x.histogram(
          edges: try arguments[1], weights: arguments.inputs.count > 2 ? try arguments[2] : nil,
          density: density)
      }
      return [found.counts, found.edges]
    },
    Operation(
      "histc", "x.histc(bins: n)",
      tried: [
        Sample([matrix], ["bins": 4]), Sample([matrix], ["bins": 3, "min": -1, "max": 1]),
        Sample([.numbers([0], -2...2)], ["bins": 2]),
      ]
    ) {
      [
        try $0[0].histc(
          bins: $0.attributes.optionalInt("bins") ?? 100,
          min: Element($0.attributes.optionalDouble("min") ?? 0),
          max: Element($0.attributes.optionalDouble("max") ?? 0))
      ]
    },
  ]
}
