/// Finds in a header's bytes what a JSON decoder silently accepts.
///
/// That is numbers that are written with a point or an exponent, and names of tensors that occur
/// twice.
struct SafetensorsHeaderScan {
  /// The first number that is not written as an integer.
  private(set) var oddNumber: String?
  /// The number of keys of the outermost object, repetitions included.
  private(set) var keyCount = 0

  init(_ json: [UInt8]) {
    var depth = 0
    var index = 0
    while index < json.count {
      let byte = json[index]
      switch byte {
      case UInt8(ascii: "\""): index = Self.end(ofText: index, in: json)
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ":") where depth == 1: keyCount += 1
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        let end = json[index...].firstIndex { !Self.isOfNumber($0) } ?? json.count
        let number = json[index..<end]
        if oddNumber == nil, number.contains(where: { $0 > UInt8(ascii: "9") || $0 == 0x2E }) {
          oddNumber = String(decoding: number.prefix(60), as: UTF8.self)
        }
        index = end - 1
      default: break
      }
      index += 1
    }
  }

  /// The index of the closing quote, or of the end.
  private static func end(ofText start: Int, in json: [UInt8]) -> Int {
    var index = start + 1
    while index < json.count, json[index] != UInt8(ascii: "\"") {
      index += json[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return index
  }

  private static func isOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"),
      UInt8(ascii: "E"), UInt8(ascii: "+"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
