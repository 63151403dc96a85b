import Slope

/// Covariances, distances, and several reductions at once.
func spreadOperations<Element: FloatingElement>() -> [Operation<Element>] {
  spreads() + vectors() + onnxReductions()
}

private func spreads<Element: FloatingElement>() -> [Operation<Element>] {
  let block = Sample.Input.numbers([2, 3, 4], -2...2)
  let samples = [
    Sample([block]), Sample([block], ["dim": [1]]),
    Sample([block], ["dim": [0, 2], "correction": 0, "keepdim": true]),
  ]
  return [
    Operation("std_mean", "(x.std(axes: axes), x.mean(axes: axes))", checked: samples) {
      let (x, axes, correction, keeps) = try spreadArguments($0)
      return [
        x.std(axes: axes, correction: correction, keepingAxes: keeps),
        x.mean(axes: axes ?? Array(0..<x.rank), keepingAxes: keeps),
      ]
    },
    Operation("var_mean", "(x.variance(axes: axes), x.mean(axes: axes))", checked: samples) {
      let (x, axes, correction, keeps) = try spreadArguments($0)
      return [
        x.variance(axes: axes, correction: correction, keepingAxes: keeps),
        x.mean(axes: axes ?? Array(0..<x.rank), keepingAxes: keeps),
      ]
    },
  ]
}

private func spreadArguments<Element: FloatingElement>(_ arguments: Arguments<Element>) throws
  -> (Tensor<Element>, axes: [Int]?, correction: Int, keeps: Bool)
{
  let attributes = arguments.attributes
  return (
    try arguments[0], try attributes.axes("dim"), try attributes.optionalInt("correction") ?? 1,
    try attributes.flag("keepdim")
  )
}

private func vectors<Element: FloatingElement>() -> [Operation<Element>] {
  let matrix = Sample.Input.numbers([3, 5], -2...2)
  return [
    Operation(
      "cov", "x.covariance(correction: 1)",
      checked: [
        Sample([matrix]), Sample([matrix], ["correction": 0]), Sample([.numbers([5], -2...2)]),
        Sample([matrix, .constants([5], 0.5...2)]),
      ]
    ) {
      [
        try $0[0].covariance(
          correction: try $0.attributes.optionalInt("correction") ?? 1,
          weights: $0.inputs.count > 1 ? try $0[1] : nil)
      ]
    },
    Operation(
      "corrcoef", "x.correlation()",
      checked: [Sample([matrix]), Sample([.numbers([2, 7], -1...2)])]
    ) { [try $0[0].correlation()] },
    Operation(
      "cdist", "x.distances(to: y, p: 2)",
      checked: [2, 1, 3, 0.5].map {
        Sample([matrix, .numbers([4, 5], 2.5...4)], ["p": .number($0)])
      } + [Sample([.numbers([2, 1, 3, 2], -2...0), .numbers([3, 4, 2], 1...2)], ["p": "inf"])],
      tried: [Sample([.numbers([3, 0], -2...2), .numbers([2, 0], -2...2)], ["p": 2])]
    ) {
      [
        try $0[0].distances(
          to: try $0[1], p: $0.attributes.has("p") ? try $0.attributes.power("p") : 2)
      ]
    },
    Operation(
      "renorm", "x.renormalized(2, axis: axis, maximum: 1)",
      checked: [
        Sample([matrix], ["p": 2, "dim": 0, "maxnorm": 2]),
        Sample([.numbers([2, 3, 4], -2...2)], ["p": 1, "dim": -2, "maxnorm": 0.5]),
        Sample([matrix], ["p": 3, "dim": 1, "maxnorm": 100]),
      ]
    ) {
      [
        try $0[0].renormalized(
          try $0.attributes.double("p"), axis: try $0.attributes.int("dim"),
          maximum: try $0.attributes.double("maxnorm"))
      ]
    },
  ]
}

/// Reductions of ONNX that are spelled with others.
private func onnxReductions<Element: FloatingElement>() -> [Operation<Element>] {
  func reduction(
    _ name: String, _ spelling: String, _ domain: ClosedRange<Double> = -2...2,
    _ along: @escaping @Sendable (Tensor<Element>, [Int]?, Bool) -> Tensor<Element>
  ) -> Operation<Element> {
    .reduction(
      name, spelling, checked: reductionSamples(domain), all: { along($0, nil, false) },
      along: { along($0, $1, $2) })
  }
  return [
    reduction("reduce_l1", "x.norm(1, axes: axes)") { $0.norm(1, axes: $1, keepingAxes: $2) },
    reduction("reduce_l2", "x.norm(axes: axes)") { $0.norm(axes: $1, keepingAxes: $2) },
    reduction("reduce_log_sum", "x.sum(axes: axes).log()", 0.5...2) {
      $0.sum(axes: $1 ?? Array(0..<$0.rank), keepingAxes: $2).log()
    },
    reduction("reduce_log_sum_exp", "x.logSumExp(axes: axes)") {
      $0.logSumExp(axes: $1, keepingAxes: $2)
    },
    reduction("reduce_sum_square", "x.square().sum(axes: axes)") {
      $0.square().sum(axes: $1 ?? Array(0..<$0.rank), keepingAxes: $2)
    },
  ]
}

/// Extrema together, and their last positions, of every type with arithmetic.
func extremumOperations<Element: NumericElement>() -> [Operation<Element>] {
  func position(
    _ name: String, _ spelling: String,
    _ call: @escaping @Sendable (Tensor<Element>, Int?, Bool) -> Tensor<Int>
  ) -> Operation<Element> {
    Operation(name, spelling, exact: true, tried: axisSamples()) {
      [call(try $0[0], try $0.attributes.optionalInt("dim"), try $0.attributes.flag("keepdim"))]
    }
  }
  return [
    Operation(
      "aminmax", "(x.min(axis: axis), x.max(axis: axis))", exact: true, checked: axisSamples()
    ) {
      let x = try $0[0]
      guard let axis = try $0.attributes.optionalInt("dim") else {
        let all = Array(0..<x.rank)
        let keeps = try $0.attributes.flag("keepdim")
        return [x.min(axes: all, keepingAxes: keeps), x.max(axes: all, keepingAxes: keeps)]
      }
      let keeps = try $0.attributes.flag("keepdim")
      return [
        x.min(axes: [axis], keepingAxes: keeps), x.max(axes: [axis], keepingAxes: keeps),
      ]
    },
    position("last_argmax", "x.lastArgmax(axis: axis)") {
      $0.lastArgmax(axis: $1, keepingAxes: $2)
    },
    position("last_argmin", "x.lastArgmin(axis: axis)") {
      $0.lastArgmin(axis: $1, keepingAxes: $2)
    },
  ]
}

extension Attributes {
  /// Axes as one number or a list; nil for all.
  func axes(_ name: String) throws -> [Int]? {
    if !has(name) { return nil }
    if let axis = try? int(name) { return [axis] }
    return try ints(name)
  }
}
