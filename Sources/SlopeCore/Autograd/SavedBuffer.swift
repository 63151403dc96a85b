import Synchronization

/// What a recording with one input keeps of its output, guarded as all that is saved must be.
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
