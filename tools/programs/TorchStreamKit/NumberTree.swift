import SlopeCore

/// Numbers in nested lists, as in a JSON file or a tensor's nested form.
package indirect enum NumberTree: Sendable, Hashable, Decodable {
  case integer(Int)
  case number(Double)
  case list([NumberTree])

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else {
      self = .list(try container.decode([NumberTree].self))
    }
  }

  init(_ integers: some Sequence<Int>) { self = .list(integers.map { .integer($0) }) }

  init(_ numbers: some Sequence<Double>) { self = .list(numbers.map { .number($0) }) }

  /// The members of a list; none for a number.
  var members: [NumberTree] {
    if case .list(let members) = self { members } else { [] }
  }

  /// A number as a `Double`; nil for a list.
  var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    case .list: nil
    }
  }

  /// An integer; nil for anything else.
  var int: Int? {
    if case .integer(let value) = self { value } else { nil }
  }
}

/// How close a number must be to the expected one.
package enum Tolerance: Sendable, Hashable {
  /// The same integer.
  case exact
  /// Within `bound` · max(1, |expected|).
  case scaled(Double)
  /// Within `bound` · |expected|.
  case relative(Double)

  fileprivate func accepts(_ actual: NumberTree, _ expected: NumberTree) -> Bool {
    guard let found = actual.double, let wanted = expected.double else { return false }
    switch self {
    case .exact: return actual == expected || (found == wanted && actual.int == nil)
    case .scaled(let bound): return abs(found - wanted) <= bound * max(1, abs(wanted))
    case .relative(let bound): return abs(found - wanted) <= bound * abs(wanted)
    }
  }
}

extension NumberTree {
  /// The first difference from `expected`, in words; nil if there is none.
  func difference(from expected: NumberTree, _ tolerance: Tolerance) -> String? {
    switch (self, expected) {
    case (.list(let found), .list(let wanted)):
      guard found.count == wanted.count else {
        return "\(found.count) values, expected \(wanted.count)"
      }
      for (index, pair) in zip(found, wanted).enumerated() {
        if let difference = pair.0.difference(from: pair.1, tolerance) {
          return "[\(index)] \(difference)"
        }
      }
      return nil
    case (.list, _), (_, .list):
      return "a list against a number"
    default:
      return tolerance.accepts(self, expected)
        ? nil : "\(description), expected \(expected.description)"
    }
  }
}

extension NumberTree: CustomStringConvertible {
  package var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .list(let members): "[\(members.map(\.description).joined(separator: ", "))]"
    }
  }
}

extension Tensor where Element == Int {
  /// The elements as lists in lists.
  var tree: NumberTree { .nested(scalars.map { .integer($0) }, shape.map { $0 }) }
}

extension Tensor where Element: FloatingElement {
  /// The elements as lists in lists.
  var tree: NumberTree { .nested(scalars.map { .number($0.doubleValue) }, shape.map { $0 }) }
}

extension NumberTree {
  fileprivate static func nested(_ flat: [NumberTree], _ shape: [Int]) -> NumberTree {
    guard let extent = shape.first else { return flat.first ?? .list([]) }
    let inner = Array(shape.dropFirst())
    let stride = inner.reduce(1, *)
    return .list(
      (0..<extent).map { nested(Array(flat[($0 * stride)..<(($0 + 1) * stride)]), inner) })
  }
}
