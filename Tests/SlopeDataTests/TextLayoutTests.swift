import Testing

@testable import SlopeData

@Suite struct AlignedTableTests {
  @Test func columnsAreAligned() {
    let rows = [["a", "number", "b"], ["long", "1", ""], ["é", "-22", "x"]]
    #expect(
      AlignedTable(rows: rows, leftAligned: [0, 2]).text
        == "a     number  b\nlong       1\né        -22  x\n")
    #expect(
      AlignedTable(rows: rows, leftAligned: []).text.hasPrefix("   a  number  b\nlong       1\n"))
    #expect(AlignedTable(rows: []).text.isEmpty)
  }

  @Test func rowsMayBeOfDifferentLengths() {
    #expect(AlignedTable(rows: [["a"], ["b", "cc"], ["d", "e"]]).text == "a\nb  cc\nd   e\n")
  }
}

@Suite struct QuotedTextTests {
  @Test(arguments: [
    ("plain é", "plain é"), ("a\nb", "a\\nb"), ("\u{1B}[31m", "\\u{1B}[31m"), ("\u{7F}", "\\u{7F}"),
    ("\u{200B}", "\\u{200B}"), ("\u{2028}", "\\u{2028}"), ("\u{202E}", "\\u{202E}"),
    ("\u{E000}", "\\u{E000}"), ("\u{85}", "\\u{0085}"), ("\r\t", "\\r\\t"), (" ~", " ~"),
  ])
  func controlsAreEscaped(text: String, escaped: String) {
    let found = text.withControlsEscaped
    #expect(found == escaped)
    #expect(!found.unicodeScalars.contains { $0.value < 0x20 })
  }

  @Test(arguments: [(60, false), (61, true)])
  func longTextsAreCutInMessages(length: Int, isCut: Bool) {
    let text = String(repeating: "é", count: length)
    let head = String(repeating: "é", count: 60)
    #expect(text.quotedForMessage == (isCut ? "\"\(head)…\"" : "\"\(text)\""))
    #expect(text.quotedAsASCII.hasSuffix(isCut ? "…\"" : "}\""))
  }

  @Test(arguments: [
    ("word", "word"), ("a_b.c:d/e+f-g", "a_b.c:d/e+f-g"), ("é9", "é9"), ("", "\"\""),
    ("a b", "\"a b\""), ("-a", "\"-a\""), ("a;b", "\"a;b\""), ("$a", "\"$a\""), ("a\n", "\"a\\n\""),
  ])
  func argumentsAreQuotedWhereTheyAreNotOneWord(text: String, argument: String) {
    #expect(text.quotedAsArgument == argument)
  }
}

@Suite struct ParallelTests {
  @Test(arguments: [0, 1, 2, 7, 100])
  func eachIndexIsCalledOnce(count: Int) {
    let results = ParallelResults<Int>(count: count)
    inParallel(count) { results.set($0, $0 * $0) }
    #expect(results.all == (0..<count).map { $0 * $0 } && results.count == count)
  }

  @Test func placesThatWereNotSetAreLeftOut() {
    let results = ParallelResults<String>(count: 5)
    inParallel(5) { if $0 % 2 == 1 { results.set($0, "\($0)") } }
    #expect(results.all == ["1", "3"])
  }
}
