import Synchronization

/// Whether a module trains or answers: dropout and batch normalisation differ between both.
///
/// A layer that cares holds one in a stored property, where `Module.train()` and `eval()` find it. It
/// starts as training.
public final class TrainingMode: Sendable {
  private let state = Atomic(true)

  /// A mode that is training.
  public init() {}

  /// Whether the module trains.
  public var isTraining: Bool {
    get { state.load(ordering: .relaxed) }
    set { state.store(newValue, ordering: .relaxed) }
  }
}

extension Module {
  /// Has all layers train, or answer as after `eval()`, and returns the module itself.
  @discardableResult
  public func train(_ isTraining: Bool = true) -> Self {
    for mode in stored(TrainingMode.self) { mode.value.isTraining = isTraining }
    return self
  }

  /// Has all layers answer instead of train: no dropout, and statistics that stay as they are.
  @discardableResult
  public func eval() -> Self { train(false) }
}
