/// The freed memory of a pool, by size class, with its statistics.
///
/// What is kept is bounded in three ways: by a budget, by a multiple of the peak in use, and by
/// age, which is counted in bytes handed out: memory that was not requested while a much larger
/// multiple was handed out is given back, since its size may never be requested again.
struct KeptMemory {
  private(set) var statistics = MemoryStatistics()
  private var classes: [FreeList] = Array(repeating: FreeList(), count: 256)
  private let budget: Int
  /// The bytes handed out so far: the pool's clock.
  private var clock: UInt64 = 0
  /// When to look for old memory next.
  private var nextLook: UInt64 = 0

  /// The least that is kept, whatever was in use: the buffers of a few small steps.
  ///
  /// The peak counts as at least this divided by `multiple`, for ages, too.
  static let least = 64 << 20

  /// The most that is kept, as a multiple of the peak in use.
  ///
  /// The buffers of a step are in use at different times, and their classes together need more than
  /// the step needs at any time; a validation with batches of another size needs others.
  static let multiple = 4

  /// The age at which memory is given back, as a multiple of the peak in use.
  ///
  /// Filling that much memory with numbers takes so much longer than the system takes for fresh
  /// pages that these do not count.
  static let age = 128

  /// Takes the `budget` of bytes that may be in use and kept together.
  init(budget: Int) { self.budget = budget }

  /// A multiple of the peak in use.
  private func peaks(_ count: Int) -> Int {
    let peak = max(Self.least / Self.multiple, statistics.peakBytesInUse)
    let (product, overflow) = peak.multipliedReportingOverflow(by: count)
    return overflow ? .max : product
  }

  /// The most bytes to keep if `more` bytes are to be in use.
  private func bound(_ more: Int) -> Int {
    min(peaks(Self.multiple), budget - statistics.bytesInUse - more)
  }

  /// Keeps memory that was in use; returns what must be given back for it.
  mutating func keep(_ address: UInt, _ index: Int, _ size: Int) -> [UInt] {
    classes[index].append(FreeList.Entry(address: address, time: clock), size)
    statistics.bytesInUse -= size
    statistics.bytesCached += size
    return clock >= nextLook || statistics.bytesCached > bound(0) ? surplus(0) : []
  }

  /// The memory of a class that was freed last.
  mutating func reuse(_ index: Int, _ size: Int) -> UInt? {
    guard let entry = classes[index].popLast() else { return nil }
    statistics.bytesCached -= size
    statistics.reuses += 1
    use(size)
    return entry.address
  }

  /// What must be given back before `size` more bytes are taken from the system.
  mutating func makeRoom(_ size: Int) -> [UInt] {
    statistics.bytesCached > bound(size) ? surplus(size) : []
  }

  /// Counts memory taken from the system.
  mutating func add(_ size: Int) {
    statistics.allocations += 1
    use(size)
  }

  /// Removes and returns all kept memory.
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

  // Rare, so it is kept out of the frequent path.
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

  /// Removes the oldest memory of a class, which must have some.
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

  /// The bytes of each entry.
  private(set) var size = 0
  private var entries: [Entry] = []
  private var start = 0

  var first: Entry? { start < entries.count ? entries[start] : nil }

  mutating func append(_ entry: Entry, _ size: Int) {
    self.size = size
    entries.append(entry)
  }

  mutating func popLast() -> Entry? { start < entries.count ? entries.popLast() : nil }

  /// Removes the first entry, which must exist.
  mutating func removeFirst() -> Entry {
    let entry = entries[start]
    start += 1
    // The gap is closed when it is half of all entries.
    if start * 2 >= entries.count {
      entries.removeFirst(start)
      start = 0
    }
    return entry
  }
}
