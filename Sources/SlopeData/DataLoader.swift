public import SlopeCore

/// A sequence of batches of a data set, one epoch per loop.
///
/// ```swift
/// manualSeed(0)
/// let data = TensorDataset(Tensor<Float>.arange(10), Tensor<Int>.arange(10))
/// let loader = DataLoader(data, batchSize: 4, shuffle: true)
/// print(loader.count)
/// // 3
/// for (x, y) in loader { print(x, y) }
/// // tensor([6., 7., 1., 4.]) tensor([6, 7, 1, 4])
/// // tensor([2., 0., 9., 8.]) tensor([2, 0, 9, 8])
/// // tensor([3., 5.]) tensor([3, 5])
/// ```
///
/// Each loop over the loader is an epoch; with `shuffle` each has a new order. The last batch has
/// fewer rows if `batchSize` does not divide their number, unless `dropLast` leaves it out. With a
/// `sampler` an epoch has the rows that it draws, such as those of a `WeightedRandomSampler`.
///
/// A batch is read when the loop asks for it, on the calling thread. Of a `TensorDataset` it is one
/// gather per tensor if the loader shuffles or has a sampler, and otherwise views, which copy
/// nothing. The order of an epoch is drawn on the host and goes to the data set's device once. The loop does not
/// wait for the device, which may still compute with earlier batches.
///
/// PyTorch's counterpart is `DataLoader`, and after the same seed the orders are the same. There
/// are no worker processes and no collation.
///
/// - SeeAlso: `Dataset` for a data set of your own, `TensorDataset`, `Sampler`,
///   `randomSplit(_:_:generator:)`.
public struct DataLoader<Data: Dataset>: Sequence {
  /// A batch of rows.
  public typealias Element = Data.Batch

  /// The data set that is read.
  public let dataset: Data

  /// The number of rows in a batch; the last batch may have fewer.
  public let batchSize: Int

  /// Whether each epoch has a new random order.
  public let shuffle: Bool

  /// What draws the rows of an epoch; nil if an epoch has all rows.
  public let sampler: (any Sampler)?

  /// Whether a last batch with fewer rows is left out.
  public let dropLast: Bool

  /// The source of the order; the default generator if nil.
  public let generator: Generator?

  /// A loader of a data set; draws nothing before the first loop.
  ///
  /// Precondition: `batchSize` is positive.
  ///
  /// - Parameters:
  ///   - dataset: the data set that is read.
  ///   - batchSize: the number of rows in a batch.
  ///   - shuffle: whether each epoch has a new random order.
  ///   - dropLast: whether a last batch with fewer rows is left out.
  ///   - generator: the source of the order; the default generator if nil.
  public init(
    _ dataset: Data, batchSize: Int = 1, shuffle: Bool = false, dropLast: Bool = false,
    generator: Generator? = nil
  ) {
    self.init(
      dataset, batchSize, shuffle: shuffle, sampler: nil, dropLast: dropLast, generator: generator)
  }

  /// A loader of the rows that a sampler draws; draws nothing before the first loop.
  ///
  /// Precondition: `batchSize` is positive.
  ///
  /// - Parameters:
  ///   - dataset: the data set that is read.
  ///   - batchSize: the number of rows in a batch.
  ///   - sampler: what draws the rows of each epoch, all of which must be rows of the data set.
  ///   - dropLast: whether a last batch with fewer rows is left out.
  ///   - generator: the source of the seed that PyTorch draws at the start of an epoch, the default
  ///     generator if nil; the sampler has its own.
  public init(
    _ dataset: Data, batchSize: Int = 1, sampler: any Sampler, dropLast: Bool = false,
    generator: Generator? = nil
  ) {
    self.init(
      dataset, batchSize, shuffle: false, sampler: sampler, dropLast: dropLast,
      generator: generator)
  }

  private init(
    _ dataset: Data, _ batchSize: Int, shuffle: Bool, sampler: (any Sampler)?, dropLast: Bool,
    generator: Generator?
  ) {
    if batchSize < 1 {
      reportFailure(operation: "DataLoader", "batchSize \(batchSize) is not positive")
    }
    self.dataset = dataset
    self.batchSize = Swift.max(batchSize, 1)
    self.shuffle = shuffle
    self.sampler = sampler
    self.dropLast = dropLast
    self.generator = generator
  }

  /// The number of batches in an epoch, with the last one if it is not left out.
  public var count: Int {
    let rowCount = sampler.map { Swift.max($0.count, 0) } ?? rows(of: dataset, "DataLoader")
    let (whole, rest) = rowCount.quotientAndRemainder(dividingBy: batchSize)
    return dropLast || rest == 0 ? whole : whole + 1
  }

  /// The number of batches in an epoch; 0 with a sampler, which may draw fewer rows than it says.
  public var underestimatedCount: Int { sampler == nil ? count : 0 }

  /// Starts an epoch: draws from the generator, and if the loader shuffles, the order of all rows,
  /// or else what the sampler draws.
  public func makeIterator() -> Iterator { Iterator(self) }

  /// One epoch.
  public struct Iterator: IteratorProtocol {
    private let rowCount: Int
    private let batchSize: Int
    private let dropLast: Bool
    private var shuffled: ShuffledOrder?
    private let read: (Range<Int>) -> Data.Batch
    private var position = 0

    fileprivate init(_ loader: DataLoader) {
      let count = rows(of: loader.dataset, "DataLoader")
      batchSize = loader.batchSize
      dropLast = loader.dropLast
      // PyTorch draws a seed for its workers here, even if there are none.
      _ = (loader.generator ?? .default).nextSeed()
      if let sampler = loader.sampler {
        let order = Self.epoch(of: sampler, rows: count)
        rowCount = order.count
        read = loader.dataset.reader(order: order)
      } else if loader.shuffle {
        // The order of all rows is an array, which may not fit into memory.
        let isReadable = Size.isAvailable(count, of: (Int, Int).self, for: "DataLoader")
        rowCount = isReadable ? count : 0
        let shuffled = ShuffledOrder(count: rowCount, generator: loader.generator)
        read = loader.dataset.reader(order: shuffled.order)
        self.shuffled = shuffled
      } else {
        rowCount = count
        read = { [dataset = loader.dataset] in dataset[$0] }
      }
    }

    /// The rows that a sampler draws; none, after a report, if one is not of the data set.
    private static func epoch(of sampler: any Sampler, rows: Int) -> [Int] {
      let order = sampler.epoch()
      guard let row = order.first(where: { $0 < 0 || $0 >= rows }) else { return order }
      reportFailure(operation: "DataLoader", "the sampler's row \(row) of \(rows) rows")
      return []
    }

    /// Passes over batches without reading them, with all draws that reading them makes.
    package mutating func skip(_ batches: Int) {
      for _ in 0..<batches { guard take() != nil else { return } }
    }

    /// The next batch, which is read now; nil after the last.
    public mutating func next() -> Data.Batch? { take().map(read) }

    /// The places of the next batch in the order; nil after the last.
    private mutating func take() -> Range<Int>? {
      let left = rowCount - position
      // PyTorch's order is used up while a short batch is collected, before it is returned.
      if left < batchSize { shuffled?.finish() }
      guard left >= batchSize || left > 0 && !dropLast else { return nil }
      let range = position..<(position + Swift.min(left, batchSize))
      position = range.upperBound
      return range
    }
  }
}

extension DataLoader {
  /// What an epoch draws from, the default generator apart.
  package var generators: [Generator] {
    [generator].compactMap { $0 } + (sampler?.generators ?? [])
  }
}

extension DataLoader: Sendable where Data: Sendable {}
