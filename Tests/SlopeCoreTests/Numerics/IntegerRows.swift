import ConformanceKit
import Slope
import Testing

@testable import SlopeCore

extension NumericsTests {
  @Suite struct IntegerRows {
    @Test(arguments: integerRows.onDevices)
    func hold(row: NumericsRow, device: NumericsDevice) { row.check(on: device) }
  }
}

// That `-` on Bool and a gradient of integers do not compile is for the compiler to check; the
// protocols that cause it are checked here.
private let integerRows: [NumericsRow] = [
  NumericsRow(integers: "arithmetic wraps, divisions are total, shifts are smart") {
    type, device in
    integerCases(type, device)
  },
  NumericsRow("numbers of the page") { _ in
    let (bytes, signs) = (Tensor<UInt8>([250, 5, 16, 1, 2]), Tensor<Int8>([127, -128, 100]))
    return [
      NumericsCase("250 + 10", show(bytes + 10), "[5] 4 15 26 11 12"),
      NumericsCase("5 − 10", show(bytes - 10), "[5] 240 251 6 247 248"),
      NumericsCase("10 − 16", show(10 - bytes), "[5] 16 5 250 9 8"),
      NumericsCase("16 × 16", show(bytes * 16), "[5] 160 80 0 16 32"),
      NumericsCase("−1", show(-bytes), "[5] 6 251 240 255 254"),
      NumericsCase("2⁹", show(bytes.pow(9)), "[5] 0 101 0 1 0"),
      NumericsCase("127 + 1", show(signs + 1), "[3] -128 -127 101"),
      NumericsCase("−(−128)", show(-signs), "[3] -127 -128 -100"),
      NumericsCase("|−128|", show(signs.abs()), "[3] 127 -128 100"),
      NumericsCase("by 0", show(signs / 0), "[3] 0 0 0"),
      NumericsCase("by −1", show(signs / -1), "[3] -127 -128 -100"),
      NumericsCase("into 0", show(7 / Tensor<Int8>([0, 2, -2])), "[3] 0 3 -3"),
      NumericsCase("clamped", show(signs.clamped(min: 5, max: -5)), "[3] -5 -5 -5"),
    ]
  },
  NumericsRow(integers: "signs of quotients") { type, _ in signCases(type) },
  NumericsRow("true division of integers is of their casts") { _ in
    let (x, y) = (Tensor([1, 0, 7]), Tensor([0, 0, 2]))
    return [
      NumericsCase("", show(x.cast(to: Float.self) / y.cast(to: Float.self)), "[3] inf nan 3.5")
    ]
  },
  NumericsRow(integers: "negative exponents fail") { type, _ in
    negativeExponentCases(type)
  },
  NumericsRow(integers: "products of matrices wrap", inEachForm: true) { type, _ in
    productCases(type)
  },
  NumericsRow(integers: "sums and products are wide", inEachForm: true) { type, _ in wideCases(type)
  },
  NumericsRow("sums and products of Bool") { _ in
    let truths = Tensor([[true, false], [true, true]])
    return [
      NumericsCase("sum", show(truths.sum()), "[] 3"),
      NumericsCase("product", show(truths.product()), "[] 0"),
      NumericsCase("sums", show(truths.sum(axis: 0)), "[2] 2 1"),
      NumericsCase("running sums", show(truths.cumulativeSum(axis: 1)), "[2, 2] 1 1 1 2"),
      NumericsCase(
        "running products", show(truths.cumulativeProduct(axis: 0)), "[2, 2] 1 0 1 0"),
      NumericsCase("type", holds: truths.sum().dtype == .int64),
      NumericsCase("any, all", show(stack([truths.any(), truths.all()])), "[2] true false"),
    ]
  },
  NumericsRow("Bool is or and and") { _ in
    let (p, q) = (Tensor([true, true, false, false]), Tensor([true, false, true, false]))
    return [
      NumericsCase("+", show(p + q), "[4] true true true false"),
      NumericsCase("×", show(p * q), "[4] true false false false"),
      NumericsCase("^", show(p ^ q), "[4] false true true false"),
      NumericsCase("~", show(~p), "[4] false false true true"),
      NumericsCase("==", show(p .== q), "[4] true false false true"),
      NumericsCase(
        "matmul",
        show(
          matmul(
            Tensor([[true, false], [false, false]]), Tensor([[false, true], [true, true]]))),
        "[2, 2] false true false false"),
    ]
  },
  NumericsRow("what does not compile") { _ in
    let bool: any TensorElement.Type = Bool.self
    return [
      NumericsCase("− of Bool", holds: !(bool is any NumericElement.Type)),
      NumericsCase(
        "gradients and means of integers",
        holds: (OperationTypes.integers + [bool]).allSatisfy { !($0 is any FloatingElement.Type) }),
    ]
  },
]

private enum OperationTypes {
  static let integers: [any TensorElement.Type] = OperationList.integerTypes
}

private func integerCases<Element: IntegerElement>(
  _ type: Element.Type, _ device: NumericsDevice
) -> [NumericsCase] {
  integerTable(type).cases(on: device)
}

private func signCases<Element: IntegerElement>(_: Element.Type) -> [NumericsCase] {
  guard Element.isSigned else {
    let (x, y) = (Tensor<Element>([7, 7, 0]), Tensor<Element>([2, 0, 0]))
    return [
      NumericsCase("/", show(x / y), "[3] 3 0 0"),
      NumericsCase("floorDivide", show(x.floorDivided(by: y)), "[3] 3 0 0"),
      NumericsCase("remainder", show(x.remainder(y)), "[3] 1 0 0"),
      NumericsCase("fmod", show(x.fmod(y)), "[3] 1 0 0"),
    ]
  }
  let x = Tensor<Element>([7, 0 - 7, 7, 0 - 7, 5, .min])
  let y = Tensor<Element>([2, 2, 0 - 2, 0 - 2, 0, 0 - 1])
  return [
    NumericsCase("/", show(x / y), "[6] 3 -3 -3 3 0 \(Element.min)"),
    NumericsCase("floorDivide", show(x.floorDivided(by: y)), "[6] 3 -4 -4 3 0 \(Element.min)"),
    NumericsCase("remainder", show(x.remainder(y)), "[6] 1 1 -1 -1 0 0"),
    NumericsCase("fmod", show(x.fmod(y)), "[6] 1 -1 1 -1 0 0"),
  ]
}

private func negativeExponentCases<Element: IntegerElement>(_: Element.Type) -> [NumericsCase] {
  guard Element.isSigned else { return [] }
  let x = Tensor<Element>([2, 1])
  return [
    NumericsCase(
      "one", failure { x.pow(0 - 1) } ?? "", "pow: an integer has no power -1 among integers"),
    NumericsCase(
      "many", failure { x.pow(Tensor([1, 0 - 1])) } ?? "",
      "pow: an integer has no negative power among integers"),
    NumericsCase("none", holds: failure { x.pow(Tensor<Element>([0, 3])) } == nil),
  ]
}

private func productCases<Element: IntegerElement>(_: Element.Type) -> [NumericsCase] {
  let left: [[Element]] = [[100, 100, 0], [.max, .min, 3]]
  let right: [[Element]] = [[100, .max, 0, 1], [100, .max, 1, .min], [7, 5, .max, .max]]
  let expected = left.flatMap { row in
    (0..<4).map { column in
      (0..<3).reduce(Element(0)) { $0 &+ row[$1] &* right[$1][column] }
    }
  }
  let product = matmul(Tensor(left), Tensor(right))
  return [
    .elements("matmul", product.scalars, expected) { "element \($0): " },
    NumericsCase(
      "100 · 100 · 2", product[0, 0].item().description, "\(Element(truncatingIfNeeded: 20_000))"),
  ]
}

/// The type of sums and products is Int64, or UInt64 of UInt64; there they wrap.
private func wideCases<Element: IntegerElement>(_: Element.Type) -> [NumericsCase] {
  let numbers: [Element] = [.max, .max, 3, .min, 2, .max]
  let x = Tensor(numbers)
  func wide(_ number: Element) -> UInt64 { UInt64(truncatingIfNeeded: number) }
  func text(_ bits: UInt64) -> String {
    Element.Accumulated.dtype == .uint64 ? "\(bits)" : "\(Int64(bitPattern: bits))"
  }
  func running(_ join: (UInt64, UInt64) -> UInt64) -> [UInt64] {
    var last: UInt64?
    return numbers.map { number in
      let next = last.map { join($0, wide(number)) } ?? wide(number)
      last = next
      return next
    }
  }
  let (sums, products) = (running { $0 &+ $1 }, running { $0 &* $1 })
  let isUnsigned = Element.dtype == .uint64
  return [
    NumericsCase("type", holds: x.sum().dtype == (isUnsigned ? .uint64 : .int64)),
    NumericsCase("sum", show(x.sum()), "[] " + text(sums[5])),
    NumericsCase("product", show(x[..<3].product()), "[] " + text(products[2])),
    NumericsCase(
      "cumulativeSum", show(x.cumulativeSum(axis: 0)),
      "[6] " + sums.map(text).joined(separator: " ")),
    NumericsCase(
      "cumulativeProduct", show(x.cumulativeProduct(axis: 0)),
      "[6] " + products.map(text).joined(separator: " ")),
    NumericsCase(
      "three times 200", show(Tensor<Element>.full([3], Element(truncatingIfNeeded: 200)).sum()),
      "[] " + text(3 &* wide(Element(truncatingIfNeeded: 200)))),
    NumericsCase("max", show(x.max()), "[] \(Element.max)"),
    NumericsCase("min", show(x.min()), "[] \(Element.min)"),
  ]
}
