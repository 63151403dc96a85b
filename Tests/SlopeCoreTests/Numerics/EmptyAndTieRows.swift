import Slope
import Testing

@testable import SlopeCore

extension NumericsTests {
  @Suite struct EmptyAndTieRows {
    @Test(arguments: orderRows.onDevices)
    func hold(row: NumericsRow, device: NumericsDevice) { row.check(on: device) }
  }
}

private let orderRows: [NumericsRow] = [
  NumericsRow(floats: "the first NaN is the extreme, else the first of equals", inEachForm: true) {
    type, _ in
    extremeCases(type)
  },
  NumericsRow(integers: "the first of equal integers") { type, _ in
    integerExtremes(type)
  },
  NumericsRow(floats: "NaN is sorted as the largest") { type, _ in
    orderCases(type)
  },
  NumericsRow(integers: "integers in order") { type, _ in integerOrder(type) },
  NumericsRow("Bool in order") { _ in
    let x = Tensor([true, false, true, false])
    return [
      NumericsCase("argsort", show(x.argsort()), "[4] 1 3 0 2"),
      NumericsCase("descending", show(x.argsort(descending: true)), "[4] 0 2 1 3"),
    ]
  },
  NumericsRow(floats: "the lower of two in the middle") { type, _ in
    middleCases(type)
  },
  NumericsRow(floats: "sum, mean and product of nothing") { type, _ in
    emptyCases(type)
  },
  NumericsRow(integers: "nothing to choose from") { type, _ in emptyIntegers(type) },
  NumericsRow(floats: "spread of one value") { type, _ in spreadCases(type) },
]

private func extremeCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let nan = Element(Double.nan)
  let (x, ties) = (Tensor<Element>([3, nan, 7, nan]), Tensor<Element>([2, 7, 7, 2]))
  let rows = Tensor<Element>([[1, 5, 5], [nan, 0, nan]])
  return [
    NumericsCase("argmax of NaN", show(x.argmax()), "[] 1"),
    NumericsCase("argmin of NaN", show(x.argmin()), "[] 1"),
    NumericsCase("argmax", show(ties.argmax()), "[] 1"),
    NumericsCase("argmin", show(ties.argmin()), "[] 0"),
    NumericsCase("rows", show(rows.argmax(axis: 1)), "[2] 1 0"),
    NumericsCase("columns", show(rows.argmin(axis: 0)), "[3] 1 1 1"),
    NumericsCase("zeros", show(Tensor<Element>([-0.0, 0, -0.0]).argmax()), "[] 0"),
    NumericsCase("max", show(rows.max(axis: 1)), "[2] 5 nan"),
    NumericsCase("argmin of zeros", show(Tensor<Element>([0, -0.0]).argmin()), "[] 0"),
  ] + longExtremes(Element.self) + columnExtremes(Element.self)
}

/// More columns than a vector has elements, and rows of few values.
private func columnExtremes<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let (rows, columns) = (5, 70)
  func value(_ row: Int, _ column: Int) -> Int { (row * 11 + column * 5) % 4 }
  let x = Tensor<Element>(
    shape: [rows, columns],
    scalars: (0..<rows * columns).map { Element(Double(value($0 / columns, $0 % columns))) })
  func first(_ isBetter: (Int, Int) -> Bool) -> [Int] {
    (0..<columns).map { column in
      (1..<rows).reduce(0) { isBetter(value($1, column), value($0, column)) ? $1 : $0 }
    }
  }
  return [
    .elements("argmax of columns", x.argmax(axis: 0).scalars, first(>)) { "column \($0): " },
    .elements("argmin of columns", x.argmin(axis: 0).scalars, first(<)) { "column \($0): " },
  ]
}

/// More than one group or block of elements.
private func longExtremes<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  var numbers = (0..<70_000).map { Element(Double($0 % 50)) }
  let ties = Tensor(numbers)
  (numbers[35_000], numbers[69_998]) = (Element(Double.nan), Element(Double.nan))
  let x = Tensor(numbers)
  let columns = stack([x, .zeros([70_000])], axis: 1)
  return [
    NumericsCase("long argmax", show(ties.argmax()), "[] 49"),
    NumericsCase("long argmin", show(ties.argmin()), "[] 0"),
    NumericsCase("long max", show(ties.max()), "[] 49"),
    NumericsCase("long argmax of NaN", show(x.argmax()), "[] 35000"),
    NumericsCase("long argmin of NaN", show(x.argmin()), "[] 35000"),
    NumericsCase("long max of NaN", show(x.max()), "[] nan"),
    NumericsCase("long min of NaN", show(x.min()), "[] nan"),
    NumericsCase("long columns", show(columns.argmin(axis: 0)), "[2] 35000 0"),
    NumericsCase("max of long columns", show(columns.max(axis: 0)), "[2] nan 0"),
    NumericsCase("of long rows", show(columns.transposed().argmax(axis: 1)), "[2] 35000 0"),
  ]
}

private func integerExtremes<Element: IntegerElement>(_: Element.Type) -> [NumericsCase] {
  let x = Tensor<Element>([3, .max, .min, .max, .min])
  // 64-bit integers that Double does not distinguish.
  let near = Tensor<Element>([.max - 1, .max, .min + 1, .min])
  return [
    NumericsCase("argmax", show(x.argmax()), "[] 1"),
    NumericsCase("argmin", show(x.argmin()), "[] 2"),
    NumericsCase("argmax of neighbours", show(near.argmax()), "[] 1"),
    NumericsCase("argmin of neighbours", show(near.argmin()), "[] 3"),
    NumericsCase(
      "running max", show(near.cumulativeMax(axis: 0)),
      "[4] " + ordered([Element.max - 1, .max, .max, .max])),
    NumericsCase(
      "running min", show(near.cumulativeMin(axis: 0)),
      "[4] " + ordered([Element.max - 1, .max - 1, .min + 1, .min])),
  ]
}

private func orderCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let (nan, inf, low) = (Element(Double.nan), Element(Double.infinity), Element(-Double.infinity))
  let x = Tensor<Element>([nan, 2, nan, low, 2, inf])
  let (top, least) = (x.topK(3), x.topK(3, largest: false))
  return [
    NumericsCase("ascending", show(x.sorted()), "[6] -inf 2 2 inf nan nan"),
    NumericsCase("descending", show(x.sorted(descending: true)), "[6] nan nan inf 2 2 -inf"),
    NumericsCase("places", show(x.argsort()), "[6] 3 1 4 5 0 2"),
    NumericsCase("places down", show(x.argsort(descending: true)), "[6] 0 2 5 1 4 3"),
    NumericsCase("zeros stay", show(Tensor<Element>([0, -0.0, 0]).argsort()), "[3] 0 1 2"),
    NumericsCase("topK", show(top.values), "[3] nan nan inf"),
    NumericsCase("its places", show(top.indices), "[3] 0 2 5"),
    NumericsCase("smallest", show(least.values), "[3] -inf 2 2"),
    NumericsCase("their places", show(least.indices), "[3] 3 1 4"),
  ]
}

private func integerOrder<Element: IntegerElement>(_: Element.Type) -> [NumericsCase] {
  let x = Tensor<Element>([1, .max, .min, 5, 1])
  let near = Tensor<Element>([.max - 1, .max, .min + 1, .min])
  return [
    NumericsCase("ascending", show(x.sorted()), "[5] " + ordered([.min, 1, 1, 5, Element.max])),
    NumericsCase("places", show(x.argsort()), "[5] 2 0 4 3 1"),
    NumericsCase("places down", show(x.argsort(descending: true)), "[5] 1 3 0 4 2"),
    NumericsCase("topK", show(x.topK(2).values), "[2] " + ordered([Element.max, 5])),
    NumericsCase("median", show(x.median()), "[] 1"),
    NumericsCase("places of neighbours", show(near.argsort()), "[4] 3 2 0 1"),
    NumericsCase("the lower middle", show(near.median()), "[] \(Element.min + 1)"),
  ]
}

private func ordered<Element: IntegerElement>(_ numbers: [Element]) -> String {
  numbers.map(\.description).joined(separator: " ")
}

private func middleCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let x = Tensor<Element>([4, 1, 3, 2])
  let inf = Element(Double.infinity)
  return [
    NumericsCase("median", show(x.median()), "[] 2"),
    NumericsCase("quantile", show(x.quantile(0.5)), "[] 2.5"),
    NumericsCase("odd", show(x[..<3].median()), "[] 3"),
    NumericsCase("rows", show(x.reshaped(to: [2, 2]).median(axis: 1)), "[2] 1 2"),
    NumericsCase("ends", show(stack([x.quantile(0), x.quantile(1)])), "[2] 1 4"),
    // Between a finite number and infinity; PyTorch has NaN.
    NumericsCase("infinite", show(Tensor<Element>([1, inf]).quantile(0.5)), "[] inf"),
  ]
}

private func emptyCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let (none, rows) = (Tensor<Element>.zeros([0]), Tensor<Element>.zeros([2, 0]))
  return [
    NumericsCase("sum", show(none.sum()), "[] 0"),
    NumericsCase("mean", show(none.mean()), "[] nan"),
    NumericsCase("product", show(none.product()), "[] 1"),
    NumericsCase("sums", show(rows.sum(axis: 1)), "[2] 0 0"),
    NumericsCase("means", show(rows.mean(axis: 1)), "[2] nan nan"),
    NumericsCase("products", show(rows.product(axes: [1])), "[2] 1 1"),
    NumericsCase("variance", show(none.variance()), "[] nan"),
    NumericsCase("running", show(none.cumulativeSum(axis: 0)), "[0] "),
    NumericsCase("sorted", show(rows.sorted()), "[2, 0] "),
    NumericsCase("max of none of nothing", show(rows.max(axis: 0)), "[0] "),
    NumericsCase(
      "max", failure { none.max() } ?? "", "maximum: shape [0] has no elements to choose from"),
    NumericsCase(
      "argmax", failure { rows.argmax(axis: 1) } ?? "",
      "argMaximum: shape [2, 0] has no elements to choose from"),
    NumericsCase(
      "median", failure { none.median() } ?? "", "median: no elements along an axis of [0]"),
  ]
}

private func emptyIntegers<Element: IntegerElement>(_: Element.Type) -> [NumericsCase] {
  let none = Tensor<Element>.zeros([0])
  return [
    NumericsCase("sum", show(none.sum()), "[] 0"),
    NumericsCase("product", show(none.product()), "[] 1"),
    NumericsCase(
      "min", failure { none.min() } ?? "", "minimum: shape [0] has no elements to choose from"),
    NumericsCase("argmin", holds: failure { none.argmin() } != nil),
    NumericsCase("any, all", show(stack([none.any(), none.all()])), "[2] false true"),
  ]
}

private func spreadCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let one = Tensor<Element>([5])
  return [
    NumericsCase("std", show(one.std()), "[] nan"),
    NumericsCase("variance", show(one.variance()), "[] nan"),
    NumericsCase("std by n", show(one.std(correction: 0)), "[] 0"),
    NumericsCase("std of two", show(Tensor<Element>([1, 3]).std(correction: 0)), "[] 1"),
    NumericsCase("variance of two", show(Tensor<Element>([1, 3]).variance()), "[] 2"),
  ]
}
