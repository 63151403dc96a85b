import CKernels
import Testing

@testable import SlopeCore

/// An operation on pairs of elements, three times: on tensors, in a formula, and on plain numbers.
struct PairOperation<Element: NumericElement> {
  let name: String
  let tensor: (Tensor<Element>, Tensor<Element>) -> Tensor<Element>
  let formula: (Expression, Expression) -> Expression
  let reference: (Element, Element) -> Element
  /// The allowed error in units in the last place; none if the contract says "exact".
  let units: Double
}

/// Operations on all pairs of some numbers, each against its reference.
///
/// Every device runs the formula that combines them all; the CPU also runs them one by one.
struct PairTable<Element: NumericElement> {
  private let numbers: [Element]
  private var operations: [PairOperation<Element>] = []

  init(_ numbers: [Element]) { self.numbers = numbers }

  mutating func add(
    _ name: String, units: Double = 0,
    _ tensor: @escaping (Tensor<Element>, Tensor<Element>) -> Tensor<Element>,
    _ formula: @escaping (Expression, Expression) -> Expression,
    _ reference: @escaping (Element, Element) -> Element
  ) {
    operations.append(
      PairOperation(
        name: name, tensor: tensor, formula: formula, reference: reference, units: units))
  }

  func cases(on device: NumericsDevice) -> [NumericsCase] {
    let left = numbers.flatMap { number in numbers.map { _ in number } }
    let right = numbers.flatMap { _ in numbers }
    let (x, y) = (Tensor(left), Tensor(right))
    // The index of the operation selects its result: one kernel for all.
    let joined = Pointwise("table") { x, y, number in
      var result: Expression = 0
      for (index, operation) in operations.enumerated() {
        result = .select(
          number .== Expression(Double(index)), operation.formula(x, y), result)
      }
      return result
    }
    let numbering = Tensor<Element>((0..<operations.count).map { [Element(clamping: Double($0))] })
    let results = joined(x, y, numbering).scalars
    return operations.enumerated().flatMap { index, operation in
      let expected = zip(left, right).map(operation.reference)
      func compared(_ what: String, _ found: some Collection<Element>) -> NumericsCase {
        .elements(what, Array(found), expected, within: operation.units) {
          "\(operation.name) of \(left[$0]) and \(right[$0]) = "
        }
      }
      let part = results.dropFirst(index * left.count).prefix(left.count)
      return [compared("in a formula", part)]
        + (device.isCPU ? [compared("alone", operation.tensor(x, y).scalars)] : [])
    }
  }
}

extension NumericsCase {
  /// Compares elements, and shows the first that differs.
  static func elements<Element: TensorElement>(
    _ what: String, _ found: [Element], _ expected: [Element], within units: Double = 0,
    label: (Int) -> String
  ) -> NumericsCase {
    guard found.count == expected.count else {
      return NumericsCase(what, "\(found.count) elements", "\(expected.count) elements")
    }
    let wrong = found.indices.first { !isSame(found[$0], expected[$0], within: units) }
    guard let wrong else { return NumericsCase(what, "", "", count: found.count) }
    return NumericsCase(
      what, label(wrong) + "\(found[wrong])", label(wrong) + "\(expected[wrong])",
      count: found.count)
  }

  /// Whether both have the same bits, both are NaN, or they are close enough.
  static func isSame<Element: TensorElement>(_ a: Element, _ b: Element, within units: Double)
    -> Bool
  {
    if a.computeBits == b.computeBits { return true }
    guard let a = a as? any FloatingElement, let b = b as? any FloatingElement else { return false }
    let (x, y) = (a.doubleValue, b.doubleValue)
    if x.isNaN || y.isNaN { return x.isNaN && y.isNaN }
    guard units > 0, x.isFinite, y.isFinite, y != 0 else { return false }
    return abs(x - y) <= units * Element.dtype.unit(of: y)
  }
}

extension DType {
  /// The distance between floating-point numbers of this type around `number`.
  func unit(of number: Double) -> Double {
    let (digits, least) =
      switch self {
      case .float16: (10, -24)
      case .bfloat16: (7, -133)
      case .float32: (23, -149)
      default: (52, -1074)
      }
    return Double(
      sign: .plus, exponent: max(Int(number.exponent) - digits, least), significand: 1)
  }

  /// The smallest positive number, and the largest.
  var limits: (least: Double, greatest: Double) {
    switch self {
    case .float16: (0x1p-24, 65504)
    case .bfloat16: (0x1p-133, 0x1.fep127)
    case .float32: (0x1p-149, 0x1.fffffep127)
    default: (0x1p-1074, .greatestFiniteMagnitude)
    }
  }
}
