/// How a number becomes an input: `(x − center) / scale`, and what replaces a missing one.
package struct NumberEncoding: Sendable, Hashable, Codable {
  package var center: Double
  package var scale: Double
  /// Whether the result is clipped smoothly, `z / √(1 + (z/3)²)`.
  package var isClipped: Bool
  /// Whether the result is bounded, as that of every scaled number is.
  package var isBounded: Bool
  /// What a missing number becomes, before it is scaled; nil if it is an error.
  package var fill: Double?

  /// The bound of a standardised number: what lies farther is taken for this far.
  ///
  /// No training row reaches it. It keeps a model finite on any other.
  package static let bound = 1e9

  @inline(__always)
  func callAsFunction(_ number: Double) -> Double {
    guard isBounded else { return number }
    let z = max(-Self.bound, min(Self.bound, Self.standardized(number, center, scale)))
    return isClipped ? z / (1 + z * z / 9).squareRoot() : z
  }

  /// `(number − center) / scale`, also where the difference is beyond the range of Double.
  @inline(__always)
  package static func standardized(_ number: Double, _ center: Double, _ scale: Double) -> Double {
    let z = (number - center) / scale
    return z.isFinite ? z : (number / 2 - center / 2) / (scale / 2)
  }

  /// The encoding of numbers by their scaling and imputation.
  init(_ numbers: [Double], _ scaling: Transform.Scaling?, _ imputation: Transform.Imputation?) {
    isBounded = scaling != nil
    switch scaling {
    case .standard:
      let moments = ColumnMoments(numbers)
      center = moments.mean
      scale = moments.deviation
      isClipped = false
    case .robust:
      let quantiles = Quantiles(numbers)
      center = quantiles?[0.5] ?? 0
      let (low, high) = (quantiles?[0.25] ?? 0, quantiles?[0.75] ?? 0)
      scale = high - low
      if !(scale > 0) { scale = (numbers.max() ?? 0) / 2 - (numbers.min() ?? 0) / 2 }
      isClipped = true
    case nil:
      (center, scale, isClipped) = (0, 1, false)
    }
    if !scale.isFinite { scale = .greatestFiniteMagnitude }
    if !(scale >= .leastNormalMagnitude) { scale = 1 }
    switch imputation {
    case .median: fill = Quantiles(numbers)?[0.5] ?? 0
    case .mean: fill = ColumnMoments(numbers).mean
    case .constant(let number): fill = number
    case nil: fill = nil
    }
  }

  /// The encoding of numbers that are standardised; a missing one is an error.
  init(center: Double, scale: Double, fill: Double? = nil) {
    self.center = center
    self.scale = scale
    isClipped = false
    isBounded = true
    self.fill = fill
  }
}

/// The levels of a category that a model knows.
package struct LevelEncoding: Sendable, Hashable, Codable {
  /// The levels with an input of their own, in ascending order.
  package var levels: [String]
  /// Whether the other levels of the training rows share an input, which is also that of levels that
  /// are new.
  package var hasRest: Bool
  /// Whether a missing cell has an input.
  package var hasMissing: Bool
  /// Whether the inputs are one number instead of one for each level.
  package var isCode: Bool

  /// The number of distinct levels, the rest and the missing one included.
  package var count: Int { levels.count + (hasRest ? 1 : 0) + (hasMissing ? 1 : 0) }
}

/// A part of a date that is a number.
package enum DatePart: String, Sendable, Hashable, Codable, CaseIterable {
  case year, month, day, weekday, hour

  func callAsFunction(_ date: DateTime) -> Double {
    switch self {
    case .year: Double(date.date.year)
    case .month: Double(date.date.month)
    case .day: Double(date.date.day)
    case .weekday: Double(date.weekday)
    case .hour: Double(date.hour)
    }
  }
}

/// How the cells of a column become inputs of a model.
package enum ColumnEncoding: Sendable, Hashable, Codable {
  /// A number, and where `flag` is set 1 for a missing cell and else 0.
  case number(NumberEncoding, flag: Bool)
  /// Only whether the cell is missing: its numbers are all the same.
  case presence
  case levels(LevelEncoding)
  /// Numbers of a date, and whether it is missing.
  case date([DatePart], [NumberEncoding], flag: Bool)

  /// The names of the inputs.
  func outputNames(of column: String) -> [String] {
    switch self {
    case .number(_, let flag): return [column] + (flag ? ["\(column) missing"] : [])
    case .presence: return ["\(column) missing"]
    case .levels(let encoding):
      if encoding.isCode { return [column] }
      let rest = encoding.levels.contains("other") ? "other levels" : "other"
      return encoding.levels.map { "\(column)=\($0)" }
        + (encoding.hasRest ? ["\(column)=\(rest)"] : [])
        + (encoding.hasMissing ? ["\(column) missing"] : [])
    case .date(let parts, _, let flag):
      return parts.map { "\(column) \($0.rawValue)" } + (flag ? ["\(column) missing"] : [])
    }
  }

  /// The number of inputs.
  package var outputCount: Int {
    switch self {
    case .number(_, let flag): 1 + (flag ? 1 : 0)
    case .presence: 1
    case .levels(let encoding): encoding.isCode ? 1 : encoding.count
    case .date(let parts, _, let flag): parts.count + (flag ? 1 : 0)
    }
  }
}
