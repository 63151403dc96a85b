import SlopeCore

/// Fractions of a whole, in 0...1, that sum to 1.
struct Fractions {
  let values: [Double]

  /// Nil, after a report, for other numbers.
  init?(_ fractions: [Double], for operation: String) {
    let total = fractions.reduce(0, +)
    guard !fractions.isEmpty, abs(total - 1) <= 1e-9, fractions.allSatisfy((0...1).contains) else {
      reportFailure(
        operation: operation,
        "fractions \(fractions) sum to \(total), they must lie in 0...1 and sum to 1")
      return nil
    }
    // Of many rows, a sum that is 10⁻⁹ off would be rows too many or too few.
    values = fractions.map { $0 / total }
  }

  /// The fractions of `count` rows: whole rows, and what remains of each.
  func quotas(of count: Int) -> (whole: [Int], rest: [Double]) {
    var (whole, rest): ([Int], [Double]) = ([], [])
    var left = count
    for fraction in values {
      let quota = Double(count) * fraction
      // A quota that should be 7 and is 6.999… has 7 rows.
      let rows = min(Int((quota + max(1e-9, quota * 0x1p-50)).rounded(.down)), left)
      left -= rows
      whole.append(rows)
      rest.append(max(quota - Double(rows), 0))
    }
    return (whole, rest)
  }
}

/// `values` numbered by their first appearance, from 0, and how many of each there are.
///
/// Labels may be any integers: only their number is a size.
func numbered(_ values: [Int]) -> (numbers: [Int], counts: [Int], labels: [Int]) {
  var known: [Int: Int] = [:]
  var (counts, labels): ([Int], [Int]) = ([], [])
  let numbers = values.map { value in
    if let number = known[value] {
      counts[number] += 1
      return number
    }
    let number = counts.count
    known[value] = number
    counts.append(1)
    labels.append(value)
    return number
  }
  return (numbers, counts, labels)
}

/// Whether `labels` has one label for each row of a data set; reports it if not.
func hasLabel(
  ofEachRow labels: [Int], _ dataset: some Dataset, _ kind: String, _ operation: String
) -> Bool {
  let count = rows(of: dataset, operation)
  if labels.count == count { return true }
  reportFailure(operation: operation, "\(labels.count) \(kind) for \(count) rows")
  return false
}
