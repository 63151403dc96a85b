import SlopeCore

/// Rows that can be read one by one, as a range, or by a list of indices.
///
/// A conforming type provides `count`, `subscript(_: Int)` and `taking(_:)`; the other requirements
/// have default implementations that call `taking(_:)`. The type chooses what a batch is, most
/// often a tuple of tensors whose first axes are the rows.
///
/// ```swift
/// struct Squares: Dataset {
///   let count = 6
///
///   subscript(row: Int) -> (Tensor<Float>, Tensor<Float>) {
///     let x = Tensor<Float>(Float(row < 0 ? row + count : row))
///     return (x, x.square())
///   }
///
///   func taking(_ indices: [Int]) -> (Tensor<Float>, Tensor<Float>) {
///     let x = Tensor<Float>(indices.map { Float($0) })
///     return (x, x.square())
///   }
/// }
///
/// for (x, y) in DataLoader(Squares(), batchSize: 4) { print(x, y) }
/// // tensor([0., 1., 2., 3.]) tensor([0., 1., 4., 9.])
/// // tensor([4., 5.]) tensor([16., 25.])
/// ```
///
/// A `DataLoader` reads ranges if it does not shuffle. If it does, it asks once per epoch for
/// `reader(order:)` with the order of all rows, and the reader for each batch. A type that holds
/// its rows in tensors should implement `reader(order:)` itself, so that the order goes to the
/// device once.
///
/// PyTorch's counterpart is a map-style `torch.utils.data.Dataset`. A data set gives batches here,
/// not single rows that are collated, and there are no worker processes: rows are read when the
/// loop asks for them.
///
/// - SeeAlso: `TensorDataset`, `Subset`, `DataLoader`, `randomSplit(_:_:generator:)`.
public protocol Dataset {
  /// The type of a set of rows; for a `TensorDataset` a pair of tensors `[rows, …]`.
  associatedtype Batch

  /// The number of rows.
  var count: Int { get }

  /// The row at `row` alone, without the axis of rows; a negative one counts from the end.
  subscript(row: Int) -> Batch { get }

  /// The rows in `range`, which is clipped to `0..<count`.
  subscript(range: Range<Int>) -> Batch { get }

  /// The rows at `indices`, in that order.
  func taking(_ indices: [Int]) -> Batch

  /// A function that returns the rows at `order[range]` for ranges within `order`.
  ///
  /// A shuffling `DataLoader` calls this once per epoch, and the function for each batch.
  func reader(order: [Int]) -> (Range<Int>) -> Batch
}

/// The number of rows of a data set; a negative `count` is a failure, and taken as 0.
func rows(of dataset: some Dataset, _ operation: @autoclosure () -> String) -> Int {
  let count = dataset.count
  if count >= 0 { return count }
  reportFailure(operation: operation(), "a data set of \(count) rows")
  return 0
}

extension Dataset {
  /// All rows.
  public subscript(range: UnboundedRange) -> Batch { self[0..<rows(of: self, "Dataset")] }

  /// The rows in `range`, which is clipped to `0..<count`, by `taking(_:)`.
  public subscript(range: Range<Int>) -> Batch {
    let range = range.clamped(to: 0..<rows(of: self, "Dataset"))
    return taking(Size.isAvailable(range.count, of: Int.self, for: "Dataset") ? Array(range) : [])
  }

  /// A function that returns the rows at `order[range]`, by `taking(_:)`.
  public func reader(order: [Int]) -> (Range<Int>) -> Batch {
    { taking(Array(order[$0])) }
  }
}
