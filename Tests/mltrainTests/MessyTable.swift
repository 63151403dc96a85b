import FoundationEssentials
import TestSupport

/// A table with columns of all kinds, missing cells, and targets of numbers and classes.
enum MessyTable {
  static let count = 120

  /// The file, with an identifier, a constant, a date, a category, a number and a flag.
  static let text: String = {
    var text = "id,unit,day,kind,size,open,part,price,grade\n"
    for row in 0..<count {
      let kind = row % 10 == 7 ? "NA" : ["flat", "house", "loft"][row * row % 7 % 3]
      let size = row % 12 == 5 ? "" : "\(20 + row * 37 % 83).5"
      let price = row % 20 == 11 ? "?" : "\(1000 + 12 * (row * 37 % 83) + row * row % 50).25"
      let grade = ["low", "mid", "high"][(row * 37 % 83) / 28]
      let part = ["train", "train", "train", "validation", "test"][row % 5]
      text +=
        "\(row + 1),m2,2024-\(row % 2 == 0 ? "01" : "07")-\(10 + row % 19),\(kind),\(size),"
        + "\(row % 3 == 0),\(part),\(price),\(grade)\n"
    }
    return text
  }()

  /// Fits a model called `model` to the file `messy.csv` in a new folder.
  static func fit(
    _ arguments: [String], input: String? = nil
  ) throws -> (folder: TemporaryFolder, run: CommandRun) {
    let folder = try TemporaryFolder()
    try folder.write(text, to: "messy.csv")
    let run = try CommandRun(
      ["fit", "messy.csv", "--model", "linear", "--split-column", "part", "--output", "model"]
        + arguments, in: folder)
    return (folder, run)
  }

  /// Arguments for a target of numbers or of classes.
  static let price = ["--target", "price", "--drop", "grade"]
  static let grade = ["--target", "grade", "--drop", "price"]
}

/// A JSON object by its text.
func jsonObject(_ text: String) throws -> [String: JSONValue] {
  try JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8))
}

/// A decoded JSON value.
enum JSONValue: Decodable, Equatable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral, ExpressibleByNilLiteral
{
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  init(stringLiteral value: String) { self = .string(value) }
  init(integerLiteral value: Int) { self = .number(Double(value)) }
  init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  init(nilLiteral: ()) { self = .null }

  /// A member of an object.
  subscript(name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  /// The elements of an array.
  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }

  /// The number.
  var number: Double? { if case .number(let value) = self { value } else { nil } }
}
