import Synchronization

/// A gradient that several tasks may add to.
final class GradientSlot: Sendable {
  private let state = Mutex<Value?>(nil)

  var value: Value? {
    get { state.withLock { $0 } }
    set { state.withLock { $0 = newValue } }
  }

  /// Adds to the gradient so far; a failed gradient changes nothing.
  func add(_ gradient: Value) {
    guard !gradient.isFailed else { return }
    state.withLock {
      guard let sum = $0 else {
        $0 = gradient
        return
      }
      let total = sum.adding(gradient, record: false)
      if !total.isFailed { $0 = total }
    }
  }
}
