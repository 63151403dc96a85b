import SlopeData

extension TabularFitter {
  // MARK: Weights

  /// What each training row counts: its weight times that of its class, 1 on average.
  func rowWeights(_ targets: TargetRows) throws -> [Double]? {
    guard targets.weights != nil || options.classWeights != nil else { return nil }
    var weights = targets.weights ?? targets.classes.map { _ in 1 }
    if let classWeights = options.classWeights {
      let factors = try factors(classWeights, targets)
      for row in weights.indices { weights[row] *= factors[targets.classes[row]] }
    }
    let mean = weights.reduce(0, +) / Double(max(1, weights.count))
    return mean > 0 ? weights.map { $0 / mean } : nil
  }

  private func factors(
    _ weights: TabularOptions.ClassWeights, _ targets: TargetRows
  ) throws -> [Double] {
    guard case .classification(let classes) = rows.task else {
      throw TabularError.unusable(
        "class weights are for classes, but the target \(options.target.quotedForMessage) is "
          + "predicted as a number")
    }
    switch weights {
    case .balanced:
      var counts = [Double](repeating: 0, count: classes.count)
      for index in targets.classes { counts[index] += 1 }
      return counts.map { Double(targets.classes.count) / (Double(classes.count) * max(1, $0)) }
    case .named(let named):
      for name in named.keys.sorted() where !classes.contains(name) {
        throw TabularError.unusable(
          "a weight for \(name.quotedForMessage), which is no class of the target "
            + options.target.quotedForMessage
            + (classes.nearestOrLonger(than: name).map {
              ", did you mean \($0.quotedForMessage)? The"
            } ?? "; the")
            + " classes are " + classes.prefix(20).map(\.quotedForMessage).joined(separator: ", ")
            + (classes.count > 20 ? " and \(classes.count - 20) more" : ""))
      }
      for (name, weight) in named where !(weight > 0 && weight.isFinite) {
        throw TabularError.unusable(
          "a weight of \(weight) for the class \(name.quotedForMessage), which is no positive number"
        )
      }
      let factors = classes.map { named[$0] ?? 1 }
      // Only ratios matter: sums do not overflow.
      let largest = factors.max() ?? 1
      return factors.map { $0 / largest }
    }
  }

  // MARK: Notes

  /// Notes about columns that are left out without having been asked for.
  func omissionNotes() -> [String] {
    let reasons: KeyValuePairs<ColumnReport.Omission, String> = [
      .empty: "without values", .constant: "of one value",
      .identifier: "that tell rows apart (--keep NAME keeps one)",
    ]
    return reasons.compactMap { omission, reason in
      let names = pipeline.columns.filter { $0.omission == omission }.map(\.name.quotedForMessage)
      guard !names.isEmpty else { return nil }
      let more = names.count > 10 ? " and \(names.count - 10) more" : ""
      return "columns \(reason) in the training rows are left out: "
        + names.prefix(10).joined(separator: ", ") + more
    }
  }
}

extension FittedPipeline {
  /// One line for each column of categories with levels in `table` that no training row has.
  package func unseenNotes(in table: Table) -> [String] {
    Self.unseenNotes(unseenCounts(in: table))
  }

  /// One line for each column of categories with cells whose level no training row has, given their numbers.
  package static func unseenNotes(_ counts: [String: Int]) -> [String] {
    counts.keys.sorted().map { name in
      let count = counts[name] ?? 0
      return "column \(name.quotedForMessage): \(count.grouped) "
        + (count == 1 ? "cell has a level" : "cells have levels")
        + " that no training row has"
    }
  }
}
