import Synchronization

/// Whether a module is in training or in evaluation mode.
///
/// Dropout and batch normalisation compute differently in the two modes. A layer that does holds a
/// mode in a stored property, where `Module.train()` and `Module.eval()` find it. Copies of the
/// layer share the mode, which is atomic and may be read and set by any thread. It starts in
/// training mode.
///
/// PyTorch's counterpart is the attribute `training` of every `nn.Module`; here only the layers
/// that need it have a mode.
public final class TrainingMode: Sendable {
  private let state = Atomic(true)

  /// A mode that starts in training mode.
  public init() {}

  /// Whether the module is in training mode.
  public var isTraining: Bool {
    get { state.load(ordering: .relaxed) }
    set { state.store(newValue, ordering: .relaxed) }
  }
}

extension Module {
  /// Sets the module and all modules in it to training mode, or to evaluation mode.
  ///
  /// The mode belongs to the layers, which copies of the module share. PyTorch:
  /// `model.train(mode)`.
  ///
  /// - Parameter isTraining: false for evaluation mode, as `eval()` sets.
  /// - Returns: the module itself.
  @discardableResult
  public func train(_ isTraining: Bool = true) -> Self {
    for mode in stored(TrainingMode.self) { mode.value.isTraining = isTraining }
    return self
  }

  /// Sets the module and all modules in it to evaluation mode.
  ///
  /// Dropout then passes its input on, and batch normalisation uses its running statistics without
  /// changing them. Operations are still recorded: use `noGrad` where no gradients are needed.
  ///
  /// - Returns: the module itself.
  @discardableResult
  public func eval() -> Self { train(false) }
}
