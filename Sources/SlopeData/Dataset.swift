import SlopeCore

/// Rows that can be read one by one, as a range, or by a list of places.
///
/// A conforming type gives `count` and `taking(_:)`; the rest follows from them. A type that holds
/// its rows in tensors should also give `reader(order:)`, with which a loader reads a whole epoch.
public protocol Dataset {
  /// What a set of rows is: for a `TensorDataset` a pair of tensors `[rows, …]`.
  associatedtype Batch

  /// The number of rows.
  var count: Int { get }

  /// The row at `row` alone, without the axis of rows; a negative one counts from the end.
  subscript(row: Int) -> Batch { get }

  /// The rows in `range`, which is clipped to the rows that there are.
  subscript(range: Range<Int>) -> Batch { get }

  /// The rows at `indices`, in that order.
  func taking(_ indices: [Int]) -> Batch

  /// A function that gives the rows at `order[range]` for ranges within `order`.
  func reader(order: [Int]) -> (Range<Int>) -> Batch
}

/// The number of rows of a data set; 0, and a failure, for one of a caller's own that says fewer.
func rows(of dataset: some Dataset, _ operation: @autoclosure () -> String) -> Int {
  let count = dataset.count
  if count >= 0 { return count }
  reportFailure(operation: operation(), "a data set of \(count) rows")
  return 0
}

extension Dataset {
  /// All rows.
  public subscript(range: UnboundedRange) -> Batch { self[0..<rows(of: self, "Dataset")] }

  /// The rows in `range`, which is clipped to the rows that there are.
  public subscript(range: Range<Int>) -> Batch {
    let range = range.clamped(to: 0..<rows(of: self, "Dataset"))
    return taking(Size.isAvailable(range.count, of: Int.self, for: "Dataset") ? Array(range) : [])
  }

  /// A function that gives the rows at `order[range]`.
  public func reader(order: [Int]) -> (Range<Int>) -> Batch {
    { taking(Array(order[$0])) }
  }
}
