import Synchronization

/// The output's buffer and the parent of a recording with one input.
///
/// Guarded, since several tasks may walk a graph.
final class SavedBuffer: Sendable {
  private struct State {
    var parent: Recording?
    var buffer: Buffer?
  }

  private let state: Mutex<State>

  init(parent: Recording?, buffer: Buffer) {
    state = Mutex(State(parent: parent, buffer: buffer))
  }

  var parent: Recording? { state.withLock { $0.parent } }
  var buffer: Buffer? { state.withLock { $0.buffer } }

  func releaseBuffer() { state.withLock { $0.buffer = nil } }

  func takeParent(into list: inout UnlinkedRecordings) {
    state.withLock { list.take($0.parent.take()) }
  }
}
