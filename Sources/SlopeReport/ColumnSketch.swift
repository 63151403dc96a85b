import SlopeData
import SlopePlot

/// How the cells of a column are distributed, in a few numbers.
struct ColumnSketch: Sendable {
  private static let binCount = 24
  private static let levelCount = 12
  /// The cells that are looked at.
  private static let cellCount = 100_000

  let report: ColumnReport
  /// The cells of each bin of numbers, or of each of the commonest levels.
  let counts: [Int]
  /// Whether the counts are of levels.
  let areLevels: Bool
  /// The fraction of the table's cells that are missing.
  let missing: Double

  /// The sketch of a column; of one that the table lacks without counts.
  init(_ report: ColumnReport, _ table: Table) {
    self.report = report
    guard let column = try? table.column(report.name), column.count > 0 else {
      (counts, areLevels, missing) = ([], false, 0)
      return
    }
    missing = Double(column.missingCount) / Double(column.count)
    let stride = max(1, column.count / Self.cellCount)
    let some = column.taking(Array(Swift.stride(from: 0, to: column.count, by: stride)))
    let numbers: [Double]
    switch some.kind {
    case .integer, .number:
      numbers = ((try? some.cells(as: Double.self)) ?? []).compactMap { $0 }
    case .date:
      numbers = ((try? some.cells(as: DateTime.self)) ?? []).compactMap { cell in
        cell.map { Double($0.microsecondsSince1970) }
      }
    case .boolean, .category, .text:
      var found: [String: Int] = [:]
      for row in 0..<some.count {
        if let text = some.text(ofRow: row) { found[text, default: 0] += 1 }
      }
      areLevels = true
      counts = found.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.levelCount)
        .map(\.value)
      return
    }
    areLevels = false
    counts = Histogram(numbers, binCount: Self.binCount)?.counts ?? []
  }

  /// A small picture of the counts.
  var picture: String {
    guard let most = counts.max(), most > 0 else { return "" }
    let (width, height) = (112.0, 24.0)
    var svg = SVG(width: width, height: height)
    let step = width / Double(areLevels ? max(counts.count, 2) : Self.binCount)
    for (index, count) in counts.enumerated() where count > 0 {
      let size = max(1, height * Double(count) / Double(most))
      svg.box(
        Box(
          x: Double(index) * step, y: height - size, width: max(step - (areLevels ? 2 : 0.5), 1),
          height: size), fill: .series(areLevels ? 2 : 0))
    }
    return svg.element(title: "distribution of \(report.name.cut(to: 40))")
  }
}

/// Counts of numbers in bins of equal width.
struct Histogram {
  /// The ends of the bins: one more than there are.
  let edges: [Double]
  let counts: [Int]
  /// The numbers that lie beyond the ends, and are counted in the outermost bins.
  let beyond: Int

  /// The histogram from the 1st to the 99th percentile if the others are far away, else of all finite
  /// numbers; nil without two different ones.
  ///
  /// What lies beyond is counted in the outermost bins.
  init?(_ numbers: [Double], binCount: Int) {
    let finite = numbers.filter { abs($0) <= 1e300 }
    guard let quantiles = Quantiles(finite), quantiles[0] < quantiles[1] else { return nil }
    var (low, high) = (quantiles[0], quantiles[1])
    let (near, far) = (quantiles[0.01], quantiles[0.99])
    if near < far, high - low > 3 * (far - near) { (low, high) = (near, far) }
    let width = (high - low) / Double(binCount)
    guard width > 0 else { return nil }
    var counts = [Int](repeating: 0, count: binCount)
    for number in finite {
      let place = min(max((number - low) / width, 0), Double(binCount - 1))
      counts[Int(place)] += 1
    }
    self.counts = counts
    beyond = finite.count { $0 < low || $0 > high }
    edges = (0...binCount).map { low + width * Double($0) }
  }
}
