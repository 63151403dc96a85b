public import SlopeCore

/// Goes through a data set in batches, one epoch per loop.
///
/// ```swift
/// for (x, y) in DataLoader(training, batchSize: 32, shuffle: true) { … }
/// ```
///
/// Shuffled epochs come in the order that PyTorch's `DataLoader` gives after the same seed. A batch
/// is one gather per tensor, or a view where the rows are not shuffled and lie together.
public struct DataLoader<Data: Dataset>: Sequence {
  /// A batch of rows.
  public typealias Element = Data.Batch

  /// The data set that is read.
  public let dataset: Data

  /// The number of rows in a batch; the last batch may have fewer.
  public let batchSize: Int

  /// Whether each epoch has a new random order.
  public let shuffle: Bool

  /// Whether a last batch of fewer rows is left out.
  public let dropLast: Bool

  /// The source of the order; the default generator if nil.
  public let generator: Generator?

  /// A loader of `batchSize` rows at a time.
  ///
  /// Precondition: `batchSize` is positive.
  public init(
    _ dataset: Data, batchSize: Int = 1, shuffle: Bool = false, dropLast: Bool = false,
    generator: Generator? = nil
  ) {
    if batchSize < 1 {
      reportFailure(operation: "DataLoader", "batchSize \(batchSize) is not positive")
    }
    self.dataset = dataset
    self.batchSize = Swift.max(batchSize, 1)
    self.shuffle = shuffle
    self.dropLast = dropLast
    self.generator = generator
  }

  /// The number of batches in an epoch.
  public var count: Int {
    let (whole, rest) = rows(of: dataset, "DataLoader").quotientAndRemainder(dividingBy: batchSize)
    return dropLast || rest == 0 ? whole : whole + 1
  }

  /// The number of batches in an epoch.
  public var underestimatedCount: Int { count }

  /// Starts an epoch.
  public func makeIterator() -> Iterator { Iterator(self) }

  /// One epoch.
  public struct Iterator: IteratorProtocol {
    private let rowCount: Int
    private let batchSize: Int
    private let dropLast: Bool
    private var sampler: Sampler?
    private let read: (Range<Int>) -> Data.Batch
    private var position = 0

    fileprivate init(_ loader: DataLoader) {
      let count = rows(of: loader.dataset, "DataLoader")
      // An order of all rows is an array.
      let isReadable =
        !loader.shuffle || Size.isAvailable(count, of: (Int, Int).self, for: "DataLoader")
      rowCount = isReadable ? count : 0
      batchSize = loader.batchSize
      dropLast = loader.dropLast
      // PyTorch draws a seed for its workers here, whether or not there are any.
      _ = (loader.generator ?? .default).nextSeed()
      if loader.shuffle {
        let sampler = Sampler(count: rowCount, generator: loader.generator)
        read = loader.dataset.reader(order: sampler.order)
        self.sampler = sampler
      } else {
        read = { [dataset = loader.dataset] in dataset[$0] }
      }
    }

    /// The next batch, or nil after the last.
    public mutating func next() -> Data.Batch? {
      let left = rowCount - position
      // The order is used up while a short batch is put together, before it is handed out.
      if left < batchSize { sampler?.finish() }
      guard left >= batchSize || left > 0 && !dropLast else { return nil }
      let range = position..<(position + Swift.min(left, batchSize))
      position = range.upperBound
      return read(range)
    }
  }
}

extension DataLoader: Sendable where Data: Sendable {}
