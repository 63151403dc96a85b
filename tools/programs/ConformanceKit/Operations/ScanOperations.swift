import Slope

/// Running results and differences along an axis, of floating-point elements.
func floatingScanOperations<Element: FloatingElement>() -> [Operation<Element>] {
  let samples = [
    Sample([.numbers([3, 4], -2...2)], ["dim": 1]),
    Sample([.numbers([2, 3, 4], -2...2)], ["dim": 0]),
    Sample([.numbers([2, 9], -1...2)], ["dim": -1]), Sample([.numbers([], -2...2)], ["dim": 0]),
    Sample([.numbers([0, 2], -2...2)], ["dim": 0]),
  ]
  return [
    Operation("logcumsumexp", "x.cumulativeLogSumExp(axis: axis)", checked: samples) {
      [try $0[0].cumulativeLogSumExp(axis: try $0.attributes.int("dim"))]
    },
    Operation(
      "trapezoid", "x.trapezoid(spacing: 0.5, axis: axis)", checked: integralSamples()
    ) {
      [
        try integral(
          $0, { $0.trapezoid(at: $1, axis: $2) }, { $0.trapezoid(spacing: $1, axis: $2) })
      ]
    },
    Operation(
      "cumulative_trapezoid", "x.cumulativeTrapezoid(spacing: 0.5, axis: axis)",
      checked: integralSamples()
    ) {
      [
        try integral(
          $0, { $0.cumulativeTrapezoid(at: $1, axis: $2) },
          { $0.cumulativeTrapezoid(spacing: $1, axis: $2) })
      ]
    },
  ]
}

/// Running sums and differences of every type.
func differenceOperations<Element: TensorElement>() -> [Operation<Element>] {
  let (matrix, block) = (
    Sample.Input.numbers([3, 4], -2...2), Sample.Input.numbers([2, 3, 4], -2...2)
  )
  let sums =
    [[:], ["exclusive": true], ["reverse": true], ["exclusive": true, "reverse": true]].flatMap {
      (extra: Attributes) in
      [
        ([3, 4], 1), ([2, 3, 4], 0), ([2, 9], -1), ([], 0), ([0, 2], 0),
      ].map { (shape: [Int], axis: Int) in
        Sample([.numbers(shape, -2...2)], extra.adding(["dim": .integer(axis)]))
      }
    }
  // Several blocks and spans of a scan's kernels, along rows and across them.
  let long = [([2, 300], 1), ([130, 3], 0), ([2, 70, 20], 1), ([4200], 0)].map {
    (shape: [Int], axis: Int) in
    Sample([.numbers(shape, -2...2)], ["dim": .integer(axis)])
  }
  return [
    Operation("cumsum", "x.cumulativeSum(axis: axis)", checked: sums, tried: long) {
      [
        try $0[0].cumulativeSum(
          axis: try $0.attributes.int("dim"), exclusive: try $0.attributes.flag("exclusive"),
          reversed: try $0.attributes.flag("reverse"))
      ]
    },
    Operation(
      "diff", "x.differences(axis: axis)", exact: true,
      checked: [
        Sample([matrix]), Sample([block], ["dim": 1, "n": 2]),
        Sample([matrix], ["dim": 0, "n": 3]),
        Sample([matrix], ["n": 0]), Sample([matrix, .numbers([3, 1], -1...1)], ["dim": 1]),
        Sample(
          [matrix, .numbers([2, 4], -1...1), .numbers([1, 4], -1...1)], ["dim": 0, "n": 2]),
      ], tried: [Sample([.numbers([0, 2], -2...2)], ["dim": 0]), Sample([matrix], ["n": 9])]
    ) {
      [
        try $0[0].differences(
          order: try $0.attributes.optionalInt("n") ?? 1,
          axis: try $0.attributes.optionalInt("dim") ?? -1,
          prepending: $0.inputs.count > 1 ? try $0[1] : nil,
          appending: $0.inputs.count > 2 ? try $0[2] : nil)
      ]
    },
  ]
}

private func integralSamples() -> [Sample] {
  let block = Sample.Input.numbers([2, 3, 4], -2...2)
  return [
    Sample([.numbers([5], -2...2)]), Sample([block], ["dim": 1]), Sample([block], ["dx": 0.5]),
    Sample([block, .numbers([3], -1...1)], ["dim": 1]), Sample([block, .numbers([4], -1...1)]),
    Sample([block, .numbers([2, 3, 4], -1...1)], ["dim": 0]),
    Sample([.numbers([1, 4], -2...2)], ["dim": 0]),
  ]
}

/// An integral at points, the second operand, or with equal distances.
private func integral<Element: FloatingElement>(
  _ arguments: Arguments<Element>,
  _ atPoints: (Tensor<Element>, Tensor<Element>, Int) -> Tensor<Element>,
  _ spaced: (Tensor<Element>, Double, Int) -> Tensor<Element>
) throws -> Tensor<Element> {
  let axis = try arguments.attributes.optionalInt("dim") ?? -1
  if arguments.inputs.count > 1 { return atPoints(try arguments[0], try arguments[1], axis) }
  return spaced(try arguments[0], try arguments.attributes.optionalDouble("dx") ?? 1, axis)
}

extension Attributes {
  /// These attributes and others.
  func adding(_ others: Attributes) -> Attributes {
    Attributes(values.merging(others.values) { $1 })
  }
}
