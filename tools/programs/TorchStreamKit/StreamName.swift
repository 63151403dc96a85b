/// The words of a draw's name, such as `randint_-5_1000000`, read from the front.
struct StreamName {
  private var words: ArraySlice<Substring>

  init(_ name: some StringProtocol) {
    words = String(name).split(separator: "_").map { $0 }[...]
  }

  var isEmpty: Bool { words.isEmpty }
  var count: Int { words.count }

  /// Takes the first word if it is `word`.
  mutating func take(_ word: String) -> Bool {
    guard let first = words.first, first == word else { return false }
    words.removeFirst()
    return true
  }

  /// Takes the first word if it names an element type.
  mutating func takeDType() -> String? {
    guard let first = words.first,
      ["float16", "bfloat16", "float32", "float64"].contains(first)
    else { return nil }
    words.removeFirst()
    return String(first)
  }

  /// Takes the first word if it is a whole number such as `-5`, `2**28` or `2**28-1`.
  mutating func takeInt() -> Int? {
    guard let first = words.first, let value = StreamName.integer(first) else { return nil }
    words.removeFirst()
    return value
  }

  /// Takes the first word if it is a count that memory can hold.
  mutating func takeCount() -> Int? {
    guard let first = words.first, let value = StreamName.integer(first),
      (0...StreamName.largestCount).contains(value)
    else { return nil }
    words.removeFirst()
    return value
  }

  /// The numbers of a file must not crash the process.
  static let largestCount = 1 << 26

  /// Takes the first word if it is a number such as `.6`, `-2` or `1e-3`.
  mutating func takeDouble() -> Double? {
    guard let first = words.first else { return nil }
    let text = first.hasPrefix(".") ? "0" + first : first
    guard let value = Double(text) else { return nil }
    words.removeFirst()
    return value
  }

  private static func integer(_ text: Substring) -> Int? {
    if let value = Int(text) { return value }
    // A sum or difference at the end, unless the sign is that of the number.
    if let sign = text.dropFirst().lastIndex(where: { $0 == "+" || $0 == "-" }),
      let left = integer(text[..<sign]), let right = integer(text[text.index(after: sign)...])
    {
      let (value, overflow) =
        text[sign] == "+"
        ? left.addingReportingOverflow(right) : left.subtractingReportingOverflow(right)
      return overflow ? nil : value
    }
    guard let star = text.firstIndex(of: "*"), text[star...].hasPrefix("**"),
      let exponent = Int(text[text.index(star, offsetBy: 2)...]), (0...63).contains(exponent)
    else { return nil }
    let digits = text[..<star]
    let isNegative = digits.hasPrefix("-")
    guard let base = Int(isNegative ? digits.dropFirst() : digits) else { return nil }
    var value = isNegative ? -1 : 1
    for _ in 0..<exponent {
      let (product, overflow) = value.multipliedReportingOverflow(by: base)
      if overflow { return nil }
      value = product
    }
    return value
  }
}
