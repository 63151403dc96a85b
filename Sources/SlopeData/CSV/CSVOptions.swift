/// How a CSV file is read: what its form does not tell.
///
/// ```swift
/// var options = CSVOptions()
/// options.missingWords = ["unknown"]
/// options.categorical = ["postcode"]
/// ```
///
/// By default the delimiter is found in the file, numbers have a decimal point, and the type of a
/// column follows from all of its cells.
///
/// - SeeAlso: `Table.init(csv:options:)`, which states the rules.
public struct CSVOptions: Sendable, Hashable {
  /// The character between the whole and the fractional digits of a number.
  public enum DecimalMark: String, Sendable, Hashable, CaseIterable, Codable {
    /// `1.5`.
    case point
    /// `1,5`; a point is then part of no number.
    case comma

    var character: Character { self == .point ? "." : "," }
  }

  /// The character between fields: a comma, a semicolon, a tab or a vertical bar; nil to find it.
  public var delimiter: Character?
  /// Whether the first line holds the columns' names; without it they are `column 1`, `column 2` ….
  public var hasHeader = true
  /// The decimal mark of numbers.
  public var decimalMark = DecimalMark.point
  /// Texts of missing cells in addition to `missingWords` of this type.
  public var missingWords: Set<String> = []
  /// The names of the columns that are kept; nil for all.
  ///
  /// Others may hold anything.
  public var columns: [String]?
  /// The names of columns whose cells are levels of a category, also where they are numbers.
  public var categorical: Set<String> = []
  /// The names of columns that must hold numbers; digits that begin with a zero are some there.
  public var numeric: Set<String> = []
  /// The names of columns that must hold dates.
  public var dates: Set<String> = []

  /// The names of columns that may hold anything: numbers among words are no error.
  package var unused: Set<String> = []

  /// Whether all cells are texts as they are written, and only those without any are missing.
  package var isVerbatim = false

  /// Options for a file with a header whose form is found.
  public init() {}

  /// The delimiters that are found in a file, and that can be asked for.
  public static let delimiters: [Character] = [",", ";", "\t", "|"]

  /// The texts that stand for a missing cell, besides none at all.
  public static let missingWords: Set<String> = [
    "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "?", "-",
  ]

  /// The names of all columns that an option names.
  var namedColumns: [String] {
    (columns ?? []) + categorical.sorted() + numeric.sorted() + dates.sorted()
  }
}
