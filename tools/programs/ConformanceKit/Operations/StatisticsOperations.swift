import Slope

/// Means, variances, softmax and the linear map.
func statisticsOperations<Element: FloatingElement>() -> [Operation<Element>] {
  let matrix = Sample.Input.numbers([3, 4], -2...2)
  let axes = [0, 1, -1].map { Sample([matrix], ["dim": .integer($0)]) }
  return [
    .reduction(
      "mean", "x.mean(axes: axes)", checked: reductionSamples(), all: { $0.mean() },
      along: { $0.mean(axes: $1, keepingAxes: $2) }),
    spread(
      "var", "x.variance(axes: axes, correction: 1)", all: { $0.variance(correction: $1) },
      along: { $0.variance(axes: $1, correction: $2, keepingAxes: $3) }),
    spread(
      "std", "x.std(axes: axes, correction: 1)", all: { $0.std(correction: $1) },
      along: { $0.std(axes: $1, correction: $2, keepingAxes: $3) }),
    Operation("softmax", "x.softmax(axis: axis)", checked: axes) {
      [try $0[0].softmax(axis: try $0.attributes.int("dim"))]
    },
    Operation("log_softmax", "x.logSoftmax(axis: axis)", checked: axes) {
      [try $0[0].logSoftmax(axis: try $0.attributes.int("dim"))]
    },
    Operation(
      "linear", "Linear<Float>(inputs, outputs)(x)",
      checked: [
        Sample([
          .numbers([2, 3, 5], -2...2), .numbers([4, 5], -1...1), .numbers([4], -1...1),
        ])
      ]
    ) { [linear(try $0[0], weight: try $0[1], bias: $0.inputs.count > 2 ? try $0[2] : nil)] },
  ]
}

/// A variance or a standard deviation.
private func spread<Element: FloatingElement>(
  _ name: String, _ spelling: String,
  all: @escaping @Sendable (Tensor<Element>, _ correction: Int) -> Tensor<Element>,
  along:
    @escaping @Sendable (Tensor<Element>, _ axes: [Int], _ correction: Int, _ keepsAxes: Bool) ->
    Tensor<
      Element
    >
) -> Operation<Element> {
  let block = Sample.Input.numbers([2, 3, 4], -2...2)
  let samples = [
    Sample([block], ["correction": 1]),
    Sample([block], ["dims": [1], "correction": 0]),
    Sample([block], ["dims": [0, 2], "correction": 1, "keepdim": true]),
  ]
  return Operation(name, spelling, checked: samples) { arguments in
    let x = try arguments[0]
    let keeps = try arguments.attributes.flag("keepdim")
    let correction = try arguments.attributes.optionalInt("correction") ?? 1
    var axes = try arguments.attributes.optionalInts("dims")
    if axes == nil, keeps { axes = Array(0..<x.rank) }
    return [axes.map { along(x, $0, correction, keeps) } ?? all(x, correction)]
  }
}
