public import SlopeCore

/// The rows of an epoch of a `DataLoader`, in their order.
///
/// A conforming type says how many rows an epoch has and draws them. Rows may repeat, and some may
/// be missing.
///
/// ```swift
/// /// Every other row.
/// struct EvenRows: Sampler {
///   let count: Int
///   func epoch() -> [Int] { (0..<count).map { 2 * $0 } }
/// }
///
/// let data = TensorDataset(Tensor<Float>.arange(9), Tensor<Int>.arange(9))
/// for (_, y) in DataLoader(data, batchSize: 3, sampler: EvenRows(count: 5)) { print(y) }
/// // tensor([0, 2, 4])
/// // tensor([6, 8])
/// ```
///
/// PyTorch's counterpart is `torch.utils.data.Sampler`. Rows are drawn for a whole epoch here, since
/// their order goes to the data set's device once.
///
/// - SeeAlso: `WeightedRandomSampler`, `DataLoader`.
public protocol Sampler: Sendable {
  /// The number of rows of an epoch.
  var count: Int { get }

  /// Draws the rows of the next epoch, `count` of them.
  func epoch() -> [Int]

  /// The generators that an epoch is drawn from, for checkpoints; the default generator need not be among
  /// them.
  var generators: [Generator] { get }
}

extension Sampler {
  /// None but the default generator.
  public var generators: [Generator] { [] }
}
