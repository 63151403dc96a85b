public import SlopeCore

/// Two tensors whose first axes run over the same rows: features and what to predict from them.
///
/// The element types may differ, as for features in Float and classes in Int.
public struct TensorDataset<X: TensorElement, Y: TensorElement>: Dataset, Sendable {
  /// Rows of features and of targets.
  public typealias Batch = (Tensor<X>, Tensor<Y>)

  /// The features, `[rows, …]`.
  public let features: Tensor<X>

  /// The targets, `[rows, …]`.
  public let targets: Tensor<Y>

  /// The number of rows.
  public let count: Int

  /// Rows of `features` beside rows of `targets`.
  ///
  /// Precondition: both have a first axis, and of the same extent.
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

  /// The same rows on another device: batches then need not be copied there.
  public func to(_ device: Device) -> TensorDataset {
    TensorDataset(features.to(device), targets.to(device))
  }

  /// The features and the target of one row, without the axis of rows.
  public subscript(row: Int) -> Batch { (features[row], targets[row]) }

  /// The rows in `range`, as views.
  public subscript(range: Range<Int>) -> Batch { (features[range], targets[range]) }

  /// The rows at `indices`, in that order.
  public func taking(_ indices: [Int]) -> Batch { rows(at: onDevice(indices)) }

  /// A function that gives the rows at `order[range]`: one gather per tensor.
  public func reader(order: [Int]) -> (Range<Int>) -> Batch {
    let order = onDevice(order)
    return { rows(at: order[$0]) }
  }

  /// Row numbers where the features are.
  private func onDevice(_ indices: [Int]) -> Tensor<Int> {
    Tensor(indices, on: features.device)
  }

  private func rows(at indices: Tensor<Int>) -> Batch {
    (features.taking(indices), targets.taking(indices.to(targets.device)))
  }
}
