public import SlopeCore

/// Two tensors with the same rows along their first axes: features and targets.
///
/// The element types may differ, as for features in Float and class indices in Int.
///
/// ```swift
/// let data = TensorDataset(Tensor<Float>([[1, 2], [3, 4], [5, 6]]), Tensor([0, 1, 1]))
/// print(data.count)
/// // 3
/// let (x, y) = data[-1]
/// print(x, y)
/// // tensor([5., 6.]) tensor(1)
/// let (features, targets) = data.taking([2, 0])
/// print(features, targets)
/// // tensor([[5., 6.],
/// //         [1., 2.]]) tensor([1, 0])
/// ```
///
/// Nothing is copied when a data set is made, and a single row, a range and all rows (`data[...]`)
/// are views of its tensors. `taking(_:)` and the batches of a shuffling loader are copies, one
/// gather for each tensor. Batches are on the device of the tensors: move the data set to a device
/// once, with `to(_:)`, and afterwards only row numbers are copied there.
///
/// PyTorch's counterpart is `TensorDataset` with two tensors.
///
/// - SeeAlso: `DataLoader`, `randomSplit(_:_:generator:)`; `Table.tensor(_:as:)` makes tensors of a
///   file.
public struct TensorDataset<X: TensorElement, Y: TensorElement>: Dataset, Sendable {
  /// Rows of features and of targets, `[rows, …]` each.
  public typealias Batch = (Tensor<X>, Tensor<Y>)

  /// The features, `[rows, …]`.
  public let features: Tensor<X>

  /// The targets, `[rows, …]`.
  public let targets: Tensor<Y>

  /// The number of rows.
  public let count: Int

  /// A data set of features and targets, neither of which is copied.
  ///
  /// Precondition: both have a first axis, of the same extent. After a failure there are no rows.
  ///
  /// - Parameters:
  ///   - features: the features, `[rows, …]`.
  ///   - targets: the targets, `[rows, …]`.
  public init(_ features: Tensor<X>, _ targets: Tensor<Y>) {
    self.features = features
    self.targets = targets
    let rows = (features.shape.first, targets.shape.first)
    if let count = rows.0, count == rows.1 {
      self.count = count
      return
    }
    count = 0
    guard !features.isFailed, !targets.isFailed else { return }
    if let features = rows.0, let targets = rows.1 {
      reportFailure(
        operation: "TensorDataset",
        "\(self.features.shape) and \(self.targets.shape): \(features) and \(targets) rows differ")
    } else {
      reportFailure(
        operation: "TensorDataset",
        "\(features.shape) and \(targets.shape): a tensor of rank 0 has no rows")
    }
  }

  /// A data set of the same rows on another device, so that batches need not be copied there.
  ///
  /// Tensors that are on the device already are not copied; a copy waits for the old device's work
  /// on them.
  public func to(_ device: Device) -> TensorDataset {
    TensorDataset(features.to(device), targets.to(device))
  }

  /// The features and the target of one row, as views without the axis of rows.
  ///
  /// A negative row counts from the end. One out of range is a failure.
  public subscript(row: Int) -> Batch { (features[row], targets[row]) }

  /// The rows in `range`, as views; the range is clipped to the rows.
  public subscript(range: Range<Int>) -> Batch { (features[range], targets[range]) }

  /// Copies of the rows at `indices`, in that order: one gather per tensor.
  ///
  /// An index that is negative or too large is a failure.
  public func taking(_ indices: [Int]) -> Batch { rows(at: onDevice(indices)) }

  /// A function that returns the rows at `order[range]`, by one gather per tensor.
  ///
  /// The order is copied to the features' device once, here.
  public func reader(order: [Int]) -> (Range<Int>) -> Batch {
    let order = onDevice(order)
    return { rows(at: order[$0]) }
  }

  /// Row numbers on the features' device.
  private func onDevice(_ indices: [Int]) -> Tensor<Int> {
    Tensor(indices, on: features.device)
  }

  private func rows(at indices: Tensor<Int>) -> Batch {
    (features.taking(indices), targets.taking(indices.to(targets.device)))
  }
}
