/// The recordings that a backward pass has yet to visit, each with the gradient received so far.
///
/// A few are kept in a list, as in a training step; beyond that a heap gives the newest and a
/// dictionary finds the others, so that no shape of graph costs more than n log n.
struct PendingGradients {
  /// A recording and its gradient so far.
  struct Entry {
    let recording: Recording
    private(set) var gradient: Value
    private var contributionCount = 1

    fileprivate init(_ recording: Recording, _ gradient: Value) {
      self.recording = recording
      self.gradient = gradient
    }

    /// The same with a gradient of the recording's type.
    func rounded(record: Bool) -> Entry {
      guard gradient.dtype != recording.dtype else { return self }
      var entry = self
      entry.gradient = gradient.cast(to: recording.dtype, record: record)
      return entry
    }

    /// Adds a contribution; those of 16-bit floats are added in Float, and rounded at the end.
    fileprivate mutating func add(_ contribution: Value, record: Bool) {
      gradient = gradient.cast(to: recording.dtype.computeType, record: record)
        .adding(contribution, record: record)
      contributionCount &+= 1
    }

    /// Adds a contribution that is zero outside `slice`.
    ///
    /// The sum of several contributions is in memory that only the entry owns. From the fifth
    /// contribution on only the slice is written, since thousands of slices of one value would each
    /// cost a pass over all of it.
    fileprivate mutating func add(_ contribution: Value, at slice: Slice, record: Bool) {
      guard contributionCount >= Entry.wholeContributions, !record, !Numerics.isOn,
        !gradient.isFailed
      else {
        return add(
          contribution.embedded(in: recording.shape, at: slice, record: record), record: record)
      }
      if !gradient.add(contribution, at: slice) { gradient = .failed(gradient.dtype) }
    }

    /// The number of contributions that are added as values of the whole shape.
    private static let wholeContributions = 4
  }

  /// Ordered by sequence, newest last; empty while `many` is used.
  private var few: [Entry] = []
  /// By sequence.
  private var many: [UInt64: Entry] = [:]
  /// The sequences in `many` as a binary max-heap: the children of place i are 2i + 1 and 2i + 2.
  private var heap: [UInt64] = []

  private static let fewest = 16

  init() { few.reserveCapacity(8) }

  /// Adds a contribution to the gradient of `recording`'s value.
  mutating func add(_ contribution: Value, to recording: Recording, record: Bool) {
    update(recording, { $0.add(contribution, record: record) }, else: { contribution })
  }

  /// Adds a contribution that is zero outside `slice`.
  mutating func add(_ contribution: Value, at slice: Slice, to recording: Recording, record: Bool) {
    update(
      recording, { $0.add(contribution, at: slice, record: record) },
      else: { contribution.embedded(in: recording.shape, at: slice, record: record) })
  }

  /// Removes and returns the newest entry.
  mutating func popNewest() -> Entry? {
    if heap.isEmpty { return few.popLast() }
    return many.removeValue(forKey: popLargest())
  }

  @inline(__always)
  private mutating func update(
    _ recording: Recording, _ change: (inout Entry) -> Void, else first: () -> Value
  ) {
    let sequence = recording.sequence
    guard heap.isEmpty else {
      if let place = many.index(forKey: sequence) { return change(&many.values[place]) }
      many[sequence] = Entry(recording, first())
      return push(sequence)
    }
    var index = few.count
    while index > 0, few[index - 1].recording.sequence > sequence { index -= 1 }
    if index > 0, few[index - 1].recording === recording { return change(&few[index - 1]) }
    let entry = Entry(recording, first())
    if index == few.count { few.append(entry) } else { few.insert(entry, at: index) }
    if few.count > PendingGradients.fewest { useHeap() }
  }

  private mutating func useHeap() {
    for entry in few {
      many[entry.recording.sequence] = entry
      push(entry.recording.sequence)
    }
    few.removeAll(keepingCapacity: true)
  }

  private mutating func push(_ sequence: UInt64) {
    var place = heap.count
    heap.append(sequence)
    while place > 0, heap[(place - 1) / 2] < sequence {
      heap[place] = heap[(place - 1) / 2]
      place = (place - 1) / 2
    }
    heap[place] = sequence
  }

  /// Precondition: the heap is not empty.
  private mutating func popLargest() -> UInt64 {
    let largest = heap[0]
    let last = heap.removeLast()
    guard !heap.isEmpty else { return largest }
    var place = 0
    while true {
      var child = 2 * place + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1] > heap[child] { child += 1 }
      guard heap[child] > last else { break }
      heap[place] = heap[child]
      place = child
    }
    heap[place] = last
    return largest
  }
}
