/// The recording of a slice: x receives g where the slice is, and 0 elsewhere.
final class SliceRecording: Recording, @unchecked Sendable {
  /// Changed only when nothing else refers to this recording.
  private var input: Recording?
  private let slice: Slice

  init(_ slice: Slice, of input: Recording) {
    self.input = input
    self.slice = slice
    super.init(shape: slice.counts, dtype: input.dtype)
  }

  deinit {
    var list = UnlinkedRecordings()
    takeParents(into: &list)
    list.free()
  }

  override var operation: String { "slice" }
  override var parents: [Recording] { input.map { [$0] } ?? [] }

  override func takeParents(into list: inout UnlinkedRecordings) { list.take(input.take()) }

  override func pullback(_ gradient: Value, record: Bool, into pass: inout BackwardPass) -> Bool {
    if let input { pass.add(gradient, at: slice, to: input) }
    return true
  }
}
