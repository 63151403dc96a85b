import Slope

private let matrix = Sample.Input.numbers([3, 4], -2...2)
private let block = Sample.Input.numbers([2, 3, 4], -2...2)

/// Elements in order or chosen along an axis, with their indices.
func pairs<Element: TensorElement>() -> [Operation<Element>] {
  typealias Pair = (values: Tensor<Element>, indices: Tensor<Int>)
  let sorting = [
    Sample([matrix], ["dim": 1]), Sample([matrix], ["dim": 0, "descending": true]),
    Sample([.numbers([2, 37], -2...2)], ["dim": -1]), Sample([.numbers([], -2...2)], ["dim": 0]),
    Sample([.numbers([3, 0], -2...2)], ["dim": 1]),
  ]
  let running = [
    Sample([matrix], ["dim": 1]), Sample([block], ["dim": 0]),
    Sample([.numbers([2, 9], 0.5...1.5)], ["dim": -1]), Sample([.numbers([], -2...2)], ["dim": 0]),
    Sample([.numbers([0, 2], -2...2)], ["dim": 0]),
  ]
  let choosing = [
    Sample([block], ["dim": 1]), Sample([block], ["dim": -1, "keepdim": true]),
    Sample([.numbers([], -2...2)], ["dim": 0]), Sample([.numbers([0, 2], -2...2)], ["dim": 1]),
  ]
  func pair(
    _ name: String, _ spelling: String, _ samples: [Sample],
    _ function: @escaping @Sendable (Tensor<Element>, Attributes) throws -> Pair
  ) -> Operation<Element> {
    Operation(name, spelling, exact: true, checked: samples) {
      let found = try function(try $0[0], $0.attributes)
      return [found.values, found.indices]
    }
  }
  return [
    pair("sort", "x.sortedWithIndices(axis: axis)", sorting) {
      $0.sortedWithIndices(
        axis: try $1.axis(default: -1), descending: try $1.flag("descending"))
    },
    Operation(
      "msort", "x.sorted(axis: 0)", exact: true,
      checked: [Sample([block]), Sample([.numbers([], -2...2)])]
    ) { [try $0[0].sorted(axis: 0)] },
    pair("cummax", "x.cumulativeMax(axis: axis), x.cumulativeMaxWithIndices(axis: axis)", running) {
      $0.cumulativeMaxWithIndices(axis: try $1.axis())
    },
    pair("cummin", "x.cumulativeMin(axis: axis), x.cumulativeMinWithIndices(axis: axis)", running) {
      $0.cumulativeMinWithIndices(axis: try $1.axis())
    },
    extremum("max", "x.maxWithIndices(axis: axis)", choosing, maximum) {
      guard let axis = $1 else { return [$0.max()] }
      let found = $0.maxWithIndices(axis: axis, keepingAxes: $2)
      return [found.values, found.indices]
    },
    extremum("min", "x.minWithIndices(axis: axis)", choosing, minimum) {
      guard let axis = $1 else { return [$0.min()] }
      let found = $0.minWithIndices(axis: axis, keepingAxes: $2)
      return [found.values, found.indices]
    },
    pair("mode", "x.mode(axis: axis)", choosing) {
      $0.mode(axis: try $1.axis(default: -1), keepingAxes: try $1.flag("keepdim"))
    },
  ]
}

/// An extremum along an axis with its index, of all elements, or of two tensors.
private func extremum<Element: TensorElement>(
  _ name: String, _ spelling: String, _ samples: [Sample],
  _ ofTwo: @escaping @Sendable (Tensor<Element>, Tensor<Element>) -> Tensor<Element>,
  _ function:
    @escaping @Sendable (Tensor<Element>, _ axis: Int?, _ keepsAxes: Bool) -> [any AnyTensor]
) -> Operation<Element> {
  let pairs = [Sample([matrix, .numbers([4], -1.9...2.1)])]
  return Operation(name, spelling, exact: true, checked: samples + [Sample([block])] + pairs) {
    if $0.inputs.count > 1 { return [ofTwo(try $0[0], try $0[1])] }
    return function(try $0[0], try $0.attributes.optionalAxis(), try $0.attributes.flag("keepdim"))
  }
}

/// Distinct elements or slices.
func distinct<Element: TensorElement>() -> [Operation<Element>] {
  let everything: Attributes = ["returns": ["values", "inverse", "counts"]]
  let samples =
    [matrix, .numbers([], -2...2), .numbers([0], -2...2), .numbers([40], 0...3)]
    .map { Sample([$0], everything) }
    + [0, 1, -1].map {
      Sample(
        [.numbers([4, 2, 3], 0...1)],
        ["dim": .number($0), "return_inverse": true, "return_counts": true])
    }
  return [
    Operation("unique", "x.unique()", exact: true, tried: samples) {
      let axis = try $0.attributes.optionalAxis()
      let found = try axis.map { [x = try $0[0]] in x.unique(axis: $0) } ?? $0[0].unique()
      return try wanted(found, $0.attributes)
    },
    Operation("unique_consecutive", "x.uniqueConsecutive()", exact: true, tried: samples) {
      let axis = try $0.attributes.optionalAxis()
      let found =
        try axis.map { [x = try $0[0]] in x.uniqueConsecutive(axis: $0) }
        ?? $0[0].uniqueConsecutive()
      return try wanted(found, $0.attributes)
    },
  ]
}

/// The results that `returns`, or `return_inverse` and `return_counts`, ask for.
private func wanted<Element: TensorElement>(
  _ found: (values: Tensor<Element>, inverse: Tensor<Int>, counts: Tensor<Int>),
  _ attributes: Attributes
) throws -> [any AnyTensor] {
  if case .array(let names)? = attributes.values["returns"] {
    return try names.map { name -> any AnyTensor in
      switch name {
      case .string("values"): return found.values
      case .string("inverse"): return found.inverse
      case .string("counts"): return found.counts
      default: throw Unsupported("a result \(name)")
      }
    }
  }
  return [found.values] + (try attributes.flag("return_inverse") ? [found.inverse] : [])
    + (try attributes.flag("return_counts") ? [found.counts] : [])
}
