import SlopeCore
import SlopeData

/// The part that a row belongs to.
public enum TablePart: String, Sendable, CaseIterable, Codable {
  /// Rows that the model is fitted to.
  case training = "train"
  /// Rows for choosing among models.
  case validation
  /// Rows that judge the model.
  case test
}

/// The rows of a table that have a target: what is predicted, and the part of each.
struct TabularRows {
  /// The rows of the table that was given whose target is not missing.
  let table: Table
  /// The number of rows that were left out because their target is missing.
  let droppedCount: Int
  let task: PredictionTask
  let truth: TargetRows
  /// The rows of each part.
  private(set) var parts: [TablePart: [Int]]
  /// The place of each row in the table that was given.
  private let sourceRows: [Int]?
  /// What is to be said about the target and the parts.
  private(set) var notes: [String] = []

  init(_ whole: Table, _ options: TabularOptions, generator: Generator) throws {
    let target = try whole.column(options.target)
    for name in options.otherUse { _ = try whole.columnIndex(of: name) }
    let quoted = options.target.quotedForMessage
    if target.missingCount > 0 {
      sourceRows = (0..<whole.rowCount).filter { target.isPresent($0) }
      table = try whole.droppingMissing(options.target)
      notes.append(
        target.missingCount == 1
          ? "1 row whose target \(quoted) is missing is left out"
          : "\(target.missingCount.grouped) rows whose target \(quoted) is missing are left out")
    } else {
      table = whole
      sourceRows = nil
    }
    droppedCount = target.missingCount
    guard table.rowCount > 1 else {
      throw TabularError.unusable(
        "\(table.source): \(table.rowCount == 1 ? "one row" : "no row") with a target; "
          + "a model needs rows to learn from and rows to judge it")
    }
    (task, truth) = try Self.target(of: table, options, &notes)
    parts = try Self.parts(of: table, options.split, truth, task, generator)
    guard let training = parts[.training], !training.isEmpty else {
      throw TabularError.unusable("\(table.source): no rows to train on")
    }
    if let weights = truth.weights, training.allSatisfy({ weights[$0] == 0 }) {
      throw TabularError.unusable("\(table.source): all training rows have the weight 0")
    }
    try checkClasses(training, options)
  }

  /// The rows of each part, by their places in the table that was given.
  var places: [TablePart: [Int]] {
    guard let sourceRows else { return parts }
    return parts.mapValues { $0.map { sourceRows[$0] } }
  }

  /// The same rows, of which those for choosing among models are among those that it is fitted to.
  func withoutValidation() -> TabularRows {
    var rows = self
    rows.parts[.training] = [TablePart.training, .validation].flatMap { parts[$0] ?? [] }.sorted()
    rows.parts[.validation] = []
    return rows
  }

  /// Folds of some rows, by their places: classes have equal shares, groups are in one fold each, and of
  /// rows that are split by time each fold is consecutive.
  func folds(_ most: Int, of rows: [Int], _ split: TabularOptions.Split, _ generator: Generator)
    throws -> [Fold]
  {
    let count = min(most, rows.count)
    guard count > 1 else { return [] }
    switch split {
    case .groups(let name, _, _, _):
      let groups = try Self.present(name, of: table, "a group")
      let labels = rows.map { groups[$0] }
      let groupCount = Set(labels).count
      return groupCount > 1 ? groupKFold(groups: labels, folds: min(count, groupCount)) : []
    case .time(let name, _, _, _):
      let times = try Self.present(name, of: table, "a time")
      let order = rows.indices.sorted { (times[rows[$0]], $0) < (times[rows[$1]], $1) }
      return kFold(rows.count, folds: count).map { fold in
        Fold(
          training: fold.training.map { order[$0] }.sorted(),
          validation: fold.validation.map { order[$0] }.sorted())
      }
    case .fractions, .column:
      guard task.isClassification else {
        return kFold(rows.count, folds: count, shuffle: true, generator: generator)
      }
      let classes = rows.map { truth.classes[$0] }
      let largest = Dictionary(grouping: classes) { $0 }.values.map(\.count).max() ?? 0
      return largest > 1
        ? stratifiedKFold(
          classes: classes, folds: min(count, largest), shuffle: true, generator: generator) : []
    }
  }

  // MARK: Targets

  private static func target(
    of table: Table, _ options: TabularOptions, _ notes: inout [String]
  ) throws -> (PredictionTask, TargetRows) {
    let column = try table.column(options.target)
    let quoted = options.target.quotedForMessage
    let weights = try weights(of: table, options)
    // Distinct numbers may be as many as rows: they are not listed before it is known that they are
    // classes.
    let isFew = column.distinctCount(limit: 11) <= 10 && column.isWhole
    guard column.distinctCount(limit: 2) > 1 else {
      throw TabularError.unusable(
        "\(table.source): the target \(quoted) has one value, "
          + "\((column.sortedLevels(in: [0]).first ?? "").quotedForMessage): there is nothing to learn"
      )
    }
    let task: TabularOptions.Task
    switch column.kind {
    case .category, .boolean, .text: task = options.task ?? .classify
    case .date:
      throw TabularError.unusable(
        "\(table.source): the target \(quoted) holds dates; it must be numbers or classes")
    case .integer, .number:
      task = options.task ?? (isFew ? .classify : .regress)
      if isFew, options.task == nil {
        notes.append(
          "the target \(quoted) has \(column.distinctCount(limit: 11)) distinct whole numbers, which are taken for "
            + "classes; --task regress predicts numbers")
      }
    }
    switch task {
    case .regress:
      guard let reader = NumberReader(column) else {
        throw TabularError.unusable(
          "\(table.source): the target \(quoted) holds \(column.kind.plural), not numbers")
      }
      let numbers = (0..<table.rowCount).map { reader[$0, 0] }
      return (.regression, TargetRows(numbers: numbers, weights: weights))
    case .classify:
      let levels = column.sortedLevels(in: nil)
      guard 2 * levels.count <= table.rowCount || levels.count <= 20 else {
        throw TabularError.unusable(
          "\(table.source): the target \(quoted) has \(levels.count.grouped) classes in "
            + "\(table.rowCount.grouped) rows"
            + (column.kind.isNumeric ? "; --task regress predicts numbers" : ""))
      }
      let place = Dictionary(uniqueKeysWithValues: zip(levels, levels.indices))
      let texts = try column.cells(as: String.self)
      return (
        .classification(classes: levels),
        TargetRows(classes: texts.map { place[$0 ?? ""] ?? 0 }, weights: weights)
      )
    }
  }

  /// What each row counts, from a column; nil if all count 1.
  static func weights(of table: Table, _ options: TabularOptions) throws -> [Double]? {
    guard let name = options.weightColumn else { return nil }
    let cells = try table[name, as: Double.self]
    var weights: [Double] = []
    weights.reserveCapacity(cells.count)
    for (row, cell) in cells.enumerated() {
      guard let cell, cell >= 0 else {
        let found = cell.map { "\($0) is negative" } ?? "the value is missing"
        throw TabularError.unusable(
          "\(table.place(ofRow: row)): column \(name.quotedForMessage): \(found), which is no weight"
        )
      }
      weights.append(cell)
    }
    guard let largest = weights.max(), largest > 0 else {
      throw TabularError.unusable(
        "\(table.source): column \(name.quotedForMessage): all weights are 0")
    }
    // Only ratios matter; by a power of two, so that no sum overflows and no digit changes.
    guard abs(largest.exponent) > 500 else { return weights }
    let unit = Double(sign: .plus, exponent: largest.exponent, significand: 1)
    return weights.map { $0 / unit }
  }

  private func checkClasses(_ training: [Int], _ options: TabularOptions) throws {
    guard case .classification(let classes) = task else { return }
    var counts = [Int](repeating: 0, count: classes.count)
    var all = counts
    for row in training { counts[truth.classes[row]] += 1 }
    for index in truth.classes { all[index] += 1 }
    if let index = counts.firstIndex(of: 0) {
      throw TabularError.unusable(
        "\(table.source): class \(classes[index].quotedForMessage) of the target "
          + "\(options.target.quotedForMessage) has \(all[index]) "
          + (all[index] == 1 ? "row, which is" : "rows, which are")
          + " in no training part; a model cannot learn it: leave the rows out, or divide them "
          + "otherwise")
    }
  }

  /// Notes about classes of one row.
  func rareClassNotes() -> [String] {
    var counts = [Int](repeating: 0, count: task.classes.count)
    for index in truth.classes { counts[index] += 1 }
    return counts.indices.filter { counts[$0] == 1 }.map {
      "class \(task.classes[$0].quotedForMessage) has one row: it is trained on, and nothing judges it"
    }
  }

  // MARK: Parts

  private static func parts(
    of table: Table, _ split: TabularOptions.Split, _ truth: TargetRows, _ task: PredictionTask,
    _ generator: Generator
  ) throws -> [TablePart: [Int]] {
    let all = Array(0..<table.rowCount)
    func named(_ parts: [[Int]]) -> [TablePart: [Int]] {
      Dictionary(uniqueKeysWithValues: zip(TablePart.allCases, parts))
    }
    func checked(_ fractions: [Double]) throws -> [Double] {
      guard fractions.allSatisfy({ $0 >= 0 }), abs(fractions.reduce(0, +) - 1) < 1e-9 else {
        throw TabularError.unusable("the parts \(fractions) are not fractions that sum to 1")
      }
      return fractions
    }
    switch split {
    case .fractions(let training, let validation, let test):
      let fractions = try checked([training, validation, test])
      guard !task.isClassification else {
        return named(stratifiedSplit(classes: truth.classes, fractions, generator: generator))
      }
      return named(
        randomSplit(RowNumbers(count: all.count), fractions, generator: generator).map(\.indices))
    case .groups(let name, let training, let validation, let test):
      let fractions = try checked([training, validation, test])
      let groups = try present(name, of: table, "a group")
      return named(groupSplit(groups: groups, fractions, generator: generator))
    case .time(let name, let training, let validation, let test):
      let fractions = try checked([training, validation, test])
      return named(try partsByTime(name, of: table, fractions))
    case .column(let name):
      var rows: [TablePart: [Int]] = [.training: [], .validation: [], .test: []]
      for (row, text) in try table[name, as: String.self].enumerated() {
        guard let part = text.flatMap(TablePart.init(rawValue:)) else {
          throw TabularError.unusable(
            "\(table.place(ofRow: row)): column \(name.quotedForMessage): "
              + "\(text?.quotedForMessage ?? "nothing") where train, validation or test is expected"
          )
        }
        rows[part, default: []].append(row)
      }
      return rows
    }
  }

  /// The rows in the order of a column, in parts of about these sizes.
  ///
  /// Rows of one time are in one part: a part ends at the nearest change of the time, and the first one is
  /// not empty.
  private static func partsByTime(
    _ name: String, of table: Table, _ fractions: [Double]
  ) throws -> [[Int]] {
    guard try table.column(name).isOrderedInTime else {
      throw TabularError.unusable(
        "\(table.source): column \(name.quotedForMessage): its words have no order in time; numbers, dates "
          + "such as 2024-02-29, and words of one length that begin with a year have one")
    }
    let keys = try present(name, of: table, "a time")
    let count = keys.count
    let order = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
    var counts = fractions.map { Int(Double(count) * $0) }
    for index in 0..<max(0, count - counts.reduce(0, +)) { counts[index % 3] += 1 }
    /// The change of the time that is nearest to a place in the order.
    func change(near place: Int) -> Int {
      guard place > 0, place < count else { return place }
      let key = keys[order[place]]
      let first = order[..<place].lastIndex { keys[$0] != key }.map { $0 + 1 } ?? 0
      let next = order[place...].firstIndex { keys[$0] != key } ?? count
      return first > 0 && place - first <= next - place ? first : next
    }
    let ends = [change(near: counts[0]), change(near: counts[0] + counts[1]), count]
    return zip([0] + ends, ends).map { order[$0..<$1].sorted() }
  }

  /// Keys that order a column's cells, none of which may be missing.
  private static func present(_ name: String, of table: Table, _ what: String) throws -> [Int] {
    let keys = try table.column(name).sortKeys
    return try keys.indices.map { row in
      guard let key = keys[row] else {
        throw TabularError.unusable(
          "\(table.place(ofRow: row)): column \(name.quotedForMessage): \(what) is missing")
      }
      return key
    }
  }
}

extension Column {
  /// Whether the order of the cells can be that of times: not that of words such as 11/1/2023, but for words
  /// of one length that begin with a year.
  fileprivate var isOrderedInTime: Bool {
    guard kind.isText else { return true }
    let words = levels
    return words.allSatisfy { word in
      word.count == words[0].count && word.prefix(4).count { ("0"..."9").contains($0) } == 4
    }
  }

  /// Whether all numbers of a column of numbers are whole.
  fileprivate var isWhole: Bool {
    guard let reader = NumberReader(self) else { return false }
    return (0..<count).allSatisfy { reader[$0, 0] == reader[$0, 0].rounded() }
  }

  /// The number of distinct values, or `limit` if they are more.
  fileprivate func distinctCount(limit: Int) -> Int {
    var found: Set<Int> = []
    for key in sortKeys {
      if let key { found.insert(key) }
      if found.count == limit { break }
    }
    return found.count
  }
}

/// Row numbers as a data set, from which a split of a table is drawn.
private struct RowNumbers: Dataset {
  let count: Int
  subscript(row: Int) -> [Int] { [row] }
  func taking(_ indices: [Int]) -> [Int] { indices }
}
