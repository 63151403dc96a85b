/// A parameter's recording: the slot that collects its gradient.
final class LeafRecording: Recording, @unchecked Sendable {
  private let slot = GradientSlot()

  override var leaf: LeafRecording? { self }

  var gradient: Value? {
    get { slot.value }
    set { slot.value = newValue }
  }

  func accumulate(_ gradient: Value) { slot.add(gradient) }
}
