/// What a page of a report has, found by its text.
struct PageNumbers {
  /// The numbers that have names.
  let numbers: [String: Double]
  private let html: String

  init(_ html: String) {
    self.html = html
    var numbers: [String: Double] = [:]
    for part in html.split(separator: "<data value=\"").dropFirst() {
      let fields = part.split(separator: "\"", omittingEmptySubsequences: false)
      guard fields.count > 2, fields[1] == " data-name=" else { continue }
      numbers[String(fields[2])] = Double(fields[0])
    }
    self.numbers = numbers
  }

  /// What stands between two texts, each time.
  func parts(from start: String, to end: String) -> [String] {
    html.split(separator: start, omittingEmptySubsequences: false).dropFirst().map {
      String($0.split(separator: end, maxSplits: 1, omittingEmptySubsequences: false)[0])
    }
  }
}
