import Slope
import SlopeNN
import Testing

@testable import SlopeCore

extension NumericsTests {
  @Suite struct ShapeRows {
    @Test(arguments: shapeRows.onDevices)
    func hold(row: NumericsRow, device: NumericsDevice) { row.check(on: device) }
  }
}

private let shapeRows: [NumericsRow] = [
  NumericsRow("broadcasting is NumPy's") { _ in
    let (row, column) = (Tensor<Float>([1, 2, 3]), Tensor<Float>([[10], [20]]))
    return [
      NumericsCase("row and column", show(row + column), "[2, 3] 11 12 13 21 22 23"),
      NumericsCase("one element", show(row + Tensor<Float>([5])), "[3] 6 7 8"),
      NumericsCase("no axes", show(row * Tensor<Float>(2)), "[3] 2 4 6"),
      NumericsCase("nothing", show(Tensor<Float>.zeros([0, 1]) + row), "[0, 3] "),
      NumericsCase(
        "neither", failure { row + Tensor([1, 2]) } ?? "",
        "add: shapes [3] and [2] do not broadcast"),
    ]
  },
  NumericsRow(floats: "a loss takes one shape") { type, _ in lossCases(type) },
  NumericsRow("axes count from the end") { _ in
    let x = Tensor<Float>([[1, 5, 2], [4, 3, 6]])
    let one = Tensor<Float>(3)
    return [
      NumericsCase("last", show(x.sum(axis: -1)), "[2] 8 13"),
      NumericsCase("first", show(x.sum(axis: -2)), "[3] 5 8 8"),
      NumericsCase("both", show(x.sum(axes: [-1, 0])), "[] 21"),
      NumericsCase("none of 0", show(one.sum(axis: 0)), "[] 3"),
      NumericsCase("none of −1", show(one.max(axis: -1)), "[] 3"),
      NumericsCase("softmax of none", show(one.softmax(axis: 0)), "[] 1"),
      NumericsCase("running of none", show(one.cumulativeSum(axis: -1)), "[] 3"),
      NumericsCase("sorted of none", show(one.sorted(axis: -1)), "[] 3"),
      NumericsCase("argmax of none", show(one.argmax(axis: -1)), "[] 0"),
      NumericsCase(
        "too far", failure { x.sum(axis: 2) } ?? "", "sum: shape [2, 3] has no axis 2"),
      NumericsCase(
        "too far back", failure { x.mean(axis: -3) } ?? "", "mean: shape [2, 3] has no axis -3"),
      NumericsCase("1 of none", failure { one.sum(axis: 1) } ?? "", "sum: shape [] has no axis 1"),
      NumericsCase(
        "twice", failure { x.max(axes: [1, -1]) } ?? "",
        "maximum: axis -1 of shape [2, 3] is named twice"),
      NumericsCase("twice of none", holds: failure { one.sum(axes: [0, -1]) } != nil),
      NumericsCase("permuted twice", holds: failure { x.permuted([0, 0]) } != nil),
    ]
  },
  NumericsRow("a range is clipped, an index is not") { _ in
    let x = Tensor<Float>([0, 1, 2, 3, 4])
    return [
      NumericsCase("end", show(x[3..<99]), "[2] 3 4"),
      NumericsCase("beyond", show(x[7...]), "[0] "),
      NumericsCase("from the end", show(x[(-2)...]), "[2] 3 4"),
      NumericsCase("last", show(x[-1]), "[] 4"),
      NumericsCase("up to", show(x[..<(-9)]), "[0] "),
      NumericsCase(
        "index", failure { x[5] } ?? "", "subscript: index 5 is not in 0..<5 (axis 0)"),
      NumericsCase(
        "index back", failure { x[-6] } ?? "", "subscript: index -6 is not in 0..<5 (axis 0)"),
    ]
  },
  NumericsRow("an empty part of a list") { _ in
    let (x, none) = (Tensor<Float>([[1, 2]]), Tensor<Float>.zeros([0, 2]))
    return [
      NumericsCase("concatenate", show(concatenate([none, x, none])), "[1, 2] 1 2"),
      NumericsCase("across", show(concatenate([x, .zeros([1, 0])], axis: 1)), "[1, 2] 1 2"),
      NumericsCase("nothing", show(concatenate([none, none])), "[0, 2] "),
    ]
  },
  NumericsRow("indices out of range are named") { _ in
    let table = Tensor<Float>([[1, 2], [3, 4], [5, 6]])
    let embedding = Embedding(weight: Parameter(table))
    let places = Tensor<Int>([[0], [2], [1]])
    // More than one group checks: the first bad index is named.
    var many = Array(repeating: 1, count: 100_000)
    (many[70_001], many[99_999]) = (5, -7)
    let far = Tensor<Int>(many)
    return [
      NumericsCase("gather", show(table.taking(Tensor([2, 0]))), "[2, 2] 5 6 1 2"),
      NumericsCase(
        "gather 3", failure { table.taking(Tensor([0, 3])) } ?? "",
        "gather: index 3 at position 1 is not in 0..<3"),
      NumericsCase(
        "gather −1", failure { table.taking(Tensor([0, -1, 7])) } ?? "",
        "gather: index -1 at position 1 is not in 0..<3"),
      NumericsCase(
        "far", failure { table.taking(Tensor([1 << 40])) } ?? "",
        "gather: index 1099511627776 at position 0 is not in 0..<3"),
      NumericsCase(
        "first of many", failure { table.taking(far) } ?? "",
        "gather: index 5 at position 70001 is not in 0..<3"),
      NumericsCase(
        "first of many labels",
        failure { NLLLoss<Float>()(Tensor.zeros([100_000, 2]), far) } ?? "",
        "NLLLoss: class index 5 at position 70001 is not in 0..<2"),
      NumericsCase(
        "embedding −1", failure { embedding(Tensor([0, -1])) } ?? "",
        "gather: index -1 at position 1 is not in 0..<3"),
      NumericsCase(
        "one-hot −1",
        holds: failure { Tensor([0, -1]).oneHot(classCount: 3) }?
          .contains("-1 at position 1 is not in 0..<3") == true),
      NumericsCase(
        "across", failure { table.taking(Tensor([1, 2]), axis: 1) } ?? "",
        "gather: index 2 at position 1 is not in 0..<2"),
      NumericsCase(
        "embedding", failure { embedding(Tensor([[0, 1], [2, 3]])) } ?? "",
        "gather: index 3 at position 3 is not in 0..<3"),
      NumericsCase(
        "elements",
        holds: failure { table.takingAlong(places, axis: 1) }?
          .contains("index 2 at position 1 is not in 0..<2") == true),
      NumericsCase(
        "one-hot",
        holds: failure { Tensor([0, 3]).oneHot(classCount: 3) }?
          .contains("3 at position 1 is not in 0..<3") == true),
      NumericsCase(
        "labels", failure { CrossEntropyLoss<Float>()(table, Tensor([0, 1, 2])) } ?? "",
        "CrossEntropyLoss: class index 2 at position 2 is not in 0..<2"),
      NumericsCase(
        "labels of logarithms", failure { NLLLoss<Float>()(table, Tensor([0, -1, 1])) } ?? "",
        "NLLLoss: class index -1 at position 1 is not in 0..<2"),
    ]
  },
]

private func lossCases<Element: FloatingElement>(_: Element.Type) -> [NumericsCase] {
  let (column, list) = (Tensor<Element>([[1], [2], [3], [4]]), Tensor<Element>([1, 2, 3, 4]))
  let losses: [(String, (Tensor<Element>, Tensor<Element>) -> Tensor<Element>)] = [
    ("MSELoss", { MSELoss()($0, $1) }), ("L1Loss", { L1Loss()($0, $1) }),
    ("HuberLoss", { HuberLoss()($0, $1) }), ("SmoothL1Loss", { SmoothL1Loss()($0, $1) }),
    ("BCELoss", { BCELoss()($0, $1) }), ("BCEWithLogitsLoss", { BCEWithLogitsLoss()($0, $1) }),
    ("KLDivLoss", { KLDivLoss()($0, $1) }),
  ]
  return losses.flatMap { name, loss in
    [
      NumericsCase(
        name, failure { loss(column, list) } ?? "",
        "\(name): prediction [4, 1] and target [4]: shapes differ"),
      NumericsCase(
        name, failure { loss(list[..<1], list) } ?? "",
        "\(name): prediction [1] and target [4]: shapes differ"),
    ]
  }
}
