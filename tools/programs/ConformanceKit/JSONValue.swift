/// A value of a golden case's `attrs`, whose shape differs from operation to operation.
public enum JSONValue: Sendable, Hashable, Decodable {
  case null
  case bool(Bool)
  case integer(Int)
  /// An integer beyond `Int`.
  case large(UInt64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// Reads any value; integral numbers become integers.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(UInt64.self) {
      self = .large(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let values = try? container.decode([JSONValue].self) {
      self = .array(values)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }
}

/// The arguments of a golden case that are not tensors, read by name and type.
///
/// A getter throws `Unsupported` if the attribute has another form than the operation takes, so
/// that a case of an unforeseen form is skipped with its reason instead of failing.
public struct Attributes: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  var values: [String: JSONValue]

  /// The attributes with these names.
  public init(_ values: [String: JSONValue] = [:]) { self.values = values }

  /// The attributes written out.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    values = Dictionary(elements, uniquingKeysWith: { _, last in last })
  }

  /// Whether the attribute is given and not null.
  public func has(_ name: String) -> Bool { value(name) != nil }

  /// The value of an attribute; nil if it is null or missing.
  ///
  /// Axes may be named `dim` or `dims`, whichever the operation reads.
  func value(_ name: String) -> JSONValue? {
    let names = name == "dim" || name == "dims" ? [name, "dim", "dims"] : [name]
    return names.lazy.compactMap { values[$0] }.first { $0 != .null }
  }

  /// The first of several names that is given, for attributes that files name differently; otherwise
  /// the first.
  func name(_ names: String...) -> String { names.first(where: has) ?? names[0] }

  /// Throws for attributes other than these, if ignoring one would give another result.
  func only(_ names: Set<String>) throws {
    if let unknown = values.keys.sorted().first(where: { !names.contains($0) }) {
      throw Unsupported("the attribute '\(unknown)'")
    }
  }

  /// An integer; a list of one counts as its element.
  public func int(_ name: String) throws -> Int {
    guard let value = try optionalInt(name) else { throw missing(name) }
    return value
  }

  /// An integer, or nil if it is null or missing.
  public func optionalInt(_ name: String) throws -> Int? {
    guard let value = value(name) else { return nil }
    guard let integer = value.asInteger else { throw unreadable(name, "a whole number") }
    return integer
  }

  /// A number, exactly.
  func number(_ name: String) throws -> Number {
    guard let value = value(name) else { throw missing(name) }
    switch value {
    case .integer(let whole): return .integer(Int128(whole))
    case .large(let whole): return .integer(Int128(whole))
    default: return .real(try double(name))
    }
  }

  /// A list of integers; a single one counts as a list.
  public func ints(_ name: String) throws -> [Int] {
    guard let value = try optionalInts(name) else { throw missing(name) }
    return value
  }

  /// A list of integers, or nil if it is null or missing.
  public func optionalInts(_ name: String) throws -> [Int]? {
    guard let value = value(name) else { return nil }
    guard let integers = value.asIntegers else { throw unreadable(name, "a list of whole numbers") }
    return integers
  }

  /// A list of lists of integers.
  public func intLists(_ name: String) throws -> [[Int]] {
    guard case .array(let lists)? = value(name) else { throw missing(name) }
    return try lists.map { list in
      guard let integers = list.asIntegers else {
        throw unreadable(name, "lists of whole numbers")
      }
      return integers
    }
  }

  /// A number.
  public func double(_ name: String) throws -> Double {
    guard let value = try optionalDouble(name) else { throw missing(name) }
    return value
  }

  /// A number, or nil if it is null or missing.
  public func optionalDouble(_ name: String) throws -> Double? {
    guard let value = value(name) else { return nil }
    guard let number = value.asDouble else { throw unreadable(name, "a number") }
    return number
  }

  /// A list of numbers, or nil if it is null or missing.
  public func optionalDoubles(_ name: String) throws -> [Double]? {
    guard has(name) else { return nil }
    guard case .array(let elements)? = value(name) else {
      throw unreadable(name, "a list of numbers")
    }
    return try elements.map {
      guard let number = $0.asDouble else { throw unreadable(name, "a list of numbers") }
      return number
    }
  }

  /// A Boolean; false if it is null or missing.
  public func flag(_ name: String) throws -> Bool {
    guard has(name) else { return false }
    guard case .bool(let value)? = value(name) else { throw unreadable(name, "true or false") }
    return value
  }

  /// A text.
  public func string(_ name: String) throws -> String {
    guard has(name) else { throw missing(name) }
    guard case .string(let value)? = value(name) else { throw unreadable(name, "a text") }
    return value
  }

  private func missing(_ name: String) -> Unsupported {
    Unsupported("the attribute '\(name)' is not given")
  }

  private func unreadable(_ name: String, _ wanted: String) -> Unsupported {
    Unsupported("the attribute '\(name)' is not \(wanted)")
  }
}

extension JSONValue {
  fileprivate var asInteger: Int? {
    switch self {
    case .integer(let value): value
    case .number(let value): Int(exactly: value)
    case .array(let elements): elements.count == 1 ? elements[0].asInteger : nil
    default: nil
    }
  }

  fileprivate var asDouble: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .large(let value): Double(value)
    case .number(let value): value
    // JSON has no other way to write them.
    case .string("nan"): .nan
    case .string("inf"): .infinity
    case .string("-inf"): -.infinity
    default: nil
    }
  }

  fileprivate var asIntegers: [Int]? {
    guard case .array(let elements) = self else { return asInteger.map { [$0] } }
    let integers = elements.compactMap(\.asInteger)
    return integers.count == elements.count ? integers : nil
  }
}

/// Why a case cannot be run on the library: it is counted as skipped.
public struct Unsupported: Error, CustomStringConvertible {
  /// What was not foreseen.
  public let description: String

  /// Gives the reason.
  public init(_ description: String) { self.description = description }
}
