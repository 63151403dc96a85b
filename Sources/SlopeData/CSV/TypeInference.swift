import CNumberParsing

/// Finds the kind of a column from all of its cells, and makes the column.
struct TypeInference {
  /// What becomes of a column.
  enum Outcome {
    case column(Column)
    /// The column must be read again, with numbers as the texts that they are written as.
    case needsWords
  }

  let options: CSVOptions
  /// The texts of missing cells, and those of them that are numbers.
  private let missingWords: Set<String>
  private let missingNumbers: Set<Double>
  private let missingIntegers: Set<Int>
  private let file: String

  init(_ options: CSVOptions, file: String) {
    self.options = options
    self.file = file
    missingWords = CSVOptions.missingWords.union(options.missingWords)
    missingNumbers = Set(options.missingWords.compactMap { Self.number($0, options.decimalMark) })
    // Not by way of Double, which has not all of them.
    missingIntegers = Set(
      options.missingWords.compactMap { word in
        Int(word) ?? Self.number(word, options.decimalMark).flatMap { Int(exactly: $0) }
      })
  }

  /// The column of the cells of `builder`; `isWords` says that no cell was read as a number.
  ///
  /// Throws `FileError` that names the first cell that does not fit the others.
  func outcome(of builder: ColumnBuilder, isWords: Bool) throws -> Outcome {
    let name = builder.name
    let isMissing = builder.words.map { !options.isVerbatim && missingWords.contains($0) }
    if options.categorical.contains(name) { return .column(texts(builder, isMissing)) }
    let present = builder.words.indices.filter { !isMissing[$0] }
    if options.dates.contains(name) { return .column(try onlyDates(builder, present)) }
    if isWords { return .column(texts(builder, isMissing)) }
    guard let first = present.first else { return .column(numbers(builder)) }
    if options.numeric.contains(name) { throw notANumber(builder, first) }
    // Numbers that stand for missing cells are no numbers among words.
    let numberCount =
      builder.count(of: .integer) + builder.count(of: .number)
      - builder.count(ofIntegers: missingIntegers, numbers: missingNumbers)
    if numberCount == 0, builder.count(of: .padded) == 0 {
      if let column = booleans(builder, present) ?? dates(builder, present) {
        return .column(column)
      }
    }
    if !options.unused.contains(name) {
      try checkMixture(builder, isMissing, numberCount, first)
    }
    return numberCount > 0 ? .needsWords : .column(texts(builder, isMissing))
  }

  /// Throws if most cells are numbers and one is not, or if numbers have a comma.
  private func checkMixture(
    _ builder: ColumnBuilder, _ isMissing: [Bool], _ numberCount: Int, _ first: Int
  ) throws {
    // Digits after a zero are text that looks like a number: the whole column is text.
    guard builder.count(of: .padded) == 0 else { return }
    let counts = builder.wordCounts()
    let words = builder.words.indices.filter { !isMissing[$0] }
    let present = numberCount + words.reduce(0) { $0 + counts[$1] }
    let withComma = words.filter { isDecimalWithComma(builder.words[$0]) }
    let commaCount = withComma.reduce(0) { $0 + counts[$1] }
    if let word = withComma.first, options.decimalMark == .point,
      10 * (numberCount + commaCount) >= 9 * present
    {
      throw fault(
        builder, word,
        "\(builder.words[word].quotedForMessage) is not a number; if the comma is its decimal "
          + "point, say --decimal comma, if the column holds words, --categorical "
          + builder.name.quotedAsArgument)
    }
    let infinite = words.filter { Self.isBeyondRange(builder.words[$0]) }
    let infiniteCount = infinite.reduce(0) { $0 + counts[$1] }
    if 10 * (numberCount + infiniteCount) >= 9 * present, numberCount > 0 || infiniteCount > 0 {
      throw notANumber(builder, first)
    }
  }

  private func notANumber(_ builder: ColumnBuilder, _ word: Int) -> FileError {
    let text = builder.words[word]
    let isAsked = options.numeric.contains(builder.name)
    let what =
      Self.isBeyondRange(text)
      ? text.contains(where: \.isNumber) ? "is beyond the range of a Double" : "is not finite"
      : isAsked ? "is not a number" : "is not a number, as the other cells are"
    var hints: [String] = []
    if text.count <= 60 { hints.append("--missing=\(text.quotedAsArgument) counts it as missing") }
    if isDecimalWithComma(text), options.decimalMark == .point {
      hints.append("--decimal comma reads the comma as a decimal point")
    }
    if !Self.isBeyondRange(text), !isAsked, builder.name.count <= 60 {
      hints.append("--categorical \(builder.name.quotedAsArgument) reads the column as words")
    }
    return fault(
      builder, word,
      text.quotedForMessage + " " + what + (hints.isEmpty ? "" : "; ")
        + hints.joined(separator: ", "))
  }

  private func fault(_ builder: ColumnBuilder, _ word: Int, _ message: String) -> FileError {
    FileError(
      file: file, line: builder.wordLines[word], column: builder.name, message: message)
  }

  // MARK: Kinds

  private func numbers(_ builder: ColumnBuilder) -> Column {
    if builder.count(of: .number) == 0, builder.count(of: .integer) > 0 {
      let (values, validity) = builder.takeIntegers(missing: missingIntegers)
      return Column(builder.name, .integers(values), validity)
    }
    let (values, validity) = builder.takeNumbers(missing: missingNumbers)
    return Column(builder.name, .numbers(values), validity)
  }

  /// The column if all of the present words are `true` or `false`, in any case.
  private func booleans(_ builder: ColumnBuilder, _ present: [Int]) -> Column? {
    var values = [Bool?](repeating: nil, count: builder.words.count)
    for word in present {
      switch builder.words[word].lowercased() {
      case "true": values[word] = true
      case "false": values[word] = false
      default: return nil
      }
    }
    let (cells, validity) = builder.takeValues(ofWords: values, else: false)
    return Column(builder.name, .booleans(cells), validity)
  }

  /// The column if all of the present words are dates.
  private func dates(_ builder: ColumnBuilder, _ present: [Int]) -> Column? {
    var values = [Int?](repeating: nil, count: builder.words.count)
    for word in present {
      guard let date = DateTime(builder.words[word]) else { return nil }
      values[word] = date.microsecondsSince1970
    }
    let (cells, validity) = builder.takeValues(ofWords: values, else: 0)
    return Column(builder.name, .dates(cells), validity)
  }

  /// A column that must hold dates.
  private func onlyDates(_ builder: ColumnBuilder, _ present: [Int]) throws -> Column {
    if let word = present.first(where: { DateTime(builder.words[$0]) == nil }) {
      throw fault(
        builder, word,
        "\(builder.words[word].quotedForMessage) is not a date as 2024-02-29 or 2024/02/29")
    }
    return dates(builder, present) ?? numbers(builder)
  }

  private func texts(_ builder: ColumnBuilder, _ isMissing: [Bool]) -> Column {
    var levels: [String] = []
    var codes = [Int32?](repeating: nil, count: builder.words.count)
    for (word, text) in builder.words.enumerated() where !isMissing[word] {
      codes[word] = Int32(levels.count)
      levels.append(text)
    }
    let (cells, validity) = builder.takeValues(ofWords: codes, else: 0)
    let isCategory =
      options.categorical.contains(builder.name)
      || ColumnKind.isCategory(
        levelCount: levels.count, cellCount: validity.count - validity.missingCount)
    return Column(
      builder.name, .texts(codes: cells, levels: levels, isCategory: isCategory), validity)
  }

  // MARK: Words that are nearly numbers

  private func isDecimalWithComma(_ text: String) -> Bool {
    text.contains(",") && !text.contains(".") && Self.number(text, .comma) != nil
  }

  /// The number that `text` writes with a decimal mark.
  private static func number(_ text: String, _ mark: CSVOptions.DecimalMark) -> Double? {
    var text = mark == .comma ? String(text.map { $0 == "," ? "." : $0 }) : text
    var value = 0.0
    let status = text.withUTF8 { bytes in
      slope_parse_number(
        UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self), bytes.count,
        &value)
    }
    return status == slope_number_ok ? value : nil
  }

  /// Whether `text` writes an infinity, or a number beyond the range of Double.
  private static func isBeyondRange(_ text: String) -> Bool {
    let unsigned = text.drop { $0 == "+" || $0 == "-" }.lowercased()
    if unsigned == "inf" || unsigned == "infinity" { return true }
    var text = text
    var value = 0.0
    return text.withUTF8 { bytes in
      slope_parse_number(
        UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self), bytes.count,
        &value)
    } == slope_number_overflow
  }
}
