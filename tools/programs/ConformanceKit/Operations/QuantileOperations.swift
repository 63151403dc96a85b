import Slope

/// Quantiles, and results that ignore NaN.
func quantileOperations<Element: FloatingElement>() -> [Operation<Element>] {
  let block = Sample.Input.numbers([2, 5, 4], -2...2)
  func samples(_ attributes: Attributes = [:]) -> [Sample] {
    [[:], ["dim": 1], ["dim": -1, "keepdim": true]].map { (extra: Attributes) in
      Sample([block], Attributes(attributes.values.merging(extra.values) { $1 }))
    }
  }
  let parts =
    samples(["q": 0.5]) + samples(["q": 0.2]) + samples(["q": 0.9])
    + samples(["q": [0, 0.3, 1], "interpolation": "linear"])
    + ["lower", "higher", "nearest", "midpoint"].flatMap {
      samples(["q": 0.3, "interpolation": .string($0)])
    }
  return [
    Operation("nanmedian", "x.nanMedian(axis: axis)", exact: true, checked: samples()) {
      [
        try $0[0].nanMedian(
          axis: try $0.attributes.optionalInt("dim"),
          keepingAxes: try $0.attributes.flag("keepdim"))
      ]
    },
    Operation(
      "quantile", "x.quantile(0.5, axis: axis), x.quantiles([0.25, 0.75], axis: axis)",
      checked: parts
    ) {
      [
        try quantile(
          $0, { $0.quantile($1, axis: $2, keepingAxes: $3, interpolation: $4) },
          { $0.quantiles($1, axis: $2, keepingAxes: $3, interpolation: $4) })
      ]
    },
    Operation(
      "nanquantile", "x.nanQuantile(0.5, axis: axis), x.nanQuantiles([0.25, 0.75], axis: axis)",
      checked: parts
    ) {
      [
        try quantile(
          $0, { $0.nanQuantile($1, axis: $2, keepingAxes: $3, interpolation: $4) },
          { $0.nanQuantiles($1, axis: $2, keepingAxes: $3, interpolation: $4) })
      ]
    },
    .reduction(
      "nansum", "x.nanSum(axes: axes)", checked: reductionSamples(), all: { $0.nanSum() },
      along: { $0.nanSum(axes: $1, keepingAxes: $2) }),
    .reduction(
      "nanmean", "x.nanMean(axes: axes)", checked: reductionSamples(), all: { $0.nanMean() },
      along: { $0.nanMean(axes: $1, keepingAxes: $2) }),
    .reduction(
      "nanmax", "x.nanMax(axes: axes)", checked: reductionSamples(), all: { $0.nanMax() },
      along: { $0.nanMax(axes: $1, keepingAxes: $2) }),
    .reduction(
      "nanmin", "x.nanMin(axes: axes)", checked: reductionSamples(), all: { $0.nanMin() },
      along: { $0.nanMin(axes: $1, keepingAxes: $2) }),
    .binary("fmax", "fmax(x, y)", on: -2...2, exact: true) { fmax($0, $1) },
    .binary("fmin", "fmin(x, y)", on: -2...2, exact: true) { fmin($0, $1) },
  ]
}

/// A quantile, or several of them where `q` is a list.
private func quantile<Element: FloatingElement>(
  _ arguments: Arguments<Element>,
  _ one: (Tensor<Element>, Double, Int?, Bool, QuantileInterpolation) -> Tensor<Element>,
  _ several: (Tensor<Element>, [Double], Int?, Bool, QuantileInterpolation) -> Tensor<Element>
) throws -> Tensor<Element> {
  let (x, attributes) = (try arguments[0], arguments.attributes)
  let (axis, keeps) = (try attributes.optionalInt("dim"), try attributes.flag("keepdim"))
  let name = attributes.has("interpolation") ? try attributes.string("interpolation") : "linear"
  guard let interpolation = QuantileInterpolation.allCases.first(where: { "\($0)" == name }) else {
    throw Unsupported("the interpolation '\(name)'")
  }
  if let q = try? attributes.optionalDoubles("q") {
    return several(x, q, axis, keeps, interpolation)
  }
  return one(x, try attributes.double("q"), axis, keeps, interpolation)
}
