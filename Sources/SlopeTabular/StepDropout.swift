import SlopeCore
import SlopeNN

/// Dropout whose probability changes from step to step, with masks drawn on the device.
///
/// In evaluation mode nothing is dropped.
final class StepDropout {
  /// The probability that an element becomes zero; 0 where nothing is drawn.
  var probability = 0.0
  private let mode: TrainingMode
  let generator: Generator

  init(seed: UInt64, _ mode: TrainingMode) {
    self.mode = mode
    generator = Generator(seed: seed, algorithm: .philox)
  }

  func callAsFunction<Element: FloatingElement>(_ input: Tensor<Element>) -> Tensor<Element> {
    guard mode.isTraining, probability > 0 else { return input }
    return input.dropout(p: probability, generator: generator)
  }
}
