/// The freed memory of a pool, by size class, and its account.
///
/// What is kept is bounded in three ways: by a budget; by a multiple of what was ever in use at once; and
/// what nobody asked for while a much larger multiple was handed out goes, since sizes that came once may
/// never come again.
struct KeptMemory {
  private(set) var statistics = MemoryStatistics()
  private var classes: [FreeList] = Array(repeating: FreeList(), count: 256)
  private let budget: Int
  /// The bytes handed out so far: the pool's clock.
  private var clock: UInt64 = 0
  /// When old memory is next looked for.
  private var nextLook: UInt64 = 0

  /// Kept, and young, whatever was in use: the buffers of a few small steps.
  static let least = 64 << 20

  /// How much more than was ever in use at once is kept. The buffers of a step are in use at different
  /// times, and their classes together need more than the step at any time; a validation with batches
  /// of its own needs others.
  static let multiple = 4

  /// How often what was ever in use at once is handed out before memory is old. To fill that much with
  /// numbers takes so much longer than the system takes for fresh pages that these do not count.
  static let age = 128

  /// - Parameter budget: the bytes that may be in use and kept together.
  init(budget: Int) { self.budget = budget }

  /// A multiple of the most that was in use at once.
  private func peaks(_ count: Int) -> Int {
    let peak = max(Self.least / Self.multiple, statistics.peakBytesInUse)
    let (product, overflow) = peak.multipliedReportingOverflow(by: count)
    return overflow ? .max : product
  }

  /// The bytes that may be kept while so many more are in use.
  private func bound(_ more: Int) -> Int {
    min(peaks(Self.multiple), budget - statistics.bytesInUse - more)
  }

  /// Keeps memory that was in use; returns what has to go for it.
  mutating func keep(_ address: UInt, _ index: Int, _ size: Int) -> [UInt] {
    classes[index].append(FreeList.Entry(address: address, time: clock), size)
    statistics.bytesInUse -= size
    statistics.bytesCached += size
    return clock >= nextLook || statistics.bytesCached > bound(0) ? surplus(0) : []
  }

  /// Memory of a class, that which was freed last.
  mutating func reuse(_ index: Int, _ size: Int) -> UInt? {
    guard let entry = classes[index].popLast() else { return nil }
    statistics.bytesCached -= size
    statistics.reuses += 1
    use(size)
    return entry.address
  }

  /// What has to go before so many bytes more are taken of the system.
  mutating func makeRoom(_ size: Int) -> [UInt] {
    statistics.bytesCached > bound(size) ? surplus(size) : []
  }

  /// Counts memory of the system's.
  mutating func add(_ size: Int) {
    statistics.allocations += 1
    use(size)
  }

  /// All that is kept.
  mutating func removeAll() -> [UInt] {
    var addresses: [UInt] = []
    for index in classes.indices {
      while let entry = classes[index].popLast() { addresses.append(entry.address) }
      classes[index] = FreeList()
    }
    statistics.bytesCached = 0
    return addresses
  }

  private mutating func use(_ size: Int) {
    clock &+= UInt64(size)
    statistics.bytesInUse += size
    statistics.peakBytesInUse = max(statistics.peakBytesInUse, statistics.bytesInUse)
  }

  // Rare, and to be kept out of the way of what is not.
  @inline(never)
  private mutating func surplus(_ more: Int) -> [UInt] {
    var addresses: [UInt] = []
    let age = UInt64(peaks(Self.age))
    if clock >= nextLook {
      nextLook = clock &+ age / 8
      for index in classes.indices {
        while let entry = classes[index].first, clock - entry.time > age {
          addresses.append(remove(index))
        }
      }
    }
    let bound = bound(more)
    while statistics.bytesCached > bound {
      var oldest: (index: Int, time: UInt64)?
      for index in classes.indices {
        guard let entry = classes[index].first else { continue }
        if oldest.map({ entry.time < $0.time }) ?? true { oldest = (index, entry.time) }
      }
      guard let oldest else { break }
      addresses.append(remove(oldest.index))
    }
    return addresses
  }

  /// Takes the oldest of a class, which has one.
  private mutating func remove(_ index: Int) -> UInt {
    statistics.bytesCached -= classes[index].size
    return classes[index].removeFirst().address
  }
}

/// The freed memory of one size, in the order in which it was freed.
struct FreeList {
  struct Entry {
    let address: UInt
    /// When it was freed, by the pool's clock.
    let time: UInt64
  }

  /// The bytes of each.
  private(set) var size = 0
  private var entries: [Entry] = []
  private var start = 0

  var first: Entry? { start < entries.count ? entries[start] : nil }

  mutating func append(_ entry: Entry, _ size: Int) {
    self.size = size
    entries.append(entry)
  }

  mutating func popLast() -> Entry? { start < entries.count ? entries.popLast() : nil }

  /// Takes the first, which must be there.
  mutating func removeFirst() -> Entry {
    let entry = entries[start]
    start += 1
    // The gap is closed when it is half of all.
    if start * 2 >= entries.count {
      entries.removeFirst(start)
      start = 0
    }
    return entry
  }
}
