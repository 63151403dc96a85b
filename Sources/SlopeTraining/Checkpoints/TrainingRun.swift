import SlopeCore

/// Where a training is: what its next step depends on, beside the trainer and the batches.
struct TrainingRun<Element: FloatingElement> {
  var history: TrainingHistory
  var stopping: EarlyStopping?
  /// The best epoch so far: the value by which it is the best, and the model's state.
  var best: (value: Double, state: [String: Tensor<Element>])?
  /// The steps of all epochs.
  var step = 0
  /// The steps of the present epoch.
  var batch = 0
  /// The losses of the present epoch.
  var losses = LossSum<Element>()
  /// The learning rates of the last step.
  var rates: [Double] = []
  /// The seconds that the present epoch had taken when the training was stopped.
  var earlierSeconds = 0.0
  /// Whether the training has ended.
  var isOver = false
}
