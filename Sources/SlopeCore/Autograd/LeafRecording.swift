/// A parameter's recording, with the slot that accumulates its gradient.
final class LeafRecording: Recording, @unchecked Sendable {
  private let slot = GradientSlot()

  override var leaf: LeafRecording? { self }

  var gradient: Value? {
    get { slot.value }
    set { slot.value = newValue }
  }

  func accumulate(_ gradient: Value) { slot.add(gradient) }
}
