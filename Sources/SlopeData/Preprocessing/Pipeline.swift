import SlopeCore

/// The way from the columns of a table to the inputs of a model, before it is fitted.
///
/// A pipeline is fitted to training rows; what it learns there (medians, scales, levels, which columns
/// are constant) is in the `FittedPipeline`, the only thing that can be applied. So nothing of the rows
/// that judge a model leaks into it.
///
/// ```swift
/// let table = Table([
///   Column("rooms", [2, 2, nil, 3]), Column("city", ["Bern", "Chur", "Bern", nil]),
///   Column("rent", [900, 1500, 1200, 2000]),
/// ])
/// let pipeline = Pipeline(.impute(.median), .scale(.standard), .oneHot(maximumLevels: 32))
/// let fitted = try pipeline.fit(table, target: "rent")
/// print(fitted.outputNames)
/// // ["rooms", "rooms missing", "city=Bern", "city=Chur", "city missing"]
/// let features: Tensor<Float> = try fitted.transform(table)
/// print(features.shape)
/// // [4, 5]
/// ```
///
/// Columns without information are left out and reported: those without values, with one value, and
/// identifiers, which tell rows apart: text that is distinct in 95 % of the rows, and whole numbers
/// that are all distinct and either count (nine tenths of the numbers from the least to the largest
/// could be rows of the source) or have 12 digits or more. `.keep` keeps identifiers. If only
/// counters would be left, they are kept.
public struct Pipeline: Sendable, Hashable {
  /// The steps.
  public let transforms: [Transform]

  /// A pipeline of some steps, each at most once; their order does not matter.
  public init(_ transforms: Transform...) { self.init(transforms) }

  /// A pipeline of a list of steps, each at most once; their order does not matter.
  public init(_ transforms: [Transform]) { self.transforms = transforms }

  /// The default of tabular models: medians and flags for missing numbers, standardised numbers, an
  /// input for each of at most 64 levels, and the parts of dates.
  public static let standard = Pipeline(
    .impute(.median), .scale(.standard), .oneHot(maximumLevels: 64), .dates)

  private var imputation: Transform.Imputation? {
    for case .impute(let imputation) in transforms { return imputation }
    return nil
  }

  private var scaling: Transform.Scaling? {
    for case .scale(let scaling) in transforms { return scaling }
    return nil
  }

  private var kept: Set<String> {
    var names: Set<String> = []
    for case .keep(let kept) in transforms { names.formUnion(kept) }
    return names
  }

  /// Learns from the rows of a table.
  ///
  /// - Parameters:
  ///   - table: the training rows.
  ///   - target: the name of the column that is predicted, which is no input; nil for none.
  ///   - excluding: the names of other columns that are no inputs.
  /// - Returns: what can be applied to this and other tables.
  /// - Throws: `TableError` for an unknown or ambiguous name, for a column that the steps do not
  ///   cover, and if no column remains.
  public func fit(
    _ table: Table, target: String? = nil, excluding: [String] = []
  ) throws -> FittedPipeline {
    try fit(table, otherUse: (target.map { [$0] } ?? []), dropped: excluding)
  }

  /// Learns from `rows` (nil: all) of a table, without the columns that have another use.
  package func fit(
    _ table: Table, rows: [Int]? = nil, otherUse: [String], dropped: [String]
  ) throws -> FittedPipeline {
    for name in otherUse + dropped + kept.sorted() { _ = try table.columnIndex(of: name) }
    let (otherUse, dropped) = (Set(otherUse), Set(dropped))
    var fits: [ColumnFit] = []
    for column in table.columns {
      let training = rows.map(column.taking) ?? column
      var omission: ColumnReport.Omission?
      if otherUse.contains(column.name) {
        omission = .otherUse
      } else if dropped.contains(column.name) {
        omission = .dropped
      } else {
        omission = ColumnFit.omission(
          of: training, sourceRowCount: max(table.sourceRowCount, table.rowCount),
          keepsIdentifiers: kept.contains(column.name))
      }
      fits.append(ColumnFit(column: training, omission: omission))
    }
    if fits.allSatisfy({ $0.omission != nil }) {
      for index in fits.indices
      where fits[index].omission == .identifier && fits[index].column.kind == .integer {
        fits[index].omission = nil
      }
    }
    var columns: [FittedPipeline.Entry] = []
    for fit in fits {
      let encoding = try fit.omission == nil ? encoding(of: fit.column, in: table) : nil
      columns.append(
        FittedPipeline.Entry(report: fit.report(encoding), encoding: encoding))
    }
    guard columns.contains(where: { $0.encoding != nil }) else {
      let reasons = columns.filter { $0.report.omission != .otherUse }
        .map { "\($0.report.name.quotedForMessage) \($0.report.outcome)" }
      throw TableError(
        "\(table.source): there is no column to predict from"
          + (reasons.isEmpty ? "" : ": " + reasons.prefix(5).joined(separator: "; ")))
    }
    return FittedPipeline(entries: columns)
  }

  // MARK: Encodings

  private func encoding(of column: Column, in table: Table) throws -> ColumnEncoding {
    func uncovered(_ what: String) -> TableError {
      TableError(
        "\(table.source): column \(column.name.quotedForMessage) holds \(what); the pipeline has no "
          + "step for it")
    }
    let hasMissing = column.missingCount > 0
    switch column.kind {
    case .integer, .number, .boolean:
      let numbers = column.presentNumbers
      guard !hasMissing || imputation != nil else { throw uncovered("missing cells (.impute)") }
      // One number and missing cells: only that a cell is missing tells something.
      if numbers.allSatisfy({ $0 == numbers.first }) { return .presence }
      return .number(NumberEncoding(numbers, scaling, imputation), flag: hasMissing)
    case .category, .text:
      for transform in transforms {
        switch transform {
        case .oneHot(let maximum): return .levels(column.levelEncoding(maximum, isCode: false))
        case .codes: return .levels(column.levelEncoding(.max, isCode: true))
        case .oneHotOrCodes(let limit, let maximum):
          let codes = column.levelEncoding(maximum, isCode: true)
          return .levels(
            codes.count > limit ? codes : column.levelEncoding(min(limit, maximum), isCode: false))
        default: continue
        }
      }
      throw uncovered("\(column.kind.plural) (.oneHot or .codes)")
    case .date:
      guard transforms.contains(.dates) else { throw uncovered("dates (.dates)") }
      let dates = column.presentDates
      let parts = DatePart.allCases.filter { Set(dates.map($0.callAsFunction)).count > 1 }
      guard !parts.isEmpty else { return .presence }
      return .date(
        parts,
        parts.map { part in
          NumberEncoding(dates.map(part.callAsFunction), scaling, imputation ?? .median)
        }, flag: hasMissing)
    }
  }
}

/// A column's training rows, and whether they are used.
private struct ColumnFit {
  let column: Column
  var omission: ColumnReport.Omission?

  /// Why a column tells a model nothing; nil if it may.
  static func omission(
    of column: Column, sourceRowCount: Int, keepsIdentifiers: Bool
  ) -> ColumnReport.Omission? {
    let present = column.count - column.missingCount
    guard present > 0 else { return .empty }
    let distinct = Set(column.sortKeys.compactMap { $0 })
    if distinct.count == 1, column.missingCount == 0 { return .constant }
    guard !keepsIdentifiers, present > 1 else { return nil }
    if column.kind.isText {
      return 20 * distinct.count >= 19 * column.count ? .identifier : nil
    }
    guard let isLong = column.isLongInteger, distinct.count == present else { return nil }
    // Keys of integers are the integers.
    guard let least = distinct.min(), let largest = distinct.max() else { return nil }
    let (span, overflow) = largest.subtractingReportingOverflow(least)
    let counts =
      column.kind == .integer && !overflow && span < .max / 16
      && 9 * (span + 1) <= 10 * sourceRowCount
    return counts || isLong ? .identifier : nil
  }

  func report(_ encoding: ColumnEncoding?) -> ColumnReport {
    let numbers = column.kind.isNumeric ? column.presentNumbers : []
    var known: [String] = []
    if case .levels(let levels) = encoding {
      // A level that shares an input was seen too.
      known = levels.levels
      let own = Set(known)
      known += column.sortedLevels(in: nil).filter { !own.contains($0) }
    } else if column.kind.isText || column.kind == .boolean {
      let all = column.sortedLevels(in: nil)
      if all.count <= ColumnReport.shownLevelCount { known = all }
    }
    return ColumnReport(
      name: column.name, kind: column.kind, missingCount: column.missingCount, levels: known,
      range: numbers.min().flatMap { low in numbers.max().map { [low, $0] } }, omission: omission,
      outputNames: encoding?.outputNames(of: column.name) ?? [],
      levelCount: column.kind.isText || column.kind == .boolean
        ? Set(column.sortKeys.compactMap { $0 }).count : 0)
  }
}

extension Column {
  /// The numbers of the cells that are not missing; of booleans 0 and 1.
  fileprivate var presentNumbers: [Double] {
    guard let reader = NumberReader(self) else { return [] }
    return (0..<count).filter { validity[$0] }.map { reader[$0, 0] }
  }

  fileprivate var presentDates: [DateTime] {
    guard case .dates(let all) = values else { return [] }
    return (0..<count).filter { validity[$0] }.map { DateTime(microsecondsSince1970: all[$0]) }
  }

  /// Whether all cells are whole numbers of 12 digits or more; nil for cells that are not all whole.
  fileprivate var isLongInteger: Bool? {
    switch values {
    case .integers(let all):
      return (0..<count).allSatisfy { !validity[$0] || all[$0].magnitude >= 100_000_000_000 }
    case .numbers(let all):
      let whole = (0..<count).allSatisfy { !validity[$0] || all[$0] == all[$0].rounded() }
      guard whole else { return nil }
      // Beyond the digits of a Double every number is whole: those are measured, not given.
      return (0..<count).allSatisfy { !validity[$0] || (1e11...1e20).contains(abs(all[$0])) }
    default: return nil
    }
  }

  /// The levels that the training rows have, at most `maximum` with the rest and the missing one.
  fileprivate func levelEncoding(_ maximum: Int, isCode: Bool) -> LevelEncoding {
    guard case .texts(let codes, let all, _) = values else {
      return LevelEncoding(levels: [], hasRest: false, hasMissing: false, isCode: isCode)
    }
    var counts = [Int](repeating: 0, count: all.count)
    for row in 0..<count where validity[row] { counts[Int(codes[row])] += 1 }
    // The most frequent first, equally frequent ones in the order of their texts.
    let present = all.indices.filter { counts[$0] > 0 }
      .sorted { (counts[$0], all[$1]) > (counts[$1], all[$0]) }
    let hasMissing = missingCount > 0
    let room = max(2, maximum) - (hasMissing ? 1 : 0)
    let hasRest = present.count > room
    let kept = hasRest ? present.prefix(room - 1) : present[...]
    return LevelEncoding(
      levels: kept.map { all[$0] }.sorted(), hasRest: hasRest, hasMissing: hasMissing,
      isCode: isCode)
  }
}
