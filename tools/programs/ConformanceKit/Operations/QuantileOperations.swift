import Slope

/// Medians and quantiles, and results that ignore NaN.
func quantileOperations<Element: FloatingElement>() -> [Operation<Element>] {
  let block = Sample.Input.numbers([2, 5, 4], -2...2)
  func samples(_ attributes: Attributes = [:]) -> [Sample] {
    [[:], ["dim": 1], ["dim": -1, "keepdim": true]].map { (extra: Attributes) in
      Sample([block], Attributes(attributes.values.merging(extra.values) { $1 }))
    }
  }
  return [
    Operation("median", "x.median(axis: axis)", exact: true, checked: samples()) {
      [
        try $0[0].median(
          axis: try $0.attributes.optionalInt("dim"),
          keepingAxes: try $0.attributes.flag("keepdim"))
      ]
    },
    Operation(
      "quantile", "x.quantile(0.5, axis: axis)",
      checked: samples(["q": 0.5]) + samples(["q": 0.2]) + samples(["q": 0.9])
    ) {
      [
        try $0[0].quantile(
          try $0.attributes.double("q"), axis: try $0.attributes.optionalInt("dim"),
          keepingAxes: try $0.attributes.flag("keepdim"))
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
